-- Subjects in the order of their qualified names.
--
-- $1 to $2 and $3 to $4 text: two ranges of names   $5 text what names without their context begin with, or null
-- $6 bool live ones only, others only, or null: all   $7 bigint offset   $8 bigint limit or null
--
-- Two scans of the index of qualified names, one after the other: nothing is sorted, and what is not in the ranges costs
-- nothing.
SELECT qualified
  FROM ((SELECT qualified
           FROM subject
          WHERE qualified >= $1::text AND qualified < $2::text
            AND ($5::text IS NULL OR starts_with(name, $5::text)) AND ($6::boolean IS NULL OR live = $6::boolean)
          ORDER BY qualified)
        UNION ALL
        (SELECT qualified
           FROM subject
          WHERE qualified >= $3::text AND qualified < $4::text
            AND ($5::text IS NULL OR starts_with(name, $5::text)) AND ($6::boolean IS NULL OR live = $6::boolean)
          ORDER BY qualified)) s
 ORDER BY qualified
OFFSET $7::bigint LIMIT $8::bigint
