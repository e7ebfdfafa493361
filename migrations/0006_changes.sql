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
    created_at   timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by   text        NOT NULL DEFAULT '',
    UNIQUE (change_id, n)
);
COMMENT ON COLUMN revision.text IS 'the candidate schema, as it will be registered';
COMMENT ON COLUMN revision.terms IS 'the candidate contract';
COMMENT ON COLUMN revision.target IS 'of a lifecycle change: state, sunset_at, reason, replacement, migration_guide';
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
    UNIQUE (revision_id, consumption_id)
);
CREATE INDEX impact_consumption ON impact (consumption_id);
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
