-- Fills a published database with getvariable('total') invented articles, a fifth of them about cases: 600 outlets,
-- six years, every regency. A number always gives the same row, so that two fills can be compared.
CREATE TEMP MACRO pick(things, seed) AS things[1 + (hash(seed) % len(things))::INTEGER];

CREATE TEMP TABLE known AS
SELECT (SELECT list(code ORDER BY code) FROM regions WHERE level = 'village') AS codes,
    list(id ORDER BY id) FILTER ("group" = 'type' AND contains(id, '.')) AS kinds_of_act,
    list(id ORDER BY id) FILTER ("group" = 'stage') AS stages,
    list(id ORDER BY id) FILTER ("group" = 'bentuk') AS forms,
    list(id ORDER BY id) FILTER ("group" = 'forum') AS forums,
    list(id ORDER BY id) FILTER ("group" = 'outcome') AS results,
    list(id ORDER BY id) FILTER ("group" = 'track') AS tracks,
    ['desa.kepala', 'asn.pns', 'pemda.camat', 'peserta.paslon', 'kpu.ppk', 'asn.guru'] AS offices
FROM labels;

INSERT INTO sources
SELECT 'media' || i, 'Media ' || i, ['media' || i || '.example'], pick(codes, i)[:5], 'Asia/Jakarta', 'id', false, false
FROM range(600) t(i), known;

-- One story is told by one to four articles; what it tells depends on its number alone.
CREATE TEMP TABLE stories AS
SELECT story,
    CASE WHEN story % 100 < 32 THEN 'pelanggaran' WHEN story % 100 < 52 THEN 'pencegahan'
        WHEN story % 100 < 70 THEN 'informasi' ELSE 'lainnya' END AS kind,
    pick(codes, (story, 'place')) AS village, pick(kinds_of_act, (story, 'type')) AS type,
    pick(stages, (story, 'stage')) AS stage, pick(forms, story) AS form, pick(forums, story) AS forum,
    pick(tracks, story) || '=' || pick(results, (story, 'result')) AS outcome, pick(offices, (story, 'o')) AS office,
    pick(['laporan', 'temuan', 'informasi_awal'], (story, 'origin')) AS origin
FROM range(0, getvariable('total') + 1) t(story), known;

CREATE TEMP TABLE numbers AS
SELECT *, TIMESTAMP '2019-01-01 01:00:00' + to_minutes(i * 3150000 // getvariable('total')) AS moment,
    'media' || (hash(i, 'outlet') % 600) AS source
FROM (SELECT i, i - (hash(i, 'copy') % 4)::BIGINT AS story FROM range(4, getvariable('total') + 4) t(i))
JOIN stories USING (story);

INSERT INTO articles BY NAME
SELECT 'a' || i AS article_id, 'https://' || source || '.example/' || i AS url, source, source || '.example' AS outlet,
    'Judul berita nomor ' || i AS title,
    repeat('Isi berita nomor ' || i || ' tentang pengawasan pemilihan. ', 8) AS text, moment AS published,
    420 AS utc_offset, (moment + INTERVAL 7 HOUR)::DATE AS day, strftime(moment + INTERVAL 7 HOUR, '%Y-%m') AS month,
    'id' AS language, 0.9 AS quality, [] AS flags, kind, 0.9 AS confidence,
    CASE WHEN moment < '2019-10-01' THEN 'pemilu 2019' WHEN moment < '2021-06-01' THEN 'pilkada 2020'
        WHEN moment < '2024-03-22' THEN 'pemilu 2024' ELSE 'pilkada 2024' END AS election,
    CASE WHEN kind = 'pelanggaran' THEN [type] ELSE [] END AS types, [] AS bentuk,
    strftime(moment, '%Y-%m-%d') AS event_date, CASE WHEN kind <> 'lainnya' THEN village END AS event_place,
    [] AS roles_present, ['diduga'] AS why, 'm1' AS model_version, 'v' || i AS version_id, 'x' || i AS extraction_id,
    md5(i::VARCHAR) AS text_hash, 1 AS states, moment + INTERVAL 3 HOUR AS first_seen,
    'https://' || source || '.example/' || i AS page_url, md5(i::VARCHAR) || md5(i::VARCHAR) AS page_sha256,
    moment + INTERVAL 3 HOUR AS fetched_at, 'b.gz' AS warc, 0 AS warc_offset, '' AS mask_key, 1 AS written
FROM numbers
ORDER BY i;

INSERT INTO cases BY NAME
SELECT 'c' || i AS case_id, 'a' || i AS article_id, 1 AS n, [type] AS types,
    CASE type WHEN 'netralitas.asn' THEN [form] ELSE [] END AS bentuk, ['S******* W*******'] AS terlapor,
    ['Kepala Desa'] AS jabatan, [office] AS categories, village AS place, strftime(moment, '%Y-%m-%d') AS event_date,
    origin, stage, [outcome] AS outcomes, [forum] AS forum, NULL AS reg_no,
    CASE WHEN stage = 'putusan_sanksi' THEN 'teguran tertulis' END AS sanction, story % 5 = 0 AS denial,
    ['UU 10/2016 pasal 71'] AS legal_refs, 0.8 AS confidence, strftime(moment, '%Y-%m') AS month
FROM numbers WHERE kind = 'pelanggaran';

INSERT INTO evidence SELECT article_id, case_id, 1, 0, 40, 'Diduga ' || article_id || ' melanggar.', month FROM cases;

INSERT INTO stats BY NAME
SELECT 'a' || i AS article_id, 1 AS n, 10 + story % 90 + (i % 7 = 0)::INTEGER AS value, 'peserta' AS unit,
    NULL AS area, NULL AS as_of, false AS approx, 0 AS start_at, 5 AS end_at, strftime(moment, '%Y-%m') AS month
FROM numbers WHERE kind IN ('pencegahan', 'informasi');

INSERT INTO officials BY NAME
SELECT 'a' || i AS article_id, 1 AS n, 'Nama Rekaan' AS name, 'Kepala Desa' AS role, office AS category,
    'narasumber' AS capacity, 0 AS start_at, 5 AS end_at, strftime(moment, '%Y-%m') AS month
FROM numbers;

INSERT INTO revisions
SELECT 'a' || i, 2, moment + INTERVAL 7 DAY, 'removed', 1, 'Alinea yang dihapus.', strftime(moment, '%Y-%m') FROM numbers WHERE i % 500 = 0;

INSERT INTO coverage
SELECT source, moment::DATE, count(*), count(*), 0 FROM numbers GROUP BY 1, 2;

INSERT INTO event_members
SELECT 'e' || story, 'a' || i, CASE kind WHEN 'pelanggaran' THEN 'c' || i END, 'utama', true, 9, ['tempat sama'], strftime(moment, '%Y-%m')
FROM numbers WHERE kind <> 'lainnya';

INSERT INTO events BY NAME
SELECT 'e' || story AS event_id, CASE kind WHEN 'pelanggaran' THEN 'kasus' ELSE kind END AS kind, village AS place,
    village[:2] AS province, village[:5] AS regency, village[:8] AS district,
    strftime(min(moment), '%Y-%m-%d') AS event_date, min(moment)::DATE AS act_day,
    CASE WHEN min(moment) < '2019-10-01' THEN 'pemilu 2019' WHEN min(moment) < '2021-06-01' THEN 'pilkada 2020'
        WHEN min(moment) < '2024-03-22' THEN 'pemilu 2024' ELSE 'pilkada 2024' END AS election,
    CASE WHEN kind = 'pelanggaran' THEN [type] ELSE [] END AS types,
    CASE WHEN kind = 'pelanggaran' AND type = 'netralitas.asn' THEN [form] ELSE [] END AS bentuk,
    CASE WHEN kind = 'pelanggaran' THEN [office] ELSE [] END AS categories,
    CASE WHEN kind = 'pelanggaran' THEN stage END AS stage,
    coalesce(CASE WHEN kind = 'pelanggaran' THEN any_value(l."rank") END, 0) AS stage_rank,
    CASE WHEN kind = 'pelanggaran' THEN [outcome] ELSE [] END AS outcomes,
    kind = 'pelanggaran' AND ends_with(outcome, '=terbukti') AND stage IN ('putusan_sanksi', 'inkrah_eksekusi') AS decided,
    kind = 'pelanggaran' AND story % 5 = 0 AS denial, CASE WHEN kind = 'pelanggaran' THEN [forum] ELSE [] END AS forum,
    CASE WHEN kind = 'pelanggaran' THEN [origin] ELSE [] END AS origins, count(*) AS articles,
    count(DISTINCT source) AS outlets, list(DISTINCT source || '.example') AS outlet_names, count(*) AS independent_texts,
    CASE WHEN kind = 'pencegahan' THEN 10 + story % 90 END AS participants, arg_min('a' || i, i) AS first_article,
    min(moment + INTERVAL 7 HOUR)::DATE AS first_day, max(moment + INTERVAL 7 HOUR)::DATE AS last_day,
    min(moment) AS first_seen, max(moment) AS last_seen, 0 AS reviewed, 1 AS written, strftime(min(moment), '%Y-%m') AS month
FROM numbers LEFT JOIN labels l ON l."group" = 'stage' AND l.id = stage
WHERE kind <> 'lainnya'
GROUP BY story, kind, village, type, form, office, stage, outcome, forum, origin
ORDER BY story;
