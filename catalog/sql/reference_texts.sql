-- The texts of schemas and of everything that they refer to, directly or not.
--
-- Where to start: $1 text[] qualified subjects and $2 int[] versions, -1 for the latest, only live ones when $3 bool;
-- and $4 int[] contexts and $5 int[] schema ids. $6 bigint: if all texts together have more bytes, they are null.
--
-- kind 0: what $1 and $2 found, by position in them: subject_id, version and the schema it uses
-- kind 1: a schema and its text, in the order of (context_id, schema_id)
-- kind 2: that the schema refers to another one under the name `text`, in the order of (context_id, schema_id, position)
--
-- No cycle is possible (what is referred to existed before), and UNION would end one.
WITH RECURSIVE asked AS (
    SELECT a.position, s.id AS subject_id, v.version, v.context_id, v.schema_id
      FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY a (subject, version, position)
      JOIN subject s ON s.qualified = a.subject
     CROSS JOIN LATERAL (
           SELECT version, context_id, schema_id
             FROM subject_version
            WHERE subject_id = s.id
              AND (version = a.version OR a.version = -1)
              AND (deleted_at IS NULL OR NOT $3::boolean AND a.version <> -1)
            ORDER BY version DESC
            LIMIT 1) v
), reached (context_id, schema_id) AS (
    SELECT context_id, schema_id FROM asked
    UNION
    SELECT context_id, schema_id FROM unnest($4::integer[], $5::integer[]) given (context_id, schema_id)
    UNION
    SELECT v.context_id, v.schema_id
      FROM reached r
      JOIN schema_reference f ON f.context_id = r.context_id AND f.schema_id = r.schema_id
      JOIN subject_version v ON v.subject_id = f.target_subject_id AND v.version = f.version
)
SELECT 0 AS kind, position, context_id, schema_id, subject_id, version,
       NULL::integer AS to_context_id, NULL::integer AS to_schema_id, NULL::text AS text
  FROM asked
 UNION ALL
SELECT 1, NULL, context_id, id, NULL, NULL, NULL, NULL,
       CASE WHEN sum(octet_length(text)::bigint) OVER () <= $6::bigint THEN text END
  FROM reached r
  JOIN schema sc USING (context_id)
 WHERE sc.id = r.schema_id
 UNION ALL
SELECT 2, f.position, f.context_id, f.schema_id, NULL, NULL, v.context_id, v.schema_id, f.name
  FROM reached r
  JOIN schema_reference f ON f.context_id = r.context_id AND f.schema_id = r.schema_id
  JOIN subject_version v ON v.subject_id = f.target_subject_id AND v.version = f.version
 ORDER BY kind, context_id, schema_id, position
