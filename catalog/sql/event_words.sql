-- What an event is to be called and to belong to, looked up.
--
-- $1 text name or null   $2 text team or null   $3 text domain or null   $4 text the policy's pattern or null
--
-- taken: the event that has the name now. reserved: the one that had it. shaped, fits: as names are written at all, and as the policy wants.
SELECT (SELECT name FROM event WHERE name = $1::text) AS taken,
       (SELECT e.name FROM event_name n JOIN event e ON e.id = n.event_id WHERE n.name = $1::text) AS reserved,
       (SELECT t.slug FROM event e JOIN team t ON t.id = e.team_id WHERE e.name = $1::text) AS taken_by,
       coalesce($1::text ~ '^[a-z][a-z0-9_-]*([.][a-z][a-z0-9_-]*)*$' AND octet_length($1::text) <= 200, true) AS shaped,
       coalesce($1::text ~ $4::text, true) AS fits,
       (SELECT id FROM team WHERE slug = $2::text) AS team_id,
       coalesce((SELECT dissolved_at IS NOT NULL FROM team WHERE slug = $2::text), false) AS dissolved,
       (SELECT id FROM domain WHERE slug = $3::text) AS domain_id
