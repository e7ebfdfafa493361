-- $1 bigint item
SELECT i.id, i.team_id, i.title, i.done_at IS NOT NULL AS done,
       (SELECT t.slug FROM team t WHERE t.id = i.team_id) AS team FROM inbox_item i WHERE i.id = $1::bigint
