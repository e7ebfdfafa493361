-- What happened to a line: all that the audit trail tells of it, of its event and of its changes, the latest first.
--
-- $1 bigint line   $2 text key after which to go on   $3 bigint at most so many
SELECT lpad(a.seq::text, 18, '0') AS key,
       jsonb_build_object('seq', a.seq, 'at', catalog_instant(a.at), 'kind', a.kind, 'object', a.object, 'actor', a.actor, 'reason', a.reason,
                          'detail', a.detail) AS item
  FROM audit a
 WHERE a.object = ANY (
           ARRAY(SELECT x FROM line l JOIN event_name n ON n.event_id = l.event_id,
                        unnest(ARRAY['event:' || n.name, 'line:' || n.name || '@' || l.major]) x
                  WHERE l.id = $1::bigint)
           || ARRAY(SELECT 'change:CR-' || ch.id FROM change ch WHERE ch.line_id = $1::bigint OR ch.new_line_id = $1::bigint)
           || ARRAY(SELECT 'consumption:' || c.public_id FROM consumption c WHERE c.line_id = $1::bigint)
           || ARRAY(SELECT 'production:' || p.public_id FROM production p WHERE p.line_id = $1::bigint))
   AND a.at <= catalog_now() AND ($2::text IS NULL OR a.seq < $2::bigint)
 ORDER BY a.seq DESC
 LIMIT $3::bigint
