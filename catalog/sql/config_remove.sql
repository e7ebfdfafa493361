-- $1 text scope
DELETE FROM config WHERE scope = $1::text
