-- $1 text SHA-256 of the cookie in hexadecimal
DELETE FROM session WHERE hash = decode($1::text, 'hex')
