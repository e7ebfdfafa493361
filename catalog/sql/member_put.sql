-- $1 text team   $2 text login   $3 text role   $4 text actor. was: the role before, null when it is a new member.
WITH was AS (
    SELECT m.role FROM membership m JOIN team t ON t.id = m.team_id JOIN person p ON p.id = m.person_id WHERE t.slug = $1::text AND p.login = $2::text
)
INSERT INTO membership (team_id, person_id, role, created_by)
SELECT t.id, p.id, $3::text, $4::text FROM team t, person p WHERE t.slug = $1::text AND p.login = $2::text
    ON CONFLICT (team_id, person_id) DO UPDATE SET role = $3::text
RETURNING (SELECT role FROM was) AS was
