SELECT label_of('type', t.type) AS jenis, t.type AS id, count(*) AS kasus,
    sum(t.articles)::BIGINT AS artikel, sum(t.outlets)::BIGINT AS media
FROM (
    SELECT unnest(types) AS type, articles, outlets
    FROM events_where($wilayah, $sejak, $sampai, $jenis) WHERE kind = 'kasus'
) t
GROUP BY t.type
ORDER BY kasus DESC, id
