-- A channel as it is told.
--
-- $1 text slug
SELECT id, rev, managed_by, channel_json(id) AS body FROM channel WHERE slug = $1::text
