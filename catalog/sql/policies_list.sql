-- $1 text scope after which to go on, or null   $2 bigint limit
SELECT p.scope AS key,
       jsonb_build_object('scope', p.scope, 'settings', p.settings, 'updated_at', catalog_instant(p.updated_at), 'updated_by', p.updated_by,
                          'links', jsonb_build_object('self', '/api/v1/policies/' || p.scope, 'ui', '/ui/settings/policies')) AS item
  FROM policy p
 WHERE $1::text IS NULL OR p.scope > $1::text
 ORDER BY p.scope
 LIMIT $2::bigint
