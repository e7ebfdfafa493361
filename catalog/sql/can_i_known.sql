-- $1 text service   $2 text environment
SELECT EXISTS (SELECT FROM service WHERE slug = $1::text) AS service, EXISTS (SELECT FROM environment WHERE name = $2::text) AS environment
