-- Who reads an event, and the line that most of them mean.
--
-- $1 bigint event
SELECT (SELECT string_agg(DISTINCT s.slug, ', ')
          FROM consumption c JOIN line l ON l.id = c.line_id JOIN service s ON s.id = c.service_id
         WHERE l.event_id = $1::bigint AND c.state IN ('requested', 'active')) AS readers,
       (SELECT name FROM line_named WHERE id = event_line($1::bigint)) AS line
