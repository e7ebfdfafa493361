-- Reminds, once a day, those who still depend on a line that has reached its sunset, or whose sunset they did not agree to: no row if it was
-- done today, or on a day after it by a clock that was set back since.
--
-- $1 bigint line   $2 text what is marked: linger, unagreed
WITH done AS (
    INSERT INTO due_done (name) SELECT $2::text || ':' || id || ':' || to_char(catalog_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
      FROM line
     WHERE id = $1::bigint
       AND NOT EXISTS (SELECT FROM due_done d
                        WHERE d.name >= $2::text || ':' || $1::bigint || ':' || to_char(catalog_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
                          AND d.name < $2::text || ':' || $1::bigint || ';')
    ON CONFLICT DO NOTHING RETURNING name
)
SELECT l.name AS line,
       jsonb_build_object('line', l.name, 'state', l.state, 'sunset_at', catalog_instant(l.sunset_at), 'replacement', l.replacement,
                          'migration_guide', l.migration_guide,
                          'consumers', (SELECT coalesce(jsonb_agg(jsonb_build_object('service', s.slug, 'team', t.slug, 'consumption', c.public_id)
                                                                  ORDER BY s.slug), '[]')
                                          FROM consumption c JOIN service s ON s.id = c.service_id JOIN team t ON t.id = team_acting(s.team_id)
                                         WHERE c.line_id = l.id AND c.state IN ('requested', 'active')),
                          'links', jsonb_build_object('self', '/api/v1/lines/' || l.name, 'ui', '/ui/lines/' || l.name)) AS data
  FROM line_named l, done
 WHERE l.id = $1::bigint
