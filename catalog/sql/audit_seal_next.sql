-- The entries to be sealed next, in their order in the chain.
--
-- $1 int the backend that leads   $2 int at most so many
-- position: of the first one, the same in every row. head: the last seal, hexadecimal, or null. entry: what is hashed.
--
-- The chain is in the order of xid, then seq. Below the lowest transaction that is still open nothing can appear any more, so that whatever
-- is behind the last sealed entry in that order is not sealed. In a database that was restored from a dump the numbers of transactions
-- began anew: there, what has no seal is looked for among the newest entries. The place to go on from is asked for in subqueries, so that the
-- index begins there, however long the trail is.
WITH last AS (
    SELECT s.position, encode(s.hash, 'hex') AS head, s.seq, a.xid, coalesce(a.xid < pg_snapshot_xmax(pg_current_snapshot()), false) AS follows
      FROM (SELECT position, seq, hash FROM audit_seal ORDER BY position DESC LIMIT 1) s
      LEFT JOIN audit a ON a.seq = s.seq
), next AS (
    (SELECT a.seq, a.xid FROM audit a
      WHERE a.xid >= (SELECT xid FROM last WHERE follows) AND a.xid < pg_snapshot_xmin(pg_current_snapshot())
        AND (a.xid, a.seq) > ((SELECT xid FROM last), (SELECT seq FROM last))
      ORDER BY a.xid, a.seq LIMIT $2::integer)
    UNION ALL
    (SELECT a.seq, a.xid FROM audit a
      WHERE coalesce((SELECT NOT follows FROM last), true) AND a.xid < pg_snapshot_xmin(pg_current_snapshot())
        AND a.seq > coalesce((SELECT max(seq) FROM audit_seal), 0) - 100000
        AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.seq = a.seq)
      ORDER BY a.xid, a.seq LIMIT $2::integer)
)
SELECT coalesce(last.position, 0) + 1 AS position, last.head, a.seq, audit_entry_text(a) AS entry
  FROM next n
  JOIN audit a ON a.seq = n.seq
  LEFT JOIN last ON true
 WHERE pg_backend_pid() = $1::integer
 ORDER BY n.xid, n.seq
