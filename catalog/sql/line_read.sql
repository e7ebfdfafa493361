-- All that the page of a line shows.
--
-- $1 bigint line   $2 jsonb what the policy requires to be documented
SELECT l.rev,
       line_json(l.id)
       || jsonb_build_object('contract', (SELECT jsonb_build_object('n', n, 'terms', terms) FROM contract WHERE line_id = l.id ORDER BY n DESC LIMIT 1),
                             'current', version_json(line_current(l.id, 'value'), true),
                             'key', version_json(line_current(l.id, 'key'), true),
                             'readiness', line_readiness(l.id, $2::jsonb),
                             'created_by', l.created_by) AS body
  FROM line l WHERE l.id = $1::bigint
