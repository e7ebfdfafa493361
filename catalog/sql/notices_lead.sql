-- Becomes the one connection that delivers, seals and cleans up, if no other is. It stays so until it ends, however it ends.
--
-- $1 int the backend that was the leader when this was last asked, or 0
-- $2 int how many events of its own the catalog has
-- pid: of this connection when it leads, 0 when another does. outbox, due, unsealed, subjects, own: what there is to do.
SELECT CASE WHEN pg_backend_pid() = $1::integer OR pg_try_advisory_lock(hashtext('avow notices'), 0) THEN pg_backend_pid() ELSE 0 END AS pid,
       EXISTS (SELECT FROM outbox) AS outbox,
       EXISTS (SELECT FROM delivery WHERE state = 'waiting' AND next_at <= catalog_now()) AS due,
       coalesce((SELECT max(seq) FROM audit) > coalesce((SELECT max(seq) FROM audit_seal), 0), false) AS unsealed,
       EXISTS (SELECT FROM webhook) AND (SELECT count(*) FROM event_name WHERE name >= 'io.avow.' AND name < 'io.avow/') < $2::integer AS own,
       coalesce((SELECT max(id) FROM subject) > (SELECT last_id FROM search_progress), false) AS subjects
