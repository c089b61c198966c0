"""The morning page reaches a real mail server and a real address; no secret stands in what is told."""

from __future__ import annotations

import hashlib
import hmac
import json
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from receivers import make_certificate, serve_smtp, serve_webhook

from pipeline.morning import write_morning
from pipeline.night_record import NightRecord, Stage
from pipeline.notify import NotifyError, send_json, send_mail, send_morning, send_notices, send_watches
from pipeline.settings import Settings, Smtp, Watch, Webhook
from pipeline.snapshots import publish
from pipeline.store import Store
from pipeline.told import NOTICE, keep_told

SECRET = "rahasia-sekali"


def make_smtp(port: int, **values: Any) -> Smtp:
    plain = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "wartawas@example.org",
             "to": ("jaga@example.org", "wakil@example.org")}  # fmt: skip
    return Smtp.model_validate(plain | values)


def read_mail(text: str) -> EmailMessage:
    mail = message_from_string(text, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_page_goes_out_by_mail_and_webhook(tmp_path: Path) -> None:
    record = NightRecord("20260302T140000Z-aaaaaa", "2026-03-02", "2026-03-02T14:00:00+00:00", "done")
    with serve_smtp() as box, serve_webhook() as inbox:
        settings = Settings(
            var=tmp_path, smtp=make_smtp(box.port),
            webhook=Webhook.model_validate({"url": f"http://127.0.0.1:{inbox.port}/hook/x?k=1", "secret": SECRET}),
        )  # fmt: skip
        write_morning(settings, record)
        assert send_morning(settings, record) == ["smtp", "webhook"]
    mail = read_mail(box.mails[0])
    assert mail["To"] == "jaga@example.org, wakil@example.org"
    assert mail["Subject"].startswith("Wartawas 02-03-2026: 0 dugaan kasus baru")
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}  # type: ignore[attr-defined]
    assert "SUMBER YANG BUTA" in parts["text/plain"] and "<h2>Sumber yang buta" in parts["text/html"]
    ((path, headers, body),) = inbox.posts
    assert path == "/hook/x?k=1"
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Wartawas-Signature"] == f"sha256={signed}"
    assert json.loads(body)["run"] == record.run


def test_saved_filters_tell_of_their_cases_alone(filled: Store, tmp_path: Path) -> None:
    with serve_smtp() as box, serve_webhook() as inbox:
        settings = Settings(
            var=tmp_path, smtp=make_smtp(box.port),
            webhook=Webhook.model_validate({"url": f"http://127.0.0.1:{inbox.port}/"}),
            watch=(
                Watch(name="Garut", wilayah="32.05", to=("garut@example.org",)),
                Watch(name="Uang", jenis="politik_uang", to=("uang@example.org",)),
                Watch(name="Cianjur", wilayah="32.03", jenis="netralitas", to=("cianjur@example.org",)),
                Watch(name="Netral", jenis="netralitas"),
            ),
        )  # fmt: skip
        number = publish(filled, settings.snapshots).number
        stages = [Stage("publish", "done", figures={"snapshot": number})]
        record = NightRecord("20260302T140000Z-a", "2026-03-02", "2026-03-02T14:00:00+00:00", stages=stages)
        assert send_watches(settings, record) == 2
        keep_told(settings, number, NOTICE)
        assert send_watches(settings, record) == 0
    (mail,) = map(read_mail, box.mails)
    assert mail["To"] == "garut@example.org" and "Garut: 1 dugaan kasus" in mail["Subject"]
    text = mail.get_content()
    assert "- Dugaan: " in text and "Garut" in text
    notices = [json.loads(body) for _, _, body in inbox.posts]
    assert [notice["watch"] for notice in notices] == ["Garut", "Netral"]
    assert not any(name in text + json.dumps(notices) for name in ("Sutrasna", "Wirabaya", "Kertapati"))


def test_page_that_cannot_be_sent_does_not_stop_the_saved_filters(filled: Store, tmp_path: Path) -> None:
    with serve_smtp() as box, serve_webhook() as inbox:
        inbox.status = 500
        settings = Settings(
            var=tmp_path, smtp=make_smtp(box.port),
            webhook=Webhook.model_validate({"url": f"http://127.0.0.1:{inbox.port}/"}),
            watch=(Watch(name="Garut", wilayah="32.05", to=("garut@example.org",)),),
        )  # fmt: skip
        figures = {"snapshot": publish(filled, settings.snapshots).number}
        stages = [Stage("publish", "done", figures=figures)]
        record = NightRecord("20260302T140000Z-a", "2026-03-02", "2026-03-02T14:00:00+00:00", stages=stages)
        with pytest.raises(NotifyError, match="answered 500"):
            send_notices(settings, record)
    assert [read_mail(mail)["To"] for mail in box.mails][1:] == ["garut@example.org"]


def test_failed_night_without_a_page_is_told_all_the_same(tmp_path: Path) -> None:
    stages = [Stage("report", "failed", problem="penyimpanan rusak")]
    record = NightRecord("20260302T140000Z-a", "2026-03-02", "2026-03-02T14:00:00+00:00", stages=stages)
    with serve_smtp() as box:
        send_morning(Settings(var=tmp_path, smtp=make_smtp(box.port)), record)
    assert "GAGAL" in read_mail(box.mails[0])["Subject"]
    assert "penyimpanan rusak" in box.mails[0]


def test_password_goes_over_an_encrypted_line_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = make_certificate(tmp_path)
    file = tmp_path / "password"
    file.write_text(SECRET)
    with serve_smtp((cert, key), password=SECRET) as box:
        smtp = make_smtp(box.port, security="starttls", user="wartawas", password_file=file)
        with pytest.raises(NotifyError, match="certificate verify failed"):
            send_mail(smtp, "judul", "isi")
        assert box.logins == [] and box.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        send_mail(smtp, "judul", "isi")
        assert box.logins == [("wartawas", SECRET, True)]
        assert len(box.mails) == 1
    with serve_smtp(password=SECRET) as plain:
        with pytest.raises(NotifyError, match="STARTTLS"):
            send_mail(
                make_smtp(plain.port, security="starttls", user="wartawas", password_file=file), "a", "b"
            )
        assert plain.logins == []


def test_refused_log_in_does_not_repeat_the_password() -> None:
    with serve_smtp(password="lain") as box:
        smtp = make_smtp(box.port, user="wartawas", password=SECRET)
        with pytest.raises(NotifyError, match="refused the log-in of wartawas") as error:
            send_mail(smtp, "judul", "isi")
    assert SECRET not in str(error.value)


def test_refused_recipient_is_named() -> None:
    with serve_smtp(refuse="wakil@") as box, pytest.raises(NotifyError, match=r"not for wakil@example\.org"):
        send_mail(make_smtp(box.port), "judul", "isi")


def test_line_breaks_in_a_subject_make_no_headers() -> None:
    with serve_smtp() as box:
        send_mail(make_smtp(box.port), "judul\r\nBcc: lain@example.org", "isi")
    assert read_mail(box.mails[0])["Bcc"] is None


@pytest.mark.parametrize("status", [301, 404, 500])
def test_webhook_that_does_not_take_it_fails_and_is_not_followed(status: int) -> None:
    with serve_webhook() as inbox:
        inbox.status = status
        hook = Webhook.model_validate({"url": f"http://127.0.0.1:{inbox.port}/{SECRET}"})
        with pytest.raises(NotifyError, match=f"answered {status}") as error:
            send_json(hook, {"a": 1})
    assert SECRET not in str(error.value)
    assert len(inbox.posts) == 1


@pytest.mark.parametrize("url", ["http://contoh.example/x", "file:///etc/passwd", "contoh"])
def test_webhook_over_an_open_line_is_refused(url: str) -> None:
    with pytest.raises(NotifyError, match="must begin with https"):
        send_json(Webhook.model_validate({"url": url}), {})


@pytest.mark.parametrize(
    ("stage", "sick", "code"), [("done", {}, 0), ("done", {"situs": ["blocked"]}, 3), ("failed", {}, 1)]
)
def test_notice_tells_how_the_night_went_though_it_still_runs(
    tmp_path: Path, stage: str, sick: dict[str, list[str]], code: int
) -> None:
    stages = [Stage("crawl", stage), Stage("notify", "running")]
    record = NightRecord(
        "20260302T140000Z-a", "2026-03-02", "2026-03-02T14:00:00+00:00", stages=stages, sick=sick
    )
    with serve_webhook() as inbox:
        hook = Webhook.model_validate({"url": f"http://127.0.0.1:{inbox.port}/"})
        send_morning(Settings(var=tmp_path, webhook=hook), record)
    assert json.loads(inbox.posts[0][2])["exit_code"] == code
    assert record.exit_code == 1


def test_one_way_that_fails_does_not_stop_the_other(tmp_path: Path) -> None:
    record = NightRecord("20260302T140000Z-aaaaaa", "2026-03-02", "2026-03-02T14:00:00+00:00", "done")
    with serve_webhook() as inbox:
        hook = Webhook.model_validate({"url": f"http://127.0.0.1:{inbox.port}/"})
        settings = Settings(var=tmp_path, smtp=make_smtp(1), webhook=hook)
        with pytest.raises(NotifyError, match=r"127\.0\.0\.1:1: the mail was not sent"):
            send_morning(settings, record)
    assert len(inbox.posts) == 1
