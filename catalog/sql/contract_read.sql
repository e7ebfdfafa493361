-- The contract of a line, and those before it.
--
-- $1 bigint line
SELECT coalesce(k.n, 0) AS rev,
       jsonb_build_object('line', l.name, 'n', coalesce(k.n, 0), 'terms', coalesce(k.terms, '{}'), 'since', catalog_instant(k.created_at),
           'by', k.created_by, 'change', 'CR-' || k.change_id,
           'earlier', (SELECT coalesce(jsonb_agg(jsonb_build_object('n', n, 'terms', terms, 'since', catalog_instant(created_at), 'by', created_by,
                                                                    'change', 'CR-' || change_id) ORDER BY n DESC), '[]')
                         FROM contract WHERE line_id = l.id AND n < k.n),
           'links', line_links(l.name)) AS body
  FROM line_named l LEFT JOIN LATERAL (SELECT * FROM contract WHERE line_id = l.id ORDER BY n DESC LIMIT 1) k ON true
 WHERE l.id = $1::bigint
