-- $1 bigint consumption: declares no field any more.
DELETE FROM consumption_field WHERE consumption_id = $1::bigint
