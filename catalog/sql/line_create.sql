-- A draft of a line.
--
-- $1 bigint event   $2 int major or null: the next one   $3 text level   $4 text migration guide or null   $5 text reason   $6 text who
INSERT INTO line (event_id, major, level, migration_guide, reason, created_by, updated_by)
SELECT $1::bigint, coalesce($2::integer, (SELECT coalesce(max(major), 0) + 1 FROM line WHERE event_id = $1::bigint)), $3::text, $4::text, $5::text,
       $6::text, $6::text
    ON CONFLICT (event_id, major) DO NOTHING
RETURNING id
