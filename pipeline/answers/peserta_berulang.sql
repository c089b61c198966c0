-- Sides, not persons: offices as the articles word them ("calon bupati nomor urut 2"), which name nobody.
WITH chosen AS (
    SELECT * FROM events_where($f)
    WHERE kind = 'kasus' AND any_within(categories, 'peserta') AND regency IS NOT NULL
),
sides AS (
    SELECT DISTINCT e.event_id, e.regency, e.decided, lower(trim(c.side)) AS side
    FROM chosen e JOIN event_members m USING (event_id)
    -- who else is accused beside a side is none
    JOIN (SELECT case_id, role AS side FROM accused WHERE within(category, 'peserta') AND role IS NOT NULL) c
        ON c.case_id = m.case_id
)
SELECT place_name(regency) AS wilayah, regency AS kode, side AS pihak, 'diduga' AS status, count(*) AS kasus,
    count(*) FILTER (decided) AS terbukti
FROM sides
GROUP BY regency, side
HAVING count(*) >= $minimal
ORDER BY kasus DESC, regency, side
LIMIT $limit
