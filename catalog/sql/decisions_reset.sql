-- Decisions that do not cover what hits their team now stop counting. Those that do, stand.
--
-- $1 bigint change   $2 bigint its current revision
--
-- One row for each requirement whose decision was reset: added, what it did not cover.
WITH grown AS (
    SELECT q.id, q.team_id, ARRAY(SELECT unnest(q.fingerprints) EXCEPT SELECT unnest(d.fingerprints)) AS added
      FROM requirement q
      JOIN LATERAL (SELECT fingerprints FROM decision WHERE requirement_id = q.id AND reset_at IS NULL ORDER BY id DESC LIMIT 1) d
        ON NOT q.fingerprints <@ d.fingerprints
     WHERE q.change_id = $1::bigint
), reset AS (
    UPDATE decision SET reset_at = catalog_now() WHERE requirement_id IN (SELECT id FROM grown) AND reset_at IS NULL
)
SELECT g.id, g.team_id, t.slug AS team,
       (SELECT jsonb_agg(jsonb_build_object('fingerprint', f.fingerprint, 'rule', f.rule, 'path', f.path, 'message', f.message) ORDER BY f.position)
          FROM finding f WHERE f.revision_id = $2::bigint AND f.fingerprint = ANY (g.added)) AS added
  FROM grown g
  JOIN team t ON t.id = team_acting(g.team_id)
 ORDER BY g.id
