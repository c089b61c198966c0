-- One row a case with what stands behind it: the archived page, its hash and the model that read it.
WITH told_then AS (
    SELECT DISTINCT event_id FROM event_members SEMI JOIN (
        SELECT article_id FROM articles WHERE day_of(day, first_seen, utc_offset) BETWEEN $aktif_sejak::DATE AND $aktif_sampai::DATE
    ) USING (article_id)
),
chosen AS (
    SELECT * FROM events_where($f)
    WHERE kind = 'kasus' AND ($aktif_sejak IS NULL OR event_id IN (SELECT event_id FROM told_then))
    ORDER BY last_day DESC, last_seen DESC, event_id
    LIMIT $limit
),
first AS (
    SELECT article_id, title, outlet, url, page_sha256, fetched_at, model_version
    FROM articles WHERE rowid IN (SELECT a.rowid FROM articles a JOIN chosen c ON c.first_article = a.article_id)
),
-- of this case alone: its first article may tell others too
told AS (
    SELECT c.event_id, min_by(v.text, (v.case_id, v.n)) AS text
    FROM chosen c JOIN event_members m ON m.event_id = c.event_id AND m.article_id = c.first_article
    JOIN evidence v ON v.article_id = m.article_id AND v.case_id = m.case_id
    GROUP BY c.event_id
)
SELECT e.first_day AS pertama, e.last_day AS terakhir, e.event_date AS hari_kejadian, status_of(e.decided, e.stage, e.outcomes) AS status,
    type_names(e.types) AS jenis, array_to_string(e.types, '; ') AS id_jenis, place_name(e.place) AS wilayah,
    e.province AS kode_provinsi, e.regency AS kode_kabupaten, e.district AS kode_kecamatan, e.place AS kode,
    labels_of('office', e.categories) AS jabatan_terlapor,
    label_of('stage', e.stage) AS tahap,
    outcome_names(e.outcomes) AS hasil,
    e.denial AS dibantah, e.election AS pemilihan, e.articles AS artikel, e.outlets AS media,
    e.independent_texts AS naskah, a.title AS judul, t.text AS bukti, a.outlet AS media_pertama, a.url AS alamat,
    a.page_sha256 AS sha256, a.fetched_at AS diambil, a.model_version AS model, e.event_id AS kejadian
FROM chosen e
LEFT JOIN first a ON a.article_id = e.first_article
LEFT JOIN told t ON t.event_id = e.event_id
ORDER BY e.last_day DESC, e.last_seen DESC, e.event_id
