SELECT source AS sumber, day AS hari, pages AS halaman, articles AS artikel, refused AS ditolak
FROM coverage
ORDER BY hari DESC, sumber
LIMIT $limit
