-- What a line says of itself. Null: as it is.
--
-- $1 bigint line   $2 text level   $3 text reason   $4 text migration guide   $5 text who
UPDATE line
   SET level = coalesce($2::text, level), reason = coalesce($3::text, reason), migration_guide = coalesce($4::text, migration_guide),
       updated_by = $5::text
 WHERE id = $1::bigint
