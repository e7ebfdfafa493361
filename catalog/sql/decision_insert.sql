-- $1 bigint requirement   $2 int revision   $3 text who   $4 text act   $5 timestamptz not before, or null   $6 text comment
INSERT INTO decision (requirement_id, revision, person, act, not_before, comment, fingerprints)
SELECT id, $2::integer, $3::text, $4::text, $5::timestamptz, $6::text, fingerprints FROM requirement WHERE id = $1::bigint
