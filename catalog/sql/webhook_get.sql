-- $1 text public id
SELECT webhook_json(row(w.*)::public.webhook)::text AS body, w.rev, w.id, w.team_id, w.state, w.url FROM webhook w WHERE w.public_id = $1::text
