-- Every change that was committed after a snapshot was taken, and the snapshot to go on from.
--
-- $1 text the snapshot (pg_snapshot) or null   $2 text the history it belongs to, or null   $3 bigint at most so many rows
--
-- snapshot, history: where this reading is. follows: whether $1 is a place in this history; without it there are no changes.
-- seq, kind, context, subject, schema_id, version: one change a row, or nulls in the one row of a reading without changes.
--
-- What a snapshot did not show is what had not begun by then (at or above its xmax) and what was under way (its xip): two
-- small ranges of an index, however long ago the oldest open transaction began. The limit keeps the planner from thinking
-- that a third of the table may be wanted.
--
-- The history changes when the database is another one, was restored or was taken over by a standby, and when the table was made
-- anew: transaction numbers mean nothing there.
WITH here AS MATERIALIZED (
    SELECT pg_current_snapshot()::text AS snapshot,
           (SELECT system_identifier FROM pg_control_system()) || '/'
               || CASE WHEN pg_is_in_recovery() THEN 'standby'
                       ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END
               || '/' || 'audit'::regclass::oid AS history
)
SELECT here.snapshot, here.history, coalesce(here.history = $2::text, false) AS follows,
       c.seq, c.kind, c.context, c.subject, c.schema_id, c.version
  FROM here
  LEFT JOIN LATERAL (
       (SELECT seq, kind, context, subject, schema_id, version
          FROM audit
         WHERE xid >= pg_snapshot_xmax($1::text::pg_snapshot)
         ORDER BY xid
         LIMIT $3::bigint)
       UNION ALL
       (SELECT seq, kind, context, subject, schema_id, version
          FROM audit
         WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))
         ORDER BY xid
         LIMIT $3::bigint)
     ) c ON here.history = $2::text
 ORDER BY c.seq
