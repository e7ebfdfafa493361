-- Who owns an event, or who was asked to.
--
-- $1 bigint event   $2 bigint team that owns it from now on, or null: as it is   $3 bigint team that was asked, or null   $4 text who
UPDATE event SET team_id = coalesce($2::bigint, team_id), transfer_to = $3::bigint, updated_by = $4::text WHERE id = $1::bigint
