"""The process in which a crawl runs: a job on standard input, progress as JSON lines on standard output."""

from __future__ import annotations

import contextlib
import faulthandler
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.archive import Archive, ArchiveError
from crawler.encoding import MAX_BODY
from crawler.ledger import Ledger, LedgerError
from crawler.options import CrawlOptions, Progress, user_agent
from crawler.recorder import Recorder
from crawler.source import Source
from crawler.spider import NewsSpider

MAX_CONCURRENT = 1000
STILL_SECONDS = 600.0
"""How long the loop may stand still: what it does at once takes seconds, on a slow machine too."""
_NAPS = 20
_PACKAGE = "crawler.middlewares"


def main() -> int:
    """Run the job on standard input; return the exit code."""
    job = json.loads(sys.stdin.read())
    out, sys.stdout = sys.stdout, sys.stderr

    def send(kind: str, value: object) -> None:
        out.write(json.dumps({"kind": kind, "value": value}) + "\n")
        out.flush()

    try:
        error = _crawl(job, send)
    except (LedgerError, ArchiveError) as failure:
        error = str(failure)
    if error:
        with contextlib.suppress(OSError):
            send("error", error)
    return 1 if error else 0


def _crawl(job: dict[str, Any], send: Callable[[str, object], None]) -> str | None:
    """Run the crawl; return why it could not be done, if so."""
    options = CrawlOptions.from_json(job["options"])
    sources = [Source.model_validate(values) for values in job["sources"]]
    ledger_path, archive_root, run = Path(job["ledger"]), Path(job["archive"]), job["run"]
    with Ledger(ledger_path) as ledger, ledger.exclusive():
        with ledger.transaction():  # which keeps files that are stored by hand meanwhile out of the recovery
            Archive(archive_root).recover(ledger.archive_end)
            ledger.tally.start_run(run, datetime.now(UTC), job["options"])
        process = CrawlerProcess(crawl_settings(sources, options))
        night = _Night(process, send)
        recorder = Recorder(ledger_path, archive_root, run, deliver=night.deliver, failed=night.failed)
        crawler = process.create_crawler(NewsSpider)
        night.crawler = crawler
        process.crawl(
            crawler,
            sources=sources,
            options=options,
            run=run,
            reader=ledger,
            recorder=recorder,
            report=night.report,
        )
        unwatch = watch()
        process.start()
        unwatch()
        spider = crawler.spider
        if isinstance(spider, NewsSpider):
            spider.flush()
        recorder.close()
        reason = str(crawler.stats.get_value("finish_reason")) if crawler.stats else "failed"
        problem = spider.problem if isinstance(spider, NewsSpider) else None
        failed = _end_run(ledger, run, reason, recorder.error)
        return problem or failed


def _end_run(ledger: Ledger, run: str, reason: str, error: Exception | None) -> str | None:
    status = {"finished": "finished", "failed": "failed"}.get(reason, "stopped")
    if error:
        return f"nothing more could be recorded: {error}"
    with ledger.transaction():
        ledger.tally.end_run(run, datetime.now(UTC), status, reason)
    return None if status != "failed" else "the crawl failed; see its log"


def watch() -> Callable[[], None]:
    """End this process, with a trace of where it stood in the log, once the reactor's loop stands still.

    A loop that is caught in one call hears neither the end of the night nor that the parent has gone, so it
    would hold the ledger for ever. Like a kill this loses nothing that was recorded. What is called when the
    loop has ended is returned.

    No clock on the wall measures it: a process that was stopped (Ctrl-Z, a container that is paused) has stood still
    for as long, and goes on. A call that waits is found by a thread that counts its own naps; one that computes, and
    lets no thread run meanwhile, by the CPU time that it takes.
    """
    from twisted.internet.task import LoopingCall

    moved, ended = threading.Event(), threading.Event()

    def move() -> None:
        moved.set()
        signal.setitimer(signal.ITIMER_PROF, STILL_SECONDS)

    def count_naps() -> None:
        naps = 0
        while naps < _NAPS and not ended.is_set():
            time.sleep(STILL_SECONDS / _NAPS)
            naps = 0 if moved.is_set() else naps + 1
            moved.clear()
        if not ended.is_set():
            faulthandler.dump_traceback()
            os._exit(1)

    def end() -> None:
        ended.set()
        signal.setitimer(signal.ITIMER_PROF, 0)

    faulthandler.register(signal.SIGPROF, chain=True)  # the trace, and then the end that the signal brings
    LoopingCall(move).start(STILL_SECONDS / _NAPS / 2)
    threading.Thread(target=count_naps, name="watch", daemon=True).start()
    return end


class _Night:
    """Ties the recorder's thread and the parent process to the reactor."""

    def __init__(self, process: CrawlerProcess, send: Callable[[str, object], None]) -> None:
        self._process = process
        self._send = send
        self.crawler: Any = None

    def deliver(self, call: Callable[[], None]) -> None:
        """Run `call` in the reactor's thread."""
        from twisted.internet import reactor

        reactor.callFromThread(call)

    def failed(self, error: Exception) -> None:
        """End the crawl because nothing can be recorded."""
        self.crawler.spider.fail(error)

    def report(self, progress: Progress) -> None:
        """Tell the parent; where it is gone, end in order."""
        try:
            self._send("progress", asdict(progress))
        except OSError:
            self.crawler.spider.stop("parent_gone")


def crawl_settings(sources: list[Source], options: CrawlOptions) -> Settings:
    """Return Scrapy's settings: polite, bounded, and with no door for anybody else."""
    settings = Settings()
    settings.setdict(
        {
            "USER_AGENT": user_agent(options.contact),
            "DEFAULT_REQUEST_HEADERS": {
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Language": "id,en;q=0.5",
            },
            "SCHEDULER": "crawler.scheduler.LaneScheduler",
            "REMOTE_CONTROL_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,  # crawler.middlewares does it, with crawl delays and failures
            "RETRY_ENABLED": False,
            "COOKIES_ENABLED": False,  # crawler.middlewares keeps them while redirects are followed
            "HTTPPROXY_ENABLED": False,  # a proxy would resolve names behind the guard's back
            "METAREFRESH_ENABLED": False,
            "COMPRESSION_ENABLED": False,  # crawler.middlewares keeps the raw body, then decodes
            "HTTPERROR_ALLOW_ALL": True,
            "REFERRER_POLICY": "no-referrer",
            "REDIRECT_MAX_TIMES": 6,
            "CONCURRENT_REQUESTS": min(MAX_CONCURRENT, 16 + (options.concurrency + 4) * len(sources)),
            "CONCURRENT_ITEMS": 1,  # Scrapy starts that many tasks an answer, and we make no items
            "CONCURRENT_REQUESTS_PER_DOMAIN": options.concurrency,
            "DOWNLOAD_DELAY_JITTER": 0.0,
            "DOWNLOAD_TIMEOUT": options.timeout_s,
            "DOWNLOAD_MAXSIZE": MAX_BODY,
            "DOWNLOAD_WARNSIZE": 0,
            # counts from when a name is asked for, not from when a thread is free to ask: names that DNS is slow
            # to answer must not hold the others until they seem not to exist
            "DNS_TIMEOUT": 0.8 * options.timeout_s,
            "REACTOR_THREADPOOL_MAXSIZE": 64,
            "TWISTED_DNS_RESOLVER": "crawler.resolver.GuardedResolver",
            "PRIVATE_HOSTS": sorted(private_hosts(sources)),
            "MEMUSAGE_ENABLED": False,
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            "LOG_FORMATTER": "crawler.worker.QuietLog",
            "STATS_DUMP": False,
            "DOWNLOADER_MIDDLEWARES": {
                f"{_PACKAGE}.GuardMiddleware": 40,
                f"{_PACKAGE}.RobotsMiddleware": 100,
                f"{_PACKAGE}.ArchiveMiddleware": 595,
                f"{_PACKAGE}.CookieMiddleware": 650,
                f"{_PACKAGE}.TrafficMiddleware": 900,
                "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
                "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
                "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            },
        },
        priority="cmdline",
    )
    return settings


def private_hosts(sources: list[Source]) -> set[str]:
    """Return the host names whose private addresses the sources' files permit."""
    return {
        urlsplit(f"//{domain}").hostname or "" for s in sources if s.allow_private for domain in s.domains
    }


class QuietLog(LogFormatter):
    """A log formatter that says nothing of single pages: the ledger knows them."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> None:  # type: ignore[override]
        """Say nothing."""

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        """Say in one short line at DEBUG what the ledger says in one word."""
        return {"level": logging.DEBUG, "msg": "%(error)s", "args": {"error": failure.type}}


if __name__ == "__main__":
    sys.exit(main())
