-- Change requests: revisions, what each finds, whom it affects, who has to say what, what they said, who was told.

CREATE TABLE change (
    id                   bigint      GENERATED ALWAYS AS IDENTITY (START WITH 1001) PRIMARY KEY,
    kind                 text        NOT NULL CHECK (kind IN ('schema', 'contract', 'lifecycle')),
    event_id             bigint      NOT NULL REFERENCES event,
    line_id              bigint      NOT NULL REFERENCES line,
    title                text        NOT NULL,
    rationale            text        NOT NULL DEFAULT '',
    author               text        NOT NULL,
    author_team          bigint      REFERENCES team,
    suggestion           boolean     NOT NULL DEFAULT false,
    state                text        NOT NULL CHECK (state IN ('draft', 'open', 'applied', 'rejected', 'withdrawn', 'expired')),
    class                text        NOT NULL DEFAULT 'compatible' CHECK (class IN ('breaking', 'compatible', 'documentation')),
    strategy             text        NOT NULL DEFAULT 'in_line' CHECK (strategy IN ('in_line', 'new_line')),
    plan                 jsonb       NOT NULL DEFAULT '{}',
    source               jsonb       NOT NULL DEFAULT '{}',
    context              text COLLATE "C",
    revision             integer     NOT NULL DEFAULT 1,
    semver               jsonb       NOT NULL DEFAULT '{}',
    auto_apply           boolean     NOT NULL DEFAULT false,
    effective_not_before timestamptz,
    opened_at            timestamptz,
    ready_told           boolean     NOT NULL DEFAULT false,
    expires_at           timestamptz,
    closed_at            timestamptz,
    closed_by            text,
    close_reason         text,
    override             jsonb,
    applied_version      bigint      REFERENCES line_version,
    new_line_id          bigint      REFERENCES line,
    labels               jsonb       NOT NULL DEFAULT '{}',
    rev                  integer     NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by           text        NOT NULL DEFAULT '',
    updated_at           timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by           text        NOT NULL DEFAULT ''
);
CREATE INDEX change_line ON change (line_id, state);
CREATE INDEX change_open ON change (state) WHERE state IN ('draft', 'open');
CREATE UNIQUE INDEX change_context ON change (event_id, context) WHERE state IN ('draft', 'open');
CREATE UNIQUE INDEX change_one_break ON change (line_id) WHERE state = 'open' AND class = 'breaking' AND NOT suggestion;
COMMENT ON COLUMN change.id IS 'CR-1001 outside';
COMMENT ON COLUMN change.context IS 'repo#pull: a second push with the same one is a new revision';
COMMENT ON COLUMN change.suggestion IS 'by somebody who does not own the event: waits until the owner adopts it';
COMMENT ON COLUMN change.override IS 'by, reason, ticket, affected, at: stays for ever';
ALTER TABLE contract ADD FOREIGN KEY (change_id) REFERENCES change;
ALTER TABLE line_version ADD FOREIGN KEY (change_id) REFERENCES change;

CREATE TABLE revision (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_id    bigint      NOT NULL REFERENCES change,
    n            integer     NOT NULL CHECK (n > 0),
    format       text        CHECK (format IN ('AVRO', 'JSON')),
    text         text,
    refs         jsonb       NOT NULL DEFAULT '[]',
    terms        jsonb,
    target       jsonb,
    base_version bigint      REFERENCES line_version,
    base_terms   integer,
    content_hash text        NOT NULL,
    class        text        NOT NULL,
    semver       text        NOT NULL DEFAULT '',
    alternatives jsonb       NOT NULL DEFAULT '[]',
    checks       jsonb       NOT NULL DEFAULT '[]',
    summary      text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by   text        NOT NULL DEFAULT '',
    UNIQUE (change_id, n)
);
COMMENT ON COLUMN revision.text IS 'the candidate schema, as it will be registered';
COMMENT ON COLUMN revision.terms IS 'the candidate contract';
COMMENT ON COLUMN revision.target IS 'of a lifecycle change: state, sunset_at, reason, replacement, migration_guide';
COMMENT ON COLUMN revision.checks IS 'what forbids it however many agree: code and detail of each';
COMMENT ON COLUMN revision.content_hash IS 'of what is proposed: a registration with the same content applies it';

CREATE TABLE finding (
    id             bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision_id    bigint  NOT NULL REFERENCES revision,
    position       integer NOT NULL,
    fingerprint    text    NOT NULL,
    rule           text    NOT NULL,
    class          text    NOT NULL CHECK (class IN ('breaking', 'risky', 'safe', 'documentation')),
    direction      text    NOT NULL CHECK (direction IN ('reader-old', 'reader-new', 'both', 'contract')),
    path           text    NOT NULL DEFAULT '',
    message        text    NOT NULL,
    hint           text    NOT NULL DEFAULT '',
    source         jsonb,
    counterexample jsonb,
    UNIQUE (revision_id, position)
);

CREATE TABLE impact (
    id             bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision_id    bigint  NOT NULL REFERENCES revision,
    consumption_id bigint  NOT NULL REFERENCES consumption,
    verdict        text    NOT NULL CHECK (verdict IN ('broken', 'at_risk', 'unaffected', 'unknown')),
    evidence       text    NOT NULL CHECK (evidence IN ('reader_schema', 'declared_fields', 'none')),
    act            text    NOT NULL CHECK (act IN ('approve', 'acknowledge', 'none')),
    stale          boolean NOT NULL DEFAULT false,
    because        text[]  NOT NULL DEFAULT '{}',
    counterexample jsonb,
    last_seen      jsonb   NOT NULL DEFAULT '{}',
    note           text,
    UNIQUE (revision_id, consumption_id)
);
CREATE INDEX impact_consumption ON impact (consumption_id);
COMMENT ON COLUMN impact.last_seen IS 'as it was known when the revision was judged';
COMMENT ON COLUMN impact.because IS 'fingerprints of the findings that apply';

CREATE TABLE requirement (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_id    bigint      NOT NULL REFERENCES change,
    team_id      bigint      NOT NULL REFERENCES team,
    act          text        NOT NULL CHECK (act IN ('approve', 'acknowledge')),
    covers       bigint[]    NOT NULL,
    fingerprints text[]      NOT NULL,
    reason       text        NOT NULL DEFAULT '',
    due_at       timestamptz,
    reminded     integer     NOT NULL DEFAULT 0,
    escalated_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT catalog_moment(),
    UNIQUE (change_id, team_id)
);
COMMENT ON TABLE requirement IS 'who has to say something about the current revision, computed from its impact; what they said is in decision';
COMMENT ON COLUMN requirement.covers IS 'consumptions of the team';
COMMENT ON COLUMN requirement.fingerprints IS 'what hits them now; a decision stands while it covers all of these';

CREATE TABLE decision (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    requirement_id bigint      NOT NULL REFERENCES requirement,
    revision       integer     NOT NULL,
    person         text        NOT NULL,
    act            text        NOT NULL CHECK (act IN ('approve', 'acknowledge', 'request_changes', 'reject', 'not_affected')),
    not_before     timestamptz,
    comment        text        NOT NULL DEFAULT '',
    fingerprints   text[]      NOT NULL,
    automatic      boolean     NOT NULL DEFAULT false,
    reset_at       timestamptz,
    created_at     timestamptz NOT NULL DEFAULT catalog_moment()
);
CREATE INDEX decision_requirement ON decision (requirement_id, id);
COMMENT ON TABLE decision IS 'never edited: the latest one that was not reset counts';
COMMENT ON COLUMN decision.reset_at IS 'a later revision hits the team with more than it covers';

CREATE TABLE remark (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_id  bigint      NOT NULL REFERENCES change,
    author     text        NOT NULL,
    body       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT catalog_moment()
);
CREATE INDEX remark_change ON remark (change_id);
COMMENT ON TABLE remark IS 'the discussion of a change; called comments outside';

CREATE TABLE notice (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_id      bigint      REFERENCES change,
    line_id        bigint      REFERENCES line,
    consumption_id bigint      NOT NULL REFERENCES consumption,
    team_id        bigint      NOT NULL REFERENCES team,
    sent_at        timestamptz NOT NULL DEFAULT catalog_moment(),
    delivered_at   timestamptz,
    delivered_by   text        CHECK (delivered_by IN ('webhook', 'inbox')),
    UNIQUE NULLS NOT DISTINCT (change_id, line_id, consumption_id)
);
CREATE INDEX notice_team ON notice (team_id) WHERE delivered_at IS NULL;
COMMENT ON COLUMN notice.delivered_at IS 'first successful delivery to a webhook of the team, or first look into its inbox: the notice period begins here';

CREATE TABLE waiver (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id     bigint      NOT NULL REFERENCES line,
    service_id  bigint      REFERENCES service,
    rule        text        NOT NULL,
    reason      text        NOT NULL,
    expires_at  timestamptz NOT NULL,
    approved_by text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by  text        NOT NULL DEFAULT ''
);
COMMENT ON COLUMN waiver.rule IS 'LINE_DEPRECATED: this service may still begin to consume; or the rule or fingerprint of a finding';

SELECT catalog_touched('change');
SELECT catalog_versioned(t)
  FROM unnest('{change,revision,finding,impact,requirement,decision,remark,notice,waiver}'::regclass[]) t;

-- ---------------------------------------------------------------------------------------------------------------------

-- What holds for an event, as far as the database judges by it: built in, organisation, domain, event; the nearest counts.
CREATE FUNCTION change_rules(of_event bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT '{"notice_days": 30, "stale_days": 90, "reminders_before_stale": 2, "acknowledge_blocks": false, "freeze_windows": [],
             "change_expires_days": 180, "deprecation_min_days": 90, "members_decide": true, "override_roles": ["admin"]}'::jsonb
           || coalesce((SELECT settings FROM policy WHERE scope = 'org'), '{}')
           || coalesce((SELECT p.settings FROM event e JOIN domain d ON d.id = e.domain_id JOIN policy p ON p.scope = 'domain:' || d.slug
                         WHERE e.id = of_event), '{}')
           || coalesce((SELECT p.settings FROM event e JOIN policy p ON p.scope = 'event:' || e.name WHERE e.id = of_event), '{}')
$$;
COMMENT ON FUNCTION change_rules IS 'the keys that statements need; catalog/policy.h has all of them';

CREATE FUNCTION team_acting(of_team bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain AS (
        SELECT of_team AS id, 0 AS step
         UNION ALL
        SELECT t.successor, step + 1
          FROM chain JOIN team t ON t.id = chain.id
         WHERE t.dissolved_at IS NOT NULL AND t.successor IS NOT NULL AND step < 20
    )
    SELECT id FROM chain ORDER BY step DESC LIMIT 1
$$;
COMMENT ON FUNCTION team_acting IS 'the team itself, or who took over from it when it was dissolved';

-- A requirement with the decision that counts, for the present and for the past.
CREATE VIEW requirement_now AS
SELECT r.*, d.act AS said, d.person, d.not_before, d.comment, d.revision AS said_of, d.automatic, d.created_at AS said_at,
       CASE WHEN cardinality(r.covers) = 0 THEN 'not_needed'
            WHEN d.act IS NULL OR (d.act = 'acknowledge' AND r.act = 'approve') THEN 'waiting'
            WHEN d.act = 'request_changes' THEN 'changes_requested'
            ELSE (ARRAY['approved', 'acknowledged', 'rejected', 'not_affected'])[array_position(ARRAY['approve', 'acknowledge', 'reject', 'not_affected'], d.act)]
       END AS status
  FROM requirement r
  LEFT JOIN LATERAL (SELECT * FROM decision WHERE requirement_id = r.id AND reset_at IS NULL ORDER BY id DESC LIMIT 1) d ON true;
CREATE VIEW asof.requirement_now AS
SELECT r.*, d.act AS said, d.person, d.not_before, d.comment, d.revision AS said_of, d.automatic, d.created_at AS said_at,
       CASE WHEN cardinality(r.covers) = 0 THEN 'not_needed'
            WHEN d.act IS NULL OR (d.act = 'acknowledge' AND r.act = 'approve') THEN 'waiting'
            WHEN d.act = 'request_changes' THEN 'changes_requested'
            ELSE (ARRAY['approved', 'acknowledged', 'rejected', 'not_affected'])[array_position(ARRAY['approve', 'acknowledge', 'reject', 'not_affected'], d.act)]
       END AS status
  FROM asof.requirement r
  LEFT JOIN LATERAL (SELECT * FROM asof.decision WHERE requirement_id = r.id AND reset_at IS NULL ORDER BY id DESC LIMIT 1) d ON true;

-- What keeps a change from being applied, as catalog/blocker.h lists it. Never stored: it follows from what is true when it is asked.
CREATE FUNCTION change_blockers(of_change bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH c AS (
        SELECT c.*, l.name AS line, l.team_id AS owner_id, change_rules(c.event_id) AS rules, r.checks, r.base_version, r.base_terms, r.target,
               CASE WHEN c.strategy = 'new_line' THEN c.plan ->> 'retire' IS NOT NULL
                    ELSE c.kind <> 'lifecycle' END AS asks,
               (SELECT v.subject FROM line_version v WHERE v.id = r.base_version) AS base_subject
          FROM change c
          JOIN revision r ON r.change_id = c.id AND r.n = c.revision
          JOIN line_named l ON l.id = c.line_id
         WHERE c.id = of_change AND c.state IN ('draft', 'open')
    ), q AS (
        SELECT q.*, t.slug AS team
          FROM requirement_now q
          JOIN c ON c.id = q.change_id AND c.asks
          JOIN team t ON t.id = team_acting(q.team_id)
         WHERE q.status <> 'not_needed' AND (q.act = 'approve' OR (c.rules ->> 'acknowledge_blocks')::boolean)
    ), told AS (
        SELECT n.delivered_at, t.slug AS team
          FROM notice n
          JOIN q ON n.consumption_id = ANY (q.covers) AND n.change_id = q.change_id AND q.act = 'approve'
          JOIN team t ON t.id = team_acting(n.team_id)
    ), later AS (
        SELECT max(at) AS at
          FROM (SELECT not_before AS at FROM q WHERE status IN ('approved', 'acknowledged', 'not_affected')
                UNION ALL
                SELECT effective_not_before FROM c) dates
    ), running AS (
        SELECT max(told.delivered_at) + make_interval(days => (SELECT (rules ->> 'notice_days')::integer FROM c)) AS until FROM told
    ), frozen AS (
        SELECT w ->> 'reason' AS reason, (w ->> 'until')::timestamptz AS until
          FROM c, jsonb_array_elements(c.rules -> 'freeze_windows') w
         WHERE catalog_now() >= (w ->> 'from')::timestamptz AND catalog_now() < (w ->> 'until')::timestamptz
         LIMIT 1
    ), found (position, code, body) AS (
        SELECT 1, 'checks_failed', jsonb_build_object('detail', k ->> 'detail', 'check', k ->> 'code') FROM c, jsonb_array_elements(c.checks) k
        UNION ALL
        SELECT 2, 'not_adopted', jsonb_build_object('detail', 'it is a suggestion until team ' || t.slug || ', which owns the event, adopts it',
                                                     'teams', jsonb_build_array(t.slug))
          FROM c JOIN team t ON t.id = c.owner_id WHERE c.suggestion
        UNION ALL
        SELECT 3, 'conflict', jsonb_build_object('detail', line || ' has moved since revision ' || revision || ' was judged; push it again',
                                                  'rebase', '/api/v1/changes/CR-' || id || '/revisions')
          FROM c
         WHERE new_line_id IS NULL
           AND (base_version <> (SELECT v.id FROM line_version v WHERE v.line_id = c.line_id AND v.subject = base_subject AND v.state = 'active'
                                  ORDER BY v.id DESC LIMIT 1)
                OR (kind = 'contract' AND base_terms <> (SELECT max(n) FROM contract k WHERE k.line_id = c.line_id)))
        UNION ALL
        SELECT 4, 'freeze_window', jsonb_build_object('detail', 'nothing is applied now' || coalesce(': ' || reason, ''), 'until', catalog_instant(until))
          FROM frozen
        UNION ALL
        SELECT 5, 'changes_requested', jsonb_build_object('for', jsonb_build_array('rq_' || id), 'teams', jsonb_build_array(team),
                   'detail', team || CASE status WHEN 'rejected' THEN ' rejects it' ELSE ' asks for changes' END
                                  || CASE WHEN comment <> '' THEN ': ' || comment ELSE '' END)
          FROM q WHERE status IN ('changes_requested', 'rejected')
        UNION ALL
        SELECT 6, 'approval_missing', jsonb_build_object('for', jsonb_agg('rq_' || id ORDER BY team), 'teams', jsonb_agg(team ORDER BY team),
                   'detail', string_agg(team, ', ' ORDER BY team) || CASE WHEN count(*) = 1 THEN ' has' ELSE ' have' END || ' to agree')
          FROM q WHERE status = 'waiting' HAVING count(*) > 0
        UNION ALL
        SELECT 7, 'undeliverable', jsonb_build_object('teams', jsonb_agg(DISTINCT team),
                   'detail', 'no notice has reached ' || string_agg(DISTINCT team, ', ') || ' yet: neither a webhook nor a look into the inbox')
          FROM told WHERE delivered_at IS NULL HAVING count(*) > 0
        UNION ALL
        SELECT 8, 'notice_running', jsonb_build_object('until', catalog_instant(until), 'detail', 'those concerned were told less than the notice period ago')
          FROM running WHERE until > catalog_now()
        UNION ALL
        SELECT 9, 'not_before', jsonb_build_object('until', catalog_instant(at), 'detail', 'it was agreed to from a later date on')
          FROM later WHERE at > catalog_now()
        UNION ALL
        SELECT 10, 'dual_publish_unmet', jsonb_build_object('detail', CASE
                   WHEN n.id IS NULL THEN 'the new line is not there yet: ' || (c.plan ->> 'retire') || ' is retired only beside it'
                   ELSE n.name || ' is not active yet' END)
          FROM c LEFT JOIN line_named n ON n.id = c.new_line_id
         WHERE c.strategy = 'new_line' AND c.plan ->> 'retire' IS NOT NULL AND coalesce(n.state, 'draft') <> 'active'
        UNION ALL
        SELECT 11, 'dual_publish_unmet', jsonb_build_object('detail', 'both lines are to be published from then on',
                                                           'until', catalog_instant((plan #>> '{dual_publish,from}')::timestamptz))
          FROM c WHERE strategy = 'new_line' AND plan ->> 'retire' IS NOT NULL AND (plan #>> '{dual_publish,from}')::timestamptz > catalog_now()
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', code) || jsonb_strip_nulls(body) ORDER BY position), '[]')
      FROM found
     WHERE code IN ('checks_failed', 'conflict', 'not_adopted') OR NOT EXISTS (SELECT FROM c WHERE override IS NOT NULL)
$$;

-- What can be done about them: sentences for people.
CREATE FUNCTION change_you_can(of_change bigint, blockers jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH b AS (SELECT value ->> 'code' AS code, value AS body, ordinality AS position FROM jsonb_array_elements(blockers) WITH ORDINALITY),
    ways (position, sentence) AS (
        SELECT 1, 'adopt it: POST /api/v1/changes/CR-' || of_change || '/adopt' FROM b WHERE code = 'not_adopted'
        UNION ALL SELECT 2, 'push a revision that passes' FROM b WHERE code = 'checks_failed'
        UNION ALL SELECT 3, 'push it again, so that it is judged against what the line is now' FROM b WHERE code = 'conflict'
        UNION ALL SELECT 4, 'push a revision that does what ' || (body #>> '{teams,0}') || ' asks' FROM b WHERE code = 'changes_requested'
        UNION ALL SELECT 5, 'remind ' || t FROM b, jsonb_array_elements_text(b.body -> 'teams') t WHERE code IN ('approval_missing', 'undeliverable')
        UNION ALL SELECT 6, 'wait until ' || left(max(body ->> 'until'), 10) FROM b WHERE body ? 'until' HAVING count(*) > 0
        UNION ALL SELECT 7, 'ask an admin to override' FROM b WHERE code NOT IN ('checks_failed', 'not_adopted', 'conflict', 'freeze_window') HAVING count(*) > 0
    )
    SELECT coalesce(jsonb_agg(sentence ORDER BY position, sentence), '[]') FROM (SELECT DISTINCT position, sentence FROM ways) w
$$;

-- What POST /changes/{id}/apply would do at this moment.
CREATE FUNCTION change_may_apply(of_change bigint, blockers jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(sentence ORDER BY position), '[]')
      FROM (SELECT 1 AS position, 'activate ' || l.event_name || '@' || coalesce(n.major, (SELECT max(major) + 1 FROM line WHERE event_id = c.event_id)) AS sentence
              FROM change c JOIN line_named l ON l.id = c.line_id LEFT JOIN line n ON n.id = c.new_line_id
             WHERE c.id = of_change AND c.state = 'open' AND c.strategy = 'new_line' AND coalesce(n.state, 'draft') = 'draft'
               AND NOT EXISTS (SELECT FROM jsonb_array_elements(blockers) b
                                WHERE b ->> 'code' IN ('checks_failed', 'not_adopted', 'conflict', 'freeze_window'))
            UNION ALL
            SELECT 2, CASE c.kind WHEN 'lifecycle' THEN 'make ' || l.name || ' ' || (r.target ->> 'state')
                                  WHEN 'contract' THEN 'change the contract of ' || l.name
                                  ELSE CASE c.strategy WHEN 'new_line' THEN 'deprecate ' || (c.plan ->> 'retire')
                                                       ELSE 'register it on ' || l.name END END
              FROM change c JOIN line_named l ON l.id = c.line_id JOIN revision r ON r.change_id = c.id AND r.n = c.revision
             WHERE c.id = of_change AND c.state = 'open' AND jsonb_array_length(blockers) = 0
               AND (c.strategy <> 'new_line' OR c.plan ->> 'retire' IS NOT NULL)) may
     WHERE sentence IS NOT NULL
$$;
