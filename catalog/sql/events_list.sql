-- Events that fit every filter that is given.
--
-- $1 text words in its names and texts   $2 text domain   $3 text owner   $4 text state of a line   $5 text tag   $6 text field, by name or path
-- $7 text format   $8 text audience   $9 text level of classification   $10 bool the latest changed first, else by name
-- $11 text key after which to go on   $12 bigint at most so many
--
-- One branch for each order, so that an index gives the first page and only the events of the page are looked at whole.
WITH fits AS NOT MATERIALIZED (
    SELECT e.id, e.name, e.updated_at
      FROM event e
      WHERE ($1::text IS NULL OR strpos(lower(concat_ws(' ', e.name, e.title, e.summary, e.description, e.reason_to_exist, array_to_string(e.tags, ' '))),
                                        lower($1::text)) > 0
             OR EXISTS (SELECT FROM event_name n WHERE n.event_id = e.id AND strpos(n.name, lower($1::text)) > 0))
        AND ($2::text IS NULL OR e.domain_id = (SELECT id FROM domain WHERE slug = $2::text))
        AND ($3::text IS NULL OR e.team_id = (SELECT id FROM team WHERE slug = $3::text))
        AND ($4::text IS NULL OR EXISTS (SELECT FROM line l WHERE l.event_id = e.id AND l.state = $4::text))
        AND ($5::text IS NULL OR $5::text = ANY (e.tags)
             OR EXISTS (SELECT FROM line_field f JOIN line l ON l.id = f.line_id WHERE l.event_id = e.id AND f.removed IS NULL AND $5::text = ANY (f.tags)))
        AND ($6::text IS NULL OR EXISTS (SELECT FROM line_field f JOIN line l ON l.id = f.line_id
                                          WHERE l.event_id = e.id AND f.removed IS NULL AND (lower(f.name) = lower($6::text) OR f.path = $6::text)))
        AND ($7::text IS NULL OR EXISTS (SELECT FROM line_version v JOIN line l ON l.id = v.line_id
                                          WHERE l.event_id = e.id AND v.state = 'active' AND v.format = upper($7::text)))
        AND ($8::text IS NULL OR e.audience = $8::text)
        AND ($9::text IS NULL OR e.classification ->> 'level' = $9::text)
), page AS (
    (SELECT id, name AS key FROM fits
      WHERE NOT $10::boolean AND ($11::text IS NULL OR name > $11::text COLLATE "C")
      ORDER BY name LIMIT $12::bigint)
    UNION ALL
    (SELECT id, (catalog_instant(updated_at) || ' ' || name) COLLATE "C" FROM fits
      WHERE $10::boolean AND ($11::text IS NULL OR (catalog_instant(updated_at) || ' ' || name) COLLATE "C" < $11::text COLLATE "C")
      ORDER BY updated_at DESC, name DESC LIMIT $12::bigint)
)
SELECT key, event_item(id) AS item
  FROM page
 ORDER BY CASE WHEN $10::boolean THEN NULL ELSE key END, CASE WHEN $10::boolean THEN key END DESC
