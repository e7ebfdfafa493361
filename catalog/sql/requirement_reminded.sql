-- $1 bigint requirement
UPDATE requirement SET reminded = reminded + 1 WHERE id = $1::bigint
