-- A new event with its name.
--
-- $1 text name   $2 bigint team   $3 bigint domain or null   $4 jsonb what it says of itself (event.c)   $5 text who
WITH made AS (
    INSERT INTO event (name, team_id, domain_id, title, summary, description, reason_to_exist, contact, oncall, category, audience,
                       classification, tags, docs, replacement, labels, managed_by, created_by, updated_by)
    SELECT $1::text, $2::bigint, $3::bigint, coalesce(j ->> 'title', ''), coalesce(j ->> 'summary', ''), coalesce(j ->> 'description', ''),
           coalesce(j ->> 'reason_to_exist', ''), coalesce(j -> 'contact', '{}'), coalesce(j -> 'oncall', '{}'),
           coalesce(j ->> 'category', 'fact'), coalesce(j ->> 'audience', 'company'), coalesce(j -> 'classification', '{}'),
           ARRAY(SELECT jsonb_array_elements_text(coalesce(j -> 'tags', '[]'))), coalesce(j -> 'docs', '[]'), j ->> 'replacement',
           coalesce(j -> 'labels', '{}'), coalesce(j ->> 'managed_by', 'api'), $5::text, $5::text
      FROM (SELECT $4::jsonb AS j) given
    RETURNING id, name
)
INSERT INTO event_name (name, event_id, created_by) SELECT name, id, $5::text FROM made RETURNING event_id
