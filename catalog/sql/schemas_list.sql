-- Versions with their schemas, by subject, then version.
--
-- $1 to $2 and $3 to $4 text: two ranges of names   $5 text what names without their context begin with, or null
-- $6 bool soft deleted ones, too   $7 bool the latest of each subject only   $8 bool with aliases   $9 bigint offset
-- $10 bigint limit or null
--
-- The page is cut out before schemas are looked at: what is skipped costs two entries of indexes each.
SELECT page.qualified AS subject, page.version, page.deleted_at IS NOT NULL AS deleted,
       floor(extract(epoch FROM page.created_at) * 1000)::bigint AS ts,
       c.name AS context, page.context_id, page.schema_id,
       sc.identity, sc.type, sc.text, sc.refs, sc.metadata, sc.rule_set,
       CASE WHEN $8::boolean
            THEN (SELECT json_agg(scope ORDER BY scope) FROM setting WHERE alias_of = page.qualified) END AS aliases
  FROM (SELECT s.qualified, v.*
          FROM ((SELECT id, qualified
                   FROM subject
                  WHERE qualified >= $1::text AND qualified < $2::text
                    AND ($5::text IS NULL OR starts_with(name, $5::text)) AND ($6::boolean OR live)
                  ORDER BY qualified)
                UNION ALL
                (SELECT id, qualified
                   FROM subject
                  WHERE qualified >= $3::text AND qualified < $4::text
                    AND ($5::text IS NULL OR starts_with(name, $5::text)) AND ($6::boolean OR live)
                  ORDER BY qualified)) s
         CROSS JOIN LATERAL (
               SELECT *
                 FROM subject_version
                WHERE subject_id = s.id AND ($6::boolean OR deleted_at IS NULL)
                ORDER BY version DESC
                LIMIT CASE WHEN $7::boolean THEN 1 END) v
         ORDER BY s.qualified, v.version
        OFFSET $9::bigint LIMIT $10::bigint) page
  JOIN schema sc ON sc.context_id = page.context_id AND sc.id = page.schema_id
  JOIN context c ON c.id = page.context_id
 ORDER BY page.qualified, page.version
