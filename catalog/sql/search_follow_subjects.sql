-- Makes subjects that were registered since the last time findable.
--
-- $1 int the backend that leads   $2 int at most so many
-- n: how many.
SELECT CASE WHEN pg_backend_pid() = $1::integer THEN search_follow_subjects($2::integer) ELSE 0 END AS n
