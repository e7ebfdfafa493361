-- $1 bigint change
SELECT b AS blockers, change_you_can($1::bigint, b) AS you_can, change_may_apply($1::bigint, b) AS may_apply_now,
       (SELECT string_agg(value ->> 'code', ',') FROM jsonb_array_elements(b)) AS codes
  FROM change_blockers($1::bigint) b
