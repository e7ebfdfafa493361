-- The settings of some scopes.
--
-- $1 text[] keys of scopes
--
-- settings: a JSON array of the rows that exist, or null.
SELECT json_agg(held) AS settings FROM setting held WHERE scope = ANY ($1::text[])
