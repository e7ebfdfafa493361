-- Deployments that fit every filter that is given, the latest first; those that ended only when that is asked for.
--
-- $1 text service   $2 text environment   $3 text line   $4 bool ended ones, too   $5 text key   $6 bigint at most so many
SELECT lpad(d.id::text, 18, '0') AS key, deployment_json(d.id) AS item
  FROM deployment d JOIN service s ON s.id = d.service_id JOIN environment v ON v.id = d.environment_id
 WHERE ($1::text IS NULL OR s.slug = $1::text) AND ($2::text IS NULL OR v.name = $2::text)
   AND ($3::text IS NULL OR EXISTS (SELECT FROM jsonb_array_elements(d.produces || d.consumes) u WHERE u ->> 'line' = $3::text))
   AND ($4::boolean OR d.ended_at IS NULL) AND ($5::text IS NULL OR d.id < $5::bigint)
 ORDER BY d.id DESC
 LIMIT $6::bigint
