-- How lines end: what replies say about it, and what the clock has done.

-- What replies say of a schema whose line ends (catalog/deprecation.h): three lines, empty where there is nothing to say.
CREATE VIEW line_deprecation AS
SELECT l.id AS line_id,
       '@' || floor(extract(epoch FROM l.deprecated_at))::bigint || E'\n'
           || coalesce(to_char(l.sunset_at AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"'), '') || E'\n'
           || concat_ws(', ',
                  '</api/v1/lines/' || nullif(l.replacement, 'none') || '>; rel="successor-version"',
                  '<' || substring(left(l.migration_guide, 1000) FROM '^https?://[^[:space:][:cntrl:]<>"]+$') || '>; rel="deprecation"') AS headers
  FROM line l
 WHERE l.state IN ('deprecated', 'sunset', 'removed') AND l.deprecated_at IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------------------------

-- What the clock did and no other row tells, by a name that is used once: a second server, or a clock that was set back, finds it here.
CREATE TABLE due_done (
    name text COLLATE "C" PRIMARY KEY,
    at   timestamptz NOT NULL DEFAULT catalog_moment()
);
COMMENT ON TABLE due_done IS 'reminders that went out, expiries that were told; no part of the history of the catalog';

-- Who was asked and has not answered: step is 1, 2 and 3 from 50, 80 and 100 % of the time on that they were given.
CREATE VIEW requirement_due AS
SELECT r.id, r.change_id, r.act, r.reminded, r.escalated_at, r.due_at, 'CR-' || c.id AS change, c.title, l.name AS line,
       t.slug AS team, x.slug AS escalation_team, coalesce(change_rules(c.event_id) #>> '{silence,blocking}', 'escalate') AS silence,
       CASE WHEN r.due_at IS NULL THEN 0
            WHEN catalog_now() >= r.due_at THEN 3
            WHEN catalog_now() >= r.created_at + (r.due_at - r.created_at) * 0.8 THEN 2
            WHEN catalog_now() >= r.created_at + (r.due_at - r.created_at) * 0.5 THEN 1
            ELSE 0 END AS step
  FROM requirement_now r
  JOIN change c ON c.id = r.change_id
  JOIN line_named l ON l.id = c.line_id
  JOIN team t ON t.id = team_acting(r.team_id)
  LEFT JOIN team x ON x.id = t.escalation_team
 WHERE r.status = 'waiting' AND NOT c.suggestion
   AND (c.state = 'open' OR (c.state = 'applied' AND c.kind = 'lifecycle' AND l.state = 'deprecated'));

-- How long each living consumption has given no sign of life: attestation, observation, deployment.
CREATE VIEW consumption_silence AS
SELECT c.id, c.public_id, c.reminded, c.reminded_at, l.id AS line_id, l.name AS line, s.slug AS service, t.slug AS team, life.at AS seen_at,
       life.at + make_interval(days => (rules ->> 'stale_days')::integer) <= catalog_now() AS silent,
       (rules ->> 'reminders_before_stale')::integer AS reminders
  FROM consumption c
  JOIN line_named l ON l.id = c.line_id AND l.state IN ('active', 'deprecated', 'sunset')
  JOIN service s ON s.id = c.service_id
  JOIN team t ON t.id = team_acting(s.team_id)
 CROSS JOIN LATERAL change_rules(l.event_id) rules
 CROSS JOIN LATERAL (
       SELECT greatest(c.attested_at,
                       (SELECT max(o.last_at) FROM observation o
                         WHERE o.line_id = c.line_id AND o.service_id = c.service_id AND o.op = 'read'),
                       (SELECT max(d.at) FROM deployment d
                         WHERE d.service_id = c.service_id AND d.ended_at IS NULL
                           AND EXISTS (SELECT FROM jsonb_array_elements(d.consumes) u WHERE u ->> 'line' = l.name))) AS at) life
 WHERE c.state = 'active';

-- Events that somebody may depend on and whose owner nobody stands for.
CREATE VIEW event_orphan AS
SELECT e.id, e.name, t.slug AS team, x.slug AS escalation_team
  FROM event e
  JOIN team t ON t.id = e.team_id
  LEFT JOIN team x ON x.id = t.escalation_team
 WHERE EXISTS (SELECT FROM line l WHERE l.event_id = e.id AND l.state IN ('active', 'deprecated', 'sunset'))
   AND (t.dissolved_at IS NOT NULL
        OR NOT EXISTS (SELECT FROM membership m JOIN person p ON p.id = m.person_id AND NOT p.disabled WHERE m.team_id = t.id))
   AND e.managed_by <> 'avow'; -- the product's own events are the product's to keep
