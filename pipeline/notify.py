"""The morning page on its way: by mail (SMTP) and as JSON to an address (webhook). Secrets are never told."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import asdict
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import urlsplit

from pipeline.morning import CaseLine, changed_cases, make_morning, render
from pipeline.night_record import NightRecord
from pipeline.settings import LOOPBACK, Settings, Smtp, Watch, Webhook, read_secret
from pipeline.told import NOTICE, load_told
from pipeline.web.digests import digest_watches, digests_wanted

_TIMEOUT_S = 30.0
_SIGNATURE = "X-Wartawas-Signature"
_PRESUMED = "Nama terlapor tidak dimuat. Setiap kasus adalah dugaan sampai lembaga yang berwenang memutuskan."


class NotifyError(RuntimeError):
    """A notice was not taken; the message names the host and its answer, and no secret."""


def send_notices(settings: Settings, record: NightRecord) -> tuple[list[str], int]:
    """Send a night's page and tell of the saved filters; return what send_morning and send_watches do.

    A page that cannot be sent does not stop the filters. Both tell of all since the last night whose notices were
    all taken.
    Raises NotifyError for what was not taken, and SettingsError for a missing secret.
    """
    sent, told, failed = [], 0, []
    try:
        sent = send_morning(settings, record)
    except NotifyError as error:
        failed.append(str(error))
    try:
        told = send_watches(settings, record)
    except NotifyError as error:
        failed.append(str(error))
    if failed:
        raise NotifyError("; ".join(dict.fromkeys(failed)))
    return sent, told


def send_morning(settings: Settings, record: NightRecord) -> list[str]:
    """Send a night's page wherever the settings ask for it; return where it went (`smtp`, `webhook`).

    One way that fails does not stop the other. Raises NotifyError, and SettingsError for a missing secret.
    """
    ways = {"smtp": bool(settings.smtp.host), "webhook": _has_webhook(settings.webhook)}
    sent, failed = [], []
    for way in (name for name, wanted in ways.items() if wanted):
        try:
            if way == "smtp":
                send_mail(settings.smtp, *_page(settings, record))
            else:
                send_json(settings.webhook, _notice(settings, record))
            sent.append(way)
        except NotifyError as error:
            failed.append(str(error))
    if failed:
        raise NotifyError("; ".join(failed))
    return sent


def send_watches(settings: Settings, record: NightRecord) -> int:
    """Tell of the new and moved cases of each saved filter, of the settings and of the desk's users.

    Returns how many filters had any. Raises NotifyError for those that could not be told, after the others were.
    """
    published = record.stage("publish")
    figures = published.figures if published else {}
    if not (figures.get("snapshot") and (settings.watch or digests_wanted(settings))):
        return 0
    cases = changed_cases(settings, figures["snapshot"], load_told(settings.nights, NOTICE))
    digests, failed = digest_watches(settings, figures["snapshot"], [case.event for case in cases])
    chosen = [(watch, [case for case in cases if _in(watch, case)]) for watch in settings.watch]
    chosen += [(watch, [case for case in cases if case.event in events]) for watch, events in digests]
    told = 0
    for watch, lines in chosen:
        if not lines:
            continue
        told += 1
        try:
            _tell(settings, watch, record, lines)
        except NotifyError as error:
            failed.append(str(error))
    if failed:
        raise NotifyError("; ".join(dict.fromkeys(failed)))
    return told


def _in(watch: Watch, case: CaseLine) -> bool:
    area, kind = watch.wilayah, watch.jenis
    inside = not area or case.code == area or (case.code or "").startswith(f"{area}.")
    return inside and (not kind or any(t == kind or t.startswith(f"{kind}.") for t in case.type_ids))


def _tell(settings: Settings, watch: Watch, record: NightRecord, lines: Sequence[CaseLine]) -> None:
    subject = f"Wartawas, {watch.name}: {len(lines)} dugaan kasus baru atau bergerak"
    text = "\n".join([*map(_case_text, lines), "", _PRESUMED])
    if settings.smtp.host and watch.to:
        send_mail(settings.smtp.model_copy(update={"to": watch.to}), subject, text)
    if _has_webhook(settings.webhook):
        notice = {"event": "watch", "watch": watch.name, "run": record.run, "subject": subject,
                  "cases": [asdict(line) for line in lines]}  # fmt: skip
        send_json(settings.webhook, notice)


def _case_text(case: CaseLine) -> str:
    stage = f"{case.before} -> {case.stage}" if case.before else case.stage
    presumed = "" if case.decided else "Dugaan: "
    return f"- {presumed}{case.types} | {case.place} | {stage} | {case.day} | {case.outlets} media"


def send_mail(smtp: Smtp, subject: str, text: str, html: str | None = None) -> None:
    """Send one mail, as text and HTML. Raises NotifyError."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())[:200]
    mail["From"], mail["To"] = smtp.sender, ", ".join(smtp.to)
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=smtp.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    password = read_secret(smtp.password, smtp.password_file) if smtp.user else None
    try:
        with _connect(smtp) as server:
            if smtp.user:
                server.login(smtp.user, password or "")
            refused = server.send_message(mail)
    except smtplib.SMTPAuthenticationError as error:
        # the server's text may repeat what it was sent
        raise NotifyError(
            f"{smtp.host}: refused the log-in of {smtp.user} (SMTP {error.smtp_code})"
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotifyError(f"{smtp.host}:{smtp.port}: the mail was not sent ({_reason(error)})") from None
    if refused:
        raise NotifyError(f"{smtp.host}: took the mail, but not for {', '.join(sorted(refused))}")


def send_json(webhook: Webhook, notice: dict[str, Any]) -> None:
    """Post a notice; with a secret, its HMAC-SHA256 stands in X-Wartawas-Signature. Raises NotifyError."""
    url = urlsplit(read_secret(webhook.url, webhook.url_file) or "")
    host = url.hostname or ""
    if url.scheme != "https" and not (url.scheme == "http" and host in LOOPBACK):
        raise NotifyError("webhook: the address must begin with https:// (http only for this machine)")
    body = json.dumps(notice, ensure_ascii=False, default=str).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "wartawas"}
    if secret := read_secret(webhook.secret, webhook.secret_file):
        headers[_SIGNATURE] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection: http.client.HTTPConnection
    try:
        if url.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, url.port, timeout=_TIMEOUT_S, context=context)
        else:
            connection = http.client.HTTPConnection(host, url.port, timeout=_TIMEOUT_S)
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
        connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotifyError(f"webhook at {host}: not reached ({_reason(error)})") from None
    if not 200 <= status < 300:
        raise NotifyError(f"webhook at {host}: answered {status}")


def _connect(smtp: Smtp) -> smtplib.SMTP:
    if smtp.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_TIMEOUT_S, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT_S)
    if smtp.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def _page(settings: Settings, record: NightRecord) -> tuple[str, str, str | None]:
    """Return subject, text and HTML of a night; one that wrote no page is told by its problems.

    The page is made once more: it also tells of the cases of nights whose notices were not taken.
    """
    if not (settings.nights / f"{record.run}.txt").is_file():
        lines = ["Malam ini tidak menghasilkan halaman pagi.", *record.problems]
        return f"Wartawas {record.night}: GAGAL", "\n".join(lines), None
    page = make_morning(settings, record, NOTICE)
    return page.subject, render(page, "txt"), render(page, "html")


def _notice(settings: Settings, record: NightRecord) -> dict[str, Any]:
    subject, text, _ = _page(settings, record)
    return {
        "event": "night", "run": record.run, "night": record.night, "exit_code": record.verdict,
        "subject": subject, "text": text, "problems": record.problems, "sick": record.sick,
    }  # fmt: skip


def _has_webhook(webhook: Webhook) -> bool:
    return webhook.url is not None or webhook.url_file is not None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:200] or type(error).__name__
