-- What a line lacks of what has to be documented.
--
-- $1 bigint line   $2 jsonb what the policy requires
SELECT r ->> 'complete' = 'true' AS complete, r ->> 'hint' AS hint,
       jsonb_build_object('missing', r -> 'missing', 'hint', r -> 'hint', 'calls', r -> 'calls') AS lacks, r AS body
  FROM line_readiness($1::bigint, $2::jsonb) r
