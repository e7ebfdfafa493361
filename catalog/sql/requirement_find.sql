-- $1 bigint change   $2 text rq_n, or the slug of a team
--
-- Of a team that was dissolved, its successor's.
SELECT q.id, q.team_id AS asked, t.id AS team_id, t.slug AS team, q.act, q.status,
       NOT coalesce((t.policy ->> 'members_decide')::boolean,
                    (SELECT (change_rules(c.event_id) ->> 'members_decide')::boolean FROM change c WHERE c.id = q.change_id)) AS maintainers_only
  FROM requirement_now q
  JOIN team a ON a.id = q.team_id
  JOIN team t ON t.id = team_acting(q.team_id)
 WHERE q.change_id = $1::bigint AND ('rq_' || q.id = $2::text OR t.slug = $2::text OR a.slug = $2::text)
 ORDER BY 'rq_' || q.id = $2::text DESC, q.status <> 'not_needed' DESC, q.id
 LIMIT 1
