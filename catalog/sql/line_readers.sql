-- Who reads a line, in words.
--
-- $1 bigint line
SELECT string_agg(s.slug || ' (team ' || t.slug || ')', ', ' ORDER BY s.slug) AS readers,
       (SELECT count(*) FROM line_version v WHERE v.line_id = $1::bigint AND v.state IN ('active', 'superseded')) AS versions
  FROM consumption c JOIN service s ON s.id = c.service_id JOIN team t ON t.id = s.team_id
 WHERE c.line_id = $1::bigint AND c.state IN ('requested', 'active')
