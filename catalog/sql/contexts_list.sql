-- $1 text what names begin with   $2 bigint offset   $3 bigint limit or null
SELECT name
  FROM context
 WHERE deleted_at IS NULL AND starts_with(name, $1::text)
 ORDER BY id <> 0, name
OFFSET $2::bigint LIMIT $3::bigint
