-- Notes a sign-in. The first one of an administrator closes the server: from then on it asks for credentials.
--
-- $1 bigint person
WITH used AS (UPDATE person_password SET first_used = coalesce(first_used, now()) WHERE person_id = $1::bigint)
UPDATE access SET closed_at = now() WHERE closed_at IS NULL AND EXISTS (SELECT FROM person WHERE id = $1::bigint AND role = 'admin')
