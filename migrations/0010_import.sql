-- A bundle taken in: what GET /api/v1/export/bundle gave out, here or elsewhere. What is there already stays as it is; everything is found by name.

CREATE FUNCTION catalog_import(bundle jsonb, by_whom text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    added      jsonb := '{}';
    rows_added bigint;
BEGIN
    INSERT INTO environment (name, position, production, created_by)
    SELECT x.name, coalesce(x."order", 0), coalesce(x.production, false), by_whom
      FROM jsonb_to_recordset(nullif(bundle->'environments', 'null')) x (name text, "order" integer, production boolean)
        ON CONFLICT (name) DO NOTHING;
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('environments', rows_added);

    INSERT INTO person (login, name, email, role, disabled, managed_by, created_by)
    SELECT x.login, coalesce(x.name, ''), x.email, coalesce(x.role, 'viewer'), coalesce(x.disabled, false), 'import', by_whom
      FROM jsonb_to_recordset(nullif(bundle->'users', 'null')) x (login text, name text, email text, role text, disabled boolean)
        ON CONFLICT (login) DO NOTHING;
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('users', rows_added);

    INSERT INTO team (slug, name, description, contact, oncall, labels, managed_by, created_by)
    SELECT x.slug, x.name, coalesce(x.description, ''), coalesce(x.contact, '{}'), coalesce(x.oncall, '{}'), coalesce(x.labels, '{}'),
           'import', by_whom
      FROM jsonb_to_recordset(nullif(bundle->'teams', 'null'))
           x (slug text, name text, description text, contact jsonb, oncall jsonb, labels jsonb)
        ON CONFLICT (slug) DO NOTHING;
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('teams', rows_added);

    INSERT INTO membership (team_id, person_id, role, created_by)
    SELECT t.id, p.id, coalesce(m.role, 'member'), by_whom
      FROM jsonb_to_recordset(nullif(bundle->'teams', 'null')) x (slug text, members jsonb)
     CROSS JOIN LATERAL jsonb_to_recordset(nullif(x.members, 'null')) m (login text, role text)
      JOIN team t ON t.slug = x.slug
      JOIN person p ON p.login = m.login
        ON CONFLICT (team_id, person_id) DO NOTHING;

    INSERT INTO domain (slug, name, description, team_id, labels, managed_by, created_by)
    SELECT x.slug, x.name, coalesce(x.description, ''), t.id, coalesce(x.labels, '{}'), 'import', by_whom
      FROM jsonb_to_recordset(nullif(bundle->'domains', 'null')) x (slug text, name text, description text, team text, labels jsonb)
      LEFT JOIN team t ON t.slug = x.team
        ON CONFLICT (slug) DO NOTHING;
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('domains', rows_added);

    INSERT INTO policy (scope, settings, created_by)
    SELECT x.scope, x.settings, by_whom
      FROM jsonb_to_recordset(nullif(bundle->'policies', 'null')) x (scope text, settings jsonb)
        ON CONFLICT (scope) DO NOTHING;

    INSERT INTO service (slug, name, description, kind, repo, tier, team_id, labels, managed_by, created_by)
    SELECT x.slug, x.name, coalesce(x.description, ''), coalesce(x.kind, 'service'), x.repo, x.tier, t.id, coalesce(x.labels, '{}'),
           'import', by_whom
      FROM jsonb_to_recordset(nullif(bundle->'services', 'null'))
           x (slug text, name text, description text, kind text, repo text, tier text, team text, labels jsonb)
      JOIN team t ON t.slug = x.team
        ON CONFLICT (slug) DO NOTHING;
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('services', rows_added);

    WITH made AS (
        INSERT INTO event (name, title, summary, description, reason_to_exist, domain_id, team_id, contact, oncall, category, audience,
                           classification, tags, docs, labels, managed_by, created_by)
        SELECT x.name, coalesce(x.title, ''), coalesce(x.summary, ''), coalesce(x.description, ''), coalesce(x.reason_to_exist, ''),
               d.id, t.id, coalesce(x.contact, '{}'), coalesce(x.oncall, '{}'), coalesce(x.category, 'fact'),
               coalesce(x.audience, 'company'), coalesce(x.classification, '{}'), coalesce(x.tags, '{}'), coalesce(x.docs, '[]'),
               coalesce(x.labels, '{}'), 'import', by_whom
          FROM jsonb_to_recordset(nullif(bundle->'events', 'null'))
               x (name text, title text, summary text, description text, reason_to_exist text, domain text, owner text, contact jsonb,
                  oncall jsonb, category text, audience text, classification jsonb, tags text[], docs jsonb, labels jsonb)
          JOIN team t ON t.slug = x.owner
          LEFT JOIN domain d ON d.slug = x.domain
         WHERE NOT EXISTS (SELECT FROM event_name en WHERE en.name = x.name)
            ON CONFLICT (name) DO NOTHING
        RETURNING id, name
    ), named AS (
        INSERT INTO event_name (name, event_id, created_by)
        SELECT name, id, by_whom FROM made
            ON CONFLICT (name) DO NOTHING
    )
    SELECT count(*) INTO rows_added FROM made;
    added := added || jsonb_build_object('events', rows_added);

    INSERT INTO line (event_id, major, state, level, activated_at, deprecated_at, sunset_at, removed_at, reason, replacement,
                      migration_guide, created_by)
    SELECT e.id, l.major, coalesce(l.state, 'draft'), coalesce(l.compatibility, 'FULL'), l.activated_at, l.deprecated_at, l.sunset_at,
           l.removed_at, coalesce(l.reason, ''), l.replacement, l.migration_guide, by_whom
      FROM jsonb_to_recordset(nullif(bundle->'events', 'null')) x (name text, lines jsonb)
     CROSS JOIN LATERAL jsonb_to_recordset(nullif(x.lines, 'null'))
           l (major integer, state text, compatibility text, activated_at timestamptz, deprecated_at timestamptz, sunset_at timestamptz,
              removed_at timestamptz, reason text, replacement text, migration_guide text)
      JOIN event e ON e.name = x.name
        ON CONFLICT (event_id, major) DO NOTHING;
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('lines', rows_added);

    INSERT INTO contract (line_id, n, terms, created_by)
    SELECT ln.id, 1, l.contract, by_whom
      FROM jsonb_to_recordset(nullif(bundle->'events', 'null')) x (name text, lines jsonb)
     CROSS JOIN LATERAL jsonb_to_recordset(nullif(x.lines, 'null')) l (major integer, contract jsonb)
      JOIN line_named ln ON ln.event_name = x.name AND ln.major = l.major
     WHERE l.contract IS NOT NULL
        ON CONFLICT (line_id, n) DO NOTHING;

    INSERT INTO line_subject (line_id, subject, role, created_by)
    SELECT ln.id, s.subject, coalesce(s.role, 'value'), by_whom
      FROM jsonb_to_recordset(nullif(bundle->'events', 'null')) x (name text, lines jsonb)
     CROSS JOIN LATERAL jsonb_to_recordset(nullif(x.lines, 'null')) l (major integer, subjects jsonb)
     CROSS JOIN LATERAL jsonb_to_recordset(nullif(l.subjects, 'null')) s (subject text, role text)
      JOIN line_named ln ON ln.event_name = x.name AND ln.major = l.major
        ON CONFLICT (subject) DO NOTHING;

    INSERT INTO channel (slug, broker, address, environments, settings, managed_by, created_by)
    SELECT x.slug, coalesce(x.broker, 'kafka'), x.address, coalesce(x.environments, '{}'), coalesce(x.settings, '{}'), 'import', by_whom
      FROM jsonb_to_recordset(nullif(bundle->'channels', 'null'))
           x (slug text, broker text, address text, environments text[], settings jsonb)
        ON CONFLICT (slug) DO NOTHING;
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('channels', rows_added);

    INSERT INTO channel_line (channel_id, line_id)
    SELECT c.id, ln.id
      FROM jsonb_to_recordset(nullif(bundle->'channels', 'null')) x (slug text, lines text[])
      JOIN channel c ON c.slug = x.slug
      JOIN line_named ln ON ln.name = ANY (x.lines)
        ON CONFLICT (channel_id, line_id) DO NOTHING;

    INSERT INTO production (public_id, service_id, line_id, environments, evidence, managed_by, created_by)
    SELECT 'prd_' || replace(gen_random_uuid()::text, '-', ''), s.id, ln.id, coalesce(x.environments, '{}'),
           coalesce(x.evidence, 'declared'), 'import', by_whom
      FROM jsonb_to_recordset(nullif(bundle->'productions', 'null')) x (service text, line text, environments text[], evidence text)
      JOIN service s ON s.slug = x.service
      JOIN line_named ln ON ln.name = x.line
     WHERE NOT EXISTS (SELECT FROM production p WHERE p.service_id = s.id AND p.line_id = ln.id AND p.ended_at IS NULL);
    GET DIAGNOSTICS rows_added = ROW_COUNT;
    added := added || jsonb_build_object('productions', rows_added);

    WITH made AS (
        INSERT INTO consumption (public_id, service_id, line_id, version_range, environments, purpose, criticality, reader, reader_format,
                                 reader_text, not_relied_on, state, managed_by, created_by)
        SELECT 'cns_' || replace(gen_random_uuid()::text, '-', ''), s.id, ln.id, coalesce(x.version_range, '*'),
               coalesce(x.environments, '{}'), coalesce(x.purpose, ''), coalesce(x.criticality, 'blocking'), nullif(x.reader, 'null'),
               x.reader_format, x.reader_text, coalesce(x.not_relied_on, '{}'), coalesce(x.state, 'active'), 'import', by_whom
          FROM jsonb_to_recordset(nullif(bundle->'consumptions', 'null'))
               x (service text, line text, version_range text, environments text[], purpose text, criticality text, reader jsonb,
                  reader_format text, reader_text text, not_relied_on text[], state text)
          JOIN service s ON s.slug = x.service
          JOIN line_named ln ON ln.name = x.line
         WHERE NOT EXISTS (SELECT FROM consumption c
                            WHERE c.service_id = s.id AND c.line_id = ln.id AND c.state IN ('active', 'requested'))
        RETURNING id, service_id, line_id
    ), fields AS (
        INSERT INTO consumption_field (consumption_id, path, need, enum_handling, use)
        SELECT made.id, f.path, coalesce(f.need, 'required'), coalesce(f.enum_handling, 'tolerant'), coalesce(f.use, '')
          FROM made
          JOIN service s ON s.id = made.service_id
          JOIN line_named ln ON ln.id = made.line_id
          JOIN jsonb_to_recordset(nullif(bundle->'consumptions', 'null')) x (service text, line text, fields jsonb)
            ON x.service = s.slug AND x.line = ln.name
         CROSS JOIN LATERAL jsonb_to_recordset(nullif(x.fields, 'null')) f (path text, need text, enum_handling text, use text)
    )
    SELECT count(*) INTO rows_added FROM made;
    RETURN added || jsonb_build_object('consumptions', rows_added);
-- What the bundle says is wrong, not what we do: it is refused as a whole, in PostgreSQL's words.
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
    RETURN jsonb_build_object('refused', SQLERRM);
END
$$;
COMMENT ON FUNCTION catalog_import IS 'adds what the bundle has and the catalog lacks; how many of each, or why it was refused';
