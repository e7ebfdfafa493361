-- The registry's subjects of a line.
--
-- $1 bigint line
SELECT b.subject, coalesce(s.live, false) AS live, s.id IS NOT NULL AS there
  FROM line_subject b LEFT JOIN subject s ON s.qualified = b.subject
 WHERE b.line_id = $1::bigint
 ORDER BY b.subject
