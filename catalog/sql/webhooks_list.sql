-- $1 text team or null   $2 text key after which to go on, or null   $3 bigint at most so many
SELECT w.public_id AS key, webhook_json(row(w.*)::public.webhook)::text AS item
  FROM webhook w
 WHERE ($1::text IS NULL OR w.team_id = (SELECT id FROM team WHERE slug = $1::text))
   AND ($2::text IS NULL OR w.public_id > $2::text COLLATE "C")
 ORDER BY w.public_id
 LIMIT $3::bigint
