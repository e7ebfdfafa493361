-- Forgets the modes of the subjects of a context.
--
-- $1, $2 text and $3, $4 text: two ranges of qualified names (catalog/name.h, name_ranges)
DELETE FROM mode
 WHERE scope >= $1::text AND scope < $2::text OR scope >= $3::text AND scope < $4::text
