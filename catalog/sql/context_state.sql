-- $1 text context
--
-- No row: there is no such context. has_subjects: nothing else keeps it from being deleted.
SELECT CASE WHEN c.id = 0
            THEN EXISTS (SELECT FROM subject WHERE qualified < ':.') OR EXISTS (SELECT FROM subject WHERE qualified >= ':/')
            ELSE EXISTS (SELECT FROM subject
                          WHERE qualified >= ':' || c.name || ':' AND qualified < ':' || c.name || ';')
       END AS has_subjects
  FROM context c
 WHERE c.name = $1::text AND c.deleted_at IS NULL
