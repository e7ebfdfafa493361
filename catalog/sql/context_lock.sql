-- Makes this transaction the only writer in a context until it ends.
--
-- $1 text context
SELECT pg_advisory_xact_lock(hashtextextended($1::text, 1))
