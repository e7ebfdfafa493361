-- All that decides what becomes of schemas sent for subjects: settings, versions, who owns their identities. For one subject or for
-- several.
--
-- $1 text[] contexts   $2 text[] qualified subjects   $3 uuid[] identities or nulls   $4 uuid[] shapes or nulls
-- $5 bool[] every version is wanted   $6 text[] scopes of settings, of all of them together
--
-- i: which subject a row is about, from 1 on; they come in this order. locked: by subjects_try_lock.sql. settings: in the rows of the
-- first subject, for all. line_id: of the event's line that it is bound to.
--
-- One row for each version of interest, in no order and some twice, or one row with nulls: the highest version (every version
-- where $5 is true), those of the shape and those of the owner's schema; deleted ones are among them. The text comes only with
-- the latter two, which are nearly always what was sent.
--
-- This runs in every registration, and most of what it costs is making its plan ready: it has no node that it can do without. The
-- caller asks again, for every version, when the highest turns out not to be enough.
SELECT m.i, c.context_id, s.id AS subject_id, coalesce(s.live, false) AS live, own.id AS owner_id,
       coalesce(m.i = ANY (nullif(current_setting('avow.locked', true), '')::bigint[]), false) AS locked,
       (SELECT line_id FROM line_subject WHERE subject = m.qualified) AS line_id,
       CASE WHEN m.i = 1 THEN (SELECT json_agg(held) FROM setting held WHERE scope = ANY ($6::text[])) END AS settings,
       v.version, v.schema_id, v.deleted_at IS NOT NULL AS deleted,
       floor(extract(epoch FROM v.created_at) * 1000)::bigint AS ts,
       sc.identity, sc.type, sc.refs, sc.metadata, sc.rule_set,
       CASE WHEN v.shape = m.shape OR v.schema_id = own.id THEN sc.text END AS text
  FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::boolean[])
       WITH ORDINALITY m (context, qualified, identity, shape, every, i)
 CROSS JOIN LATERAL
       (SELECT CASE WHEN m.context = '.' THEN 0
                    ELSE (SELECT id FROM context WHERE name = m.context AND deleted_at IS NULL) END AS context_id
        OFFSET 0) c
  LEFT JOIN subject s ON s.qualified = m.qualified
  LEFT JOIN LATERAL
       (SELECT id FROM schema WHERE identity = m.identity AND context_id = c.context_id AND owner OFFSET 0) own ON true
  LEFT JOIN LATERAL (
       (SELECT version, schema_id, created_at, deleted_at, shape
          FROM subject_version
         WHERE subject_id = s.id
         ORDER BY version DESC
         LIMIT CASE WHEN m.every THEN NULL ELSE 1 END)
       UNION ALL
       (SELECT version, schema_id, created_at, deleted_at, shape
          FROM subject_version
         WHERE subject_id = s.id AND shape = m.shape)
       UNION ALL
       (SELECT version, schema_id, created_at, deleted_at, shape
          FROM subject_version
         WHERE context_id = c.context_id AND schema_id = own.id AND subject_id = s.id)
     ) v ON true
  LEFT JOIN schema sc ON sc.context_id = c.context_id AND sc.id = v.schema_id
 ORDER BY m.i
