-- A policy as it is told: what is set at this scope, and what holds there in the end.
--
-- $1 text scope   $2 jsonb what is built in
WITH target AS (
    SELECT $1::text AS scope, NULL::text AS domain WHERE $1::text = 'org'
    UNION ALL SELECT 'domain:' || slug, slug FROM domain WHERE 'domain:' || slug = $1::text
    UNION ALL SELECT 'event:' || e.name, d.slug FROM event e LEFT JOIN domain d ON d.id = e.domain_id WHERE 'event:' || e.name = $1::text
), layers AS (
    SELECT 0 AS rank, $2::jsonb AS settings
    UNION ALL
    SELECT CASE WHEN p.scope = 'org' THEN 1 WHEN p.scope LIKE 'domain:%' THEN 2 ELSE 3 END, p.settings
      FROM target t JOIN policy p ON p.scope IN ('org', 'domain:' || t.domain, t.scope)
)
SELECT coalesce(p.rev, 0) AS rev,
       jsonb_build_object(
         'scope', t.scope, 'settings', coalesce(p.settings, '{}'),
         'effective', (SELECT jsonb_object_agg(key, value)
                         FROM (SELECT DISTINCT ON (key) key, value FROM layers, jsonb_each(settings) ORDER BY key, rank DESC) m),
         'updated_at', p.updated_at, 'updated_by', p.updated_by,
         'links', jsonb_build_object('self', '/api/v1/policies/' || t.scope, 'ui', '/ui/settings/policies')) AS body
  FROM target t LEFT JOIN policy p ON p.scope = t.scope
