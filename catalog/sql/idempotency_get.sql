-- The reply that this key had.
--
-- $1 text actor   $2 text key
SELECT encode(request, 'hex') AS request, status, headers ->> 'location' AS location, headers ->> 'etag' AS etag, body
  FROM idempotency
 WHERE actor = $1::text AND key = $2::text AND created_at > now() - interval '1 day'
