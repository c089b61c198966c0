SELECT label_of('stage', stage) AS tahap, stage AS id, stage_rank AS urutan, count(*) AS kasus
FROM events_where($f) WHERE kind = 'kasus'
GROUP BY stage, stage_rank
ORDER BY urutan, id
