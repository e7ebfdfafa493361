-- A schema by id: in the context asked for, or if that is the default one and lacks the id, in the first other that has it.
--
-- $1 text context   $2 int id   $3 text subject without its context, or null: what other contexts must use the id under
-- $4 bool with the highest id of the context
--
-- first: found in the context asked for. subject, version, ts, deleted: the use to show, if any: live before deleted, under the
-- subject asked for before others, old before new. deprecation: null unless every line that has the schema is on its way out.
SELECT found.first, c.name AS context, sc.context_id, sc.id AS schema_id, sc.identity, sc.type, sc.text, sc.refs,
       sc.metadata, sc.rule_set,
       u.qualified AS subject, u.version, u.deleted, u.ts,
       CASE WHEN $4::boolean THEN (SELECT max(id) FROM schema WHERE context_id = sc.context_id) END AS max_id,
       (SELECT CASE WHEN bool_and(d.headers IS NOT NULL) THEN max(d.headers) END
          FROM line_version lv LEFT JOIN line_deprecation d ON d.line_id = lv.line_id
         WHERE lv.context_id = sc.context_id AND lv.schema_id = sc.id) AS deprecation
  FROM (SELECT true AS first, c.id AS context_id
          FROM context c
          JOIN schema sc ON sc.context_id = c.id AND sc.id = $2::integer
         WHERE c.name = $1::text
         UNION ALL
        (SELECT false, c.id
           FROM context c
           JOIN schema sc ON sc.context_id = c.id AND sc.id = $2::integer
          WHERE $1::text = '.' AND c.id <> 0
            AND NOT EXISTS (SELECT FROM schema WHERE context_id = 0 AND id = $2::integer)
            AND ($3::text IS NULL
                 OR EXISTS (SELECT FROM subject_version v
                              JOIN subject s ON s.id = v.subject_id
                             WHERE v.context_id = c.id AND v.schema_id = $2::integer AND s.name = $3::text))
          ORDER BY c.name
          LIMIT 1)) found
  JOIN context c ON c.id = found.context_id
  JOIN schema sc ON sc.context_id = found.context_id AND sc.id = $2::integer
  LEFT JOIN LATERAL (
       SELECT s.qualified, v.version, v.deleted_at IS NOT NULL AS deleted,
              floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts
         FROM subject_version v
         JOIN subject s ON s.id = v.subject_id
        WHERE v.context_id = sc.context_id AND v.schema_id = sc.id
        ORDER BY v.deleted_at IS NOT NULL, s.name IS DISTINCT FROM $3::text, v.subject_id, v.version
        LIMIT 1) u ON true
