-- Subjects as a person looks for them: a page of names, each with its latest version and its own level.
--
-- $1 text what names contain, in any case, or null   $2 text context or null   $3 bool live ones only, others only, or null: all
-- $4 text format or null   $5 text the qualified name after which to go on, or null   $6 bigint how many at most
--
-- In the order of the index of qualified names, cut off as soon as the page is full: what does not fit is filtered on the way. A
-- subject without a live version shows its latest deleted one.
SELECT s.qualified AS key,
       json_build_object(
           'name', s.name, 'context', c.name, 'version', s.version,
           'versions', (SELECT count(*) FROM subject_version v
                         WHERE v.subject_id = s.id AND (v.deleted_at IS NULL OR NOT s.live)),
           'id', s.schema_id, 'format', s.type, 'registered_at', s.created_at, 'deleted', NOT s.live,
           'level', (SELECT level FROM setting WHERE scope = s.qualified))::text AS item
  FROM (SELECT sub.id, sub.name, sub.qualified, sub.live, sub.context_id, v.version, v.schema_id, v.created_at, sc.type
          FROM subject sub
         CROSS JOIN LATERAL (
               SELECT version, schema_id, created_at
                 FROM subject_version
                WHERE subject_id = sub.id AND (deleted_at IS NULL OR NOT sub.live)
                ORDER BY version DESC
                LIMIT 1) v
          JOIN schema sc ON sc.context_id = sub.context_id AND sc.id = v.schema_id
         WHERE sub.qualified > coalesce($5::text, '')
           AND ($1::text IS NULL OR strpos(lower(sub.name), lower($1::text)) > 0)
           AND ($2::text IS NULL OR sub.context_id = (SELECT id FROM context WHERE name = $2::text))
           AND ($3::boolean IS NULL OR sub.live = $3::boolean)
           AND ($4::text IS NULL OR sc.type::text = $4::text)
         ORDER BY sub.qualified
         LIMIT $6::bigint) s
  JOIN context c ON c.id = s.context_id
 ORDER BY s.qualified
