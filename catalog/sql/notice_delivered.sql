-- Notes that a team was told (migrations/0007_notices.sql).
--
-- $1 bigint team   $2 bigint change or null   $3 bigint line or null   $4 text webhook or inbox
-- n: notices that count as given from now on. object, about, detail: for the audit entry.
SELECT notice_delivered($1::bigint, $2::bigint, $3::bigint, $4::text) AS n,
       coalesce('change:CR-' || $2::bigint, 'line:' || l.name, 'team:' || t.slug) AS object,
       coalesce(l.name, (SELECT name FROM line_named c WHERE c.id = (SELECT line_id FROM change WHERE id = $2::bigint)), t.slug) AS about,
       jsonb_strip_nulls(jsonb_build_object('team', t.slug, 'change', 'CR-' || $2::bigint, 'line', l.name, 'by', $4::text))::text AS detail
  FROM team t
  LEFT JOIN line_named l ON l.id = $3::bigint
 WHERE t.id = $1::bigint
