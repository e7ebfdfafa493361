-- Every live consumption of a line with its evidence: a row for each field that it declares, one with null where it declares none.
--
-- $1 bigint line   $2 int days without a sign of life, $3 int reminders after which it is stale   $4 bigint change that it may have accepted
--
-- reader_text comes once, with the first field. reader_schema: where the registry has it, for what a JSON Schema refers to. last_seen: the
-- latest sign of life in each environment.
WITH seen AS (
    SELECT service_id, environment, last_at AS at FROM observation WHERE line_id = $1::bigint AND op = 'read' AND service_id <> 0
     UNION ALL
    SELECT d.service_id, v.name, d.at
      FROM deployment d
      JOIN environment v ON v.id = d.environment_id
     WHERE d.ended_at IS NULL
       AND EXISTS (SELECT FROM jsonb_array_elements(d.consumes) u JOIN line_named l ON l.id = $1::bigint AND l.name = u ->> 'line')
), latest AS (
    SELECT service_id, environment, max(at) AS at FROM seen GROUP BY service_id, environment
)
SELECT c.id, c.public_id, c.service_id, s.slug AS service, t.id AS team_id, t.slug AS team, c.criticality = 'blocking' AS blocking,
       c.reader_format, CASE WHEN row_number() OVER (PARTITION BY c.id ORDER BY f.path) = 1 THEN c.reader_text END AS reader_text,
       stored.context_id AS reader_context, stored.schema_id AS reader_schema,
       coalesce(c.reader ->> 'subject' || '#' || (c.reader ->> 'version'), 'the reader schema of ' || s.slug) AS reader_name,
       array_to_string(c.not_relied_on, ',') AS not_relied_on, $4::bigint = ANY (c.accepted_changes) AS accepted,
       EXISTS (SELECT FROM production p WHERE p.line_id = c.line_id AND p.service_id = c.service_id AND p.ended_at IS NULL) AS produces,
       greatest(c.attested_at, (SELECT max(at) FROM latest WHERE service_id = c.service_id)) + make_interval(days => $2::integer) < catalog_now()
           AND c.reminded >= $3::integer AS stale,
       to_jsonb(c.environments) AS environments,
       coalesce((SELECT jsonb_object_agg(coalesce(nullif(environment, ''), 'somewhere'), to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
                   FROM latest WHERE service_id = c.service_id), '{}') AS last_seen,
       f.path, f.need = 'required' AS required, f.enum_handling = 'exhaustive' AS exhaustive
  FROM consumption c
  JOIN service s ON s.id = c.service_id
  JOIN team t ON t.id = team_acting(s.team_id)
  LEFT JOIN consumption_field f ON f.consumption_id = c.id
  LEFT JOIN LATERAL (SELECT v.context_id, v.schema_id FROM subject r JOIN subject_version v ON v.subject_id = r.id
                      WHERE c.reader_format = 'JSON' AND r.qualified = c.reader ->> 'subject' AND v.version = (c.reader ->> 'version')::integer) stored ON true
 WHERE c.line_id = $1::bigint AND c.state IN ('requested', 'active')
 ORDER BY s.slug, c.id, f.path
