-- Makes this transaction the only writer of a subject until it ends, and one of several in its context.
--
-- $1 text context   $2 text qualified subject
--
-- Sent as a statement of its own before the one that reads: what is read after the wait is then what the writer before
-- left. Always the context first, so that two writers cannot wait for each other.
SELECT pg_advisory_xact_lock_shared(hashtextextended($1::text, 1)),
       pg_advisory_xact_lock(hashtextextended($2::text, 2))
