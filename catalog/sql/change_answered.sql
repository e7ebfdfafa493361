-- Nothing waits in inboxes any more: of one team (who has then seen the notice, too), or of all when the change is closed.
--
-- $1 bigint change   $2 bigint team or null
WITH seen AS (
    UPDATE notice SET delivered_at = catalog_now(), delivered_by = 'inbox'
     WHERE change_id = $1::bigint AND team_id IN (SELECT id FROM team WHERE team_acting(id) = team_acting($2::bigint)) AND delivered_at IS NULL
)
UPDATE inbox_item SET done_at = catalog_now()
 WHERE change_id = $1::bigint AND waits AND done_at IS NULL AND ($2::bigint IS NULL OR team_id = $2::bigint)
