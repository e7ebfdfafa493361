-- Productions that fit every filter that is given; those that ended only when that is asked for.
--
-- $1 text service   $2 text team   $3 text line   $4 bool ended ones   $5 text key   $6 bigint at most so many
SELECT lpad(p.id::text, 18, '0') AS key, production_json(p.id) AS item
  FROM production p
  JOIN service s ON s.id = p.service_id
  JOIN team t ON t.id = s.team_id
  JOIN line_named l ON l.id = p.line_id
 WHERE ($1::text IS NULL OR s.slug = $1::text) AND ($2::text IS NULL OR t.slug = $2::text)
   AND ($3::text IS NULL OR l.name = $3::text OR l.event_name = $3::text) AND (p.ended_at IS NOT NULL) = $4::boolean
   AND ($5::text IS NULL OR p.id > $5::bigint)
 ORDER BY p.id
 LIMIT $6::bigint
