-- What leaves the catalog and what seals it: webhooks and their deliveries, inboxes, the chain of the audit trail.

CREATE TABLE webhook (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id     text COLLATE "C" NOT NULL UNIQUE,
    team_id       bigint      REFERENCES team,
    url           text        NOT NULL,
    description   text        NOT NULL DEFAULT '',
    filter        jsonb       NOT NULL DEFAULT '{}',
    mode          text        NOT NULL DEFAULT 'structured' CHECK (mode IN ('structured', 'binary')),
    handshake     text        NOT NULL DEFAULT 'optional' CHECK (handshake IN ('optional', 'required')),
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
COMMENT ON COLUMN webhook.handshake IS 'required: nothing is sent before the receiver has agreed to OPTIONS; optional: unless it has said no';

-- What the deliverer has seen of a receiver. Apart from webhook: it is no fact that anybody travels back to.
CREATE TABLE webhook_health (
    webhook_id   bigint      PRIMARY KEY REFERENCES webhook ON DELETE CASCADE,
    asked_at     timestamptz,
    ask_again_at timestamptz,
    agreed       boolean,
    answer       text
);
COMMENT ON COLUMN webhook_health.agreed IS 'what it answered to OPTIONS (CloudEvents, HTTP 1.1 Web Hooks, 4): null when it said nothing either way';

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
    about         jsonb       NOT NULL,
    body          text        NOT NULL,
    state         text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts      integer     NOT NULL DEFAULT 0,
    first_at      timestamptz,
    next_at       timestamptz NOT NULL,
    last_status   integer,
    last_error    text,
    last_ms       integer,
    delivered_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (webhook_id, position)
);
CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'waiting';
CREATE INDEX delivery_order ON delivery (webhook_id, subject, position) WHERE state = 'waiting';
COMMENT ON COLUMN delivery.body IS 'the CloudEvent, byte for byte as it is sent and signed in structured mode, however often';
COMMENT ON COLUMN delivery.about IS 'change and team of the event: whose notice a success is';
COMMENT ON COLUMN delivery.attempts IS 'since it was written or asked for again; delivery_attempt has all';
COMMENT ON COLUMN delivery.first_at IS 'first attempt, by catalog_now()';
COMMENT ON COLUMN delivery.next_at IS 'by catalog_now()';
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
    team_id    bigint      REFERENCES team,
    event_id   uuid        NOT NULL,
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
CREATE INDEX inbox_item_waiting ON inbox_item (subject, type) WHERE waits AND done_at IS NULL;
COMMENT ON COLUMN inbox_item.team_id IS 'null: the administrators''';
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

-- What of an entry is hashed: all of it, in a form that does not depend on settings of the session.
CREATE FUNCTION audit_entry_text(a audit) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(a.seq, extract(epoch FROM a.at)::text, a.kind, a.context, a.subject, a.schema_id, a.version, a.object,
                             a.detail, a.reason, a.actor, a.request_id)::text
$$;

SELECT catalog_touched('webhook');
SELECT catalog_versioned(t) FROM unnest('{webhook,inbox_item}'::regclass[]) t;

-- ---------------------------------------------------------------------------------------------------------------------

-- Which events are put into whose inbox. What is not here is told by webhooks alone.
CREATE TABLE inbox_rule (
    type      text    PRIMARY KEY,
    addressed boolean NOT NULL,
    owner     boolean NOT NULL,
    required  boolean NOT NULL,
    consumers boolean NOT NULL,
    waits     boolean NOT NULL,
    settled_by text[] NOT NULL,
    words     text    NOT NULL
);
COMMENT ON TABLE inbox_rule IS 'constant: comes with the program';
COMMENT ON COLUMN inbox_rule.addressed IS 'the team or teams named in its data';
COMMENT ON COLUMN inbox_rule.owner IS 'the owner of the event it is about';
COMMENT ON COLUMN inbox_rule.required IS 'the teams that have to say something about the change';
COMMENT ON COLUMN inbox_rule.consumers IS 'the teams whose services read the line';
COMMENT ON COLUMN inbox_rule.settled_by IS 'events after which nobody is waited for any more: of the same change and team, or about the same thing';

INSERT INTO inbox_rule VALUES
    -- type                      addressed owner required consumers waits settled by, words
    ('approval.requested',          true,  false, false, false, true,  '{change.decided}', 'asks for your decision'),
    ('approval.reset',              true,  false, false, false, true,  '{change.decided}', 'grew, and asks for your decision again'),
    ('approval.reminder',           true,  false, false, false, false, '{}', 'still waits for your decision'),
    ('approval.escalated',          true,  true,  false, false, false, '{}', 'was escalated'),
    ('change.opened',               false, true,  false, false, false, '{}', 'was opened'),
    ('change.revised',              false, true,  true,  false, false, '{}', 'has a new revision'),
    ('change.decided',              false, true,  false, false, false, '{}', 'was decided upon by a team'),
    ('change.ready',                true,  true,  false, false, false, '{}', 'can be applied'),
    ('change.applied',              true,  true,  true,  false, false, '{}', 'was applied'),
    ('change.rejected',             true,  true,  true,  false, false, '{}', 'was rejected'),
    ('change.withdrawn',            true,  true,  true,  false, false, '{}', 'was withdrawn'),
    ('change.expired',              true,  true,  true,  false, false, '{}', 'expired'),
    ('change.overridden',           true,  true,  true,  false, false, '{}', 'was applied over what blocked it'),
    ('change.commented',            true,  true,  true,  false, false, '{}', 'was commented on'),
    ('line.deprecated',             true,  true,  false, true,  false, '{}', 'is deprecated'),
    ('line.reactivated',            true,  true,  false, true,  false, '{}', 'is active again'),
    ('line.sunset_rescheduled',     true,  true,  false, true,  false, '{}', 'ends later than planned'),
    ('line.sunset_reached',         true,  true,  false, true,  false, '{}', 'has reached its sunset'),
    ('line.removed',                true,  true,  false, true,  false, '{}', 'is removed'),
    ('consumption.requested',       false, true,  false, false, true,  '{consumption.activated,consumption.rejected,consumption.ended}',
                                                                              'asks to be read by another service'),
    ('consumption.activated',       true,  true,  false, false, false, '{}', 'has a new consumer'),
    ('consumption.rejected',        true,  false, false, false, false, '{}', 'may not be read'),
    ('consumption.ended',           false, true,  false, false, false, '{}', 'lost a consumer'),
    ('consumption.stale',           true,  true,  false, false, false, '{}', 'has a consumer that gives no sign of life'),
    ('consumption.attestation_due', true,  false, false, false, true,  '{consumption.attested,consumption.ended}',
                                                                              'needs your word that you still read it'),
    ('owner.asked',                 true,  false, false, false, true,  '{owner.changed}', 'is offered to your team'),
    ('owner.changed',               true,  true,  false, false, false, '{}', 'has a new owner'),
    ('event.orphaned',              true,  true,  false, false, false, '{}', 'has no active owner'),
    ('drift.detected',              true,  true,  false, false, false, '{}', 'is not used as declared'),
    ('webhook.paused',              true,  false, false, false, false, '{}', 'was paused: its receiver does not answer');

-- 'io.avow.change.opened.v1' is of the kind 'change.opened'.
CREATE FUNCTION notice_kind(of_type text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(of_type, '^io[.]avow[.]', ''), '[.]v[0-9]+$', '')
$$;

-- Whether a webhook wants an event. Types are prefixes at a dot, with or without io.avow.
CREATE FUNCTION notice_wanted(filter jsonb, of_type text, event text, domain text, teams text[], class text)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (filter -> 'types' IS NULL OR EXISTS (
                SELECT FROM jsonb_array_elements_text(filter -> 'types') t (prefix)
                 WHERE starts_with(of_type || '.', t.prefix || '.') OR starts_with(of_type || '.', 'io.avow.' || t.prefix || '.')))
       AND (filter -> 'events' IS NULL OR coalesce(filter -> 'events' ? event, false))
       AND (filter -> 'domains' IS NULL OR coalesce(filter -> 'domains' ? domain, false))
       AND (filter -> 'teams' IS NULL OR coalesce(filter -> 'teams' ?| teams, false))
       AND (filter -> 'classes' IS NULL OR coalesce(filter -> 'classes' ? class, false))
$$;

-- Hands what waits in the outbox to webhooks and inboxes, once: rows are deleted in the transaction that writes what they become.
-- Rows about one thing are in the order of their position: their writers came one after the other. So it does not matter
-- that a transaction with a lower position about something else may become visible later.
--
-- at_most: rows. source: URL of this instance. Returns how many rows were handed over.
CREATE FUNCTION notices_fan_out(at_most integer, source text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    o        record;
    kind     text;
    full_type text;
    body     text;
    event_of record;
    change_of bigint;
    told     text[];
    schema_url text;
    rule     inbox_rule;
    n        integer := 0;
BEGIN
    -- The registry's own events go into no inbox. Without a webhook nobody wants them, and they come by the thousand.
    IF NOT EXISTS (SELECT FROM webhook) THEN
        DELETE FROM outbox
         WHERE position <= coalesce((SELECT position FROM outbox ORDER BY position OFFSET at_most * 20 LIMIT 1), 9223372036854775807)
           AND type NOT LIKE '%.v1';
        GET DIAGNOSTICS n = ROW_COUNT;
    END IF;
    FOR o IN
        WITH gone AS (
            DELETE FROM outbox
             WHERE position = ANY (ARRAY(SELECT position FROM outbox ORDER BY position LIMIT at_most FOR UPDATE SKIP LOCKED))
            RETURNING *)
        SELECT g.position, g.id, g.type, g.subject, outbox_data(g, a) AS data, a.at
          FROM gone g LEFT JOIN audit a ON a.seq = g.seq
         ORDER BY g.position
    LOOP
        n := n + 1;
        kind := notice_kind(o.type);
        full_type := CASE WHEN o.type ~ '[.]v[0-9]+$' THEN o.type ELSE o.type || '.v1' END;
        SELECT e.id, e.name, e.team_id, t.slug AS team, d.slug AS domain INTO event_of
          FROM event e JOIN team t ON t.id = e.team_id LEFT JOIN domain d ON d.id = e.domain_id
         WHERE e.name = split_part(coalesce(o.data ->> 'line', o.data ->> 'event', o.subject), '@', 1);
        change_of := (SELECT c.id FROM change c WHERE 'CR-' || c.id = coalesce(o.data ->> 'change', split_part(o.data ->> 'object', 'change:', 2)));
        told := ARRAY(SELECT DISTINCT t FROM (
                    SELECT o.data ->> 'team' AS t
                    UNION ALL SELECT jsonb_array_elements_text(CASE jsonb_typeof(o.data -> 'teams') WHEN 'array' THEN o.data -> 'teams' ELSE '[]' END)
                ) x WHERE t IS NOT NULL);

        IF EXISTS (SELECT FROM webhook WHERE state <> 'disabled') THEN
            SELECT source || '/contexts/.avow/subjects/' || s.name || '/versions/' || max(v.version) || '/schema' INTO schema_url
              FROM subject s JOIN subject_version v ON v.subject_id = s.id AND v.deleted_at IS NULL
             WHERE s.qualified = ':.avow:io.avow.' || kind || '-value' GROUP BY s.name;
            body := jsonb_strip_nulls(jsonb_build_object('dataschema', schema_url)) || jsonb_build_object(
                'specversion', '1.0', 'id', o.id, 'source', source, 'type', full_type, 'subject', o.subject,
                'time', to_char(coalesce(o.at, now()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'datacontenttype', 'application/json', 'sequence', lpad(o.position::text, 20, '0'),
                'data', o.data - 'secret');
            INSERT INTO delivery (webhook_id, position, event_id, type, subject, about, body, next_at)
            SELECT w.id, o.position, o.id, full_type, o.subject,
                   jsonb_build_object('change', change_of, 'team', o.data ->> 'team'), body, catalog_now()
              FROM webhook w
             WHERE CASE kind WHEN 'test.ping' THEN w.public_id = o.data ->> 'webhook'
                   ELSE w.state <> 'disabled' AND
                        notice_wanted(w.filter, full_type, event_of.name, event_of.domain,
                                      told || CASE WHEN cardinality(told) = 0 THEN ARRAY[event_of.team] ELSE '{}' END, o.data ->> 'class')
                   END;
        END IF;

        UPDATE inbox_item i SET done_at = catalog_moment()
          FROM inbox_rule r
         WHERE i.waits AND i.done_at IS NULL AND r.type = notice_kind(i.type) AND i.created_at <= o.at
           AND (kind = ANY (r.settled_by)
                    AND CASE WHEN i.change_id IS NOT NULL
                             THEN i.change_id = change_of AND (cardinality(told) = 0 OR i.team_id = ANY (SELECT id FROM team WHERE slug = ANY (told)))
                             ELSE i.subject = o.subject AND (i.data ->> 'object' IS NOT DISTINCT FROM o.data ->> 'object') END
                OR kind IN ('change.applied', 'change.rejected', 'change.withdrawn', 'change.expired', 'change.overridden')
                    AND i.change_id = change_of);

        SELECT * INTO rule FROM inbox_rule r WHERE r.type = kind;
        IF FOUND THEN
            INSERT INTO inbox_item (team_id, event_id, type, subject, change_id, title, data, waits)
            SELECT team_id, o.id, full_type, o.subject, change_of,
                   coalesce(o.data ->> 'change', o.subject) || ' ' || rule.words
                       || coalesce(': ' || coalesce(o.data ->> 'summary', o.data ->> 'title'), ''),
                   o.data, rule.waits
              FROM (SELECT t.id AS team_id FROM team t WHERE rule.addressed AND t.slug = ANY (told)
                    UNION SELECT event_of.team_id WHERE rule.owner AND event_of.team_id IS NOT NULL
                    UNION SELECT q.team_id FROM requirement q WHERE rule.required AND q.change_id = change_of
                    UNION SELECT s.team_id FROM consumption c JOIN service s ON s.id = c.service_id JOIN line_named l ON l.id = c.line_id
                           WHERE rule.consumers AND c.state = 'active' AND l.name = o.subject
                    UNION SELECT NULL::bigint WHERE kind = 'webhook.paused' AND cardinality(told) = 0) x
             -- What a team is asked is put into its inbox by the transaction that asks.
             WHERE NOT EXISTS (SELECT FROM inbox_item i
                                WHERE i.team_id = x.team_id AND i.type = full_type AND i.created_at = o.at
                                  AND i.change_id IS NOT DISTINCT FROM change_of)
             ORDER BY team_id;
        END IF;
    END LOOP;
    RETURN n;
END
$$;

-- A team was told of a change or of the end of a line: what it has not been told of before is noted, with the moment from which its
-- notice period counts. Returns how many notices that were.
CREATE FUNCTION notice_delivered(of_team bigint, of_change bigint, of_line bigint, via text) RETURNS bigint LANGUAGE sql AS $$
    WITH told AS (
        UPDATE notice SET delivered_at = catalog_moment(), delivered_by = via
         WHERE team_id = of_team AND delivered_at IS NULL AND (change_id = of_change OR change_id IS NULL AND line_id = of_line)
        RETURNING id
    ) SELECT count(*) FROM told
$$;

-- A webhook as it is shown: no secret, and no query of its URL, where receivers like to put one.
CREATE FUNCTION webhook_json(w webhook) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', w.public_id, 'team', (SELECT slug FROM team WHERE id = w.team_id), 'url', regexp_replace(w.url, '[?].*', '?...'), 'description', w.description,
        'filter', w.filter, 'mode', w.mode, 'handshake', w.handshake, 'state', w.state, 'state_reason', w.state_reason,
        'secrets', (SELECT coalesce(jsonb_agg(jsonb_build_object('created_at', s.created_at, 'expires_at', s.expires_at) ORDER BY s.id), '[]')
                      FROM public.webhook_secret s WHERE s.webhook_id = w.id AND (s.expires_at IS NULL OR s.expires_at > now())),
        'receiver', (SELECT jsonb_build_object('asked_at', h.asked_at, 'agreed', h.agreed, 'answer', h.answer)
                       FROM public.webhook_health h WHERE h.webhook_id = w.id),
        'deliveries', (SELECT jsonb_build_object('waiting', count(*) FILTER (WHERE d.state = 'waiting'), 'dead', count(*) FILTER (WHERE d.state = 'dead'))
                         FROM public.delivery d WHERE d.webhook_id = w.id AND d.state <> 'delivered'),
        'rev', w.rev, 'created_at', w.created_at, 'created_by', w.created_by, 'updated_at', w.updated_at, 'updated_by', w.updated_by,
        'links', jsonb_build_object('self', '/api/v1/webhooks/' || w.public_id, 'deliveries', '/api/v1/webhooks/' || w.public_id || '/deliveries',
                                    'ui', '/ui/settings/webhooks/' || w.public_id))
$$;

CREATE INDEX delivery_not_done ON delivery (webhook_id, id) WHERE state <> 'delivered';
CREATE INDEX delivery_webhook ON delivery (webhook_id, id);
