WITH printed AS (
    SELECT a.*, coalesce(a.published, a.first_seen) AS moment
    FROM articles a SEMI JOIN (SELECT article_id FROM event_members WHERE event_id = $id) USING (article_id)
)
SELECT strftime(moment + to_minutes(coalesce(utc_offset, 0)), '%Y-%m-%d %H:%M') AS waktu_setempat,
    round(date_diff('minute', min(moment) OVER (), moment) / 60.0, 1) AS jam_sejak_pertama, outlet AS media,
    outlet IS NOT NULL AND row_number() OVER (PARTITION BY outlet ORDER BY moment, article_id) = 1 AS media_baru,
    is_official(outlet) AS sumber_resmi, title AS judul, url AS alamat, page_sha256 AS sha256, article_id AS id
FROM printed
ORDER BY moment, article_id
