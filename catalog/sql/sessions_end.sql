-- All sessions of a user. $1 text login
DELETE FROM session WHERE person_id = (SELECT id FROM person WHERE login = $1::text)
