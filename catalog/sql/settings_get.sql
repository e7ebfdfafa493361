-- The settings of some scopes.
--
-- $1 text[] keys of scopes
--
-- configs, modes: JSON arrays of the rows that exist, or null.
SELECT (SELECT json_agg(config) FROM config WHERE scope = ANY ($1::text[])) AS configs,
       (SELECT json_agg(mode) FROM mode WHERE scope = ANY ($1::text[])) AS modes
