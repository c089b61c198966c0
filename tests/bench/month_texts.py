"""Invented news for the simulated month: everyday matters, prevention, alleged cases, and a site taken over."""

from __future__ import annotations

import random

PLACES = (
    "Garut", "Sukabumi", "Cianjur", "Tasikmalaya", "Ciamis", "Subang", "Indramayu", "Majalengka", "Kuningan",
    "Sumedang", "Purwakarta", "Karawang", "Brebes", "Tegal", "Pemalang", "Kebumen", "Cilacap", "Banyumas",
)  # fmt: skip
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu")
_MATTERS = (
    (
        "Panen Padi",
        "petani memanen padi di lahan seluas {n} hektare setelah hujan turun merata sejak awal musim",
    ),
    (
        "Jembatan Gantung",
        "warga bergotong royong memperbaiki jembatan gantung yang menghubungkan {n} kampung",
    ),
    ("Pasar Rakyat", "pasar rakyat dibuka kembali dengan {n} kios baru bagi pedagang sayur dan ikan"),
    ("Festival Kopi", "festival kopi diikuti {n} kelompok tani dari lereng gunung"),
    ("Perpustakaan Desa", "perpustakaan desa menerima {n} buku sumbangan dari perantau"),
    ("Pelatihan Anyaman", "pelatihan anyaman bambu diikuti {n} perajin muda"),
    ("Bibit Mangrove", "relawan menanam {n} bibit mangrove di sepanjang muara"),
    ("Sumur Bor", "sumur bor baru mengalirkan air bersih ke {n} rumah"),
)
_PREVENTION = (
    "Bawaslu Kabupaten {place} menggelar sosialisasi netralitas aparatur sipil negara yang diikuti {n} peserta",
    "Panwaslu Kecamatan di {place} mengingatkan {n} kepala desa agar menjaga netralitas selama masa kampanye",
    "Bawaslu Kabupaten {place} melatih {n} pengawas partisipatif untuk mencegah politik uang",
)
_CASES = (
    "Bawaslu Kabupaten {place} menerima laporan dugaan pelanggaran netralitas seorang kepala desa yang diduga "
    "mengajak {n} warga memilih salah satu pasangan calon",
    "Bawaslu Kabupaten {place} menangani dugaan politik uang setelah {n} amplop ditemukan pengawas kelurahan",
    "Seorang aparatur sipil negara di {place} dilaporkan ke Bawaslu karena diduga membagikan {n} kaus bergambar "
    "pasangan calon",
)
_REST = (
    "Kegiatan itu berlangsung di {hall} sejak pagi hingga menjelang sore dan berjalan tertib.",
    "Menurut panitia, persiapan sudah dilakukan selama {n} hari bersama perangkat setempat.",
    "Cuaca yang cerah membuat warga dari {n} dusun datang lebih banyak daripada tahun lalu.",
    "Anggaran sebesar Rp{n} juta berasal dari kas desa dan iuran sukarela.",
    "Hasilnya akan dilaporkan kepada pemerintah kabupaten paling lambat pekan depan.",
    "Sejumlah tokoh masyarakat berharap langkah serupa diikuti oleh {n} desa lain.",
    "Petugas mencatat seluruh masukan dan berjanji menindaklanjutinya dalam {n} hari kerja.",
    "Setelah acara selesai, peserta membersihkan halaman dan menata kembali kursi yang dipinjam.",
    "Pihak kecamatan menyediakan {n} kendaraan untuk mengantar peserta yang tinggal jauh.",
    "Catatan lengkap dapat dibaca warga pada papan pengumuman di depan {hall}.",
)
_HALLS = (
    "balai desa",
    "aula kecamatan",
    "gedung serbaguna",
    "lapangan alun-alun",
    "pendopo lama",
    "gedung kesenian",
)


def news(dice: random.Random, number: int) -> tuple[str, str]:
    """Return the title and the text of an article, its paragraphs as the inside of one <p>."""
    place, n = dice.choice(PLACES), dice.randint(11, 480)
    kind = dice.random()
    if kind < 0.10:
        title, first = f"Bawaslu {place} Tangani Dugaan Pelanggaran", dice.choice(_CASES)
    elif kind < 0.22:
        title, first = f"Bawaslu {place} Cegah Pelanggaran Pemilihan", dice.choice(_PREVENTION)
    else:
        head, first = dice.choice(_MATTERS)
        title, first = f"{head} di {place}", "Di {place}, " + first
    lead = first.format(place=place, n=n) + f", {dice.choice(_DAYS)} ({dice.randint(1, 28)}/2/2026)."
    rest = [s.format(n=dice.randint(11, 480), hall=dice.choice(_HALLS)) for s in dice.sample(_REST, 6)]
    own = f"Catatan redaksi menomori laporan ini {number} dan menyimpannya di rak {dice.randint(1, 9999)}."
    paragraphs = [f"{place.upper()} – {lead}", " ".join(rest[:3]), " ".join(rest[3:]), own]
    return f"{title} {dice.choice(_HALLS).title()}, {n} Hadir", "</p><p>".join(paragraphs)


def gambling(dice: random.Random, number: int) -> tuple[str, str]:
    """Return a promotion as it stands on sites that were taken over."""
    words = "slot gacor maxwin scatter jackpot deposit pulsa bandar togel situs judi online terpercaya rtp live".split()
    lines = [
        f"Daftar situs slot gacor, {' '.join(dice.sample(words, 8))} dengan bonus {dice.randint(10, 99)} persen."
        for _ in range(8)
    ]
    return f"Slot Gacor Maxwin Hari Ini {number}", "</p><p>".join(lines)
