-- A session by its cookie; using it makes it last longer. $1 text SHA-256 of the cookie in hexadecimal
UPDATE session s SET expires_at = now() + interval '12 hours'
  FROM person p
 WHERE s.hash = decode($1::text, 'hex') AND s.expires_at > now() AND p.id = s.person_id AND NOT p.disabled
RETURNING p.id AS person_id, p.login, s.csrf
