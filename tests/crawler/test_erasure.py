"""Records get other bodies in their place: same offset, same length, and everything else replays."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from places import Place
from sites import Site, make_posts, serve
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import ArchiveError, read_page
from crawler.erasure import TOMBSTONE, TOMBSTONE_SHA256, enter_bodies, rewrite_records
from crawler.ledger import Ledger, store_file
from crawler.records import Capture


@pytest.fixture(scope="module")
def crawled(shared_place: Callable[[], Place]) -> Place:
    """A folder in which four pages were fetched twice, the second time unchanged."""
    place = shared_place()
    with serve(Site(make_posts(4, etag=False), packed=True)) as site:
        source = site.source("sitemap")
        place.crawl(source)
        with Ledger(place.ledger) as ledger, ledger.transaction():
            ledger._con.execute("UPDATE pages SET due_at = '2020-01-01T00:00:00+00:00', lastmod = NULL")
        place.crawl(source)
    return place


def captures(place: Place) -> list[Capture]:
    with Ledger(place.ledger) as ledger:
        return list(ledger.captures())


def change(place: Place, capture: Capture, *bodies: bytes) -> bytes:
    """Give one record another body, and let the ledger know."""
    used = rewrite_records(place.archive, capture.warc, [(capture, bodies)])
    with Ledger(place.ledger) as ledger, ledger.transaction():
        enter_bodies(ledger, {capture.id: capture}, used)
    return used[capture.id]


def test_page_and_its_revisit_have_the_new_body_and_others_theirs(crawled: Place) -> None:
    before = {c.id: read_page(crawled.archive, c).body for c in captures(crawled)}
    first = captures(crawled)[0]
    (again,) = [c for c in captures(crawled) if c.kind == "revisit" and c.article_url == first.article_url]
    masked = before[first.id].replace(b"karangan", b"k*******")
    assert masked != before[first.id]
    assert change(crawled, first, masked) == masked
    for capture in captures(crawled):
        body = read_page(crawled.archive, capture).body
        assert body == (masked if capture.id in (first.id, again.id) else before[capture.id])
        assert hashlib.sha256(body).hexdigest() == capture.sha256


def test_body_that_does_not_fit_gives_way_to_the_next(crawled: Place) -> None:
    capture = captures(crawled)[1]
    noise = random.Random(1).randbytes(50_000)
    assert change(crawled, capture, noise, b"<p>pendek</p>") == b"<p>pendek</p>"
    assert change(crawled, captures(crawled)[1], noise) == TOMBSTONE
    (now,) = [c for c in captures(crawled) if c.id == capture.id]
    assert now.sha256 == TOMBSTONE_SHA256
    assert (now.offset, now.length) == (capture.offset, capture.length)


def test_revisit_takes_a_tombstone_that_tells_no_address(crawled: Place) -> None:
    revisit = next(c for c in captures(crawled) if c.kind == "revisit")
    change(crawled, revisit, TOMBSTONE)
    assert read_page(crawled.archive, revisit).body == TOMBSTONE
    with (crawled.archive / revisit.warc).open("rb") as file:
        urls = [record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(file)]
    assert revisit.url not in urls and "https://erased.invalid/" in urls


def test_file_given_by_hand_stays_a_resource(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        body = " ".join(f"kata{n}" for n in range(200)).encode()
        capture = store_file(ledger, tmp_path / "a", source="berkas", url="file:///x", body=body,
                             content_type="text/plain", run="r")  # fmt: skip
    other = body.replace(b"kata7", b"k***7")
    rewrite_records(tmp_path / "a", capture.warc, [(capture, [other])])
    page = read_page(tmp_path / "a", capture)
    assert page.body == other and dict(page.headers)["Content-Type"] == "text/plain"


def test_record_too_short_for_a_tombstone_leaves_the_file_as_it_was(crawled: Place) -> None:
    capture = captures(crawled)[2]
    path = crawled.archive / capture.warc
    before = path.read_bytes()
    short = Capture(**{name: getattr(capture, name) for name in Capture.__slots__} | {"length": 30})
    with pytest.raises(ArchiveError, match="too short for a tombstone"):
        rewrite_records(crawled.archive, capture.warc, [(short, ())])
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".")] == []
