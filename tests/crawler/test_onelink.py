"""One link: archived as a crawl would, refused where it leads to what must not be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sites import Answer, Site, make_posts, serve

from crawler import blocked
from crawler.archive import read_page
from crawler.ledger import Ledger
from crawler.onelink import LinkError, archive_link
from crawler.records import Capture

Fetch = Callable[..., Capture]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(Site(make_posts(3))) as running:
        yield running


@pytest.fixture
def fetch(site: Site, tmp_path: Path) -> Fetch:
    """Return a function that reads a link of the site, which is a source that may be private."""
    source = site.source()

    def ask(path: str, **values: object) -> Capture:
        url = path if "://" in path else f"{site.url}{path}"
        options = {"sources": {source.slug: source}, "timeout_s": 2.0} | values
        return archive_link(
            url, contact="uji@example.org", ledger_path=tmp_path / "ledger.sqlite", archive_root=tmp_path / "a",
            **options,
        )  # fmt: skip

    return ask


def test_a_link_is_archived_as_it_was_sent(fetch: Fetch, tmp_path: Path) -> None:
    capture = fetch("/kabar-rekaan-nomor-00001/")
    page = read_page(tmp_path / "a", capture)
    assert hashlib.sha256(page.body).hexdigest() == capture.sha256
    assert any(name.lower() == "content-type" for name, _ in page.headers)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.audit() == []
        assert ledger.pages.counts()["archived"] == {"": 1}


def test_a_link_asked_twice_is_stored_once(fetch: Fetch, tmp_path: Path) -> None:
    first, second = fetch("/kabar-rekaan-nomor-00001/"), fetch("/kabar-rekaan-nomor-00001/")
    assert (first.id, first.sha256) == (second.id, second.sha256)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert [capture.kind for capture in ledger.captures()] == ["response", "revisit"]
        assert ledger.audit() == []


def test_private_addresses_are_refused_unless_the_source_allows_them(fetch: Fetch, site: Site) -> None:
    with pytest.raises(LinkError, match="not on the public web"):
        fetch("/kabar-rekaan-nomor-00001/", sources={})
    assert site.log == [], "nothing was asked, not even robots.txt"


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:9/", "http://169.254.169.254/latest", "http://[::1]/", "file:///etc/passwd"]
)
def test_a_redirect_leads_to_no_private_address(fetch: Fetch, site: Site, target: str) -> None:
    site.rules.append(
        lambda path, _: Answer(302, headers={"Location": target}) if path.startswith("/pindah") else None
    )
    with pytest.raises(LinkError, match=r"not on the public web|no http or https"):
        fetch("/pindah/")


def test_robots_are_obeyed(fetch: Fetch, site: Site) -> None:
    site.robots = b"User-agent: *\nDisallow: /kabar\n"
    with pytest.raises(LinkError, match=r"robots\.txt forbids"):
        fetch("/kabar-rekaan-nomor-00001/")
    assert [entry.path for entry in site.log] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(404, b"<html>hilang</html>", {"Content-Type": "text/html"}), "http_404"),
        (Answer(200, b"%PDF-1.4", {"Content-Type": "application/pdf"}), "not_html"),
        (Answer(200, b" ", {"Content-Type": "text/html"}), "empty"),
        (Answer(200, b"<title>Just a moment...</title>", {"Content-Type": "text/html"}), "blocked"),
    ],
)
def test_what_is_no_article_is_not_archived(
    fetch: Fetch, site: Site, tmp_path: Path, answer: Answer, reason: str
) -> None:
    site.rules.append(lambda path, _: answer if path.startswith("/lain") else None)
    with pytest.raises(LinkError) as refused:
        fetch("/lain-dari-yang-lain/")
    assert refused.value.reason == reason
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert list(ledger.captures()) == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://contoh.example/a",
        "javascript:alert(1)",
        "http://",
        "http://a b/",
        "http://u:p@contoh.example/",
        "x" * 10,
    ],
)
def test_what_is_no_address_is_refused(fetch: Fetch, url: str) -> None:
    with pytest.raises(LinkError):
        fetch(url if "://" in url else f"{url}://")


def test_an_erased_article_does_not_come_back(fetch: Fetch, site: Site, tmp_path: Path) -> None:
    capture = fetch("/kabar-rekaan-nomor-00001/")
    with Ledger(tmp_path / "ledger.sqlite") as ledger, ledger.transaction():
        ledger.erase_article(capture.article_url)
    with pytest.raises(LinkError, match="erased"):
        fetch("/kabar-rekaan-nomor-00001/")


def test_a_redirect_leads_to_no_blocked_site(
    fetch: Fetch, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "blocked.toml"
    listed.write_text(
        '[[site]]\ndomain = "127.0.0.1"\npath = "/kabar-rekaan"\nreason = "tiruan"\ndate = 2026-01-02\n'
    )
    monkeypatch.setattr(blocked, "_FILE", listed)
    blocked.load_blocked.cache_clear()
    target = {"Location": f"{site.url}/kabar-rekaan-nomor-00001/"}
    site.rules.append(lambda path, _: Answer(302, headers=target) if path.startswith("/pindah") else None)
    try:
        with pytest.raises(LinkError, match="block list"):
            fetch("/pindah/")
    finally:
        blocked.load_blocked.cache_clear()
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert list(ledger.captures()) == []
