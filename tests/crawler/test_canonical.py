"""One article has one URL; two articles never share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.canonical import canonical_url, part_of

ARTICLE = "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga"
DATED = "https://kabarsawah.id/2024/07/25/pengawas-apel"


@pytest.mark.parametrize(
    "url",
    [
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga/",
        "http://www.kabarsawah.id:80/politik/123456/bawaslu-buka-posko-aduan-warga",
        "https://kabarsawah.id:443/politik/123456/bawaslu-buka-posko-aduan-warga#komentar",
        "https://m.kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?utm_source=wa&utm_medium=x",
        "https://amp.kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga",
        "https://kabarsawah.id/amp/politik/123456/bawaslu-buka-posko-aduan-warga",
        "https://kabarsawah.id/politik/123456/amp/bawaslu-buka-posko-aduan-warga",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga/amp/",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga.amp",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?amp",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?outputType=amp&fbclid=a1",
        "https://beta.kabarsawah.id/copy/politik/123456/bawaslu-buka-posko-aduan-warga",
        "https://KABARSAWAH.id//politik/./123456/x/../bawaslu%2Dbuka-posko-aduan-warga/index.php",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?page=all",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?single=1&showpage=all",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?m=1&ref=terkait",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?PHPSESSID=0f3a",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga;jsessionid=0F3A",
        "https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga?sid=9c1e0f7b2a4d6e8f0a1b2c3d4e",
        " https://kabarsawah.id/politik/123456/bawaslu-buka-posko-aduan-warga\n",
    ],
)
def test_canonical_url_of_a_twin_is_the_article(url: str) -> None:
    assert canonical_url(url) == ARTICLE


@pytest.mark.parametrize(
    ("url", "article", "part"),
    [
        (ARTICLE + "/2", ARTICLE, 2),
        (ARTICLE + "?page=3", ARTICLE, 3),
        (ARTICLE + "?p=2", ARTICLE, 2),
        (ARTICLE + "/page/4/", ARTICLE, 4),
        (ARTICLE, ARTICLE, 1),
        (DATED + "/2/", DATED, 2),
        (
            "https://kabarsawah.id/panwascam-gelar-apel-siaga/3/",
            "https://kabarsawah.id/panwascam-gelar-apel-siaga",
            3,
        ),
        ("https://kabarsawah.id/ketua-dilantik.html/2", "https://kabarsawah.id/ketua-dilantik.html", 2),
        ("https://kabarsawah.id/amp/987654/dua-tps/2", "https://kabarsawah.id/read/987654/dua-tps", 2),
        ("https://kabarsawah.id/berita/4123456/2", "https://kabarsawah.id/berita/4123456", 2),
    ],
)
def test_part_of_tells_the_page_of_an_article(url: str, article: str, part: int) -> None:
    assert part_of(url) == (article, part)


@pytest.mark.parametrize(
    "url",
    [
        "https://kabarsawah.id/pilkada/2024",
        "https://kabarsawah.id/berita/17",
        "https://kabarsawah.id/dapil-jabar/4",
        "https://kabarsawah.id/2024/07/25",
        "https://kabarsawah.id/panwascam-gelar-apel-siaga/2024",
        "https://kabarsawah.id/?p=17",
        "https://kabarsawah.id/read.php?p=17",
        "https://kabarsawah.id/modules.php?name=News&file=article&sid=123",
        "https://kabarsawah.id/berita.php?sid=rapat-persiapan-pemilu-2024-desa",
        "https://kabarsawah.id/view?id=8&page=100234",
        "https://kabarsawah.id/read/17/nomor-urut-paslon-2",
        "https://kabarsawah.id/amplop/isi",
        "https://kabarsawah.id/kampung/amplas",
        "https://desk.kabarsawah.id/a",
        "http://127.0.0.1:8081/berita-kota-sukabumi-hari-ini",
        "http://localhost:8082/a",
        "https://[2001:db8::1]:8443/a",
    ],
)
def test_canonical_url_keeps_what_may_tell_articles_apart(url: str) -> None:
    assert canonical_url(url) == url


def test_canonical_url_keeps_small_numbers_where_the_source_says_so() -> None:
    url = "https://kabarsawah.id/kabar-dari-desa-kami/12"
    assert canonical_url(url) == url.removesuffix("/12")
    assert canonical_url(url, slash_pages=False) == url


@pytest.mark.parametrize(
    "url", ["", "mailto:redaksi@kabarsawah.id", "javascript:void(0)", "http://[bad", "https://"]
)
def test_canonical_url_leaves_alone_what_is_no_web_address(url: str) -> None:
    assert canonical_url(url) == url


PIECES = st.one_of(
    st.sampled_from(
        (
            "amp 2 1 20 2024 07 25 copy opera page index.php default.aspx .. . satu-dua-tiga-empat a.amp"
            " x.amp.html judul.html 123456 %2F %41 % %%341 ü"
        ).split(" ")
    ),
    st.text(max_size=8),
)
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["p", "page", "amp", "utm_x", "id", "m", "q", "hal"]),
        st.sampled_from(["", "1", "2", "all", "300", "a b", "%", "é"]),
    ),
    max_size=3,
)
HOSTS = st.sampled_from(
    [
        "www.a.id",
        "m.amp.a.co.id",
        "A.ID:443",
        "a.id:80",
        "127.0.0.1:8000",
        "localhost",
        "m.id",
        "a.id.",
        "[::1]:80",
    ]
)


@given(
    st.sampled_from(["http", "https", "HTTP"]), HOSTS, st.lists(PIECES, max_size=5), QUERIES, st.booleans()
)
def test_canonical_url_is_idempotent(
    scheme: str, host: str, pieces: list[str], query: list[tuple[str, str]], slash: bool
) -> None:
    url = (
        f"{scheme}://{host}/"
        + "/".join(pieces)
        + ("?" + "&".join(f"{k}={v}" for k, v in query) if query else "")
    )
    once = canonical_url(url, slash_pages=slash)
    assert canonical_url(once, slash_pages=slash) == once
    assert part_of(once, slash_pages=slash) == (once, 1)


@given(st.text(max_size=60))
def test_canonical_url_takes_any_text(text: str) -> None:
    assert canonical_url(canonical_url(text)) == canonical_url(text)
