-- Newest first, without bodies: what they said is in the audit trail and behind their links.
--
-- $1 bigint webhook   $2 text state or null   $3 text key after which to go on, or null   $4 bigint at most so many
SELECT d.id::text AS key,
       jsonb_build_object(
           'id', d.id, 'event_id', d.event_id, 'type', d.type, 'subject', d.subject, 'sequence', lpad(d.position::text, 20, '0'),
           'state', d.state, 'attempts', d.attempts, 'status', d.last_status, 'error', d.last_error, 'latency_ms', d.last_ms,
           'next_at', CASE d.state WHEN 'waiting' THEN d.next_at END, 'delivered_at', d.delivered_at, 'created_at', d.created_at,
           'body', jsonb_build_object('redacted', true, 'bytes', octet_length(d.body),
                                      'sha256', encode(sha256(convert_to(d.body, 'UTF8')), 'hex')),
           'tries', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', a.at, 'status', a.status, 'error', a.error, 'latency_ms', a.ms) ORDER BY a.id), '[]')
                       FROM delivery_attempt a WHERE a.delivery_id = d.id))::text AS item
  FROM delivery d
 WHERE d.webhook_id = $1::bigint AND ($2::text IS NULL OR d.state = $2::text) AND ($3::text IS NULL OR d.id < $3::text::bigint)
 ORDER BY d.id DESC
 LIMIT $4::bigint
