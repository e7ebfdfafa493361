-- The history of everything: each state change writes one row into audit, here, in its own transaction, and one to be delivered.
--
-- Servers follow each other by these rows (catalog/audit.h). seq is drawn early and may commit late, so a reader never goes by
-- seq: xid tells which rows a snapshot did not show yet.

CREATE TABLE audit (
    seq        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind       text        NOT NULL,
    context    text        NOT NULL DEFAULT '.',
    subject    text,
    schema_id  bigint,
    version    integer,
    object     text COLLATE "C",
    detail     jsonb,
    reason     text,
    actor      text        NOT NULL,
    request_id text        NOT NULL
);

CREATE INDEX audit_xid ON audit (xid);
CREATE INDEX audit_object ON audit (object, seq) WHERE object IS NOT NULL;

COMMENT ON TABLE audit IS 'every state change, written in the transaction that made it: the audit trail';
COMMENT ON COLUMN audit.seq IS 'in the order in which changes were begun; gaps are transactions that failed';
COMMENT ON COLUMN audit.xid IS 'the transaction that wrote it, by which servers follow';
COMMENT ON COLUMN audit.kind IS 'what happened: the names in catalog/audit.h';
COMMENT ON COLUMN audit.context IS '"." or ".name"';
COMMENT ON COLUMN audit.subject IS 'without its context; null for what concerns a context or everything';
COMMENT ON COLUMN audit.object IS 'what of the catalog it is about: team:payments, event:orders.order_placed, line:orders.order_placed@2, change:CR-1001; null for the registry''s';
COMMENT ON COLUMN audit.reason IS 'why, where somebody had to say so';
COMMENT ON COLUMN audit.detail IS 'what changed, from what to what';
COMMENT ON COLUMN audit.actor IS 'who did it';
COMMENT ON COLUMN audit.request_id IS 'the call that did it, as in the log and in the X-Request-Id of its reply';

-- Not tied to audit by a foreign key: one statement writes both, and the check of the key would cost every write.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seq     bigint NOT NULL,
    id      uuid   NOT NULL DEFAULT gen_random_uuid(),
    type    text   NOT NULL,
    subject text   NOT NULL,
    data    jsonb
);

-- What the registry does is told by its audit entry, which is not written twice: registrations come by the thousand.
CREATE FUNCTION outbox_data(o outbox, a audit) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(o.data, jsonb_build_object('context', a.context, 'subject', a.subject, 'id', a.schema_id, 'version', a.version,
                                               'detail', a.detail, 'actor', a.actor, 'at', a.at))
$$;

COMMENT ON TABLE outbox IS 'events that have not been handed to webhooks and inboxes yet: one for each audit entry, and more where several have to be told';
COMMENT ON COLUMN outbox.seq IS 'the change it tells of';
COMMENT ON COLUMN outbox.id IS 'stays the same however often it is delivered';
COMMENT ON COLUMN outbox.type IS 'io.avow. and the kind of the change';
COMMENT ON COLUMN outbox.data IS 'what the event says; null: what outbox_data makes of the audit entry';
COMMENT ON COLUMN outbox.subject IS 'the subject with its context, or the context';
