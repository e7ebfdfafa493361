-- Who asks, as the catalog knows them now: also in a read of the past, so that the tables are named with their schema.
--
-- $1 bigint person or null   $2 bigint service or null   $3 text name of somebody whom only the auth file knows, or null
SELECT p.id AS person_id, p.login, p.role, p.disabled, s.id AS service_id, s.slug, s.team_id AS service_team,
       (SELECT string_agg(m.team_id || ' ' || m.role || ' ' || t.slug, E'\n' ORDER BY t.slug)
          FROM public.membership m JOIN public.team t ON t.id = m.team_id WHERE m.person_id = p.id) AS teams
  FROM (VALUES (true)) one
  LEFT JOIN public.person p ON p.id = coalesce($1::bigint, (SELECT id FROM public.person WHERE login = $3::text))
  LEFT JOIN public.service s ON s.id = $2::bigint
