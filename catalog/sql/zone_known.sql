-- $1 text zone
SELECT catalog_zone_known($1::text) AS known
