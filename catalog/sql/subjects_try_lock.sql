-- Makes this transaction the only writer of each of these subjects, as subject_lock.sql does for one, but never waits: a subject that
-- somebody else is writing is left out.
--
-- $1 text[] contexts   $2 text[] qualified subjects
--
-- Nobody waits for the rows of what is sent ahead (db.h), so the numbers of those that are locked now are handed to
-- subject_states.sql in a setting of the transaction.
SELECT set_config('avow.locked', coalesce(array_agg(i), '{}')::text, true)
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY wanted (context, qualified, i)
 WHERE pg_try_advisory_xact_lock_shared(hashtextextended(context, 1))
   AND pg_try_advisory_xact_lock(hashtextextended(qualified, 2))
