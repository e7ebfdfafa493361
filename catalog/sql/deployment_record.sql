-- A version of a service runs somewhere, in the place of the one before unless both are to run.
--
-- $1 text service   $2 text environment   $3 text version   $4 jsonb lines that it writes, or null: as declared   $5 jsonb lines that it reads, likewise
-- $6 bool beside the one before   $7 timestamptz since when, or null: now   $8 text who
--
-- unknown: a line that is not there; nothing is written then.
WITH s AS (
    SELECT id, slug FROM service WHERE slug = $1::text
), v AS (
    SELECT id FROM environment WHERE name = $2::text
), unknown AS (
    SELECT u ->> 'line' AS line FROM jsonb_array_elements(coalesce($4::jsonb, '[]') || coalesce($5::jsonb, '[]')) u
     WHERE NOT EXISTS (SELECT FROM line_named l WHERE l.name = u ->> 'line') LIMIT 1
), produces AS (
    SELECT coalesce($4::jsonb, (SELECT jsonb_agg(jsonb_build_object('line', l.name, 'version', cur.semver) ORDER BY l.name)
                                  FROM production p JOIN line_named l ON l.id = p.line_id
                                  LEFT JOIN line_version cur ON cur.id = line_current(l.id, 'value')
                                 WHERE p.service_id = (SELECT id FROM s) AND p.ended_at IS NULL
                                   AND (p.environments = '{}' OR $2::text = ANY (p.environments))), '[]') AS lines
), consumes AS (
    SELECT coalesce($5::jsonb, (SELECT jsonb_agg(jsonb_build_object('line', l.name, 'version', cur.semver) ORDER BY l.name)
                                  FROM consumption c JOIN line_named l ON l.id = c.line_id
                                  LEFT JOIN line_version cur ON cur.id = line_current(l.id, 'value')
                                 WHERE c.service_id = (SELECT id FROM s) AND c.state IN ('requested', 'active')
                                   AND (c.environments = '{}' OR $2::text = ANY (c.environments))), '[]') AS lines
), ended AS (
    UPDATE deployment d SET ended_at = catalog_moment()
      FROM s, v
     WHERE d.service_id = s.id AND d.environment_id = v.id AND d.ended_at IS NULL AND NOT $6::boolean AND NOT EXISTS (SELECT FROM unknown)
    RETURNING d.public_id
), made AS (
    INSERT INTO deployment (public_id, service_id, version, environment_id, produces, consumes, coexist, at, created_by)
    SELECT 'dep_' || left(replace(gen_random_uuid()::text, '-', ''), 14), s.id, $3::text, v.id, produces.lines, consumes.lines, $6::boolean,
           coalesce($7::timestamptz, catalog_moment()), $8::text
      FROM s, v, produces, consumes
     WHERE NOT EXISTS (SELECT FROM unknown)
    RETURNING public_id
)
SELECT (SELECT id FROM s) AS service_id, (SELECT id FROM v) AS environment_id, (SELECT line FROM unknown) AS unknown,
       (SELECT public_id FROM made) AS public_id, (SELECT jsonb_agg(public_id) FROM ended) AS replaced
