-- The chain, from a place on.
--
-- $1 bigint position after which to go on   $2 bigint at most so many
-- entry: null when it is gone.
SELECT s.position, s.seq, encode(s.hash, 'hex') AS hash, CASE WHEN a.seq IS NOT NULL THEN audit_entry_text(a) END AS entry
  FROM audit_seal s
  LEFT JOIN audit a ON a.seq = s.seq
 WHERE s.position > $1::bigint
 ORDER BY s.position
 LIMIT $2::bigint
