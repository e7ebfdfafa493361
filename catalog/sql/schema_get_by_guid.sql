-- A schema by its guid, which is the same in every context: the default one's before the others'.
--
-- $1 uuid guid
--
-- As schema_get.sql.
SELECT c.name AS context, sc.context_id, sc.id AS schema_id, sc.identity, sc.type, sc.text, sc.refs, sc.metadata,
       sc.rule_set, u.qualified AS subject, u.version, u.deleted, u.ts,
       (SELECT CASE WHEN bool_and(d.headers IS NOT NULL) THEN max(d.headers) END
          FROM line_version lv LEFT JOIN line_deprecation d ON d.line_id = lv.line_id
         WHERE lv.context_id = sc.context_id AND lv.schema_id = sc.id) AS deprecation
  FROM schema sc
  JOIN context c ON c.id = sc.context_id
  LEFT JOIN LATERAL (
       SELECT s.qualified, v.version, v.deleted_at IS NOT NULL AS deleted,
              floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts
         FROM subject_version v
         JOIN subject s ON s.id = v.subject_id
        WHERE v.context_id = sc.context_id AND v.schema_id = sc.id
        ORDER BY v.deleted_at IS NOT NULL, v.subject_id, v.version
        LIMIT 1) u ON true
 WHERE sc.identity = $1::uuid AND sc.owner
 ORDER BY sc.context_id
 LIMIT 1
