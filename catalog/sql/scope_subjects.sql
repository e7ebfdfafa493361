-- The subjects of a scope.
--
-- $1 text one qualified subject, or null: those in two ranges of qualified names, $2 to $3 and $4 to $5
SELECT qualified, live
  FROM subject
 WHERE qualified = $1::text
    OR $1::text IS NULL
       AND (qualified >= $2::text AND qualified < $3::text OR qualified >= $4::text AND qualified < $5::text)
 ORDER BY qualified
