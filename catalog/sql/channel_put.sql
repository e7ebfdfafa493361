-- A channel: made if it is not there, and what is given replaces what is there.
--
-- $1 text slug   $2 jsonb broker, address, environments, settings, labels, managed_by   $3 text who
INSERT INTO channel (slug, broker, address, environments, settings, labels, managed_by, created_by, updated_by)
SELECT $1::text, coalesce(j ->> 'broker', 'kafka'), coalesce(j ->> 'address', $1::text), ARRAY(SELECT jsonb_array_elements_text(coalesce(j -> 'environments', '[]'))),
       coalesce(j -> 'settings', '{}'), coalesce(j -> 'labels', '{}'), coalesce(j ->> 'managed_by', 'api'), $3::text, $3::text
  FROM (SELECT $2::jsonb AS j) given
    ON CONFLICT (slug) DO UPDATE
       SET broker = coalesce($2::jsonb ->> 'broker', channel.broker), address = coalesce($2::jsonb ->> 'address', channel.address),
           environments = CASE WHEN $2::jsonb ? 'environments' THEN excluded.environments ELSE channel.environments END,
           settings = coalesce($2::jsonb -> 'settings', channel.settings), labels = coalesce($2::jsonb -> 'labels', channel.labels),
           managed_by = coalesce($2::jsonb ->> 'managed_by', channel.managed_by), updated_by = $3::text
RETURNING id
