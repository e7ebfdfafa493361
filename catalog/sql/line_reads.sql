-- Reads of a line in the last days that no living consumption explains: of nobody known, and of services that declared nothing or
-- have ended what they declared.
--
-- $1 bigint line   $2 int days
SELECT coalesce(s.slug, '') AS service,
       jsonb_strip_nulls(jsonb_build_object(
           'code', CASE WHEN s.slug IS NULL THEN 'reads_unattributed' ELSE 'reads_undeclared' END,
           'service', s.slug, 'token', k.prefix, 'environment', nullif(o.environment, ''), 'source', o.source,
           'client', nullif(max(o.detail), ''), 'reads', sum(o.count)::bigint, 'last_seen', catalog_instant(max(o.last_at)))) AS item
  FROM observation o
  LEFT JOIN service s ON s.id = o.service_id
  LEFT JOIN token k ON k.id = o.token_id
 WHERE o.line_id = $1::bigint AND o.op = 'read' AND o.last_at > catalog_now() - make_interval(days => $2::integer)
   AND NOT EXISTS (SELECT FROM consumption c
                    WHERE c.line_id = o.line_id AND c.service_id = o.service_id
                      AND (c.state IN ('requested', 'active') OR c.ended_at >= o.last_at))
 GROUP BY s.slug, k.prefix, o.environment, o.source
 ORDER BY max(o.last_at) DESC
 LIMIT 100
