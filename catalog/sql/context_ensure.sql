-- Makes a context, or brings a deleted one back.
--
-- $1 text name
SELECT context_ensure($1::text) AS id
