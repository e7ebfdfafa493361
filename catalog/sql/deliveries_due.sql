-- What is to be sent now: of each webhook and subject the oldest one that waits, when it is due and not under way.
--
-- $1 int the backend that leads   $2 bigint[] deliveries under way   $3 int at most so many   $4 int at most so many for one webhook
-- secret, older_secret: what to sign with. ask: the receiver has to be asked first (OPTIONS).
--
-- A webhook that is paused or disabled gets its tests, so that one can see whether it works again.
WITH head AS MATERIALIZED (
    SELECT d.*, row_number() OVER (PARTITION BY d.webhook_id ORDER BY d.next_at, d.position) AS turn
      FROM (SELECT DISTINCT ON (webhook_id, subject, type = 'io.avow.test.ping.v1') *
              FROM delivery
             WHERE state = 'waiting'
             ORDER BY webhook_id, subject, type = 'io.avow.test.ping.v1', position) d
      JOIN webhook w ON w.id = d.webhook_id
     WHERE (w.state = 'active' OR d.type = 'io.avow.test.ping.v1')
       AND (d.next_at <= catalog_now() OR d.id = ANY ($2::bigint[]))
)
SELECT d.id, d.webhook_id, w.public_id AS webhook, w.url, w.mode, w.handshake, d.event_id::text AS event_id, d.type, d.body, d.attempts,
       (SELECT secret FROM webhook_secret s WHERE s.webhook_id = w.id ORDER BY s.id DESC LIMIT 1) AS secret,
       (SELECT secret FROM webhook_secret s WHERE s.webhook_id = w.id AND s.expires_at > now() ORDER BY s.id LIMIT 1) AS older_secret,
       NOT coalesce(h.agreed, false) AND (h.agreed IS NOT NULL OR w.handshake = 'required' OR coalesce(h.ask_again_at <= catalog_now(), true)) AS ask,
       coalesce(h.agreed, false) AS agreed
  FROM head d
  JOIN webhook w ON w.id = d.webhook_id
  LEFT JOIN webhook_health h ON h.webhook_id = w.id
 WHERE pg_backend_pid() = $1::integer AND d.turn <= $4::integer AND d.id <> ALL ($2::bigint[])
 ORDER BY d.turn, d.next_at, d.position
 LIMIT $3::integer
