-- One version of a subject, or of the subject that its alias means.
--
-- $1 text qualified subject   $2 int version, -1: the latest live one   $3 bool a soft deleted one may be read
--
-- No row: there is no such subject. live: it has a live version. The rest is null if there is no such version.
SELECT s.live, s.qualified AS subject, v.version, v.deleted_at IS NOT NULL AS deleted,
       floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts,
       c.name AS context, v.context_id, v.schema_id,
       sc.identity, sc.type, sc.text, sc.refs, sc.metadata, sc.rule_set,
       (SELECT d.headers FROM line_version lv JOIN line_deprecation d ON d.line_id = lv.line_id
         WHERE lv.subject = s.qualified AND lv.version = v.version) AS deprecation
  FROM subject s
  JOIN context c ON c.id = s.context_id
  LEFT JOIN LATERAL (
       (SELECT *
          FROM subject_version
         WHERE $2::integer > 0 AND subject_id = s.id AND version = $2::integer AND ($3::boolean OR deleted_at IS NULL))
       UNION ALL
       (SELECT *
          FROM subject_version
         WHERE $2::integer = -1 AND subject_id = s.id AND deleted_at IS NULL
         ORDER BY version DESC
         LIMIT 1)) v ON true
  LEFT JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
 WHERE s.qualified = coalesce((SELECT alias_of FROM setting WHERE scope = $1::text), $1::text)
