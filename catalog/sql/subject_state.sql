-- All that decides what becomes of a schema sent for a subject: settings, versions, who owns its identity.
--
-- $1 text context   $2 text qualified subject   $3 text[] scopes of settings   $4 uuid identity or null
-- $5 uuid shape or null   $6 bool all live versions are wanted   $7 int one more live version, or null
-- $8 bool versions of this shape count when deleted, too
--
-- One row for each version of interest, newest first, or one row with nulls: the latest live version (all live ones when $6 is
-- true or a level or group in the settings needs them), those that have the shape or the owner's schema, and version $7. Settings are in the
-- first row only. The text comes only with those versions, which are nearly always what was sent.
SELECT c.id AS context_id, c.deleted_at IS NOT NULL AS context_deleted,
       s.id AS subject_id,
       coalesce(s.live, false) AS live,
       CASE WHEN s.id IS NULL THEN 0
            ELSE (SELECT max(version) FROM subject_version WHERE subject_id = s.id) END AS last_version,
       own.id AS owner_id,
       CASE WHEN v.first IS NOT FALSE
            THEN (SELECT json_agg(held) FROM config held WHERE scope = ANY ($3::text[])) END AS configs,
       CASE WHEN v.first IS NOT FALSE
            THEN (SELECT json_agg(held) FROM mode held WHERE scope = ANY ($3::text[])) END AS modes,
       v.version, v.deleted, v.schema_id, floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts,
       sc.identity, sc.type, sc.refs, sc.metadata, sc.rule_set,
       CASE WHEN v.shaped THEN sc.text END AS text
  FROM (SELECT) one
  LEFT JOIN context c ON c.name = $1::text
  LEFT JOIN subject s ON s.qualified = $2::text
  LEFT JOIN schema own ON own.identity = $4::uuid AND own.context_id = c.id AND own.owner
  LEFT JOIN LATERAL (
       SELECT *, version = max(version) OVER () AS first
         FROM ((SELECT version, schema_id, created_at, false AS deleted,
                       coalesce(shape = $5::uuid OR schema_id = own.id, false) AS shaped
                  FROM subject_version
                 WHERE subject_id = s.id AND deleted_at IS NULL
                 ORDER BY version DESC
                 LIMIT CASE WHEN $6::boolean
                              OR EXISTS (SELECT FROM config
                                          WHERE scope = ANY ($3::text[])
                                            AND (level LIKE '%TRANSITIVE' OR compatibility_group IS NOT NULL))
                            THEN NULL ELSE 1 END)
               UNION
               SELECT version, schema_id, created_at, deleted_at IS NOT NULL,
                      coalesce(shape = $5::uuid OR schema_id = own.id, false)
                 FROM subject_version
                WHERE subject_id = s.id
                  AND ((shape = $5::uuid OR schema_id = own.id) AND ($8::boolean OR deleted_at IS NULL)
                       OR version = $7::integer AND deleted_at IS NULL)) interest
     ) v ON true
  LEFT JOIN schema sc ON sc.context_id = c.id AND sc.id = v.schema_id
 ORDER BY v.version DESC
