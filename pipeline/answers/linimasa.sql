WITH members AS (SELECT * FROM event_members WHERE event_id = $id),
told AS (
    SELECT m.article_id, m.case_id, m.part, c.stage, c.outcomes, c.sanction, c.denial
    FROM members m LEFT JOIN (SELECT * FROM cases SEMI JOIN members USING (article_id)) c ON c.case_id = m.case_id
)
SELECT day_of(a.day, a.first_seen, a.utc_offset) AS tanggal, label_of('stage', t.stage) AS tahap,
    outcome_names(t.outcomes) AS hasil,
    t.sanction AS sanksi, coalesce(t.denial, false) AS dibantah, a.outlet AS media, a.title AS judul,
    (SELECT min_by(v.text, v.n) FROM evidence v WHERE v.article_id = t.article_id AND v.case_id = t.case_id) AS bukti,
    CASE t.part WHEN 'utama' THEN 'ya' ELSE 'terkait' END AS dihitung, a.url AS alamat, a.page_sha256 AS sha256,
    a.article_id AS id
FROM told t JOIN articles a USING (article_id)
ORDER BY tanggal, coalesce(a.published, a.first_seen), a.article_id
