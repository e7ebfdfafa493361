-- The mark of an override: it stays for ever.
--
-- $1 bigint change   $2 text who   $3 text reason   $4 text ticket or null
--
-- override: the mark, with the teams that had not agreed.
UPDATE change SET override = jsonb_strip_nulls(jsonb_build_object('by', $2::text, 'reason', $3::text, 'ticket', $4::text, 'at', catalog_instant(catalog_now()),
       'noticed', true, 'affected', (SELECT coalesce(jsonb_agg(t.slug ORDER BY t.slug), '[]') FROM requirement_now q JOIN team t ON t.id = team_acting(q.team_id)
                                      WHERE q.change_id = change.id AND q.status <> 'not_needed'))), updated_by = $2::text
 WHERE id = $1::bigint
RETURNING override
