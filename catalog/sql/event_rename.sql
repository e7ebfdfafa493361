-- Another name for an event. The one that it had stays its own; lines that name it as their replacement and what runs now follow.
--
-- $1 bigint event   $2 text name   $3 text who
WITH former AS (
    SELECT name FROM event WHERE id = $1::bigint
), renamed AS (
    UPDATE event SET name = $2::text, updated_by = $3::text WHERE id = $1::bigint RETURNING id
), policies AS (
    UPDATE policy SET scope = 'event:' || $2::text WHERE scope = 'event:' || (SELECT name FROM former)
), followed AS (
    UPDATE line SET replacement = $2::text || '@' || split_part(replacement, '@', 2)
     WHERE replacement LIKE (SELECT replace(name, '_', '\_') FROM former) || '@%'
), running AS (
    UPDATE deployment
       SET produces = replace(produces::text, '"' || (SELECT name FROM former) || '@', '"' || $2::text || '@')::jsonb,
           consumes = replace(consumes::text, '"' || (SELECT name FROM former) || '@', '"' || $2::text || '@')::jsonb
     WHERE ended_at IS NULL AND strpos(produces::text || consumes::text, '"' || (SELECT name FROM former) || '@') > 0
)
INSERT INTO event_name (name, event_id, created_by) SELECT $2::text, id, $3::text FROM renamed ON CONFLICT (name) DO NOTHING
