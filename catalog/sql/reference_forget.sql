-- Drops what schemas refer to that no version will use any more.
--
-- $1 int context   $2 int[] schemas   $3 bigint subject and $4 int[] its versions that go
DELETE FROM schema_reference r
 WHERE r.context_id = $1::integer AND r.schema_id = ANY ($2::integer[])
   AND NOT EXISTS (SELECT FROM subject_version u
                    WHERE u.context_id = r.context_id AND u.schema_id = r.schema_id
                      AND NOT (u.subject_id = $3::bigint AND u.version = ANY ($4::integer[])))
