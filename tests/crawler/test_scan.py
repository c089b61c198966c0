"""A scan takes the pages of sources and Indonesian ones below .id, goes on after a kill, and survives the network."""

from __future__ import annotations

import dataclasses
import gzip
import shutil
from collections import Counter
from pathlib import Path

import pytest
import warcs
from ranges import Files, serve_files

from crawler import scan as scanning
from crawler.archive import read_page
from crawler.scan import DownloadError, Fetching, Scan, Sieve, scan_warc
from crawler.sieve import Page
from crawler.source import in_shard
from crawler.warcstream import Record, WarcStream

HOW = Fetching("test@example.org", pause_s=0.01)
PAGE = warcs.foreign_page(1, warcs.random.Random(1))


def sieve(indonesian: bool = True) -> Sieve:
    return Sieve(warcs.sources().values(), lambda _body, _type: indonesian)


def made(folder: Path) -> warcs.Made:
    return warcs.make_warc(folder / "a.warc.gz", 120, huge=0)


def one(folder: Path, url: str, page: bytes = PAGE, **how: str) -> Scan:
    """Return the scan of a file with one record."""
    file = folder / "one.warc.gz"
    file.write_bytes(warcs.zip_record(warcs.response(url, page, 1, **how)))
    return scan_warc(str(file), folder / f"work-{len(list(folder.iterdir()))}", sieve(False), HOW)


def test_scan_keeps_the_articles_with_their_place_in_the_file(tmp_path: Path) -> None:
    file = made(tmp_path)
    scan = scan_warc(str(file.path), tmp_path / "work", sieve(), HOW)
    assert set(file.articles) <= {capture.url for capture in scan.captures}
    data = file.path.read_bytes()
    for capture in scan.captures:
        there = scan.origin(capture, "a.warc.gz")
        page = gzip.decompress(data[there.offset : there.offset + there.length])
        body = read_page(tmp_path / "work", capture).body
        assert body
        assert body in page
        assert there.url.encode() in page
    assert scan.done
    assert scan.broken.total() == len(scan.damage) > 0


def test_interrupted_scan_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = made(tmp_path)
    straight = scan_warc(str(file.path), tmp_path / "straight", sieve(), HOW)
    opened = []

    class Dies(WarcStream):
        """A stream that breaks off after forty records."""

        def __iter__(self):  # type: ignore[no-untyped-def]
            opened.append(self._start)
            for number, record in enumerate(super().__iter__()):
                if number == 40:
                    raise KeyboardInterrupt
                yield record

    monkeypatch.setattr(scanning, "WarcStream", Dies)
    for _ in range(20):
        try:
            scan = scan_warc(str(file.path), tmp_path / "killed", sieve(), HOW, note_s=0)
            break
        except KeyboardInterrupt:
            continue
    assert opened[0] == 0
    assert sorted(opened) == opened
    assert 2 < len(opened) < 8
    assert [dataclasses.replace(c, offset=0, length=0) for c in scan.captures] == [
        dataclasses.replace(c, offset=0, length=0) for c in straight.captures
    ]
    assert scan.origins == straight.origins
    for capture in scan.captures:
        assert (
            read_page(tmp_path / "killed", capture).body
            == read_page(tmp_path / "straight", straight.captures[capture.id - 1]).body
        )


@pytest.mark.parametrize("ranges", [True, False])
def test_broken_connections_are_made_again_where_they_broke(tmp_path: Path, ranges: bool) -> None:
    file = made(tmp_path)
    straight = scan_warc(str(file.path), tmp_path / "straight", sieve(), HOW)
    size = file.path.stat().st_size
    with serve_files(
        Files(tmp_path, breaks_after=size // 3 if ranges else None, ranges=ranges, busy=2)
    ) as files:
        scan = scan_warc(f"{files.url}/a.warc.gz", tmp_path / "work", sieve(), HOW)
        assert [c.url for c in scan.captures] == [c.url for c in straight.captures]
        assert scan.origins == straight.origins
        assert len([asked for asked in files.asked if asked]) >= (2 if ranges else 0)


def test_a_file_that_changes_or_is_missing_is_refused(tmp_path: Path) -> None:
    made(tmp_path)
    with serve_files(Files(tmp_path, breaks_after=5000)) as files:
        with pytest.raises(DownloadError, match="404"):
            scan_warc(f"{files.url}/none.warc.gz", tmp_path / "w1", sieve(), HOW)
        with scanning.open_file(f"{files.url}/a.warc.gz", HOW) as stream:
            assert stream.read(5000)
            files.tag = '"two"'
            with pytest.raises(DownloadError, match="changed"):
                while stream.read(5000):
                    pass
    with pytest.raises(DownloadError, match="refused"):
        scan_warc(f"{files.url}/a.warc.gz", tmp_path / "w2", sieve(), HOW)
    with pytest.raises(DownloadError, match="No such file"):
        scan_warc(str(tmp_path / "none.warc.gz"), tmp_path / "w3", sieve(), HOW)


def test_a_file_that_was_exchanged_between_two_runs_is_read_anew(tmp_path: Path) -> None:
    file = warcs.make_warc(tmp_path / "a.warc.gz", 30, foreign=0, broken=0, huge=0)
    (tmp_path / "a.warc.gz").rename(tmp_path / "first.warc.gz")
    other = warcs.make_warc(tmp_path / "a.warc.gz", 20, seed=2, foreign=0, broken=0, huge=0)
    (tmp_path / "a.warc.gz").rename(tmp_path / "second.warc.gz")

    class Dies(Sieve):
        def take(self, record: Record) -> Page:
            if record.header(b"warc-target-uri") == file.articles[28]:
                raise KeyboardInterrupt
            return super().take(record)

    dies = Dies(warcs.sources().values(), lambda _body, _type: True)
    with serve_files(Files(tmp_path)) as files:
        for place in (str(tmp_path / "a.warc.gz"), f"{files.url}/a.warc.gz"):
            work = tmp_path / f"work-{len(place)}"
            shutil.copyfile(tmp_path / "first.warc.gz", tmp_path / "a.warc.gz")
            with pytest.raises(KeyboardInterrupt):
                scan_warc(place, work, dies, HOW, note_s=0)
            shutil.copyfile(tmp_path / "second.warc.gz", tmp_path / "a.warc.gz")
            with pytest.raises(DownloadError, match="changed"):
                scan_warc(place, work, sieve(), HOW)
            assert [c.url for c in scan_warc(place, work, sieve(), HOW).captures] == other.articles


def test_a_server_that_never_gives_a_byte_is_left_in_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made(tmp_path)
    with serve_files(Files(tmp_path, breaks_after=0)) as files:
        with pytest.raises(DownloadError, match="6 times"):
            scan_warc(f"{files.url}/a.warc.gz", tmp_path / "work", sieve(), Fetching("x", pause_s=0.001))
        assert len(files.asked) == 6
    said = [record.getMessage() for record in caplog.records if record.name == "crawler.download"]
    assert [line.rpartition("; ")[2] for line in said[:1]] == ["trying again in 0 s (2 of 6)"]
    assert len(said) == 5


ARTICLE = "https://www.rekaan-1.example/2024/10/7/kabar-rekaan-dari-desa-yang-jauh/"


@pytest.mark.parametrize(
    ("url", "reason", "how"),
    [
        (ARTICLE, None, {}),
        (ARTICLE + "?page=2", "", {}),
        ("http://m.rekaan-1.example/2024/10/7/kabar-rekaan-dari-desa-yang-jauh/amp/", None, {}),
        ("https://user:pw@rekaan-1.example:443/2024/10/7/kabar-rekaan-dari-desa-yang-jauh/", None, {}),
        ("https://rekaan-1.example.evil.com/2024/10/7/kabar-rekaan-dari-desa/", "host", {}),
        ("https://evil.com/https://rekaan-1.example/kabar-rekaan-dari-desa-yang-jauh/", "host", {}),
        ("https://rekaan-1.example/", "shape", {}),
        ("https://rekaan-1.example/tag/pilkada", "shape", {}),
        ("https://rekaan-1.example/foto.jpg", "shape", {}),
        ("https://contoh.my.id/2024/10/a-story-that-is-not-indonesian-at-all/", "language", {}),
        ("ftp://rekaan-1.example/x", "address", {}),
        (ARTICLE, "status", {"status": "404 Not Found"}),
        (ARTICLE, "encoding", {"headers": "Content-Encoding: gzip, gzip, gzip\r\n"}),
        (ARTICLE, None, {"headers": "Content-Encoding: br\r\n"}),  # and is not packed
    ],
)
def test_sieve_gives_one_reason(tmp_path: Path, url: str, reason: str | None, how: dict[str, str]) -> None:
    scan = one(tmp_path, url, **how)
    assert (len(scan.captures), scan.passed) == (0 if reason else 1, Counter([reason] if reason else []))
    for capture in scan.captures:
        assert capture.source == "rekaan-1"
        assert capture.article_url == "https://rekaan-1.example/2024/10/7/kabar-rekaan-dari-desa-yang-jauh"


def test_hostile_heads_cost_one_record(tmp_path: Path) -> None:
    pages = [warcs.response(ARTICLE.replace("7", str(n)), PAGE, n) for n in range(3)]
    pages[1] = pages[1].replace(b"WARC-Date: 2024-10-01T00:00:01Z", b"WARC-Date: 0001-01-01T00:00:00+14:00")
    pages.insert(1, warcs.response(f"{ARTICLE}?page={'9' * 5000}", PAGE, 3))
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(warcs.zip_record, pages)))
    scan = scan_warc(str(tmp_path / "a.warc.gz"), tmp_path / "work", sieve(), HOW)
    assert [len(scan.captures), scan.passed] == [3, Counter(["address"])]


def test_bodies_are_decoded_and_large_ones_left_alone(tmp_path: Path) -> None:
    chunked = b"".join(
        b"%x\r\n%s\r\n" % (len(PAGE[n : n + 999]), PAGE[n : n + 999]) for n in range(0, len(PAGE), 999)
    )
    ways = {
        "Content-Encoding: gzip\r\n": gzip.compress(PAGE),
        "Transfer-Encoding: chunked\r\n": chunked + b"0\r\n\r\n",
        "Content-Encoding: gzip \r\nX: y\r\n": PAGE,  # says so, and is not
    }
    for number, (headers, body) in enumerate(ways.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        scan = one(folder, ARTICLE, body, headers=headers)
        work = next(path for path in folder.iterdir() if path.is_dir())
        assert read_page(work, scan.captures[0]).body == PAGE
    bomb = gzip.compress(b"<p>a" * 5_000_000)
    assert one(tmp_path, ARTICLE, bomb, headers="Content-Encoding: gzip\r\n").passed["large"] == 1
    assert one(tmp_path, ARTICLE, b"<p>" * 4_000_000).passed["large"] == 1


def test_shards_hold_every_source_once_and_keep_hosts_together() -> None:
    many = [
        warcs.Source(slug=f"s{n}", name="x", domains=(f"s{n // 2}.example", f"t{n}.example"),
                     discovery=(warcs.Discovery(method="feed", url="/feed/"),))
        for n in range(60)
    ]  # fmt: skip
    for count in (1, 4, 7):
        shards = [in_shard(many, index, count) for index in range(1, count + 1)]
        assert sorted(s.slug for shard in shards for s in shard) == sorted(s.slug for s in many)
        for shard in shards:
            slugs = {s.slug for s in shard}
            assert all({f"s{n}", f"s{n ^ 1}"} <= slugs for n in range(60) if f"s{n}" in slugs)
        before = {s.slug for s in shards[0]}
        assert {s.slug for s in in_shard(many[4:], 1, count)} == before - {"s0", "s1", "s2", "s3"}
    assert len(in_shard(many, 1, 4)) > 5
