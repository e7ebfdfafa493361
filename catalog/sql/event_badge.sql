-- What a badge tells of an event, by the name that it has or had.
--
-- $1 text name
SELECT e.name, l.state, v.semver
  FROM event_name n
  JOIN event e ON e.id = n.event_id
  LEFT JOIN line l ON l.id = event_line(e.id)
  LEFT JOIN line_version v ON v.id = line_current(l.id, 'value')
 WHERE n.name = $1::text
