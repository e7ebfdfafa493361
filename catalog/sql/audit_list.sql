-- Newest first.
--
-- $1 text actor or null   $2 text object or null: itself, or all of its kind ("line:"), or a qualified subject
-- $3 text kind or null: itself, or all of its group ("change.")   $4 timestamptz from or null   $5 timestamptz before, or null
-- $6 text key after which to go on, or null   $7 bigint at most so many
SELECT a.seq::text AS key,
       jsonb_build_object(
           'seq', a.seq, 'at', a.at, 'kind', a.kind, 'actor', a.actor, 'request_id', a.request_id,
           'object', coalesce(a.object, 'subject:' || CASE a.context WHEN '.' THEN '' ELSE ':' || a.context || ':' END || a.subject,
                              'context:' || a.context),
           'reason', a.reason, 'detail', a.detail, 'schema_id', a.schema_id, 'version', a.version,
           'seal', (SELECT encode(s.hash, 'hex') FROM audit_seal s WHERE s.seq = a.seq))::text AS item
  FROM audit a
 WHERE ($1::text IS NULL OR a.actor = $1::text)
   AND ($2::text IS NULL OR a.object = $2::text COLLATE "C"
        OR $2::text LIKE '%:' AND a.object >= $2::text COLLATE "C" AND a.object < left($2::text, -1) || ';' COLLATE "C"
        OR a.object IS NULL AND $2::text = 'subject:' || CASE a.context WHEN '.' THEN '' ELSE ':' || a.context || ':' END || a.subject)
   AND ($3::text IS NULL OR a.kind = $3::text OR $3::text LIKE '%.' AND starts_with(a.kind, $3::text))
   AND ($4::timestamptz IS NULL OR a.at >= $4::timestamptz)
   AND ($5::timestamptz IS NULL OR a.at < $5::timestamptz)
   AND ($6::text IS NULL OR a.seq < $6::text::bigint)
 ORDER BY a.seq DESC
 LIMIT $7::bigint
