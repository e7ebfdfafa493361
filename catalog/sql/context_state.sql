-- $1 text context
SELECT EXISTS (SELECT FROM subject
                WHERE CASE WHEN c.id = 0 THEN context_id = 0
                           ELSE qualified >= ':' || c.name || ':' AND qualified < ':' || c.name || ';' END) AS has_subjects
  FROM context c
 WHERE c.name = $1::text AND c.deleted_at IS NULL
