-- The events in which the attached snapshots `lama` and `baru` differ, with what brought it about.
CREATE TEMP TABLE texts AS
SELECT article_id, o.version_id AS old_version, n.version_id AS new_version, o.extraction_id AS old_reading,
    n.extraction_id AS new_reading
FROM lama.articles o FULL JOIN baru.articles n USING (article_id)
WHERE o.version_id IS DISTINCT FROM n.version_id OR o.extraction_id IS DISTINCT FROM n.extraction_id;

CREATE TEMP TABLE told AS
SELECT event_id, kind, coalesce(place, '') AS place, coalesce(event_date, '') AS event_date,
    array_to_string(types, ' ') AS types, coalesce(stage, '') AS stage, array_to_string(outcomes, ' ') AS outcomes,
    articles, 'lama' AS side
FROM lama.events
UNION ALL
SELECT event_id, kind, coalesce(place, ''), coalesce(event_date, ''), array_to_string(types, ' '), coalesce(stage, ''),
    array_to_string(outcomes, ' '), articles, 'baru'
FROM baru.events;

CREATE TEMP TABLE moved AS
SELECT event_id, o.kind AS kind_old, n.kind AS kind_new, nullif(coalesce(n.place, o.place), '') AS place,
    CASE WHEN o.event_id IS NULL THEN 'muncul' WHEN n.event_id IS NULL THEN 'hilang' ELSE 'berubah' END AS perubahan,
    CASE
        WHEN o.event_id IS NULL OR n.event_id IS NULL THEN ['kejadian', NULL, NULL]
        WHEN o.kind <> n.kind THEN ['jenis', o.kind, n.kind]
        WHEN o.stage <> n.stage THEN ['tahap', o.stage, n.stage]
        WHEN o.outcomes <> n.outcomes THEN ['hasil', o.outcomes, n.outcomes]
        WHEN o.types <> n.types THEN ['jenis pelanggaran', o.types, n.types]
        WHEN o.place <> n.place THEN ['tempat', o.place, n.place]
        WHEN o.event_date <> n.event_date THEN ['tanggal', o.event_date, n.event_date]
        ELSE ['artikel', o.articles::VARCHAR, n.articles::VARCHAR]
    END AS part
FROM (SELECT * FROM told WHERE side = 'lama') o FULL JOIN (SELECT * FROM told WHERE side = 'baru') n USING (event_id)
WHERE o.event_id IS NULL OR n.event_id IS NULL
OR (o.kind, o.stage, o.outcomes, o.types, o.place, o.event_date, o.articles)
    IS DISTINCT FROM (n.kind, n.stage, n.outcomes, n.types, n.place, n.event_date, n.articles);

CREATE TEMP TABLE reviewed AS
SELECT article_id FROM lama.articles SEMI JOIN decided USING (text_hash)
UNION
SELECT article_id FROM baru.articles SEMI JOIN decided USING (text_hash);

CREATE TEMP TABLE causes AS
SELECT event_id,
    max(CASE WHEN r.article_id IS NOT NULL THEN 3 WHEN coalesce(old_version, '') <> coalesce(new_version, '') THEN 2
        WHEN coalesce(old_reading, '') <> coalesce(new_reading, '') THEN 1 ELSE 0 END) AS cause
FROM (SELECT event_id, article_id FROM lama.event_members UNION SELECT event_id, article_id FROM baru.event_members)
SEMI JOIN moved USING (event_id)
LEFT JOIN texts USING (article_id)
LEFT JOIN reviewed r USING (article_id)
GROUP BY event_id;

CREATE TEMP TABLE differences AS
SELECT m.event_id, m.kind_old, m.kind_new, m.place, m.perubahan, m.part[1] AS bagian, nullif(m.part[2], '') AS lama,
    nullif(m.part[3], '') AS baru,
    ['penggabungan', 'model', 'berita', 'tinjauan'][1 + coalesce(c.cause, 0)] AS sebab
FROM moved m LEFT JOIN causes c USING (event_id);
