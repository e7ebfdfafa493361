-- Versions of a line, the newest first.
--
-- $1 bigint line   $2 text role   $3 bool those only that count for what comes next   $4 text semver or null   $5 int version of a subject or null
-- $6 int at most so many
SELECT v.id, v.semver, v.major, v.minor, v.patch, v.subject, v.role, v.version, v.context_id, v.schema_id, v.state, v.format, v.text,
       v.fingerprint, v.change_id
  FROM line_version v
  JOIN line l ON l.id = v.line_id
 WHERE v.line_id = $1::bigint AND v.role = $2::text
   AND (NOT $3::boolean OR (v.state IN ('active', 'superseded') AND v.id >= coalesce(l.checkpoint, 0)))
   AND ($4::text IS NULL OR v.semver = $4::text)
   AND ($5::integer IS NULL OR (v.version = $5::integer AND v.state <> 'withdrawn'))
 ORDER BY v.id DESC
 LIMIT $6::integer
