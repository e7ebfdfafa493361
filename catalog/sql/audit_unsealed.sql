-- n: entries that have no seal yet. lost: the first of them that should have had one: it was put in behind the chain's back.
WITH last AS (
    SELECT a.xid FROM audit_seal s JOIN audit a ON a.seq = s.seq ORDER BY s.position DESC LIMIT 1
)
SELECT count(*) AS n,
       min(a.seq) FILTER (WHERE a.xid < (SELECT xid FROM last) AND (SELECT xid FROM last) < pg_snapshot_xmax(pg_current_snapshot())) AS lost
  FROM audit a
 WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.seq = a.seq)
