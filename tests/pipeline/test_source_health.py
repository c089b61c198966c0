"""`wartawas sources health` tells sick sources from those without news; the texts' quality counts too."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nights import Installation
from sites import Site, make_posts, serve
from test_doctor import store_sql

from crawler.health import FINDINGS, Quality
from crawler.source import Source
from pipeline.cli.failure import Failure
from pipeline.cli.source_health import _STATUS
from pipeline.cli.sources import sources
from pipeline.morning import load_words
from pipeline.source_quality import source_quality


@pytest.fixture
def at(two_nights: Installation, tmp_path: Path) -> Installation:
    """A copy of an installation that is well, whose one source has a file of its own."""
    copy = two_nights.copy(tmp_path)
    (slug,) = {capture.source for capture in copy.captures()}
    add_source(copy, Site(make_posts(0)), slug, int(slug.rpartition("-")[2]))
    return copy


def add_source(at: Installation, site: Site, slug: str, port: int) -> Source:
    """Write the file of a source on this port into the installation's folder."""
    site.url = site.url or f"http://127.0.0.1:{port}"
    folder = at.settings.var / "sources"
    folder.mkdir(exist_ok=True)
    (folder / f"{slug}.toml").write_text(
        f'name = "Rekaan"\ndomains = ["127.0.0.1:{port}"]\nsite = "{site.url}"\nallow_private = true\n'
        'politeness = { delay_s = 0 }\n[[discovery]]\nmethod = "sitemap"\nurl = "/wp-sitemap.xml"\n'
    )
    return site.source("sitemap", slug=slug)


def run(at: Installation, *arguments: str) -> Result:
    return CliRunner().invoke(sources, ["health", "--var", str(at.settings.var), *arguments])


def rows(result: Result) -> dict[str, dict[str, object]]:
    return {row["source"]: row for row in map(json.loads, result.stdout.splitlines())}


def test_source_that_is_well_gives_exit_0(at: Installation) -> None:
    result = run(at)
    assert result.exit_code == 0, result.output
    assert "baik" in result.output and "1 dari" in result.output
    (found,) = rows(run(at, "--json")).values()
    assert (found["status"], found["discovered"], found["findings"]) == ("ok", 4, [])


def test_dead_host_is_broken_with_exit_3_and_a_quiet_one_has_no_news(at: Installation) -> None:
    with serve(Site(make_posts(3))) as quiet, socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        calm = add_source(at, quiet, "tenang", int(quiet.url.rpartition(":")[2]))
        gone = add_source(at, Site(make_posts(0)), "mati", dead.getsockname()[1])
        at.crawl(calm)
        at.sql("DELETE FROM outcomes WHERE source = 'tenang'")  # a night that brought nothing
        at.crawl(calm, gone)
    result = run(at)
    assert result.exit_code == 3
    assert "situs atau robots.txt tidak terjangkau" in result.output
    assert "1 rusak, 1 tak ada berita, 1 baik" in result.output
    found = rows(run(at, "--json"))
    assert (found["tenang"]["status"], found["mati"]["status"]) == ("no_news", "broken")
    assert found["mati"]["findings"] == ["unreachable"]
    assert run(at, "tenang").exit_code == 0


def test_texts_of_the_store_count(at: Installation) -> None:
    (slug,) = {capture.source for capture in at.captures()}
    assert source_quality(at.settings.store) == {slug: Quality(6, 0, 0, fresh=6)}
    store_sql(at, "UPDATE article_versions SET published = NULL")
    assert source_quality(at.settings.store) == {slug: Quality(6, 6, 0, fresh=6)}
    found = rows(run(at, "--json"))[slug]
    assert (found["status"], found["findings"]) == ("broken", ["dates_missing"])


def test_pages_without_text_are_short(at: Installation) -> None:
    store_sql(
        at, "INSERT INTO refusals SELECT page_id, 'm', url, 'empty', '', now()::TIMESTAMP FROM pages LIMIT 3"
    )
    store_sql(at, "DELETE FROM article_pages WHERE page_id IN (SELECT page_id FROM refusals)")
    (quality,) = source_quality(at.settings.store).values()
    assert (quality.pages, quality.short) == (6, 3)


def test_gambling_pages_and_old_news_are_counted(at: Installation) -> None:
    store_sql(at, "UPDATE article_versions SET published = published - INTERVAL 30 DAYS")
    (quality,) = source_quality(at.settings.store).values()
    assert (quality.fresh, quality.repeated) == (6, 6)
    store_sql(at, "INSERT INTO refusals SELECT page_id, 'm', url, 'spun', '', now()::TIMESTAMP FROM pages")
    store_sql(at, "DELETE FROM article_pages")
    (quality,) = source_quality(at.settings.store).values()
    assert (quality.pages, quality.spun, quality.fresh) == (6, 6, 0)


def test_store_in_use_leaves_the_texts_unjudged(at: Installation) -> None:
    at.settings.store.write_bytes(b"bukan basis data" * 1000)
    result = run(at)
    assert result.exit_code == 0
    assert "were not judged" in result.stderr


def test_sources_that_were_never_crawled_are_unknown(at: Installation) -> None:
    assert rows(run(at, "--json", "poskota"))["poskota"]["status"] == "unknown"
    assert len(rows(run(at, "--json", "--all"))) > 100


def test_crawled_source_without_a_file_is_named(at: Installation) -> None:
    (file,) = (at.settings.var / "sources").glob("*.toml")
    assert "not judged" not in run(at).stderr
    file.rename(at.settings.var / "away.toml")
    result = run(at)
    assert result.exit_code == 0
    assert f"not judged, for no source file is theirs: {file.stem}\n" in result.stderr
    assert "not judged" not in run(at, "poskota").stderr


def test_without_a_crawl_nothing_is_known(tmp_path: Path) -> None:
    result = run(Installation(tmp_path))
    assert isinstance(result.exception, Failure) and "wartawas crawl" in str(result.exception)
    assert not (tmp_path / "var").exists()


def test_every_status_and_finding_has_its_words() -> None:
    assert set(load_words()["findings"]) == set(FINDINGS)
    assert list(_STATUS) == ["ok", "no_news", "broken", "unknown"]
