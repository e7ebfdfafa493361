-- $1 bigint line   $2 bigint service   $3 text rule   $4 text reason   $5 timestamptz until   $6 text by whom
INSERT INTO waiver (line_id, service_id, rule, reason, expires_at, approved_by, created_by)
VALUES ($1::bigint, $2::bigint, $3::text, $4::text, $5::timestamptz, $6::text, $6::text)
RETURNING id
