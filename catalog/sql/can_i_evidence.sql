-- What is known of a line's readers: how much was seen in the last days, and by what.
--
-- $1 bigint line   $2 int days
--
-- ended: consumptions that were declared and have ended. ever: whether anything was ever seen. body: as the answer tells it.
WITH o AS (
    SELECT * FROM observation WHERE line_id = $1::bigint AND op = 'read' AND last_at > catalog_now() - make_interval(days => $2::integer)
)
SELECT (SELECT count(*) FROM consumption WHERE line_id = $1::bigint AND state = 'ended') AS ended,
       EXISTS (SELECT FROM observation WHERE line_id = $1::bigint) AS ever,
       jsonb_build_object(
           'observation_days', $2::integer,
           'attributed_share', (SELECT round(sum(count) FILTER (WHERE service_id <> 0) / nullif(sum(count), 0), 4) FROM o),
           'reads', (SELECT coalesce(sum(count), 0) FROM o),
           'sources', (SELECT coalesce(jsonb_agg(DISTINCT source), '[]') FROM o),
           'declared', (SELECT count(*) FROM consumption WHERE line_id = $1::bigint AND state IN ('requested', 'active')),
           'ended', (SELECT count(*) FROM consumption WHERE line_id = $1::bigint AND state = 'ended'),
           'observed', (SELECT count(DISTINCT service_id) FROM o WHERE service_id <> 0)) AS body
