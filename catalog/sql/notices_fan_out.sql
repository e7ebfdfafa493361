-- Turns what waits in the outbox into deliveries and inbox items (migrations/0007_notices.sql).
--
-- $1 int the backend that leads   $2 int at most so many rows   $3 text URL of this instance
-- n: rows handed over; null when this connection does not lead any more.
SELECT CASE WHEN pg_backend_pid() = $1::integer THEN notices_fan_out($2::integer, $3::text) END AS n
