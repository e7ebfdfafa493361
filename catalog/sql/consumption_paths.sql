-- The fields that a consumption reads, as far as it said.
--
-- $1 bigint consumption
SELECT path FROM consumption_field WHERE consumption_id = $1::bigint
 UNION
SELECT unnest(reader_paths) FROM consumption WHERE id = $1::bigint
