-- What is known of wiping a line. No row: nobody asked.
--
-- $1 bigint line
SELECT p.asked_by, p.done_at IS NOT NULL AS done,
       jsonb_build_object('line', l.name, 'reason', p.reason, 'asked_by', p.asked_by, 'asked_at', catalog_instant(p.asked_at),
                          'done_by', p.done_by, 'done_at', catalog_instant(p.done_at),
                          'waits_for', CASE WHEN p.done_at IS NULL THEN 'another administrator' END,
                          'links', line_links(l.name)) AS body
  FROM purge p JOIN line_named l ON l.id = p.line_id
 WHERE p.line_id = $1::bigint
