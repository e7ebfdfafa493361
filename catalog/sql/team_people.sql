-- Who of a team could do something. $1 bigint team   $2 boolean maintainers only
SELECT t.slug AS team,
       (SELECT coalesce(jsonb_agg(login ORDER BY login), '[]')
          FROM (SELECT p.login FROM membership m JOIN person p ON p.id = m.person_id
                 WHERE m.team_id = t.id AND NOT p.disabled AND p.role <> 'viewer' AND (m.role = 'maintainer' OR NOT $2::boolean)
                 ORDER BY p.login LIMIT 20) w) AS people
  FROM team t
 WHERE t.id = $1::bigint
