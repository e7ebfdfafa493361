-- The contexts, other than the default one, that have a subject of this name.
--
-- $1 text subject
SELECT c.name AS context
  FROM subject s
  JOIN context c ON c.id = s.context_id
 WHERE s.name = $1::text AND s.context_id <> 0
 ORDER BY c.name
