WITH acted AS (
    SELECT form, unnest(CASE WHEN len(categories) = 0 THEN ['tidak_disebut'] ELSE categories END) AS office, articles
    FROM (SELECT unnest(bentuk) AS form, categories, articles FROM events_where($f) WHERE kind = 'kasus')
)
SELECT label_of('bentuk', form) AS bentuk, form AS id,
    CASE office WHEN 'tidak_disebut' THEN '(tidak disebut)' ELSE label_of('office', office) END AS jabatan,
    office AS id_jabatan, count(*) AS kasus, sum(articles)::BIGINT AS artikel
FROM acted
GROUP BY form, office
ORDER BY sum(count(*)) OVER (PARTITION BY form) DESC, form, kasus DESC, office
