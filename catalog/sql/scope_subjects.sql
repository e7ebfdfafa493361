-- The subjects of a scope: one that is live, if there is one; else all.
--
-- $1 to $2 and $3 to $4 text: two ranges of qualified names
WITH alive AS (
    (SELECT qualified FROM subject WHERE qualified >= $1::text AND qualified < $2::text AND live LIMIT 1)
    UNION ALL
    (SELECT qualified FROM subject WHERE qualified >= $3::text AND qualified < $4::text AND live LIMIT 1)
    LIMIT 1
)
SELECT qualified, true AS live FROM alive
 UNION ALL
SELECT qualified, false
  FROM subject
 WHERE NOT EXISTS (SELECT FROM alive) AND qualified >= $1::text AND qualified < $2::text
 UNION ALL
SELECT qualified, false
  FROM subject
 WHERE NOT EXISTS (SELECT FROM alive) AND qualified >= $3::text AND qualified < $4::text
