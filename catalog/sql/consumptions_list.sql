-- Consumptions that fit every filter that is given; those that ended only when that is asked for.
--
-- $1 text service   $2 text team   $3 text line   $4 text state   $5 text field path   $6 text environment   $7 text key   $8 bigint at most so many
SELECT lpad(c.id::text, 18, '0') AS key, consumption_json(c.id) AS item
  FROM consumption c
  JOIN service s ON s.id = c.service_id
  JOIN team t ON t.id = s.team_id
  JOIN line_named l ON l.id = c.line_id
 WHERE ($1::text IS NULL OR s.slug = $1::text) AND ($2::text IS NULL OR t.slug = $2::text)
   AND ($3::text IS NULL OR l.name = $3::text OR l.event_name = $3::text)
   AND CASE WHEN $4::text IS NULL THEN c.state IN ('requested', 'active') ELSE c.state = $4::text END
   AND ($5::text IS NULL OR $5::text = ANY (c.reader_paths) OR EXISTS (SELECT FROM consumption_field f WHERE f.consumption_id = c.id AND f.path = $5::text))
   AND ($6::text IS NULL OR $6::text = ANY (c.environments))
   AND ($7::text IS NULL OR c.id > $7::bigint)
 ORDER BY c.id
 LIMIT $8::bigint
