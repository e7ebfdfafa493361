-- $1 text team   $2 text login
DELETE FROM membership m USING team t, person p
 WHERE m.team_id = t.id AND m.person_id = p.id AND t.slug = $1::text AND p.login = $2::text
RETURNING m.role AS was
