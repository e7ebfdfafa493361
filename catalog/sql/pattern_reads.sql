-- $1 text regular expression
SELECT catalog_pattern_reads($1::text) AS reads
