-- $1 text name
SELECT rev, jsonb_build_object('name', name, 'position', position, 'production', production,
                               'created_at', created_at, 'created_by', created_by, 'updated_at', updated_at, 'updated_by', updated_by,
                               'links', jsonb_build_object('self', '/api/v1/environments/' || name, 'ui', '/ui/settings/environments')) AS body
  FROM environment
 WHERE name = $1::text
