-- Forgets the reminders of a consumer that has given a sign of life since. A clock that was set back is none.
--
-- $1 bigint consumption
UPDATE consumption c SET reminded = 0, reminded_at = NULL
  FROM consumption_silence s
 WHERE c.id = $1::bigint AND s.id = c.id AND NOT s.silent AND c.reminded > 0 AND s.seen_at > s.reminded_at
