-- The versions that a transitive level compares with: since the checkpoint, without the latest, newest first.
--
-- $1 bigint line   $2 text subject   $3 bigint checkpoint or null   $4 bigint the latest
SELECT v.id, v.format, v.text, v.semver
  FROM line_version v
 WHERE v.line_id = $1::bigint AND v.subject = $2::text AND v.state IN ('active', 'superseded') AND v.id <> $4::bigint
   AND v.id >= coalesce($3::bigint, 0)
 ORDER BY v.id DESC
