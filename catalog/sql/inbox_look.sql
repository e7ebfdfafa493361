-- Notes that a person has looked at inbox items.
--
-- $1 bigint person   $2 bigint[] items
-- team_id, change_id, line_id: what the person's teams may count as told of from now on.
WITH seen AS (
    INSERT INTO inbox_seen (item_id, person_id) SELECT unnest($2::bigint[]), $1::bigint ON CONFLICT DO NOTHING
)
SELECT DISTINCT i.team_id, i.change_id, l.id AS line_id
  FROM inbox_item i
  JOIN membership m ON m.team_id = i.team_id AND m.person_id = $1::bigint
  LEFT JOIN line_named l ON l.name = i.subject
 WHERE i.id = ANY ($2::bigint[])
   AND EXISTS (SELECT FROM notice n
                WHERE n.team_id = i.team_id AND n.delivered_at IS NULL AND (n.change_id = i.change_id OR n.change_id IS NULL AND n.line_id = l.id))
 ORDER BY i.team_id, i.change_id, l.id
