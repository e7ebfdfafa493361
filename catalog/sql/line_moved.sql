-- A line after it moved.
--
-- $1 text line, by a name it has or had
SELECT line_json(l.id) AS body, l.rev
  FROM event_name n
  JOIN line l ON l.event_id = n.event_id AND n.name || '@' || l.major = $1::text
