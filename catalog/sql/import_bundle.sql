-- Adds what a bundle has and the catalog lacks (migrations/0010_import.sql).
--
-- $1 jsonb the bundle   $2 text who brings it
--
-- added: how many of each, JSON. refused: why nothing was added, or null.
SELECT made::text AS added, made->>'refused' AS refused
  FROM (SELECT catalog_import($1::jsonb, $2::text) AS made OFFSET 0) m
