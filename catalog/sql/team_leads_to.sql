-- Whether following what waits for team $1 (its escalation team, or the successor it has) leads back to team $2.
--
-- $1 text slug to begin at   $2 text slug that must not be reached
WITH RECURSIVE way (id) AS (
    SELECT id FROM team WHERE slug = $1::text
    UNION
    SELECT next FROM way JOIN team t ON t.id = way.id, LATERAL (VALUES (t.escalation_team), (t.successor)) v (next) WHERE next IS NOT NULL
)
SELECT EXISTS (SELECT FROM way JOIN team t ON t.id = way.id WHERE t.slug = $2::text) AS leads
