-- Lines that somebody reads and whose subjects are in a scope.
--
-- $1 to $2 and $3 to $4 text: two ranges of qualified names
SELECT b.subject, l.name AS line, l.level, string_agg(DISTINCT s.slug || ' (team ' || t.slug || ')', ', ') AS readers
  FROM line_subject b
  JOIN line_named l ON l.id = b.line_id AND l.state IN ('active', 'deprecated', 'sunset')
  JOIN consumption c ON c.line_id = l.id AND c.state IN ('requested', 'active')
  JOIN service s ON s.id = c.service_id
  JOIN team t ON t.id = s.team_id
 WHERE (b.subject >= $1::text AND b.subject < $2::text) OR (b.subject >= $3::text AND b.subject < $4::text)
 GROUP BY b.subject, l.name, l.level
 ORDER BY b.subject
 LIMIT 1
