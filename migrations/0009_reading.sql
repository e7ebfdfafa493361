-- How replies tell of events, lines and parties: functions that make the JSON, for listings and pages alike. Tables are named without
-- a schema, so that a read of the past (migrations/0003_time.sql) gives the same reply as a read at that moment did.

CREATE FUNCTION line_links(of_line text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('self', '/api/v1/lines/' || of_line, 'ui', '/ui/lines/' || of_line,
                              'event', '/api/v1/events/' || split_part(of_line, '@', 1),
                              'versions', '/api/v1/lines/' || of_line || '/versions', 'fields', '/api/v1/lines/' || of_line || '/fields',
                              'consumers', '/api/v1/lines/' || of_line || '/consumers', 'producers', '/api/v1/lines/' || of_line || '/producers')
$$;

CREATE FUNCTION version_json(of_version bigint, with_text boolean) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', l.event_name || '@' || v.semver, 'line', l.name, 'semver', v.semver, 'role', v.role,
               'subject', v.subject, 'version', v.version, 'schema_id', v.schema_id, 'state', v.state, 'format', v.format,
               'fingerprint', v.fingerprint, 'change', 'CR-' || v.change_id, 'accepted_break', v.accepted_break,
               'created_at', catalog_instant(v.created_at), 'created_by', v.created_by,
               'links', jsonb_build_object('self', '/api/v1/lines/' || l.name || '/versions/' || v.semver,
                                           'ui', '/ui/lines/' || l.name || '/versions/' || v.semver,
                                           'schema', '/schemas/ids/' || v.schema_id))
           || CASE WHEN with_text THEN jsonb_build_object('text', v.text) ELSE '{}' END
      FROM line_version v JOIN line_named l ON l.id = v.line_id
     WHERE v.id = of_version
$$;

CREATE FUNCTION line_current(of_line bigint, of_role text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM line_version WHERE line_id = of_line AND role = of_role AND state = 'active' ORDER BY id DESC LIMIT 1
$$;
COMMENT ON FUNCTION line_current IS 'the version that counts';

CREATE FUNCTION line_json(of_line bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', l.name, 'event', l.event_name, 'major', l.major, 'state', l.state, 'compatibility', l.level,
               'owner', (SELECT slug FROM team WHERE id = l.team_id),
               'dates', jsonb_build_object('created', catalog_instant(l.created_at), 'activated', catalog_instant(l.activated_at),
                                           'deprecated', catalog_instant(l.deprecated_at), 'sunset', catalog_instant(l.sunset_at),
                                           'sunset_reached', catalog_instant(l.sunset_reached_at), 'removed', catalog_instant(l.removed_at)),
               'reason', l.reason, 'replacement', l.replacement, 'migration_guide', l.migration_guide,
               'checkpoint', (SELECT semver FROM line_version WHERE id = l.checkpoint),
               'subjects', (SELECT coalesce(jsonb_agg(jsonb_build_object('subject', subject, 'role', role) ORDER BY role DESC, subject), '[]')
                              FROM line_subject WHERE line_id = l.id),
               'channels', (SELECT coalesce(jsonb_agg(c.slug ORDER BY c.slug), '[]')
                              FROM channel_line x JOIN channel c ON c.id = x.channel_id WHERE x.line_id = l.id),
               'current', version_json(line_current(l.id, 'value'), false),
               'versions', (SELECT count(*) FROM line_version v WHERE v.line_id = l.id AND v.state IN ('active', 'superseded')),
               'consumers', (SELECT count(*) FROM consumption c WHERE c.line_id = l.id AND c.state IN ('requested', 'active')),
               'producers', (SELECT count(*) FROM production p WHERE p.line_id = l.id AND p.ended_at IS NULL),
               'changes', (SELECT coalesce(jsonb_agg('CR-' || ch.id ORDER BY ch.id), '[]') FROM change ch
                            WHERE ch.line_id = l.id AND ch.state IN ('draft', 'open')),
               'updated_at', catalog_instant(l.updated_at), 'updated_by', l.updated_by, 'rev', l.rev,
               'links', line_links(l.name))
      FROM line_named l WHERE l.id = of_line
$$;

-- The line that people mean by the event alone: the newest active one, else the newest.
CREATE FUNCTION event_line(of_event bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM line WHERE event_id = of_event AND state <> 'abandoned'
     ORDER BY state = 'active' DESC, state IN ('deprecated', 'draft') DESC, major DESC LIMIT 1
$$;

-- "Orders.OrderPlaced-value" is orders.order_placed.
CREATE FUNCTION event_name_guess(subject text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN guess ~ '^[a-z][a-z0-9_-]*([.][a-z][a-z0-9_-]*)*$' AND octet_length(guess) <= 200 THEN guess END
      FROM (SELECT lower(regexp_replace(regexp_replace(subject, '-(value|key)$', ''), '([a-z0-9])([A-Z])', '\1_\2', 'g')) AS guess) g
$$;

CREATE FUNCTION event_item(of_event bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('name', e.name, 'title', e.title, 'summary', e.summary, 'domain', d.slug, 'owner', t.slug,
               'category', e.category, 'audience', e.audience, 'classification', e.classification, 'tags', e.tags,
               'state', (SELECT state FROM line WHERE id = event_line(e.id)),
               'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', e.name || '@' || l.major, 'major', l.major, 'state', l.state,
                                                                      'sunset_at', catalog_instant(l.sunset_at)) ORDER BY l.major), '[]')
                           FROM line l WHERE l.event_id = e.id),
               'format', (SELECT format FROM line_version WHERE id = line_current(event_line(e.id), 'value')),
               'version', (SELECT semver FROM line_version WHERE id = line_current(event_line(e.id), 'value')),
               'consumers', (SELECT count(*) FROM consumption c JOIN line l ON l.id = c.line_id
                              WHERE l.event_id = e.id AND c.state IN ('requested', 'active')),
               'producers', (SELECT count(*) FROM production p JOIN line l ON l.id = p.line_id
                              WHERE l.event_id = e.id AND p.ended_at IS NULL),
               'changes', (SELECT count(*) FROM change ch WHERE ch.event_id = e.id AND ch.state = 'open'),
               'managed_by', e.managed_by, 'updated_at', catalog_instant(e.updated_at),
               'links', jsonb_build_object('self', '/api/v1/events/' || e.name, 'ui', '/ui/events/' || e.name))
      FROM event e JOIN team t ON t.id = e.team_id LEFT JOIN domain d ON d.id = e.domain_id
     WHERE e.id = of_event
$$;

-- What a line lacks of what is required of it, each with the call that supplies it.
CREATE FUNCTION line_readiness(of_line bigint, required jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH l AS (
        SELECT l.*, e.title, e.summary, e.description, e.reason_to_exist, e.domain_id, e.tags, e.docs, e.classification,
               e.contact AS event_contact, e.oncall AS event_oncall, t.slug AS team, t.contact, t.oncall, t.dissolved_at,
               coalesce((SELECT terms FROM contract k WHERE k.line_id = l.id ORDER BY n DESC LIMIT 1), '{}') AS terms,
               (SELECT s.subject FROM line_subject s WHERE s.line_id = l.id ORDER BY role DESC, id LIMIT 1) AS subject
          FROM line_named l JOIN event e ON e.id = l.event_id JOIN team t ON t.id = l.team_id
         WHERE l.id = of_line
    ), checked AS (
        SELECT c.*
          FROM l, LATERAL (VALUES
            (1, 'owner', dissolved_at IS NULL, 'Team ' || team || ' is dissolved: transfer the event',
             'POST', '/api/v1/events/' || event_name || '/transfer', '{"to": "team"}'::jsonb),
            (2, 'contact', event_contact <> '{}' OR contact <> '{}', 'Team ' || team || ' has no contact',
             'PATCH', '/api/v1/teams/' || team, '{"contact": {"email": "team@example.com"}}'),
            (3, 'reason_to_exist', reason_to_exist <> '', 'Nobody has said why ' || event_name || ' exists',
             'PATCH', '/api/v1/events/' || event_name, '{"reason_to_exist": "What needs it"}'),
            (4, 'schema', line_current(of_line, 'value') IS NOT NULL OR line_current(of_line, 'key') IS NOT NULL,
             CASE WHEN subject IS NULL THEN name || ' has no subject: bind one' ELSE 'Subject ' || subject || ' has no version: register one' END,
             'POST', CASE WHEN subject IS NULL THEN '/api/v1/lines/' || name || '/subjects' ELSE '/subjects/' || subject || '/versions' END,
             CASE WHEN subject IS NULL THEN jsonb_build_object('subject', event_name || '-value') ELSE '{"schema": "..."}' END),
            (5, 'ordering', terms #> '{ordering,scope}' IS NOT NULL, 'The contract does not say in which order messages come',
             'PUT', '/api/v1/lines/' || name || '/contract', '{"ordering": {"scope": "key", "key_fields": ["id"]}}'),
            (6, 'sla', coalesce(terms -> 'sla', '{}') <> '{}', 'The contract has no service level',
             'PUT', '/api/v1/lines/' || name || '/contract', '{"sla": {"freshness": "PT5S", "availability": 0.999}}'),
            (7, 'oncall', event_oncall <> '{}' OR oncall <> '{}', 'Team ' || team || ' has no on-call set',
             'PATCH', '/api/v1/teams/' || team, '{"oncall": {"kind": "url", "url": "https://oncall.example.com"}}'),
            (8, 'delivery', terms #> '{delivery,semantics}' IS NOT NULL, 'The contract does not say how often a message is delivered',
             'PUT', '/api/v1/lines/' || name || '/contract', '{"delivery": {"semantics": "at_least_once"}}'),
            (9, 'retention', terms -> 'retention' IS NOT NULL, 'The contract does not say how long messages are kept',
             'PUT', '/api/v1/lines/' || name || '/contract', '{"retention": "P7D"}'),
            (10, 'title', title <> '', event_name || ' has no title', 'PATCH', '/api/v1/events/' || event_name, '{"title": "A title"}'),
            (11, 'summary', summary <> '', event_name || ' has no summary', 'PATCH', '/api/v1/events/' || event_name, '{"summary": "In one sentence"}'),
            (12, 'description', description <> '', event_name || ' has no description',
             'PATCH', '/api/v1/events/' || event_name, '{"description": "All of it"}'),
            (13, 'domain', domain_id IS NOT NULL, event_name || ' belongs to no domain', 'PATCH', '/api/v1/events/' || event_name, '{"domain": "domain"}'),
            (14, 'tags', tags <> '{}', event_name || ' has no tags', 'PATCH', '/api/v1/events/' || event_name, '{"tags": ["tag"]}'),
            (15, 'docs', docs <> '[]', event_name || ' links to no documentation',
             'PATCH', '/api/v1/events/' || event_name, '{"docs": [{"title": "Guide", "url": "https://example.com"}]}'),
            (16, 'classification', classification <> '{}', event_name || ' is not classified',
             'PATCH', '/api/v1/events/' || event_name, '{"classification": {"level": "internal"}}'),
            (17, 'producer', EXISTS (SELECT FROM production p WHERE p.line_id = of_line AND p.ended_at IS NULL), 'Nobody is known to produce ' || name,
             'POST', '/api/v1/productions', jsonb_build_object('service', 'service', 'line', name)),
            (18, 'channel', EXISTS (SELECT FROM channel_line x WHERE x.line_id = of_line), name || ' is on no channel',
             'POST', '/api/v1/channels', jsonb_build_object('slug', 'channel', 'lines', jsonb_build_array(name)))
          ) c (position, what, there, hint, method, href, body)
         WHERE required ? c.what AND NOT c.there
    )
    SELECT jsonb_build_object('complete', count(*) = 0, 'missing', coalesce(jsonb_agg(what ORDER BY position), '[]'),
               'hint', string_agg(hint || ': ' || method || ' ' || href, '. ' ORDER BY position),
               'calls', coalesce(jsonb_agg(jsonb_build_object('what', what, 'method', method, 'href', href, 'body', body, 'because', hint)
                                           ORDER BY position), '[]'))
      FROM checked
$$;
COMMENT ON FUNCTION line_readiness IS 'required: words of the policy''s required_documentation';

-- --- parties ------------------------------------------------------------------------------------------------------------------------

-- The signs of life of a service on a line: latest of each environment. Observations are buckets that are no history, so a read of the
-- past knows deployments and attestation alone.
CREATE FUNCTION party_seen(of_service bigint, of_line bigint, of_op text) RETURNS TABLE (environment text, at timestamptz, by text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (environment) environment, at, by
      FROM (SELECT environment, last_at AS at, source AS by FROM observation
             WHERE service_id = of_service AND line_id = of_line AND op = of_op AND coalesce(current_setting('avow.as_of', true), '') = ''
             UNION ALL
            SELECT v.name, d.at, 'deployment'
              FROM deployment d JOIN environment v ON v.id = d.environment_id
             WHERE d.service_id = of_service AND d.ended_at IS NULL
               AND EXISTS (SELECT FROM jsonb_array_elements(CASE of_op WHEN 'read' THEN d.consumes ELSE d.produces END) u
                                  JOIN line_named l ON l.id = of_line AND l.name = u ->> 'line')) s
     ORDER BY environment, at DESC
$$;

CREATE FUNCTION consumption_json(of_consumption bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', c.public_id, 'service', s.slug, 'team', t.slug, 'line', l.name, 'version_range', c.version_range,
               'environments', c.environments, 'purpose', c.purpose, 'criticality', c.criticality,
               'reader', CASE WHEN c.reader_text IS NULL THEN NULL
                              ELSE coalesce(c.reader, '{}') || jsonb_build_object('format', c.reader_format, 'text', c.reader_text) END,
               'fields', f.fields, 'not_relied_on', c.not_relied_on,
               'evidence', CASE WHEN c.reader_text IS NOT NULL THEN 'reader_schema' WHEN f.fields <> '[]' THEN 'declared_fields' ELSE 'none' END,
               'state', c.state, 'accepted_changes', (SELECT coalesce(jsonb_agg('CR-' || x), '[]') FROM unnest(c.accepted_changes) x),
               'attested_at', catalog_instant(c.attested_at), 'last_seen', seen.by_environment,
               'stale', c.state = 'active' AND c.reminded >= (r.rules ->> 'reminders_before_stale')::integer
                        AND greatest(c.attested_at, seen.latest) + make_interval(days => (r.rules ->> 'stale_days')::integer) < catalog_now(),
               'unknown_fields', (SELECT coalesce(jsonb_agg(cf.path ORDER BY cf.path), '[]') FROM consumption_field cf
                                   WHERE cf.consumption_id = c.id AND line_current(c.line_id, 'value') IS NOT NULL
                                     AND NOT EXISTS (SELECT FROM line_field lf WHERE lf.line_id = c.line_id AND lf.path = cf.path AND lf.removed IS NULL)),
               'ended_at', catalog_instant(c.ended_at), 'end_reason', c.end_reason, 'labels', c.labels, 'managed_by', c.managed_by,
               'created_at', catalog_instant(c.created_at), 'created_by', c.created_by,
               'updated_at', catalog_instant(c.updated_at), 'updated_by', c.updated_by,
               'links', jsonb_build_object('self', '/api/v1/consumptions/' || c.public_id, 'ui', '/ui/services/' || s.slug || '#' || c.public_id,
                                           'line', '/api/v1/lines/' || l.name, 'service', '/api/v1/services/' || s.slug))
      FROM consumption c JOIN line_named l ON l.id = c.line_id JOIN service s ON s.id = c.service_id JOIN team t ON t.id = s.team_id,
           LATERAL (SELECT change_rules(l.event_id) AS rules) r,
           LATERAL (SELECT coalesce(jsonb_agg(jsonb_build_object('path', cf.path, 'need', cf.need, 'enum_handling', cf.enum_handling, 'use', cf.use)
                                              ORDER BY cf.path), '[]') AS fields
                      FROM consumption_field cf WHERE cf.consumption_id = c.id) f,
           LATERAL (SELECT max(at) AS latest,
                           coalesce(jsonb_object_agg(coalesce(nullif(environment, ''), 'somewhere'),
                                                     jsonb_build_object('at', catalog_instant(at), 'by', by)), '{}') AS by_environment
                      FROM party_seen(c.service_id, c.line_id, 'read')) seen
     WHERE c.id = of_consumption
$$;

CREATE FUNCTION production_json(of_production bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.public_id, 'service', s.slug, 'team', t.slug, 'line', l.name, 'environments', p.environments,
               'evidence', p.evidence, 'since', catalog_instant(p.created_at), 'last_seen', seen.by_environment,
               'ended_at', catalog_instant(p.ended_at), 'end_reason', p.end_reason, 'labels', p.labels, 'managed_by', p.managed_by,
               'created_by', p.created_by, 'updated_at', catalog_instant(p.updated_at), 'updated_by', p.updated_by,
               'links', jsonb_build_object('self', '/api/v1/productions/' || p.public_id, 'ui', '/ui/services/' || s.slug || '#' || p.public_id,
                                           'line', '/api/v1/lines/' || l.name, 'service', '/api/v1/services/' || s.slug))
      FROM production p JOIN line_named l ON l.id = p.line_id JOIN service s ON s.id = p.service_id JOIN team t ON t.id = s.team_id,
           LATERAL (SELECT coalesce(jsonb_object_agg(coalesce(nullif(environment, ''), 'somewhere'),
                                                     jsonb_build_object('at', catalog_instant(at), 'by', by)), '{}') AS by_environment
                      FROM party_seen(p.service_id, p.line_id, 'write')) seen
     WHERE p.id = of_production
$$;

CREATE FUNCTION deployment_json(of_deployment bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', d.public_id, 'service', s.slug, 'team', t.slug, 'version', d.version, 'environment', v.name, 'production', v.production,
               'produces', d.produces, 'consumes', d.consumes, 'coexist', d.coexist, 'at', catalog_instant(d.at), 'ended_at', catalog_instant(d.ended_at),
               'created_by', d.created_by, 'links', jsonb_build_object('self', '/api/v1/deployments/' || d.public_id, 'ui', '/ui/services/' || s.slug))
      FROM deployment d JOIN service s ON s.id = d.service_id JOIN team t ON t.id = s.team_id JOIN environment v ON v.id = d.environment_id
     WHERE d.id = of_deployment
$$;

CREATE FUNCTION channel_json(of_channel bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('slug', c.slug, 'broker', c.broker, 'address', c.address, 'environments', c.environments, 'settings', c.settings,
               'labels', c.labels, 'managed_by', c.managed_by,
               'lines', (SELECT coalesce(jsonb_agg(l.name ORDER BY l.name), '[]') FROM channel_line x JOIN line_named l ON l.id = x.line_id WHERE x.channel_id = c.id),
               'created_at', catalog_instant(c.created_at), 'created_by', c.created_by, 'updated_at', catalog_instant(c.updated_at), 'updated_by', c.updated_by,
               'links', jsonb_build_object('self', '/api/v1/channels/' || c.slug, 'ui', '/ui/channels/' || c.slug))
      FROM channel c WHERE c.id = of_channel
$$;

-- Declared against seen. recent: days in which a sight counts. unused: days without one after which a declaration counts as unused, which only
-- says that nobody saw it: it ends nothing.
CREATE FUNCTION drift_now(recent integer, unused integer)
RETURNS TABLE (kind text, line text, service text, team text, owner text, what text, detail text, last_at timestamptz, next text) LANGUAGE sql STABLE AS $$
    WITH l AS (
        SELECT l.*, t.slug AS owner FROM line_named l JOIN team t ON t.id = l.team_id WHERE l.state NOT IN ('removed', 'abandoned')
    ), seen AS (
        SELECT o.line_id, o.service_id, o.op, max(o.last_at) AS last_at FROM observation o
         WHERE o.service_id <> 0 AND o.last_at > catalog_now() - make_interval(days => recent) GROUP BY 1, 2, 3
    )
    SELECT CASE seen.op WHEN 'read' THEN 'undeclared_read' ELSE 'undeclared_write' END, l.name, s.slug::text, t.slug::text, l.owner::text, NULL::text,
           s.slug || CASE seen.op WHEN 'read' THEN ' reads ' ELSE ' writes ' END || l.name || ' and has not said so', seen.last_at,
           'POST /api/v1/' || CASE seen.op WHEN 'read' THEN 'consumptions' ELSE 'productions' END
      FROM seen JOIN l ON l.id = seen.line_id JOIN service s ON s.id = seen.service_id JOIN team t ON t.id = s.team_id
     WHERE CASE seen.op
           WHEN 'read' THEN NOT EXISTS (SELECT FROM consumption c WHERE c.line_id = l.id AND c.service_id = s.id AND c.state IN ('requested', 'active'))
                            AND NOT EXISTS (SELECT FROM production p WHERE p.line_id = l.id AND p.service_id = s.id AND p.ended_at IS NULL)
           ELSE NOT EXISTS (SELECT FROM production p WHERE p.line_id = l.id AND p.service_id = s.id AND p.ended_at IS NULL) END
     UNION ALL
    SELECT CASE o.op WHEN 'read' THEN 'undeclared_read' ELSE 'undeclared_write' END, l.name, NULL, NULL, l.owner::text, coalesce(nullif(o.detail, ''), k.prefix),
           'Somebody ' || CASE o.op WHEN 'read' THEN 'reads ' ELSE 'writes ' END || l.name || '; it is not known who', max(o.last_at),
           'give the client a token of its service'
      FROM observation o JOIN l ON l.id = o.line_id LEFT JOIN token k ON k.id = o.token_id
     WHERE o.service_id = 0 AND o.last_at > catalog_now() - make_interval(days => recent) GROUP BY o.op, l.name, l.owner, coalesce(nullif(o.detail, ''), k.prefix)
     UNION ALL
    SELECT 'unused_declaration', l.name, s.slug::text, t.slug::text, l.owner::text, c.public_id, s.slug || ' says that it reads ' || l.name || '; nobody saw it',
           (SELECT max(at) FROM party_seen(s.id, l.id, 'read')), 'POST /api/v1/consumptions/' || c.public_id || '/attest'
      FROM consumption c JOIN l ON l.id = c.line_id JOIN service s ON s.id = c.service_id JOIN team t ON t.id = s.team_id
     WHERE c.state = 'active' AND c.attested_at < catalog_now() - make_interval(days => unused)
       AND NOT EXISTS (SELECT FROM party_seen(s.id, l.id, 'read') p WHERE p.at > catalog_now() - make_interval(days => unused))
     UNION ALL
    SELECT 'unused_declaration', l.name, s.slug::text, t.slug::text, l.owner::text, p.public_id, s.slug || ' says that it writes ' || l.name || '; nobody saw it',
           (SELECT max(at) FROM party_seen(s.id, l.id, 'write')), 'POST /api/v1/productions/' || p.public_id || '/end'
      FROM production p JOIN l ON l.id = p.line_id JOIN service s ON s.id = p.service_id JOIN team t ON t.id = s.team_id
     WHERE p.ended_at IS NULL AND p.created_at < catalog_now() - make_interval(days => unused)
       AND NOT EXISTS (SELECT FROM party_seen(s.id, l.id, 'write') x WHERE x.at > catalog_now() - make_interval(days => unused))
     UNION ALL
    SELECT 'wrong_version', l.name, s.slug::text, t.slug::text, l.owner::text, v.name || ' ' || (u.value ->> 'version'),
           s.slug || ' ' || d.version || ' runs in ' || v.name || ' with ' || l.event_name || '@' || (u.value ->> 'version') || ', which the line does not have',
           d.at, 'register the version, or correct the deployment'
      FROM deployment d JOIN environment v ON v.id = d.environment_id JOIN service s ON s.id = d.service_id JOIN team t ON t.id = s.team_id,
           jsonb_array_elements(d.produces || d.consumes) u JOIN l ON l.name = u.value ->> 'line'
     WHERE d.ended_at IS NULL AND u.value ->> 'version' IS NOT NULL
       AND NOT EXISTS (SELECT FROM line_version x WHERE x.line_id = l.id AND x.semver = u.value ->> 'version' AND x.state IN ('active', 'superseded'))
     UNION ALL
    SELECT 'unknown_field', l.name, s.slug::text, t.slug::text, l.owner::text, f.path,
           s.slug || ' reads ' || f.path || ', which ' || l.name || coalesce(' lost with ' || gone.removed, ' does not have'), NULL,
           'PATCH /api/v1/consumptions/' || c.public_id
      FROM consumption c JOIN consumption_field f ON f.consumption_id = c.id JOIN l ON l.id = c.line_id
      JOIN service s ON s.id = c.service_id JOIN team t ON t.id = s.team_id
      LEFT JOIN line_field gone ON gone.line_id = l.id AND gone.role = 'value' AND gone.path = f.path
     WHERE c.state IN ('requested', 'active') AND line_current(l.id, 'value') IS NOT NULL AND (gone.id IS NULL OR gone.removed IS NOT NULL)
$$;
