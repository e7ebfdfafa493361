-- What teams were told: what waits for somebody first, then the newest.
--
-- $1 text team or null   $2 bigint person whose teams count, or null   $3 boolean whether the administrators' counts, too
-- $4 boolean only what waits   $5 text key after which to go on, or null   $6 bigint at most so many   $7 bigint person who looks, or null
SELECT key, item, id, team_id
  FROM (SELECT i.id, i.team_id, CASE WHEN i.waits AND i.done_at IS NULL THEN '0' ELSE '1' END || lpad((9223372036854775807 - i.id)::text, 19, '0') AS key,
               jsonb_build_object(
                   'id', i.id, 'team', t.slug, 'type', i.type, 'subject', i.subject, 'change', 'CR-' || i.change_id, 'title', i.title,
                   'data', i.data, 'waits', i.waits AND i.done_at IS NULL, 'done_at', i.done_at, 'created_at', i.created_at,
                   'seen', EXISTS (SELECT FROM public.inbox_seen s WHERE s.item_id = i.id AND (s.person_id = $7::bigint OR $7::bigint IS NULL)),
                   'links', jsonb_build_object('self', '/api/v1/inbox/' || i.id,
                                               'ui', CASE WHEN i.change_id IS NOT NULL THEN '/ui/changes/CR-' || i.change_id || coalesce('?team=' || t.slug, '')
                                                          WHEN i.type LIKE 'io.avow.webhook.%' THEN '/ui/settings/webhooks/' || i.subject
                                                          ELSE '/ui/events/' || split_part(i.subject, '@', 1) END))::text AS item
          FROM inbox_item i
          LEFT JOIN team t ON t.id = i.team_id
         WHERE ($1::text IS NULL OR t.slug = $1::text)
           AND ($2::bigint IS NULL OR i.team_id IN (SELECT team_id FROM membership WHERE person_id = $2::bigint)
                OR i.team_id IS NULL AND $3::boolean)
           AND (NOT $4::boolean OR i.waits AND i.done_at IS NULL)) x
 WHERE $5::text IS NULL OR key > $5::text COLLATE "C"
 ORDER BY key COLLATE "C"
 LIMIT $6::bigint
