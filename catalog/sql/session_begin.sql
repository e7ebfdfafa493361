-- $1 text SHA-256 of the cookie in hexadecimal   $2 bigint person   $3 text csrf
INSERT INTO session (hash, person_id, csrf, expires_at) VALUES (decode($1::text, 'hex'), $2::bigint, $3::text, now() + interval '12 hours')
