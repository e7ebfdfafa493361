-- Which lines go through a channel, all of them.
--
-- $1 bigint channel   $2 jsonb names of lines
--
-- unknown: a name that is no line.
WITH wanted AS (
    SELECT n.name, l.id FROM jsonb_array_elements_text($2::jsonb) n (name) LEFT JOIN line_named l ON l.name = n.name
), gone AS (
    DELETE FROM channel_line WHERE channel_id = $1::bigint AND line_id NOT IN (SELECT id FROM wanted WHERE id IS NOT NULL)
), added AS (
    INSERT INTO channel_line (channel_id, line_id) SELECT DISTINCT $1::bigint, id FROM wanted WHERE id IS NOT NULL ON CONFLICT DO NOTHING
)
SELECT (SELECT name FROM wanted WHERE id IS NULL LIMIT 1) AS unknown
