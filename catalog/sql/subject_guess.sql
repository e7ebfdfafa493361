-- What a subject without an event could be called, and the compatibility that it has in the registry.
--
-- $1 text qualified subject
SELECT event_name_guess(s.name) AS guess,
       coalesce((SELECT level FROM setting WHERE scope = s.qualified), (SELECT level FROM setting WHERE scope = ':.:'), 'BACKWARD') AS level
  FROM subject s
 WHERE s.qualified = $1::text AND s.live
