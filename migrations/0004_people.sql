-- People and rights: users, teams and who is in them, services and environments, domains, policies, tokens, sessions.

CREATE DOMAIN slug AS text COLLATE "C" CHECK (VALUE ~ '^[a-z][a-z0-9_-]{0,62}$');

CREATE TABLE person (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login         text COLLATE "C" NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._@+-]{0,126}$'),
    name          text        NOT NULL DEFAULT '',
    email         text,
    role          text        NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'editor', 'admin')),
    disabled      boolean     NOT NULL DEFAULT false,
    labels        jsonb       NOT NULL DEFAULT '{}',
    managed_by    text        NOT NULL DEFAULT 'api',
    rev           integer     NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by    text        NOT NULL DEFAULT '',
    updated_at    timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by    text        NOT NULL DEFAULT ''
);
COMMENT ON TABLE person IS 'the users; called /users outside';

-- Apart from person, so that no history and no listing ever holds a secret.
CREATE TABLE person_password (
    person_id  bigint      PRIMARY KEY REFERENCES person,
    hash       text        NOT NULL,
    temporary  boolean     NOT NULL DEFAULT false,
    first_used timestamptz
);
COMMENT ON COLUMN person_password.hash IS 'as crypt(5) writes it';
COMMENT ON COLUMN person_password.temporary IS 'was printed or given by somebody else: to be replaced at the first sign-in';
COMMENT ON COLUMN person_password.first_used IS 'first sign-in; without --auth the server is open until an administrator has';

CREATE TABLE team (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug            slug        NOT NULL UNIQUE,
    name            text        NOT NULL,
    description     text        NOT NULL DEFAULT '',
    contact         jsonb       NOT NULL DEFAULT '{}',
    oncall          jsonb       NOT NULL DEFAULT '{}',
    policy          jsonb       NOT NULL DEFAULT '{}',
    escalation_team bigint      REFERENCES team,
    successor       bigint      REFERENCES team,
    dissolved_at    timestamptz,
    labels          jsonb       NOT NULL DEFAULT '{}',
    managed_by      text        NOT NULL DEFAULT 'api',
    rev             integer     NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by      text        NOT NULL DEFAULT '',
    updated_at      timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by      text        NOT NULL DEFAULT ''
);
COMMENT ON COLUMN team.contact IS 'email, chat_url, issue_url';
COMMENT ON COLUMN team.oncall IS 'kind url, static or rota; url, people, rotates, tz, since: who it is now is computed';
COMMENT ON COLUMN team.successor IS 'takes over what waits for a dissolved team';

-- Who is on call at a moment. A rota turns at the wall clock of its zone, also through a change to summer time: its beginning and its
-- turns are local times, and only the result is made an instant.
CREATE FUNCTION catalog_oncall(oncall jsonb, at timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE oncall ->> 'kind'
           WHEN 'url' THEN jsonb_build_object('url', oncall ->> 'url')
           WHEN 'static' THEN jsonb_build_object('people', oncall -> 'people')
           WHEN 'rota' THEN (
               SELECT jsonb_build_object('people', jsonb_build_array(oncall -> 'people' -> (turn % jsonb_array_length(oncall -> 'people'))),
                                         'until', catalog_instant((since + (turn + 1) * turns) AT TIME ZONE (oncall ->> 'tz')))
                 FROM (SELECT (oncall ->> 'since')::timestamp AS since,
                              CASE oncall ->> 'rotates' WHEN 'daily' THEN interval '1 day' ELSE interval '7 days' END AS turns) r,
                      LATERAL (SELECT greatest(0, floor(extract(epoch FROM (at AT TIME ZONE (oncall ->> 'tz')) - since)
                                                        / extract(epoch FROM turns)))::int AS turn) t)
           END
$$;

CREATE FUNCTION catalog_zone_known(zone text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM statement_timestamp() AT TIME ZONE zone;
    RETURN zone ~ '^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$';
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION catalog_zone_known IS 'whether it is a name of a time zone, such as Europe/Vienna';

CREATE FUNCTION catalog_pattern_reads(pattern text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 'x' ~ pattern;
    RETURN true;
EXCEPTION WHEN invalid_regular_expression THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION catalog_pattern_reads IS 'whether it is a regular expression';

CREATE TABLE membership (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id    bigint      NOT NULL REFERENCES team,
    person_id  bigint      NOT NULL REFERENCES person,
    role       text        NOT NULL CHECK (role IN ('member', 'maintainer')),
    created_at timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by text        NOT NULL DEFAULT '',
    UNIQUE (team_id, person_id)
);
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE domain (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug        slug        NOT NULL UNIQUE,
    name        text        NOT NULL,
    description text        NOT NULL DEFAULT '',
    team_id     bigint      REFERENCES team,
    labels      jsonb       NOT NULL DEFAULT '{}',
    managed_by  text        NOT NULL DEFAULT 'api',
    rev         integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by  text        NOT NULL DEFAULT '',
    updated_at  timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by  text        NOT NULL DEFAULT ''
);

CREATE TABLE policy (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope      text COLLATE "C" NOT NULL UNIQUE CHECK (scope = 'org' OR scope ~ '^(domain|event):'),
    settings   jsonb       NOT NULL DEFAULT '{}',
    rev        integer     NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by text        NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by text        NOT NULL DEFAULT ''
);
COMMENT ON TABLE policy IS 'what is set at each level; the nearest one that sets a key counts: event, domain, org, built in (catalog/policy.h)';
COMMENT ON COLUMN policy.scope IS 'org, domain:<slug> or event:<name>';

CREATE TABLE service (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug        slug        NOT NULL UNIQUE,
    name        text        NOT NULL,
    description text        NOT NULL DEFAULT '',
    team_id     bigint      NOT NULL REFERENCES team,
    kind        text        NOT NULL DEFAULT 'service' CHECK (kind IN ('service', 'job', 'connector', 'external', 'app')),
    repo        text,
    tier        text,
    retired_at  timestamptz,
    labels      jsonb       NOT NULL DEFAULT '{}',
    managed_by  text        NOT NULL DEFAULT 'api',
    rev         integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by  text        NOT NULL DEFAULT '',
    updated_at  timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by  text        NOT NULL DEFAULT ''
);
CREATE INDEX service_team ON service (team_id);

CREATE TABLE environment (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       slug        NOT NULL UNIQUE,
    position   integer     NOT NULL DEFAULT 0,
    production boolean     NOT NULL DEFAULT false,
    rev        integer     NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by text        NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by text        NOT NULL DEFAULT ''
);
INSERT INTO environment (name, position, production) VALUES ('development', 1, false), ('staging', 2, false), ('production', 3, true);

CREATE TABLE token (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text        NOT NULL,
    person_id    bigint      REFERENCES person,
    service_id   bigint      REFERENCES service,
    scopes       text[]      NOT NULL,
    prefix       text COLLATE "C" NOT NULL,
    hash         bytea       NOT NULL UNIQUE,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by   text        NOT NULL DEFAULT '',
    CHECK (num_nonnulls(person_id, service_id) = 1)
);
COMMENT ON TABLE token IS 'the secret itself is shown once and never kept';
COMMENT ON COLUMN token.prefix IS 'the first characters, by which people know it: cat_9fK2…';
COMMENT ON COLUMN token.hash IS 'SHA-256: tokens are long and random, so a slow hash adds nothing';
COMMENT ON COLUMN token.service_id IS 'reads and registrations by this token are this service''s';

-- Written now and then by each server, outside the catalog's clock: it is no fact that anybody travels back to.
CREATE TABLE token_use (
    token_id bigint      PRIMARY KEY REFERENCES token,
    last_at  timestamptz NOT NULL
);

CREATE TABLE session (
    hash       bytea       PRIMARY KEY,
    person_id  bigint      NOT NULL REFERENCES person,
    csrf       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN session.hash IS 'SHA-256 of the cookie';

CREATE TABLE access (
    single    boolean PRIMARY KEY DEFAULT true CHECK (single),
    closed_at timestamptz
);
INSERT INTO access DEFAULT VALUES;
COMMENT ON COLUMN access.closed_at IS 'when an administrator signed in first: since then credentials are asked for';

CREATE TABLE idempotency (
    actor      text        NOT NULL,
    key        text        NOT NULL,
    request    bytea       NOT NULL,
    status     integer     NOT NULL,
    headers    jsonb       NOT NULL,
    body       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);
COMMENT ON COLUMN idempotency.request IS 'SHA-256 of method, path and body: the same key with another request is refused';

SELECT catalog_touched(t), catalog_versioned(t)
  FROM unnest('{person,team,domain,policy,service,environment}'::regclass[]) t;
SELECT catalog_versioned('membership'), catalog_versioned('token');
