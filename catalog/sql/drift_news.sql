-- Differences between what is declared and what was seen of which nobody was told, at most 200; those that are over are forgotten, so that
-- they are told anew should they come again. One that was told in the future, by a clock that was set back since, is not over.
--
-- $1 int days that count as now   $2 int days without a sign after which a declaration counts as unused
--
-- line: what it is about. data: of the event that tells of it.
WITH drift AS MATERIALIZED (
    SELECT 'drift:' || kind || ' ' || line || ' ' || coalesce(service, '') || ' ' || coalesce(what, '') AS name, d.*
      FROM drift_now($1::integer, $2::integer) d
), over AS (
    DELETE FROM due_done t
     WHERE t.name >= 'drift:' AND t.name < 'drift;' AND t.at <= catalog_now() AND NOT EXISTS (SELECT FROM drift WHERE drift.name = t.name)
)
SELECT DISTINCT ON (name) name, line,
       jsonb_strip_nulls(jsonb_build_object('kind', kind, 'line', line, 'service', service, 'team', team, 'owner', owner, 'what', what, 'detail', detail,
           'summary', detail, 'last_seen', catalog_instant(last_at), 'next', next,
           'links', jsonb_build_object('self', '/api/v1/drift?line=' || line, 'ui', '/ui/health#drift'))) AS data
  FROM drift
 WHERE NOT EXISTS (SELECT FROM due_done WHERE due_done.name = drift.name)
 ORDER BY name
 LIMIT 200
