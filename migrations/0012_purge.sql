-- What may be wiped for good, when two administrators want it.

CREATE TABLE purge (
    line_id  bigint      PRIMARY KEY REFERENCES line,
    reason   text        NOT NULL,
    asked_by text        NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT catalog_moment(),
    done_by  text,
    done_at  timestamptz
);
COMMENT ON TABLE purge IS 'one administrator asks, another one does it; no part of the history of the catalog';
