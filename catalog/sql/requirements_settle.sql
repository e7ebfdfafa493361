-- Who has to say something about the current revision: one requirement for each team that is hit, for all its consumptions together.
--
-- $1 bigint change
--
-- The author's team is never asked for what its own producers read; for its other services it says yes by opening the change. Where a line is to
-- be retired, those whom the schema does not touch are told too, and acknowledge. One row for each team that is hit now; added: what hits it
-- and did not before.
WITH c AS (
    SELECT c.*, r.id AS revision_id, l.team_id AS owner_id,
           c.strategy = 'new_line' AND c.plan ->> 'retire' IS NOT NULL AS retires,
           c.strategy <> 'new_line' OR c.plan ->> 'retire' IS NOT NULL AS asks
      FROM change c
      JOIN revision r ON r.change_id = c.id AND r.n = c.revision
      JOIN line l0 ON l0.id = c.line_id
      JOIN event l ON l.id = l0.event_id
     WHERE c.id = $1::bigint
), hits AS (
    SELECT c.id AS change_id, team_acting(s.team_id) AS team_id, i.consumption_id, i.because, i.evidence,
           team_acting(s.team_id) = coalesce(c.author_team, c.owner_id) AS own,
           CASE WHEN team_acting(s.team_id) = coalesce(c.author_team, c.owner_id) THEN 'acknowledge'
                WHEN i.act = 'none' THEN 'acknowledge' ELSE i.act END AS act
      FROM c
      JOIN impact i ON i.revision_id = c.revision_id
      JOIN consumption k ON k.id = i.consumption_id
      JOIN service s ON s.id = k.service_id
     WHERE c.asks AND NOT i.stale AND NOT c.id = ANY (k.accepted_changes)
       AND (i.act <> 'none' OR (c.retires AND k.criticality = 'blocking'))
       AND NOT (team_acting(s.team_id) = coalesce(c.author_team, c.owner_id)
                AND EXISTS (SELECT FROM production p WHERE p.line_id = k.line_id AND p.service_id = k.service_id AND p.ended_at IS NULL))
), wanted AS (
    SELECT h.change_id, h.team_id, bool_or(h.own) AS own, CASE WHEN bool_or(h.act = 'approve') THEN 'approve' ELSE 'acknowledge' END AS act,
           array_agg(DISTINCT h.consumption_id) AS covers,
           coalesce(array_agg(DISTINCT f) FILTER (WHERE f IS NOT NULL), '{}') AS fingerprints,
           CASE WHEN bool_or(h.own) THEN 'the author''s own team'
                WHEN bool_and(h.evidence = 'none') THEN 'no evidence declared' ELSE '' END AS reason
      FROM hits h
      LEFT JOIN LATERAL unnest(h.because) f ON true
     GROUP BY h.change_id, h.team_id
), gone AS (
    UPDATE requirement SET covers = '{}', fingerprints = '{}', reason = 'no longer affected'
     WHERE change_id = $1::bigint AND cardinality(covers) > 0 AND team_id NOT IN (SELECT team_id FROM wanted)
), before AS (
    SELECT id, team_id, fingerprints, covers FROM requirement WHERE change_id = $1::bigint
), put AS (
    INSERT INTO requirement (change_id, team_id, act, covers, fingerprints, reason, due_at)
    SELECT w.change_id, w.team_id, w.act, w.covers, w.fingerprints, w.reason,
           catalog_now() + make_interval(days => (change_rules((SELECT event_id FROM c)) ->> 'notice_days')::integer)
      FROM wanted w
    ON CONFLICT (change_id, team_id) DO UPDATE
       SET act = excluded.act, covers = excluded.covers, fingerprints = excluded.fingerprints, reason = excluded.reason
    RETURNING id, team_id, act, covers, fingerprints, due_at
)
SELECT p.id, p.team_id, t.slug AS team, p.act, p.due_at, catalog_instant(p.due_at) AS due, w.own, to_jsonb(p.fingerprints) AS fingerprints,
       b.id IS NULL OR cardinality(b.covers) = 0 AS fresh,
       (SELECT to_jsonb(array_agg(s.slug ORDER BY s.slug)) FROM consumption k JOIN service s ON s.id = k.service_id WHERE k.id = ANY (p.covers)) AS services
  FROM put p
  JOIN wanted w ON w.team_id = p.team_id
  JOIN team t ON t.id = p.team_id
  LEFT JOIN before b ON b.id = p.id
 ORDER BY p.id
