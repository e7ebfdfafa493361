-- $1 bigint waiver
SELECT jsonb_build_object('id', w.id, 'line', l.name, 'service', s.slug, 'rule', w.rule, 'reason', w.reason,
                          'expires_at', catalog_instant(w.expires_at), 'expired', w.expires_at <= catalog_now(),
                          'approved_by', w.approved_by, 'created_at', catalog_instant(w.created_at),
                          'links', jsonb_build_object('self', '/api/v1/waivers/' || w.id, 'ui', '/ui/lines/' || l.name)) AS body
  FROM waiver w
  JOIN line_named l ON l.id = w.line_id
  LEFT JOIN service s ON s.id = w.service_id
 WHERE w.id = $1::bigint
