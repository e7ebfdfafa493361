-- The subjects and versions that use a schema, found as schema_get.sql finds it.
--
-- $1 text context   $2 int id   $3 text subject without its context, or null   $4 bool soft deleted versions count
-- $5 bool subjects only, each once   $6 bigint offset   $7 bigint limit or null
--
-- No row: there is no such id. One row with nulls: nothing on this page.
WITH found AS (
    SELECT c.id AS context_id
      FROM context c
      JOIN schema sc ON sc.context_id = c.id AND sc.id = $2::integer
     WHERE c.name = $1::text
     UNION ALL
    (SELECT c.id
       FROM context c
       JOIN schema sc ON sc.context_id = c.id AND sc.id = $2::integer
      WHERE $1::text = '.' AND c.id <> 0
        AND NOT EXISTS (SELECT FROM schema WHERE context_id = 0 AND id = $2::integer)
        AND ($3::text IS NULL
             OR EXISTS (SELECT FROM subject_version v
                          JOIN subject s ON s.id = v.subject_id
                         WHERE v.context_id = c.id AND v.schema_id = $2::integer AND s.name = $3::text))
      ORDER BY c.name
      LIMIT 1)
)
SELECT u.subject, u.version
  FROM found
  LEFT JOIN (
       SELECT DISTINCT s.qualified AS subject, CASE WHEN NOT $5::boolean THEN v.version END AS version
         FROM subject_version v
         JOIN subject s ON s.id = v.subject_id
        WHERE v.context_id = (SELECT context_id FROM found) AND v.schema_id = $2::integer
          AND ($4::boolean OR v.deleted_at IS NULL)
        ORDER BY subject, version
       OFFSET $6::bigint LIMIT $7::bigint) u ON true
 ORDER BY u.subject, u.version
