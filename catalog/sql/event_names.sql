-- Every name of an event, the one that it has first.
--
-- $1 bigint event
SELECT jsonb_build_object('event', e.name, 'names', (
           SELECT jsonb_agg(jsonb_build_object('name', n.name, 'current', n.name = e.name, 'since', catalog_instant(n.created_at), 'by', n.created_by)
                            ORDER BY n.name = e.name DESC, n.id DESC)
             FROM event_name n WHERE n.event_id = e.id)) AS body
  FROM event e WHERE e.id = $1::bigint
