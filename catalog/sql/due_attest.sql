-- Asks a consumer that gives no sign of life whether it still reads: no row if it has given one, or was asked within a week.
--
-- $1 bigint consumption
WITH due AS (
    SELECT * FROM consumption_silence
     WHERE id = $1::bigint AND silent AND reminded < reminders AND (reminded = 0 OR reminded_at + interval '7 days' <= catalog_now())
), done AS (
    UPDATE consumption c SET reminded = c.reminded + 1, reminded_at = catalog_moment() FROM due WHERE c.id = due.id
)
SELECT public_id, line,
       jsonb_build_object('consumption', public_id, 'line', line, 'service', service, 'team', team, 'last_seen', catalog_instant(seen_at),
                          'reminder', reminded + 1, 'of', reminders,
                          'links', jsonb_build_object('self', '/api/v1/consumptions/' || public_id,
                                                      'attest', '/api/v1/consumptions/' || public_id || '/attest')) AS data
  FROM due
