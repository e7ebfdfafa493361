-- What stands where an import wants to put something.
--
-- $1 int context   $2 int schema id   $3 bigint subject or null   $4 int version
--
-- identity: of the schema with this id, or null. version_schema_id: what the version uses, or null; deleted: whether it is.
SELECT (SELECT identity FROM schema WHERE context_id = $1::integer AND id = $2::integer) AS identity,
       v.schema_id AS version_schema_id, v.deleted_at IS NOT NULL AS deleted
  FROM (SELECT) one
  LEFT JOIN subject_version v ON v.subject_id = $3::bigint AND v.version = $4::integer
