-- What was seen in the world, into buckets of a day.
--
-- $1 jsonb list of line, subject or channel; service, client, environment, op, source, at, count
--
-- added: how many found a line. unknown: what the others named. Bringing the same again counts it again: it is evidence, not accounting.
WITH given AS (
    SELECT g.*, i
      FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY e (o, i),
           jsonb_to_record(o) g (line text, subject text, channel text, service text, client text, environment text, op text, source text,
                                 at timestamptz, count bigint)
), placed AS (
    SELECT DISTINCT g.*, l.id AS line_id, s.id AS service_id
      FROM given g
      JOIN line_named l ON l.name = g.line
                        OR l.id IN (SELECT line_id FROM line_subject b WHERE b.subject = g.subject)
                        OR l.id IN (SELECT x.line_id FROM channel_line x JOIN channel c ON c.id = x.channel_id
                                     WHERE c.slug = g.channel OR c.address = g.channel)
      LEFT JOIN service s ON s.slug = g.service
), bucket AS (
    SELECT (coalesce(at, catalog_now()) AT TIME ZONE 'UTC')::date AS day, coalesce(environment, '') AS environment, coalesce(service_id, 0) AS service_id,
           line_id, coalesce(source, 'consumer_group') AS source, coalesce(op, 'read') AS op,
           CASE WHEN service_id IS NULL THEN left(coalesce(client, service, ''), 200) ELSE '' END AS detail,
           sum(coalesce(count, 1))::bigint AS count, max(least(coalesce(at, catalog_now()), catalog_now())) AS last_at
      FROM placed
     GROUP BY 1, 2, 3, 4, 5, 6, 7
), written AS (
    INSERT INTO observation AS o (day, environment, service_id, line_id, source, op, detail, count, last_at)
    SELECT day, environment, service_id, line_id, source, op, detail, count, last_at FROM bucket
        ON CONFLICT (line_id, day, service_id, environment, source, op, schema_id, token_id, detail)
        DO UPDATE SET count = o.count + excluded.count, last_at = greatest(o.last_at, excluded.last_at)
    RETURNING 1
), revived AS (
    -- A sign of life takes the reminders back.
    UPDATE consumption c SET reminded = 0, reminded_at = NULL
      FROM bucket b
     WHERE c.line_id = b.line_id AND c.service_id = b.service_id AND b.op = 'read' AND c.state = 'active' AND c.reminded > 0
)
SELECT jsonb_build_object('added', (SELECT count(DISTINCT i) FROM placed),
           'unknown', (SELECT coalesce(jsonb_agg(DISTINCT coalesce(line, subject, channel)), '[]') FROM given WHERE i NOT IN (SELECT i FROM placed)),
           'unattributed', (SELECT count(*) FROM placed WHERE service_id IS NULL),
           'buckets', (SELECT count(*) FROM written)) AS body
