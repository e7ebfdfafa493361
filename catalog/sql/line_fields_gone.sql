-- Fields that a line had and has no longer: their names are not used again with another type.
--
-- $1 bigint line   $2 text role
SELECT path, type, removed FROM line_field WHERE line_id = $1::bigint AND role = $2::text AND removed IS NOT NULL
