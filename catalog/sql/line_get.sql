-- A line by the event's name (one that it has or had) and its major version, or by its id, or by a subject that is bound to it.
--
-- $1 text event or null   $2 int major   $3 bigint line or null   $4 text qualified subject or null
SELECT l.id, l.event_id, l.team_id, l.name, l.event_name, coalesce($1::text <> l.event_name, false) AS former, l.major, t.slug AS team,
       l.state, l.level, catalog_instant(l.activated_at) AS activated_at, catalog_instant(l.deprecated_at) AS deprecated_at,
       catalog_instant(l.sunset_at) AS sunset_at, catalog_instant(l.sunset_reached_at) AS sunset_reached_at,
       catalog_instant(l.removed_at) AS removed_at, l.replacement, l.migration_guide, l.reason, l.checkpoint, l.rev,
       e.audience, e.managed_by, (SELECT role FROM line_subject WHERE subject = $4::text) AS role
  FROM line_named l
  JOIN event e ON e.id = l.event_id
  JOIN team t ON t.id = l.team_id
 WHERE l.id = coalesce($3::bigint,
                       (SELECT line_id FROM line_subject WHERE subject = $4::text),
                       (SELECT x.id FROM line x JOIN event_name n ON n.event_id = x.event_id WHERE n.name = $1::text AND x.major = $2::integer))
