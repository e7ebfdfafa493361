-- All that a transition of one line looks at besides its parties.
--
-- $1 text event, by the name it has or had   $2 int major   $3 timestamptz sunset asked for, or null   $4 text replacement asked for, or null
--
-- due: its sunset is reached. later: the date asked for comes after the one there is. to_come: it is not past. days_off: whole days from
-- today to it. versions: that are active. in_use: of the line asked for as replacement, its state; null: there is no such line.
SELECT l.id, l.event_id, l.event_name AS event, l.major, l.name, l.state, l.level, l.team_id, t.slug AS team,
       catalog_instant(l.activated_at) AS activated_at, catalog_instant(l.deprecated_at) AS deprecated_at,
       catalog_instant(l.sunset_at) AS sunset_at, catalog_instant(l.sunset_reached_at) AS sunset_reached_at,
       catalog_instant(l.removed_at) AS removed_at, l.reason, l.replacement, l.migration_guide,
       coalesce(l.sunset_at <= catalog_now(), false) AS due,
       coalesce($3::timestamptz > l.sunset_at, true) AS later,
       coalesce($3::timestamptz > catalog_now(), false) AS to_come,
       coalesce($3::timestamptz = l.sunset_at, false) AS same,
       catalog_instant($3::timestamptz) AS asked_at,
       catalog_instant(date_trunc('day', catalog_now(), 'UTC')) AS today,
       coalesce(extract(day FROM $3::timestamptz - date_trunc('day', catalog_now(), 'UTC')), 0)::integer AS days_off,
       (SELECT count(*) FROM line_version v WHERE v.line_id = l.id AND v.state = 'active') AS versions,
       (SELECT r.state FROM line_named r WHERE r.name = $4::text AND r.id <> l.id) AS in_use,
       (SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id AND NOT p.disabled WHERE m.team_id = l.team_id) AS members
  FROM event_name n
  JOIN line_named l ON l.event_id = n.event_id AND l.major = $2::integer
  JOIN team t ON t.id = l.team_id
 WHERE n.name = $1::text
