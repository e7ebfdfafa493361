-- Moves a line to another state, with what goes with it. Rows that are null stay as they are, but for those that the new state clears.
--
-- $1 bigint line   $2 text state   $3 timestamptz sunset or null   $4 text reason or null   $5 text replacement or null
-- $6 text migration guide or null   $7 text by whom
UPDATE line
   SET state = $2::text,
       activated_at = CASE WHEN $2::text = 'active' THEN coalesce(activated_at, catalog_moment()) ELSE activated_at END,
       deprecated_at = CASE $2::text WHEN 'active' THEN NULL WHEN 'deprecated' THEN coalesce(deprecated_at, catalog_moment()) ELSE deprecated_at END,
       sunset_at = CASE WHEN $2::text = 'active' THEN NULL ELSE coalesce($3::timestamptz, sunset_at) END,
       sunset_reached_at = CASE $2::text WHEN 'sunset' THEN catalog_moment() WHEN 'removed' THEN sunset_reached_at END,
       removed_at = CASE WHEN $2::text = 'removed' THEN catalog_moment() END,
       reason = coalesce($4::text, CASE WHEN $2::text = 'active' THEN '' ELSE reason END),
       replacement = CASE WHEN $2::text = 'active' THEN NULL ELSE coalesce($5::text, replacement) END,
       migration_guide = CASE WHEN $2::text = 'active' THEN NULL ELSE coalesce($6::text, migration_guide) END,
       updated_by = $7::text
 WHERE id = $1::bigint
