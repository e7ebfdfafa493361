-- How lines end: what replies say about it, and what the clock has done.

-- What replies say of a schema whose line ends (catalog/deprecation.h): three lines, empty where there is nothing to say.
CREATE VIEW line_deprecation AS
SELECT l.id AS line_id,
       '@' || floor(extract(epoch FROM l.deprecated_at))::bigint || E'\n'
           || coalesce(to_char(l.sunset_at AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"'), '') || E'\n'
           || concat_ws(', ',
                  '</api/v1/lines/' || nullif(l.replacement, 'none') || '>; rel="successor-version"',
                  '<' || substring(l.migration_guide FROM '^https?://[^[:space:][:cntrl:]<>"]{1,1000}$') || '>; rel="deprecation"') AS headers
  FROM line l
 WHERE l.state IN ('deprecated', 'sunset', 'removed') AND l.deprecated_at IS NOT NULL;

-- What the clock did and no other row tells, by a name that is used once: a second server, or a clock that was set back, finds it here.
CREATE TABLE due_done (
    name text COLLATE "C" PRIMARY KEY,
    at   timestamptz NOT NULL DEFAULT catalog_moment()
);
COMMENT ON TABLE due_done IS 'reminders that went out, expiries that were told; not history: rows are forgotten after a year';
