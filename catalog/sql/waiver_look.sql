-- What a waiver is about.
--
-- $1 text line, by a name it has or had   $2 text service   $3 timestamptz when it is to expire
SELECT l.id AS line_id, l.name, l.team_id, l.state, s.id AS service_id, $3::timestamptz > catalog_now() AS to_come
  FROM event_name n
  JOIN line_named l ON l.event_id = n.event_id AND n.name || '@' || l.major = $1::text
  LEFT JOIN service s ON s.slug = $2::text
