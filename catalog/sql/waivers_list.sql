-- Waivers, the newest first.
--
-- $1 text before this id, or null   $2 bigint how many   $3 text of this line, or null   $4 text of this service, or null
SELECT w.id::text AS key,
       jsonb_build_object('id', w.id, 'line', l.name, 'service', s.slug, 'rule', w.rule, 'reason', w.reason,
                          'expires_at', catalog_instant(w.expires_at), 'expired', w.expires_at <= catalog_now(),
                          'approved_by', w.approved_by, 'created_at', catalog_instant(w.created_at),
                          'links', jsonb_build_object('self', '/api/v1/waivers/' || w.id, 'ui', '/ui/lines/' || l.name)) AS item
  FROM waiver w
  JOIN line_named l ON l.id = w.line_id
  LEFT JOIN service s ON s.id = w.service_id
 WHERE w.id < CASE WHEN $1::text ~ '^[0-9]{1,18}$' THEN $1::text::bigint ELSE 9223372036854775807 END
   AND ($3::text IS NULL OR l.name = $3::text)
   AND ($4::text IS NULL OR s.slug = $4::text)
 ORDER BY w.id DESC
 LIMIT $2::bigint
