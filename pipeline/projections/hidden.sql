-- The names to hide in each article of `asked`. A name that one article gives for an accused person holds for
-- every article about the same event, and a name once read stays hidden, even where a later model no longer
-- takes its bearer for accused. The parameter lists the categories of accused that are no persons.
CREATE OR REPLACE TEMP TABLE hidden AS
WITH touched AS (SELECT DISTINCT event_id FROM event_members SEMI JOIN asked USING (article_id)),
near AS (
    SELECT article_id FROM asked
    UNION
    SELECT article_id FROM event_members SEMI JOIN touched USING (event_id)
),
readings AS MATERIALIZED (
    SELECT extraction_id, article_id, version_id, kind, types FROM extractions
    WHERE rowid IN (SELECT x.rowid FROM extractions x SEMI JOIN near USING (article_id))
),
others AS (SELECT version_id FROM readings WHERE kind IN ('informasi', 'lainnya')),
texts AS MATERIALIZED (
    SELECT version_id, text FROM article_versions
    WHERE rowid IN (SELECT v.rowid FROM article_versions v SEMI JOIN others USING (version_id))
),
-- In an article about a case every person is hidden but those who speak or decide for the bodies that handle it:
-- a reading that takes the wrong person for the accused, or none, must not publish the right one's name.
-- So it is in other news of suspects and victims: whoever they are, they are none of this agency's business.
suspect AS (
    SELECT r.article_id, r.extraction_id, array_to_string(r.types, ' ') AS types
    FROM readings r LEFT JOIN texts v USING (version_id)
    WHERE r.kind = 'pelanggaran' OR r.extraction_id IN (SELECT extraction_id FROM cases)
    OR (r.kind IN ('informasi', 'lainnya')
        AND regexp_matches(v.text, '(?i)\b(tersangka|terdakwa|terpidana|teradu|terlapor|divonis|narapidana)\b'))
    OR (r.kind = 'lainnya' AND regexp_matches(v.text, '(?i)\b(pelaku|korban|ditangkap|dibekuk|dijerat|diamankan)'))
),
spoken AS MATERIALIZED (
    SELECT extraction_id, name, category, capacity FROM officials
    WHERE rowid IN (SELECT o.rowid FROM officials o SEMI JOIN readings USING (extraction_id))
),
persons AS MATERIALIZED (
    SELECT extraction_id, text FROM mentions
    WHERE rowid IN (SELECT m.rowid FROM mentions m SEMI JOIN suspect USING (extraction_id)) AND label = 'per'
),
handling AS (
    SELECT s.extraction_id, ' ' || o.name || ' ' AS name
    FROM suspect s JOIN spoken o USING (extraction_id)
    WHERE o.capacity <> 'terlapor'
    AND (regexp_matches(o.category, '^(dkpp|kasn|bkn|gakkumdu|kejaksaan|pengadilan)')
        OR (regexp_matches(o.category, '^bawaslu\.(ri|anggota)$') AND NOT contains(s.types, 'kode_etik'))
        OR (o.category = 'kpu.anggota' AND NOT regexp_matches(s.types, 'kode_etik|pungut_hitung|administrasi'))
        OR (starts_with(o.category, 'polri.') AND NOT contains(s.types, 'netralitas.polri')))
),
beside_a_case AS (
    SELECT s.article_id, m.text AS name FROM suspect s JOIN persons m USING (extraction_id)
    WHERE NOT EXISTS (
        SELECT 1 FROM handling h
        WHERE h.extraction_id = s.extraction_id AND contains(h.name, ' ' || m.text || ' ')
    )
),
own AS (
    SELECT r.article_id, t.name FROM readings r JOIN case_terlapor t USING (extraction_id)
    WHERE t.name IS NOT NULL AND NOT list_contains(?, coalesce(t.category, ''))
    UNION
    SELECT r.article_id, o.name FROM readings r JOIN spoken o USING (extraction_id)
    WHERE o.capacity = 'terlapor'
    UNION
    SELECT article_id, name FROM beside_a_case
),
by_event AS (
    SELECT DISTINCT m.event_id, own.name
    FROM event_members m SEMI JOIN touched USING (event_id) JOIN own USING (article_id)
),
shared AS (
    SELECT m.article_id, b.name FROM event_members m JOIN by_event b USING (event_id)
    UNION
    SELECT article_id, name FROM own
)
SELECT article_id, list_sort(list(name)) AS names, 
    md5((SELECT salt FROM salts) || array_to_string(list_sort(list(name)), chr(31))) AS mask_key
FROM shared SEMI JOIN asked USING (article_id)
GROUP BY article_id
