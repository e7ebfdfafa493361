-- What an event about a webhook says: which, whose, what happened.
--
-- $1 text public id   $2 jsonb detail
SELECT jsonb_strip_nulls(jsonb_build_object(
           'webhook', w.public_id, 'team', (SELECT slug FROM team WHERE id = w.team_id), 'url', w.url, 'state', w.state,
           'summary', nullif(w.state_reason, ''), 'detail', $2::jsonb))::text AS data
  FROM webhook w WHERE w.public_id = $1::text
