-- After versions were deleted: whether the subject still has a live one.
--
-- $1 bigint subject
UPDATE subject SET live = false
 WHERE id = $1::bigint AND live
   AND NOT EXISTS (SELECT FROM subject_version WHERE subject_id = $1::bigint AND deleted_at IS NULL)
