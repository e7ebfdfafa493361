-- What leaves the catalog and what seals it: webhooks and their deliveries, inboxes, the chain of the audit trail.

CREATE TABLE webhook (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id     text COLLATE "C" NOT NULL UNIQUE,
    team_id       bigint      REFERENCES team,
    url           text        NOT NULL,
    description   text        NOT NULL DEFAULT '',
    filter        jsonb       NOT NULL DEFAULT '{}',
    mode          text        NOT NULL DEFAULT 'structured' CHECK (mode IN ('structured', 'binary')),
    state         text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'disabled')),
    state_reason  text        NOT NULL DEFAULT '',
    rev           integer     NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT catalog_moment(),
    created_by    text        NOT NULL DEFAULT '',
    updated_at    timestamptz NOT NULL DEFAULT catalog_moment(),
    updated_by    text        NOT NULL DEFAULT ''
);
COMMENT ON COLUMN webhook.team_id IS 'null: the whole catalog''s, kept by administrators';
COMMENT ON COLUMN webhook.filter IS 'types (prefixes), domains, events, teams, classes: all that are given must fit';

-- Two secrets may count at once, so that they are replaced without a gap. Apart from webhook, so that no history holds one.
CREATE TABLE webhook_secret (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id bigint      NOT NULL REFERENCES webhook ON DELETE CASCADE,
    secret     text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);
CREATE INDEX webhook_secret_webhook ON webhook_secret (webhook_id);

CREATE TABLE delivery (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id    bigint      NOT NULL REFERENCES webhook ON DELETE CASCADE,
    position      bigint      NOT NULL,
    event_id      uuid        NOT NULL,
    type          text        NOT NULL,
    subject       text        NOT NULL,
    body          jsonb       NOT NULL,
    state         text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts      integer     NOT NULL DEFAULT 0,
    next_at       timestamptz NOT NULL DEFAULT now(),
    last_status   integer,
    last_error    text,
    last_ms       integer,
    delivered_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (webhook_id, position)
);
CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'waiting';
CREATE INDEX delivery_order ON delivery (webhook_id, subject, position) WHERE state = 'waiting';
COMMENT ON TABLE delivery IS 'written before it is attempted; the oldest one waiting for a subject goes first';

CREATE TABLE delivery_attempt (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id bigint      NOT NULL REFERENCES delivery ON DELETE CASCADE,
    at          timestamptz NOT NULL DEFAULT now(),
    status      integer,
    error       text,
    ms          integer
);
CREATE INDEX delivery_attempt_delivery ON delivery_attempt (delivery_id);

CREATE TABLE inbox_item (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id    bigint      NOT NULL REFERENCES team,
    type       text        NOT NULL,
    subject    text        NOT NULL,
    change_id  bigint      REFERENCES change,
    title      text        NOT NULL,
    data       jsonb       NOT NULL DEFAULT '{}',
    waits      boolean     NOT NULL DEFAULT false,
    done_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT catalog_moment()
);
CREATE INDEX inbox_item_team ON inbox_item (team_id, id);
COMMENT ON COLUMN inbox_item.waits IS 'somebody of the team has to do something; done_at says that it was done';

CREATE TABLE inbox_seen (
    item_id   bigint      NOT NULL REFERENCES inbox_item,
    person_id bigint      NOT NULL REFERENCES person,
    seen_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (item_id, person_id)
);

-- The chain over the audit trail, made after COMMIT, in batches, by one server at a time: never a lock in the path of a write.
CREATE TABLE audit_seal (
    position bigint PRIMARY KEY,
    seq      bigint NOT NULL UNIQUE,
    hash     bytea  NOT NULL
);
COMMENT ON TABLE audit_seal IS 'position counts without gaps; hash is SHA-256 of the hash before it and the entry (catalog/audit_chain.h)';

SELECT catalog_touched('webhook');
SELECT catalog_versioned(t) FROM unnest('{webhook,inbox_item}'::regclass[]) t;
