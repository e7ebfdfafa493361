-- What an event says of itself: what is given replaces what is there.
--
-- $1 bigint event   $2 bigint domain or null: as it is   $3 jsonb what is given   $4 text who
UPDATE event
   SET domain_id = coalesce($2::bigint, domain_id),
       title = coalesce($3::jsonb ->> 'title', title), summary = coalesce($3::jsonb ->> 'summary', summary),
       description = coalesce($3::jsonb ->> 'description', description),
       reason_to_exist = coalesce($3::jsonb ->> 'reason_to_exist', reason_to_exist),
       contact = coalesce($3::jsonb -> 'contact', contact), oncall = coalesce($3::jsonb -> 'oncall', oncall),
       category = coalesce($3::jsonb ->> 'category', category), audience = coalesce($3::jsonb ->> 'audience', audience),
       classification = coalesce($3::jsonb -> 'classification', classification),
       tags = CASE WHEN $3::jsonb ? 'tags' THEN ARRAY(SELECT jsonb_array_elements_text($3::jsonb -> 'tags')) ELSE tags END,
       docs = coalesce($3::jsonb -> 'docs', docs), replacement = coalesce($3::jsonb ->> 'replacement', replacement),
       labels = coalesce($3::jsonb -> 'labels', labels), managed_by = coalesce($3::jsonb ->> 'managed_by', managed_by),
       updated_by = $4::text
 WHERE id = $1::bigint
