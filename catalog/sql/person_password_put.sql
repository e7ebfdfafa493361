-- $1 text login   $2 text hash   $3 boolean temporary
INSERT INTO person_password (person_id, hash, temporary)
SELECT id, $2::text, $3::boolean FROM person WHERE login = $1::text
    ON CONFLICT (person_id) DO UPDATE SET hash = $2::text, temporary = $3::boolean
RETURNING person_id
