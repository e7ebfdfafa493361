-- Events and their lines, what each promises, who produces and who consumes it, what runs where, what was seen.

CREATE TABLE event (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text COLLATE "C" NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_-]*([.][a-z][a-z0-9_-]*)*$' AND octet_length(name) <= 200),
    domain_id       bigint      REFERENCES domain,
    team_id         bigint      NOT NULL REFERENCES team,
    title           text        NOT NULL DEFAULT '',
    summary         text        NOT NULL DEFAULT '',
    description     text        NOT NULL DEFAULT '',
    reason_to_exist text        NOT NULL DEFAULT '',
    contact         jsonb       NOT NULL DEFAULT '{}',
    oncall          jsonb       NOT NULL DEFAULT '{}',
    category        text        NOT NULL DEFAULT 'fact' CHECK (category IN ('fact', 'state-change', 'command')),
    audience        text        NOT NULL DEFAULT 'company' CHECK (audience IN ('team', 'domain', 'company', 'partner', 'public')),
    classification  jsonb       NOT NULL DEFAULT '{}',
    tags            text[]      NOT NULL DEFAULT '{}',
    docs            jsonb       NOT NULL DEFAULT '[]',
    replacement     text,
    transfer_to     bigint      REFERENCES team,
    labels          jsonb       NOT NULL DEFAULT '{}',
    managed_by      text        NOT NULL DEFAULT 'api',
    rev             integer     NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by      text        NOT NULL DEFAULT '',
    updated_at      timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by      text        NOT NULL DEFAULT ''
);
CREATE INDEX event_team ON event (team_id);
CREATE INDEX event_domain ON event (domain_id);
COMMENT ON COLUMN event.team_id IS 'the owner';
COMMENT ON COLUMN event.contact IS 'empty: the team''s';
COMMENT ON COLUMN event.classification IS 'level (public, internal, confidential, restricted) and regulations';
COMMENT ON COLUMN event.docs IS 'links: title and url';
COMMENT ON COLUMN event.transfer_to IS 'the team that was asked to take over and has not agreed yet';

-- Every name an event ever had. None is given to another event, also when the first is gone.
CREATE TABLE event_name (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text COLLATE "C" NOT NULL UNIQUE,
    event_id   bigint      NOT NULL REFERENCES event,
    created_at timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by text        NOT NULL DEFAULT ''
);

CREATE TABLE line (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id        bigint      NOT NULL REFERENCES event,
    major           integer     NOT NULL CHECK (major > 0),
    state           text        NOT NULL DEFAULT 'draft'
                    CHECK (state IN ('draft', 'active', 'deprecated', 'sunset', 'removed', 'abandoned')),
    level           text        NOT NULL DEFAULT 'FULL' CHECK (level IN ('NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD',
                                                               'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE')),
    activated_at    timestamptz,
    deprecated_at   timestamptz,
    sunset_at       timestamptz,
    sunset_reached_at timestamptz,
    removed_at      timestamptz,
    reason          text        NOT NULL DEFAULT '',
    replacement     text,
    migration_guide text,
    checkpoint      bigint,
    rev             integer     NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by      text        NOT NULL DEFAULT '',
    updated_at      timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by      text        NOT NULL DEFAULT '',
    UNIQUE (event_id, major)
);
CREATE INDEX line_due ON line (sunset_at) WHERE state = 'deprecated';
COMMENT ON COLUMN line.sunset_at IS 'when it is to end; may only move to later';
COMMENT ON COLUMN line.replacement IS 'event@major, or the word none';
COMMENT ON COLUMN line.checkpoint IS 'line_version: versions before it are not compared with any more, a break after them was accepted';

-- The words of a line are written often: orders.order_placed@2.
CREATE VIEW line_named AS SELECT l.*, e.name AS event_name, e.name || '@' || l.major AS name, e.team_id FROM line l JOIN event e ON e.id = l.event_id;

CREATE TABLE line_subject (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id    bigint      NOT NULL REFERENCES line,
    subject    text COLLATE "C" NOT NULL UNIQUE,
    role       text        NOT NULL DEFAULT 'value' CHECK (role IN ('key', 'value')),
    created_at timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by text        NOT NULL DEFAULT ''
);
CREATE INDEX line_subject_line ON line_subject (line_id);
COMMENT ON COLUMN line_subject.subject IS 'qualified, as in the table subject; need not be registered yet';

CREATE TABLE contract (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id    bigint      NOT NULL REFERENCES line,
    n          integer     NOT NULL CHECK (n > 0),
    terms      jsonb       NOT NULL,
    change_id  bigint,
    created_at timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by text        NOT NULL DEFAULT '',
    UNIQUE (line_id, n)
);
COMMENT ON TABLE contract IS 'what a line promises besides its schema; the highest n counts, none is ever edited';
COMMENT ON COLUMN contract.terms IS 'ordering, delivery, sla, retention, volume, envelope, audience, classification, channel (catalog/contract.h)';

CREATE TABLE line_version (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id         bigint      NOT NULL REFERENCES line,
    semver          text        NOT NULL,
    major           integer     NOT NULL,
    minor           integer     NOT NULL,
    patch           integer     NOT NULL,
    role            text        NOT NULL DEFAULT 'value' CHECK (role IN ('key', 'value')),
    subject         text COLLATE "C" NOT NULL,
    version         integer,
    context_id      integer,
    schema_id       integer,
    state           text        NOT NULL CHECK (state IN ('draft', 'pending', 'active', 'superseded', 'withdrawn')),
    format          text        NOT NULL CHECK (format IN ('AVRO', 'JSON')),
    text            text        NOT NULL,
    fingerprint     text        NOT NULL,
    change_id       bigint,
    accepted_break  jsonb,
    created_at      timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by      text        NOT NULL DEFAULT '',
    UNIQUE (line_id, semver)
);
CREATE UNIQUE INDEX line_version_registered ON line_version (subject, version) WHERE state <> 'withdrawn';
CREATE INDEX line_version_current ON line_version (line_id, role, id);
CREATE INDEX line_version_schema ON line_version (context_id, schema_id);
COMMENT ON COLUMN line_version.version IS 'of the subject; null while a change holds it back (pending)';
COMMENT ON INDEX line_version_registered IS 'a number that was deleted for good may come again, for another schema';
COMMENT ON COLUMN line_version.text IS 'canonical text, references written out where the format can';
COMMENT ON COLUMN line_version.fingerprint IS 'SHA-256 of the canonical text, hexadecimal';
COMMENT ON COLUMN line_version.accepted_break IS 'null, or the mark of a break that stayed in the line: change, basis (approved, nobody affected, override), when, by whom';
ALTER TABLE line ADD FOREIGN KEY (checkpoint) REFERENCES line_version;

CREATE TABLE line_field (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id    bigint      NOT NULL REFERENCES line,
    role       text        NOT NULL DEFAULT 'value' CHECK (role IN ('key', 'value')),
    position   integer     NOT NULL,
    path       text COLLATE "C" NOT NULL,
    name       text        NOT NULL,
    type       text        NOT NULL,
    required   boolean     NOT NULL,
    default_json text,
    symbols    text[]      NOT NULL DEFAULT '{}',
    tags       text[]      NOT NULL DEFAULT '{}',
    unit       text,
    logical    text,
    doc        text        NOT NULL DEFAULT '',
    since      text,
    removed    text,
    UNIQUE (line_id, role, path)
);
CREATE INDEX line_field_name ON line_field (lower(name));
COMMENT ON TABLE line_field IS 'every field a line ever had; those of its current version are the ones without removed';
COMMENT ON COLUMN line_field.since IS 'semver of the version that brought it';
COMMENT ON COLUMN line_field.removed IS 'semver of the first version without it: the name is not used again with another type';

CREATE TABLE channel (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug       text COLLATE "C" NOT NULL UNIQUE CHECK (slug ~ '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,248}$'),
    broker     text        NOT NULL DEFAULT 'kafka',
    address    text        NOT NULL,
    environments text[]    NOT NULL DEFAULT '{}',
    settings   jsonb       NOT NULL DEFAULT '{}',
    labels     jsonb       NOT NULL DEFAULT '{}',
    managed_by text        NOT NULL DEFAULT 'api',
    rev        integer     NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by text        NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by text        NOT NULL DEFAULT ''
);
COMMENT ON COLUMN channel.settings IS 'partitions, retention, cleanup, key_serializer';

CREATE TABLE channel_line (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel_id bigint      NOT NULL REFERENCES channel,
    line_id    bigint      NOT NULL REFERENCES line,
    UNIQUE (channel_id, line_id)
);
CREATE INDEX channel_line_line ON channel_line (line_id);

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE production (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id    text COLLATE "C" NOT NULL UNIQUE,
    service_id   bigint      NOT NULL REFERENCES service,
    line_id      bigint      NOT NULL REFERENCES line,
    environments text[]      NOT NULL DEFAULT '{}',
    evidence     text        NOT NULL DEFAULT 'declared' CHECK (evidence IN ('declared', 'observed')),
    ended_at     timestamptz,
    end_reason   text,
    labels       jsonb       NOT NULL DEFAULT '{}',
    managed_by   text        NOT NULL DEFAULT 'api',
    rev          integer     NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by   text        NOT NULL DEFAULT '',
    updated_at   timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by   text        NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX production_live ON production (line_id, service_id) WHERE ended_at IS NULL;
CREATE INDEX production_service ON production (service_id);

CREATE TABLE consumption (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id      text COLLATE "C" NOT NULL UNIQUE,
    service_id     bigint      NOT NULL REFERENCES service,
    line_id        bigint      NOT NULL REFERENCES line,
    version_range  text        NOT NULL DEFAULT '*',
    environments   text[]      NOT NULL DEFAULT '{}',
    purpose        text        NOT NULL DEFAULT '',
    criticality    text        NOT NULL DEFAULT 'blocking' CHECK (criticality IN ('blocking', 'informational')),
    reader         jsonb,
    reader_format  text        CHECK (reader_format IN ('AVRO', 'JSON')),
    reader_text    text,
    reader_paths   text[]      NOT NULL DEFAULT '{}',
    not_relied_on  text[]      NOT NULL DEFAULT '{}',
    state          text        NOT NULL CHECK (state IN ('requested', 'active', 'ended', 'rejected')),
    accepted_changes bigint[]  NOT NULL DEFAULT '{}',
    attested_at    timestamptz NOT NULL DEFAULT catalog_moment(),
    reminded       integer     NOT NULL DEFAULT 0,
    reminded_at    timestamptz,
    ended_at       timestamptz,
    end_reason     text,
    labels         jsonb       NOT NULL DEFAULT '{}',
    managed_by     text        NOT NULL DEFAULT 'api',
    rev            integer     NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by     text        NOT NULL DEFAULT '',
    updated_at     timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by     text        NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX consumption_live ON consumption (line_id, service_id) WHERE state IN ('requested', 'active');
CREATE INDEX consumption_service ON consumption (service_id);
COMMENT ON COLUMN consumption.reader IS 'where the reader schema came from: subject and version, or null when its text was given';
COMMENT ON COLUMN consumption.reader_text IS 'the reader schema with its references written out; null: none declared';
COMMENT ON COLUMN consumption.reader_paths IS 'the fields of the reader schema';
COMMENT ON COLUMN consumption.not_relied_on IS 'terms of the contract that may weaken without being asked: ordering, sla, retention ...';
COMMENT ON COLUMN consumption.reminded IS 'reminders since the last sign of life; stale is judged after two';

CREATE TABLE consumption_field (
    id             bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumption_id bigint  NOT NULL REFERENCES consumption,
    path           text COLLATE "C" NOT NULL,
    need           text    NOT NULL DEFAULT 'required' CHECK (need IN ('required', 'optional')),
    enum_handling  text    NOT NULL DEFAULT 'tolerant' CHECK (enum_handling IN ('exhaustive', 'tolerant')),
    use            text    NOT NULL DEFAULT '',
    UNIQUE (consumption_id, path)
);
CREATE INDEX consumption_field_path ON consumption_field (path);

CREATE TABLE deployment (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id      text COLLATE "C" NOT NULL UNIQUE,
    service_id     bigint      NOT NULL REFERENCES service,
    version        text        NOT NULL,
    environment_id bigint      NOT NULL REFERENCES environment,
    produces       jsonb       NOT NULL DEFAULT '[]',
    consumes       jsonb       NOT NULL DEFAULT '[]',
    coexist        boolean     NOT NULL DEFAULT false,
    at             timestamptz NOT NULL DEFAULT catalog_moment(),
    ended_at       timestamptz,
    created_by     text        NOT NULL DEFAULT ''
);
CREATE INDEX deployment_live ON deployment (service_id, environment_id) WHERE ended_at IS NULL;
COMMENT ON COLUMN deployment.produces IS 'lines with their versions: [{"line": "orders.order_placed@2", "version": "2.3.0"}]';

-- Buckets of a day: the table does not grow with traffic. Positive evidence only, so nothing here ever ends a consumption.
CREATE TABLE observation (
    day         date        NOT NULL,
    environment text        NOT NULL DEFAULT '',
    service_id  bigint      NOT NULL DEFAULT 0,
    token_id    bigint      NOT NULL DEFAULT 0,
    line_id     bigint      NOT NULL,
    schema_id   integer     NOT NULL DEFAULT 0,
    source      text        NOT NULL CHECK (source IN ('fetch', 'register', 'consumer_group', 'heartbeat')),
    op          text        NOT NULL CHECK (op IN ('read', 'write')),
    detail      text        NOT NULL DEFAULT '',
    count       bigint      NOT NULL DEFAULT 1,
    last_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (line_id, day, service_id, environment, source, op, schema_id, token_id, detail)
);
CREATE INDEX observation_service ON observation (service_id, line_id, op, last_at);
COMMENT ON COLUMN observation.service_id IS '0: whose it was is not known';
COMMENT ON COLUMN observation.detail IS 'consumer group or client id where the service is not known';

SELECT catalog_touched(t) FROM unnest('{event,line,channel,production,consumption}'::regclass[]) t;
SELECT catalog_versioned(t)
  FROM unnest('{event,event_name,line,line_subject,contract,line_version,line_field,channel,channel_line,production,consumption,consumption_field,deployment}'::regclass[]) t;
CREATE VIEW asof.line_named AS
SELECT l.*, e.name AS event_name, e.name || '@' || l.major AS name, e.team_id FROM asof.line l JOIN asof.event e ON e.id = l.event_id;
