-- Makes events of the product's own kinds, with a line each that is bound to the subject of its schema.
--
-- $1 text[] kinds: change.opened ...
-- n: how many are new.
WITH team_made AS (
    INSERT INTO team (slug, name, description, created_by)
    VALUES ('avow', 'Avow', 'The catalog itself: it owns the events that it sends.', 'avow')
    ON CONFLICT DO NOTHING RETURNING id
), owner AS (
    SELECT id FROM team_made UNION ALL SELECT id FROM team WHERE slug = 'avow' LIMIT 1
), domain_made AS (
    INSERT INTO domain (slug, name, description, team_id, created_by)
    SELECT 'avow', 'Avow', 'What the catalog tells by webhook.', id, 'avow' FROM owner
    ON CONFLICT DO NOTHING RETURNING id
), home AS (
    SELECT id FROM domain_made UNION ALL SELECT id FROM domain WHERE slug = 'avow' LIMIT 1
), told AS (
    SELECT 'io.avow.' || kind AS name, kind, replace(replace(upper(left(kind, 1)) || substr(kind, 2), '.', ' '), '_', ' ') AS title,
           'io.avow.' || kind || '-value' AS subject
      FROM unnest($1::text[]) k (kind)
     WHERE NOT EXISTS (SELECT FROM event_name n WHERE n.name = 'io.avow.' || kind)
), events AS (
    INSERT INTO event (name, domain_id, team_id, title, summary, reason_to_exist, audience, tags, managed_by, created_by, updated_by)
    SELECT told.name, home.id, owner.id, told.title, 'The catalog tells: ' || lower(told.title) || '.',
           'People and programs hear of what happens in the catalog without asking it again and again.', 'company', '{avow}', 'avow', 'avow', 'avow'
      FROM told, home, owner
    RETURNING id, name
), names AS (
    INSERT INTO event_name (name, event_id, created_by) SELECT name, id, 'avow' FROM events
), lines AS (
    INSERT INTO line (event_id, major, state, activated_at, created_by, updated_by)
    SELECT id, 1, 'active', catalog_moment(), 'avow', 'avow' FROM events
    RETURNING id, event_id
), subjects AS (
    INSERT INTO line_subject (line_id, subject, created_by)
    SELECT l.id, ':.avow:' || e.name || '-value', 'avow' FROM lines l JOIN events e ON e.id = l.event_id
), contracts AS (
    INSERT INTO contract (line_id, n, terms, created_by)
    SELECT id, 1, '{"delivery": {"semantics": "at_least_once", "dedup": "id"}, "ordering": {"scope": "key", "key_fields": ["subject"]}, "envelope": {"kind": "cloudevents-structured"}}', 'avow'
      FROM lines
), versions AS (
    INSERT INTO line_version (line_id, semver, major, minor, patch, subject, version, context_id, schema_id, state, format, text, fingerprint, created_by)
    SELECT l.id, '1.0.0', 1, 0, 0, s.qualified, v.version, v.context_id, v.schema_id, 'active', 'JSON', sc.text,
           encode(sha256(convert_to(sc.text, 'UTF8')), 'hex'), 'avow'
      FROM lines l
      JOIN events e ON e.id = l.event_id
      JOIN subject s ON s.qualified = ':.avow:' || e.name || '-value'
      JOIN subject_version v ON v.subject_id = s.id AND v.version = (SELECT max(version) FROM subject_version x WHERE x.subject_id = s.id)
      JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
)
SELECT count(*) AS n FROM events
