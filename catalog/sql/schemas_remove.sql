-- Removes schemas that no version uses.
--
-- $1 int context   $2 int[] schemas
DELETE FROM schema sc
 WHERE sc.context_id = $1::integer AND sc.id = ANY ($2::integer[])
   AND NOT EXISTS (SELECT FROM subject_version u WHERE u.context_id = sc.context_id AND u.schema_id = sc.id)
