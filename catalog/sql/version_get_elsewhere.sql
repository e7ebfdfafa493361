-- One version of a subject of this name in a context other than the default one: the first by name that has it.
--
-- $1 text subject   $2 int version, -1: the latest live one   $3 bool a soft deleted one may be read
SELECT s.live, s.qualified AS subject, v.version, v.deleted_at IS NOT NULL AS deleted,
       floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts,
       c.name AS context, v.context_id, v.schema_id,
       sc.identity, sc.type, sc.text, sc.refs, sc.metadata, sc.rule_set,
       (SELECT d.headers FROM line_version lv JOIN line_deprecation d ON d.line_id = lv.line_id
         WHERE lv.subject = s.qualified AND lv.version = v.version) AS deprecation
  FROM subject s
  JOIN context c ON c.id = s.context_id
 CROSS JOIN LATERAL (
       (SELECT *
          FROM subject_version
         WHERE $2::integer > 0 AND subject_id = s.id AND version = $2::integer AND ($3::boolean OR deleted_at IS NULL))
       UNION ALL
       (SELECT *
          FROM subject_version
         WHERE $2::integer = -1 AND subject_id = s.id AND deleted_at IS NULL
         ORDER BY version DESC
         LIMIT 1)) v
  JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
 WHERE s.name = $1::text AND s.context_id <> 0
 ORDER BY c.name
 LIMIT 1
