"""Sources: the shipped files are sound, and a wrong file is named with its key and value."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from lokal import wilayah

from crawler.blocked import find_blocked, load_blocked
from crawler.source import (
    SHIPPED,
    Discovery,
    Expect,
    Layout,
    Method,
    PageLayout,
    Politeness,
    Source,
    SourceError,
    find_source,
    load_source,
    load_sources,
)
from crawler.sourcetext import format_source

GOOD = """
name = "Kabar Sawah"
domains = ["kabarsawah.id"]
home = "32.02"
article = ['^/berita/[^/]+$']

[[discovery]]
method = "feed"
url = "/feed/"
"""
SHIPPED_SOURCES = load_sources()


def written(folder: Path, text: str, name: str = "kabarsawah") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("slug", sorted(SHIPPED_SOURCES))
def test_source_file_is_as_it_would_be_written(slug: str) -> None:
    source = SHIPPED_SOURCES[slug]
    shown = tomllib.loads((SHIPPED / f"{slug}.toml").read_text(encoding="utf-8"))
    assert tomllib.loads(format_source(source)).keys() <= shown.keys()
    assert not source.allow_private
    for way in source.discovery:
        assert source.owns(source.resolve(way.url))


def test_shipped_sources_are_many_and_differ() -> None:
    assert len(SHIPPED_SOURCES) >= 100
    hosts = [host for source in SHIPPED_SOURCES.values() for host in source.hosts]
    assert len(hosts) == len(set(hosts))
    assert {"sukabumiupdate", "bongkarpost", "poskota", "guetilang", "mitranewssukabumi"} <= set(
        SHIPPED_SOURCES
    )


def test_shipped_sources_stand_in_regions_that_exist_and_their_zone() -> None:
    wita = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
    wit = {"81", "82", "91", "92", "93", "94", "95", "96"}
    for source in SHIPPED_SOURCES.values():
        if source.home is None:
            continue
        assert wilayah.get_wilayah(source.home), source.slug
        province = source.home[:2]
        zone = "Makassar" if province in wita else "Jayapura" if province in wit else "Jakarta"
        assert source.zone == f"Asia/{zone}", source.slug


def test_load_source_fills_in_what_a_file_leaves_out(tmp_path: Path) -> None:
    source = load_source(written(tmp_path, GOOD))
    assert (source.slug, source.site, source.zone) == ("kabarsawah", "https://kabarsawah.id", "Asia/Jakarta")
    assert source.resolve("/feed/") == "https://kabarsawah.id/feed/"
    assert source.politeness.delay_s >= 1
    assert source.owns("http://www.kabarsawah.id/x")
    assert source.owns("https://m.kabarsawah.id/x")
    assert not source.owns("https://foto.kabarsawah.id/x")
    assert not source.owns("https://kabarsawah.id.penipu.com/x")
    assert source.names_article("https://kabarsawah.id/berita/satu") is True
    assert source.names_article("https://kabarsawah.id/foto/satu") is False


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        (GOOD.replace('"32.02"', '"Sukabumi"'), "home", "Sukabumi"),
        (GOOD.replace("kabarsawah.id", "https://kabarsawah.id/"), "domains.0", "https://kabarsawah.id/"),
        (GOOD.replace('"feed"', '"rss"'), "discovery.0.method", "rss"),
        (GOOD.replace("/feed/", "feed"), "discovery.0.url", "feed"),
        (GOOD.replace("^/berita/[^/]+$", "(berita"), "article", "(berita"),
        (GOOD + "\n[politeness]\ndelay_s = -1\n", "politeness.delay_s", "-1"),
        (GOOD + "\n[politeness]\ndelay = 1\n", "politeness.delay", "1"),
        ('colour = "red"\n' + GOOD, "colour", "red"),
        ('zone = "WIB"\n' + GOOD, "zone", "WIB"),
        ('slug = "lain"\n' + GOOD, "slug", "lain"),
        (GOOD.replace("kabarsawah.id", "refku.com"), "domains", "refku.com"),
        (GOOD.partition("[[")[0], "discovery", "kabarsawah.id"),
    ],
)
def test_load_source_names_file_key_and_value(tmp_path: Path, text: str, key: str, value: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        load_source(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: {key}: ")
    assert value in message
    assert "\n" not in message


def test_load_source_refuses_what_is_no_toml(tmp_path: Path) -> None:
    for name, content in (("a", b"name = "), ("b", b"\xff\xfe"), ("c", b"x" * 200_000)):
        path = tmp_path / f"{name}.toml"
        path.write_bytes(content)
        with pytest.raises(SourceError, match=str(path)):
            load_source(path)
    with pytest.raises(SourceError, match=r"missing\.toml"):
        load_source(tmp_path / "missing.toml")
    with pytest.raises(SourceError, match="no such folder"):
        load_sources(tmp_path / "nowhere")


def test_load_sources_lets_a_folder_add_and_replace(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    own = (
        (SHIPPED / "poskota.toml").read_text(encoding="utf-8").replace("verified = false", "verified = true")
    )
    written(tmp_path, own, "poskota")
    sources = load_sources(tmp_path)
    assert len(sources) == len(SHIPPED_SOURCES) + 1
    assert sources["poskota"].verified


def test_find_source_by_url_domain_and_desk() -> None:
    def slug(text: str) -> str | None:
        found = find_source(SHIPPED_SOURCES, text)
        return found.slug if found else None

    assert slug("https://www.poskota.tv/2024/01/02/judul/") == "poskota"
    assert slug("sukabumiupdate.com") == "sukabumiupdate"
    assert slug("https://amp.detik.com/bali/berita/d-1/judul") == "detik-bali"
    assert slug("https://contoh.example/a") is None
    assert slug("no address at all") is None


def test_format_source_is_read_back_as_the_same_source(tmp_path: Path) -> None:
    for source in SHIPPED_SOURCES.values():
        assert load_source(written(tmp_path, format_source(source), source.slug)) == source
    laid = load_source(
        written(tmp_path, GOOD + '[[layout.page]]\nsince = 2024-07-01\nbody = "div.isi > p"\n')
    )
    assert load_source(written(tmp_path, format_source(laid))) == laid
    odd = load_source(written(tmp_path, GOOD)).model_copy(
        update={"name": 'A "b" \\ \t é \u2028 \x7f', "note": "x'\\d"}
    )
    assert load_source(written(tmp_path, format_source(odd))) == odd


def test_every_key_of_a_source_is_documented() -> None:
    text = (SHIPPED / "README.md").read_text(encoding="utf-8")
    parts = (Source, Discovery, Politeness, Layout, PageLayout, Expect)
    missing = [name for part in parts for name in part.model_fields if f"`{name}`" not in text]
    assert not missing
    assert all(f"`{method}`" in text for method in get_args(Method))


def test_block_list_gives_reason_and_date() -> None:
    assert len(load_blocked()) >= 12
    found = find_blocked("https://www.refku.com/berita")
    assert found is not None
    assert found.reason
    assert found.date.year >= 2024
    assert find_blocked("https://blog.sumberportal.my.id/a") is not None
    assert find_blocked("https://poskota.co.id/tag/pilkada") is not None
    assert find_blocked("https://poskota.co.id/read/1/judul") is None
    assert find_blocked("https://bukanrefku.com/") is None
