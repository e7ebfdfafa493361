-- All that decides what becomes of a schema sent for a subject: settings, versions, who owns its identity.
--
-- $1 text context   $2 text qualified subject   $3 text[] scopes of settings   $4 uuid identity or null
-- $5 uuid shape or null   $6 bool every version is wanted
--
-- One row for each version of interest, in no order and some twice, or one row with nulls: the highest version (every version
-- when $6 is true), those of the shape and those of the owner's schema; deleted ones are among them. The text comes only with
-- the latter two, which are nearly always what was sent.
--
-- This runs in every registration, and most of what it costs is making its plan ready: it has no node that it can do without. The
-- caller asks again, for every version, when the highest turns out not to be enough.
SELECT c.context_id, s.id AS subject_id, coalesce(s.live, false) AS live, own.id AS owner_id,
       (SELECT json_agg(held) FROM setting held WHERE scope = ANY ($3::text[])) AS settings,
       v.version, v.schema_id, v.deleted_at IS NOT NULL AS deleted,
       floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts,
       sc.identity, sc.type, sc.refs, sc.metadata, sc.rule_set,
       CASE WHEN v.shape = $5::uuid OR v.schema_id = own.id THEN sc.text END AS text
  FROM (SELECT CASE WHEN $1::text = '.' THEN 0
                    ELSE (SELECT id FROM context WHERE name = $1::text AND deleted_at IS NULL) END AS context_id
        OFFSET 0) c
  LEFT JOIN subject s ON s.qualified = $2::text
  LEFT JOIN schema own ON own.identity = $4::uuid AND own.context_id = c.context_id AND own.owner
  LEFT JOIN LATERAL (
       (SELECT version, schema_id, created_at, deleted_at, shape
          FROM subject_version
         WHERE subject_id = s.id
         ORDER BY version DESC
         LIMIT CASE WHEN $6::boolean THEN NULL ELSE 1 END)
       UNION ALL
       (SELECT version, schema_id, created_at, deleted_at, shape
          FROM subject_version
         WHERE subject_id = s.id AND shape = $5::uuid)
       UNION ALL
       (SELECT version, schema_id, created_at, deleted_at, shape
          FROM subject_version
         WHERE context_id = c.context_id AND schema_id = own.id AND subject_id = s.id)
     ) v ON true
  LEFT JOIN schema sc ON sc.context_id = c.context_id AND sc.id = v.schema_id
