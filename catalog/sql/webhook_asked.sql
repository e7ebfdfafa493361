-- Notes what a receiver answered to OPTIONS.
--
-- $1 bigint webhook   $2 boolean agreed, or null: said nothing either way   $3 text its answer in words   $4 int seconds until it is asked again, or null
INSERT INTO webhook_health (webhook_id, asked_at, agreed, answer, ask_again_at)
SELECT id, now(), $2::boolean, $3::text, coalesce(catalog_now() + make_interval(secs => $4::integer), 'infinity')
  FROM webhook WHERE id = $1::bigint
ON CONFLICT (webhook_id) DO UPDATE
   SET asked_at = excluded.asked_at, agreed = excluded.agreed, answer = excluded.answer, ask_again_at = excluded.ask_again_at
