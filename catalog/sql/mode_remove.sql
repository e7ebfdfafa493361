-- $1 text scope
DELETE FROM mode WHERE scope = $1::text
