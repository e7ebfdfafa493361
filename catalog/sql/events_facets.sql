-- How many events fit, by what they can be narrowed down with. Each facet counts events that fit all the other filters, so that its values can be exchanged.
--
-- $1 text words in its names and texts   $2 text domain   $3 text owner   $4 text state of a line   $5 text tag   $6 text field, by name or path
-- $7 text format   $8 text audience   $9 text level of classification: as events_list has them
WITH fit AS MATERIALIZED (
    SELECT d.slug::text AS domain, t.slug::text AS owner, e.audience, e.classification ->> 'level' AS classification, s.states, s.formats,
           ($2::text IS NULL OR d.slug = $2::text) AS by_domain, ($3::text IS NULL OR t.slug = $3::text) AS by_owner,
           ($4::text IS NULL OR $4::text = ANY (s.states)) AS by_state, ($7::text IS NULL OR upper($7::text) = ANY (s.formats)) AS by_format,
           ($8::text IS NULL OR e.audience = $8::text) AS by_audience,
           ($9::text IS NULL OR e.classification ->> 'level' = $9::text) AS by_classification
      FROM event e
      JOIN team t ON t.id = e.team_id
      LEFT JOIN domain d ON d.id = e.domain_id
     CROSS JOIN LATERAL (SELECT array_agg(DISTINCT l.state) AS states, array_agg(DISTINCT v.format) AS formats
                           FROM line l LEFT JOIN line_version v ON v.line_id = l.id AND v.state = 'active' WHERE l.event_id = e.id) s
     WHERE ($1::text IS NULL OR strpos(lower(concat_ws(' ', e.name, e.title, e.summary, e.description, e.reason_to_exist, array_to_string(e.tags, ' '))),
                                       lower($1::text)) > 0
            OR EXISTS (SELECT FROM event_name n WHERE n.event_id = e.id AND strpos(n.name, lower($1::text)) > 0))
       AND ($5::text IS NULL OR $5::text = ANY (e.tags)
            OR EXISTS (SELECT FROM line_field f JOIN line l ON l.id = f.line_id WHERE l.event_id = e.id AND f.removed IS NULL AND $5::text = ANY (f.tags)))
       AND ($6::text IS NULL OR EXISTS (SELECT FROM line_field f JOIN line l ON l.id = f.line_id
                                         WHERE l.event_id = e.id AND f.removed IS NULL AND (lower(f.name) = lower($6::text) OR f.path = $6::text)))
), counted AS (
    SELECT 'domain' AS facet, domain AS value, count(*) AS n FROM fit
     WHERE by_owner AND by_state AND by_format AND by_audience AND by_classification GROUP BY 2
     UNION ALL
    SELECT 'owner', owner, count(*) FROM fit WHERE by_domain AND by_state AND by_format AND by_audience AND by_classification GROUP BY 2
     UNION ALL
    SELECT 'state', x, count(*) FROM fit, unnest(states) x WHERE by_domain AND by_owner AND by_format AND by_audience AND by_classification GROUP BY 2
     UNION ALL
    SELECT 'format', x, count(*) FROM fit, unnest(formats) x WHERE by_domain AND by_owner AND by_state AND by_audience AND by_classification GROUP BY 2
     UNION ALL
    SELECT 'audience', audience, count(*) FROM fit WHERE by_domain AND by_owner AND by_state AND by_format AND by_classification GROUP BY 2
     UNION ALL
    SELECT 'classification', classification, count(*) FROM fit WHERE by_domain AND by_owner AND by_state AND by_format AND by_audience GROUP BY 2
)
SELECT jsonb_build_object(
           'total', (SELECT count(*) FROM fit WHERE by_domain AND by_owner AND by_state AND by_format AND by_audience AND by_classification),
           'facets', (SELECT coalesce(jsonb_object_agg(facet, counts), '{}')
                        FROM (SELECT facet, jsonb_agg(jsonb_build_object('value', value, 'count', n) ORDER BY n DESC, value) AS counts
                                FROM counted WHERE value IS NOT NULL GROUP BY facet) x)) AS body
