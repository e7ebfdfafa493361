-- $1 text scope
DELETE FROM setting WHERE scope = $1::text
