-- $1 text key after which to go on   $2 bigint at most so many   $3 text line or null
SELECT c.slug AS key, channel_json(c.id) AS item
  FROM channel c
 WHERE ($1::text IS NULL OR c.slug > $1::text)
   AND ($3::text IS NULL OR EXISTS (SELECT FROM channel_line x JOIN line_named l ON l.id = x.line_id WHERE x.channel_id = c.id AND l.name = $3::text))
 ORDER BY c.slug
 LIMIT $2::bigint
