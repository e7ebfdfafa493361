-- Forgets deliveries of long ago. Dead ones are kept three times as long.
--
-- $1 int the backend that leads   $2 int days
DELETE FROM delivery
 WHERE pg_backend_pid() = $1::integer
   AND id = ANY (ARRAY(SELECT id FROM delivery
                        WHERE created_at < now() - make_interval(days => $2::integer)
                          AND (state = 'delivered' OR created_at < now() - 3 * make_interval(days => $2::integer))
                        ORDER BY id LIMIT 5000))
