-- The settings of some scopes.
--
-- $1 text[] keys of scopes
--
-- configs, modes: JSON arrays of the rows that exist, or null.
SELECT (SELECT json_agg(held) FROM config held WHERE scope = ANY ($1::text[])) AS configs,
       (SELECT json_agg(held) FROM mode held WHERE scope = ANY ($1::text[])) AS modes
