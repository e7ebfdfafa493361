-- Fields that a consumption declares.
--
-- $1 bigint consumption   $2 jsonb list of path, need, enum_handling, use
INSERT INTO consumption_field (consumption_id, path, need, enum_handling, use)
SELECT $1::bigint, f.path, f.need, f.enum_handling, f.use
  FROM jsonb_to_recordset($2::jsonb) f (path text, need text, enum_handling text, use text)
