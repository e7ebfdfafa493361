-- What decides whether a service may begin to read a line.
--
-- $1 text line, by a name it has or had   $2 text service   $3 text[] tags of personal data
--
-- consumption, consumes: the one it has already. waiver: one that counts now. change: an open break, which it would have to accept.
SELECT l.id, l.event_id, l.name, l.state, t.slug AS team, s.id AS service_id, s.retired_at IS NOT NULL AS retired,
       catalog_instant(l.deprecated_at) AS deprecated_at, catalog_instant(l.sunset_at) AS sunset_at, l.replacement, l.migration_guide,
       e.audience,
       c.public_id AS consumption, c.state AS consumes,
       (SELECT w.id FROM waiver w
         WHERE w.line_id = l.id AND w.service_id = s.id AND w.rule = 'LINE_DEPRECATED' AND w.expires_at > catalog_now()
         ORDER BY w.expires_at DESC LIMIT 1) AS waiver,
       (SELECT 'CR-' || ch.id FROM change ch
         WHERE ch.line_id = l.id AND ch.state = 'open' AND ch.class = 'breaking' AND NOT ch.suggestion
         LIMIT 1) AS change,
       (SELECT count(*) FROM line_version v WHERE v.line_id = l.id AND v.state = 'active') AS versions,
       (SELECT string_agg(f.path, ', ' ORDER BY f.path) FROM line_field f
         WHERE f.line_id = l.id AND f.removed IS NULL AND f.tags && $3::text[]) AS personal
  FROM event_name n
  JOIN line_named l ON l.event_id = n.event_id AND n.name || '@' || l.major = $1::text
  JOIN event e ON e.id = l.event_id
  JOIN team t ON t.id = l.team_id
  LEFT JOIN service s ON s.slug = $2::text
  LEFT JOIN consumption c ON c.line_id = l.id AND c.service_id = s.id AND c.state IN ('requested', 'active')
