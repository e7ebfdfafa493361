-- Remembers the reply to a request. Two requests with one key at the same time: the second violates the primary key, is run again and finds
-- the reply of the first.
--
-- $1 text actor   $2 text key   $3 text SHA-256 of the request in hexadecimal   $4 int status   $5 text Location   $6 text ETag   $7 text body
INSERT INTO idempotency (actor, key, request, status, headers, body)
VALUES ($1::text, $2::text, decode($3::text, 'hex'), $4::int,
        jsonb_strip_nulls(jsonb_build_object('location', $5::text, 'etag', $6::text)), $7::text)
