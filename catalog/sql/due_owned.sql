-- Somebody stands for the event again: should that end, it is told anew.
--
-- $1 bigint event
DELETE FROM due_done WHERE name = 'orphan:' || $1::bigint AND NOT EXISTS (SELECT FROM event_orphan WHERE id = $1::bigint)
