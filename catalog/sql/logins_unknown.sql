-- Which of these are no users that can act. $1 text[] logins
SELECT x AS login FROM unnest($1::text[]) x WHERE NOT EXISTS (SELECT FROM person WHERE login = x AND NOT disabled)
