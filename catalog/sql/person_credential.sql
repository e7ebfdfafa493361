-- What decides whether somebody may sign in. $1 text login
SELECT p.id, p.login, w.hash, coalesce(w.temporary, false) AS temporary, coalesce(w.first_used IS NOT NULL, false) AS used,
       p.disabled, p.role = 'admin' AS admin
  FROM person p LEFT JOIN person_password w ON w.person_id = p.id
 WHERE p.login = $1::text
