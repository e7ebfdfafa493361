-- What the current revision finds that an earlier one did not.
--
-- $1 bigint change   $2 int the earlier revision
SELECT coalesce(jsonb_agg(jsonb_build_object('fingerprint', f.fingerprint, 'rule', f.rule, 'class', f.class, 'path', f.path, 'message', f.message)
                          ORDER BY f.position), '[]') AS added,
       (SELECT coalesce(jsonb_agg(b.fingerprint), '[]')
          FROM finding b JOIN revision rb ON rb.id = b.revision_id AND rb.change_id = $1::bigint AND rb.n = $2::integer
         WHERE b.class IN ('breaking', 'risky')
           AND NOT EXISTS (SELECT FROM finding n JOIN revision rn ON rn.id = n.revision_id JOIN change c ON c.id = rn.change_id AND rn.n = c.revision
                            WHERE c.id = $1::bigint AND n.fingerprint = b.fingerprint)) AS gone
  FROM change c
  JOIN revision r ON r.change_id = c.id AND r.n = c.revision
  JOIN finding f ON f.revision_id = r.id AND f.class IN ('breaking', 'risky')
 WHERE c.id = $1::bigint
   AND NOT EXISTS (SELECT FROM finding b JOIN revision rb ON rb.id = b.revision_id
                    WHERE rb.change_id = $1::bigint AND rb.n = $2::integer AND b.fingerprint = f.fingerprint)
