"""What columns are called where people read them: in spreadsheets, reports and charts."""

from __future__ import annotations

_HEADINGS = {
    "alamat": "Alamat (URL)",
    "atas": "Batas atas 95 %",
    "bawah": "Batas bawah 95 %",
    "bukti": "Kalimat bukti",
    "cuplikan": "Cuplikan",
    "dibaca": "Artikel dibaca",
    "diambil": "Diambil (UTC)",
    "dibantah": "Dibantah terlapor",
    "hari_kejadian": "Hari kejadian",
    "id": "ID",
    "id_jenis": "ID jenis",
    "hasil_terbukti": "Hasil terbukti (pada suatu jalur)",
    "hasil_tidak_terbukti": "Hasil tidak terbukti (pada suatu jalur)",
    "ikp": "Skor IKP",
    "jabatan_terlapor": "Jabatan terlapor (diduga)",
    "jenis": "Jenis (dugaan)",
    "kasus": "Dugaan kasus",
    "kejadian": "ID kejadian",
    "kelas_ikp": "Kelas IKP",
    "kira_kira": "Kira-kira",
    "kode": "Kode Kemendagri",
    "kode_kabupaten": "Kode kabupaten/kota (Kemendagri)",
    "kode_kecamatan": "Kode kecamatan (Kemendagri)",
    "kode_provinsi": "Kode provinsi (Kemendagri)",
    "media": "Media",
    "media_pertama": "Media pertama",
    "naskah": "Naskah mandiri",
    "per_1000_artikel": "Per 1.000 artikel dibaca",
    "pertama": "Pertama diberitakan",
    "pertama_diberitakan": "Kasus yang pertama diberitakan saat itu",
    "semua_kejadian": "Kejadian (semua)",
    "sha256": "SHA-256 halaman arsip",
    "sumber_ikp": "Sumber IKP",
    "terakhir": "Terakhir diberitakan",
    "terlihat": "Terlihat (UTC)",
}


def heading(column: str) -> str:
    """Return the heading of a column: "Kode Kemendagri" for `kode`."""
    return _HEADINGS.get(column) or column.replace("_", " ").capitalize()
