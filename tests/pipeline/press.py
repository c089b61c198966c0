"""A small invented press of two elections, for tests whose figures are counted by hand from the list below.

| case | place | first report | outlets | stage | origin | track | office of the accused |
|---|---|---|---|---|---|---|---|
| kades | Garut, Cibatu | 2024-10-01 | 3 | registrasi | laporan | pidana=belum | desa.kepala |
| amplop | Sukabumi | 2024-11-25 (masa tenang) | 3 | informasi_awal | none | none | peserta.relawan |
| guru | Cilacap | 2024-10-10 | 1 | diteruskan (BKN) | temuan | hukum_lainnya=belum | asn.guru |
| baliho | Garut, Wanaraja | 2024-09-27 | 1 | dihentikan | laporan | pidana=dihentikan | peserta.timses |
| vonis | Sukabumi | 2020-12-07 (masa tenang) | 1 | putusan_sanksi | laporan | pidana=terbukti | peserta.relawan |
| mutasi | Cilacap | 2024-04-12, act 04-10 | 1 | laporan_temuan | laporan | none | pemda.bupati |
| ppk | Garut, Leles | 2024-11-20 | 1 | klarifikasi | temuan | kode_etik=belum | kpu.ppk |
| sarung | Sukabumi | 2024-11-10 | 1 | laporan_temuan | laporan | none | peserta.relawan |

Two prevention events in Cibatu (120 and 80 participants), one article about nothing of this from a regency's site.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from findings import WIB, make_article, make_capture, make_case, make_extraction, prevention_article

from nlp.records import EventRef, Extraction, Stat, Terlapor
from pipeline.article import Article
from pipeline.events import link_events
from pipeline.store import Store, StoredArticle

Pair = tuple[Article, Extraction]


def _day(text: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=WIB)


def told(
    key: str, day: str, text: str, *, outlet: str = "kabar.example", later: int = 0, **values: Any
) -> Pair:
    election = values.pop("election", "pilkada 2024")
    title, published = text.split(".", maxsplit=1)[0][:60], _day(day) + timedelta(hours=later)
    article = make_article(key, text, outlet=outlet, title=title, published=published)
    values.setdefault("event_date", day)
    case = make_case(article, **{"outcome": {}, "source": None, **values})
    return article, make_extraction(article, case, election=election, bentuk=case.bentuk)


def _copies(key: str, day: str, text: str, **values: Any) -> list[Pair]:
    outlets = ("kabar.example", "lain.example", "koran.example")
    return [told(f"{key}{n}", day, text, outlet=o, later=n * 5, **values) for n, o in enumerate(outlets, 1)]


def press() -> list[Pair]:
    """Return the articles of the table above with what is read from them."""
    kades = _copies(
        "kades", "2024-10-01",
        "Seorang kepala desa di Cibatu dilaporkan ke Bawaslu Garut. Ia diduga mengajak warga memilih satu pasangan "
        "dalam acara pengajian di balai desa, dan warga merekam ucapannya.",
        event_date="2024-09-28", source="laporan", stage="registrasi", outcome={"pidana": "belum"}, denial=True,
    )  # fmt: skip
    amplop = _copies(
        "amplop", "2024-11-25",
        "Video pembagian amplop di Palabuhanratu beredar sejak malam. Bawaslu Sukabumi menelusuri rekaman yang "
        "memperlihatkan relawan menyerahkan uang lima puluh ribu rupiah di teras rumah.",
        types=("politik_uang.uang",), place="32.02.01", stage="informasi_awal",
        terlapor=(Terlapor(None, "relawan pasangan calon nomor urut 1", "peserta.relawan", None),),
    )  # fmt: skip
    single = [
        told(
            "guru", "2024-10-10",
            "Bawaslu Cilacap meneruskan temuan tentang seorang guru ke Badan Kepegawaian Negara. Guru itu diduga "
            "mengunggah foto salah satu calon di akun media sosialnya.",
            types=("netralitas.asn",), bentuk=("asn.medsos_unggah",), place="33.01.02", source="temuan",
            stage="diteruskan", outcome={"hukum_lainnya": "belum"}, forum=("bkn",),
            terlapor=(Terlapor(None, "guru", "asn.guru", 1),),
        ),
        told(
            "baliho", "2024-09-27",
            "Sentra Gakkumdu Garut menghentikan perkara perusakan baliho di Wanaraja. Perkara itu dinilai tidak "
            "memenuhi unsur dan laporan juga sudah melewati batas waktu.",
            types=("apk.perusakan",), place="32.05.03", source="laporan", stage="dihentikan",
            outcome={"pidana": "dihentikan"},
            terlapor=(Terlapor(None, "anggota tim pemenangan", "peserta.timses", None),),
        ),
        told(
            "vonis", "2020-12-07",
            "Pengadilan menjatuhkan hukuman kepada seorang relawan di Simpenan. Hakim menyatakan ia terbukti "
            "memberi uang kepada pemilih dan menghukumnya tiga puluh enam bulan.",
            types=("politik_uang.uang",), place="32.02.02", source="laporan", stage="putusan_sanksi",
            outcome={"pidana": "terbukti"}, sanction="penjara 36 bulan", legal_refs=("UU 10/2016 pasal 187A",),
            forum=("kejaksaan_pn",), election="pilkada 2020",
            terlapor=(Terlapor(None, "relawan pasangan calon nomor urut 2", "peserta.relawan", 1),),
        ),
        told(
            "mutasi", "2024-04-12",
            "Warga melaporkan mutasi belasan pejabat di Cilacap kepada pengawas. Pelantikan di pendopo itu diduga "
            "dilakukan tanpa izin menteri.",
            types=("wewenang.mutasi",), place="33.01", event_date="2024-04-10", source="laporan",
            stage="laporan_temuan", terlapor=(Terlapor(None, "bupati", "pemda.bupati", 1),),
        ),
        told(
            "ppk", "2024-11-20",
            "Seorang anggota panitia pemilihan kecamatan di Leles dimintai klarifikasi. Ia diduga bertemu tim salah "
            "satu calon di sebuah rumah makan.",
            types=("kode_etik.keberpihakan",), place="32.05.09", source="temuan", stage="klarifikasi",
            outcome={"kode_etik": "belum"}, terlapor=(Terlapor(None, "anggota PPK", "kpu.ppk", 1),),
        ),
        told(
            "sarung", "2024-11-10",
            "Pembagian sarung menjelang pasar pagi di Bantargadung dilaporkan warga. Relawan yang membagikannya "
            "disebut membawa kalender bergambar calon.",
            types=("politik_uang.barang",), place="32.02.04", source="laporan", stage="laporan_temuan",
            terlapor=(Terlapor(None, "Relawan pasangan calon nomor urut 1", "peserta.relawan", None),),
        ),
    ]  # fmt: skip
    return [*kades, *amplop, *single, *_prevention(), _other()]


def _prevention() -> list[Pair]:
    first, read = prevention_article("cegah1", published=_day("2024-10-02"))
    article = make_article(
        "cegah2",
        "Ratusan pemilih pemula belajar mengawasi pilkada di aula SMA Cibatu. Panwascam mengundang siswa.",
        title="Siswa Cibatu Belajar Mengawasi",
        published=_day("2024-11-05"),
    )
    second = make_extraction(article, event=EventRef("2024-11-05", "32.05.12"), types=(), mentions=())
    return [
        (first, replace(read, stats=(Stat(120, "peserta", "hadir", None, None, False, None, 0, 5),))),
        (article, replace(second, stats=(Stat(80, "peserta", None, None, None, False, None, 0, 5),))),
    ]


def _other() -> Pair:
    article = make_article(
        "lain", "Pemkab memperbaiki jalan menuju pantai. Perbaikan selesai bulan depan.",
        outlet="sukabumikab.go.id", published=_day("2024-11-25"),
    )  # fmt: skip
    return article, make_extraction(
        article, kind="lainnya", types=(), event=EventRef(None, None), election=None, roles_present=(), why=()
    )


def fill_press(store: Store) -> None:
    """Store the press, fetched six hours after each publication, and link it."""
    pairs = sorted(press(), key=lambda pair: pair[0].published or _day("2020-01-01"))
    items = []
    for n, (article, _) in enumerate(pairs, 1):
        source = (article.outlet or "?").split(".", maxsplit=1)[0]
        capture = replace(
            make_capture(article, number=n, source=source),
            fetched_at=(article.published or _day("2020-01-01")) + timedelta(hours=6),
        )
        items.append(StoredArticle(article, (capture,)))
    store.store_articles(items)
    store.store_extractions(pairs)
    link_events(store)
