WITH a AS (SELECT * FROM articles WHERE article_id = $id)
SELECT bagian, isi, awal, akhir, rincian FROM (
    SELECT 1 AS part, 0 AS n, 'judul' AS bagian, title AS isi, NULL::INTEGER AS awal, NULL::INTEGER AS akhir,
        outlet AS rincian
    FROM a
    UNION ALL
    SELECT 2, 0, 'alamat', url, NULL, NULL, strftime(published, '%Y-%m-%dT%H:%MZ') FROM a WHERE url IS NOT NULL
    UNION ALL
    SELECT 3, 0, 'halaman arsip', page_url, NULL, NULL, concat_ws(' · ', 'sha256 ' || page_sha256, warc)
    FROM a WHERE page_sha256 IS NOT NULL
    UNION ALL
    SELECT 4, 0, 'jenis berita', label_of('kind', kind), NULL, NULL,
        concat_ws(' · ', 'keyakinan ' || round(100 * confidence)::INTEGER || ' %', 'model ' || model_version,
            nullif(array_to_string(why, '; '), ''))
    FROM a
    UNION ALL
    SELECT 5, c.n, 'dugaan', type_names(c.types), NULL, NULL,
        concat_ws(' · ', 'diduga', label_of('stage', c.stage), place_name(c.place), c.event_date,
            'terlapor: ' || coalesce(nullif(array_to_string(c.jabatan, ', '), ''), 'tidak disebut'),
            CASE WHEN c.denial THEN 'dibantah' END)
    FROM a JOIN cases c USING (article_id)
    UNION ALL
    SELECT 6, v.n, 'bukti', v.text, v.start_at, v.end_at, NULL FROM a JOIN evidence v USING (article_id)
    UNION ALL
    SELECT 7, o.n, 'pejabat', o.name, o.start_at, o.end_at, concat_ws(' · ', o.role, o.institution, replace(o.capacity, '_', ' '))
    FROM a JOIN officials o USING (article_id)
    UNION ALL
    SELECT 8, m.n, CASE m.label WHEN 'loc' THEN 'tempat' ELSE 'tanggal' END, m.text, m.start_at, m.end_at,
        concat_ws(' · ', nullif(m.code, ''), nullif(place_name(m.code), ''), m.iso, label_of('function', m.function),
            label_of('date_role', m.role), label_of('conflict', m.conflict))
    FROM a JOIN mentions m USING (article_id)
    WHERE (m.label = 'loc' AND m.code IS NOT NULL) OR (m.label = 'date' AND m.iso IS NOT NULL)
    UNION ALL
    SELECT 9, s.n, 'angka', concat_ws(' ', CASE WHEN s.value = floor(s.value) AND abs(s.value) < 1e18
            THEN replace(format('{:,}', try_cast(s.value AS BIGINT)), ',', '.')
            ELSE replace(s.value::VARCHAR, '.', ',') END, s.unit), s.start_at, s.end_at,
        concat_ws(' · ', s.measure, s.area, s.as_of)
    FROM a JOIN stats s USING (article_id)
    UNION ALL
    SELECT 10, r.n, 'dasar hukum', r.text, r.start_at, r.end_at, concat_ws(' · ', r.normal, 'salah cetak? mungkin tahun ' || nullif(split_part(r.conflict, 'year:', 2), ''))
    FROM a JOIN legal_refs r USING (article_id)
    UNION ALL
    SELECT 11, 0, 'kejadian', m.event_id, NULL, NULL, concat_ws(' · ', m.part, array_to_string(m.reasons, '; '))
    FROM a JOIN event_members m USING (article_id)
    UNION ALL
    SELECT 12, v.n * 10000 + v.paragraph * 2 + (v.change = 'added')::INTEGER, 'perubahan', v.text, NULL, NULL,
        concat_ws(' · ', CASE v.change WHEN 'removed' THEN 'dihapus' ELSE 'ditambahkan' END,
            CASE v.paragraph WHEN 0 THEN 'judul' ELSE 'alinea ' || v.paragraph END,
            'terlihat ' || strftime(v.seen_at, '%Y-%m-%dT%H:%MZ'))
    FROM a JOIN revisions v USING (article_id)
)
ORDER BY part, n, awal
