-- $1 bigint change   $2 text author   $3 text body
INSERT INTO remark (change_id, author, body) VALUES ($1::bigint, $2::text, $3::text) RETURNING id
