-- What a delete must know of a subject and of the versions it is about.
--
-- $1 text qualified subject   $2 text[] scopes of settings   $3 int version, -1: the latest live one, null: all
-- $4 bool references from versions of the subject itself count
--
-- One row for each version, ascending, or one row with nulls. referred_live: null if no schema refers to it, false if only such as
-- have soft deleted versions alone.
SELECT s.id AS subject_id, s.context_id, coalesce(s.live, false) AS live,
       CASE WHEN v.first IS NOT FALSE
            THEN (SELECT json_agg(held) FROM setting held WHERE scope = ANY ($2::text[])) END AS settings,
       v.version, v.schema_id, v.deleted_at IS NOT NULL AS deleted, sc.identity,
       (SELECT bool_or(u.deleted_at IS NULL)
          FROM schema_reference r
          JOIN subject_version u ON u.context_id = r.context_id AND u.schema_id = r.schema_id
         WHERE r.target_subject_id = s.id AND r.version = v.version
           AND ($4::boolean OR u.subject_id <> s.id)) AS referred_live
  FROM (SELECT) one
  LEFT JOIN subject s ON s.qualified = $1::text
  LEFT JOIN LATERAL (
       SELECT *, version = min(version) OVER () AS first
         FROM subject_version
        WHERE subject_id = s.id
          AND ($3::integer IS NULL
               OR version = CASE WHEN $3::integer = -1
                                 THEN (SELECT max(version) FROM subject_version
                                        WHERE subject_id = s.id AND deleted_at IS NULL)
                                 ELSE $3::integer END)) v ON true
  LEFT JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
 ORDER BY v.version
