-- The id that an identity has in each context that knows it.
--
-- $1 uuid guid
SELECT c.name AS context, sc.id
  FROM schema sc
  JOIN context c ON c.id = sc.context_id
 WHERE sc.identity = $1::uuid AND sc.owner
 ORDER BY c.id <> 0, c.name, sc.id
