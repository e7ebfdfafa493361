-- What is declared against what was seen.
--
-- $1 text kind or null   $2 text team or null   $3 text line or null   $4 text key   $5 bigint at most so many   $6 int days that count as now
-- $7 int days without a sign after which a declaration counts as unused
SELECT key, item
  FROM (SELECT d.kind || ' ' || d.line || ' ' || coalesce(d.service, '') || ' ' || coalesce(d.what, '') AS key,
               jsonb_strip_nulls(jsonb_build_object('kind', d.kind, 'line', d.line, 'service', d.service, 'team', d.team, 'owner', d.owner, 'detail', d.detail,
                                                    'what', d.what, 'last_seen', catalog_instant(d.last_at), 'next', d.next,
                                                    'links', jsonb_build_object('self', '/api/v1/lines/' || d.line, 'ui', '/ui/lines/' || d.line))) AS item
          FROM drift_now($6::integer, $7::integer) d
         WHERE ($1::text IS NULL OR d.kind = $1::text) AND ($2::text IS NULL OR d.team = $2::text OR d.owner = $2::text)
           AND ($3::text IS NULL OR d.line = $3::text)) x
 WHERE $4::text IS NULL OR key > $4::text
 ORDER BY key
 LIMIT $5::bigint
