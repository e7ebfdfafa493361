-- Versions of a subject are deleted in the registry: they are the line's no longer, and the newest that is left counts.
--
-- $1 text qualified subject   $2 int version, or null: all
WITH gone AS (
    UPDATE line_version SET state = 'withdrawn'
     WHERE subject = $1::text AND state IN ('active', 'superseded') AND version IS NOT NULL
       AND ($2::integer IS NULL OR version = $2::integer)
    RETURNING id, line_id, role, semver, state
), back AS (
    UPDATE line_version SET state = 'active'
     WHERE id = (SELECT max(v.id) FROM line_version v
                  WHERE v.subject = $1::text AND v.state IN ('active', 'superseded') AND v.id NOT IN (SELECT id FROM gone))
       AND state = 'superseded'
)
SELECT l.name, string_agg(g.semver, ', ' ORDER BY g.id) AS semvers FROM gone g JOIN line_named l ON l.id = g.line_id GROUP BY l.name
