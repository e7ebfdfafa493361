-- The newest version of a subject whose metadata has some properties.
--
-- $1 text qualified subject   $2 jsonb the properties   $3 bool soft deleted ones count
--
-- As version_get.
SELECT s.live, s.qualified AS subject, v.version, v.deleted_at IS NOT NULL AS deleted,
       floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts,
       c.name AS context, v.context_id, v.schema_id,
       v.identity, v.type, v.text, v.refs, v.metadata, v.rule_set,
       (SELECT d.headers FROM line_version lv JOIN line_deprecation d ON d.line_id = lv.line_id
         WHERE lv.subject = s.qualified AND lv.version = v.version) AS deprecation
  FROM subject s
  JOIN context c ON c.id = s.context_id
  LEFT JOIN LATERAL (
       SELECT sv.version, sv.deleted_at, sv.created_at, sv.context_id, sv.schema_id,
              sc.identity, sc.type, sc.text, sc.refs, sc.metadata, sc.rule_set
         FROM subject_version sv
         JOIN schema sc ON sc.context_id = sv.context_id AND sc.id = sv.schema_id
        WHERE sv.subject_id = s.id AND ($3::boolean OR sv.deleted_at IS NULL)
          AND coalesce(sc.metadata::jsonb -> 'properties', '{}'::jsonb) @> $2::jsonb
        ORDER BY sv.version DESC
        LIMIT 1) v ON true
 WHERE s.qualified = coalesce((SELECT alias_of FROM setting WHERE scope = $1::text), $1::text)
