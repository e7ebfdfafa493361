-- All of a line that a proposal is compared with.
--
-- $1 bigint line   $2 text qualified subject, or null: the one that holds the line's values
--
-- base_*: the version that counts now, null when there is none.
WITH l AS (
    SELECT * FROM line_named WHERE id = $1::bigint
), s AS (
    SELECT subject, role
      FROM line_subject
     WHERE line_id = $1::bigint AND ($2::text IS NULL OR subject = $2::text)
     ORDER BY role DESC, id
     LIMIT 1
), b AS (
    SELECT *
      FROM line_version
     WHERE line_id = $1::bigint AND state = 'active' AND subject = (SELECT subject FROM s)
     ORDER BY id DESC
     LIMIT 1
), k AS (
    SELECT n, terms FROM contract WHERE line_id = $1::bigint ORDER BY n DESC LIMIT 1
)
SELECT l.event_id, l.team_id, l.name, l.event_name, l.major, l.state, l.level, l.checkpoint, s.subject, s.role,
       (change_rules(l.event_id) ->> 'stale_days')::integer AS stale_days,
       (change_rules(l.event_id) ->> 'reminders_before_stale')::integer AS reminders,
       b.id AS base_id, b.semver AS base_semver, b.major AS base_major, b.minor AS base_minor, b.patch AS base_patch, b.format AS base_format,
       b.text AS base_text, b.context_id AS base_context, b.schema_id AS base_schema, b.version AS base_number,
       k.n AS terms_n, k.terms
  FROM l
  LEFT JOIN s ON true
  LEFT JOIN b ON true
  LEFT JOIN k ON true
