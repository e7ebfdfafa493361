-- $1 bigint change
UPDATE change SET ready_told = true WHERE id = $1::bigint
