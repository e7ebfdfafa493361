-- The chain, from a place on, for whoever recomputes it.
--
-- $1 text position after which to go on   $2 bigint at most so many
SELECT s.position::text AS key,
       jsonb_build_object('position', s.position, 'seq', s.seq, 'hash', encode(s.hash, 'hex'),
                          'entry', CASE WHEN a.seq IS NOT NULL THEN audit_entry_text(a) END)::text AS item
  FROM audit_seal s
  LEFT JOIN audit a ON a.seq = s.seq
 WHERE s.position > $1::text::bigint
 ORDER BY s.position
 LIMIT $2::bigint
