-- $1 bigint position of the first   $2 bigint[] entries   $3 text[] their hashes, hexadecimal
INSERT INTO audit_seal (position, seq, hash)
SELECT $1::bigint + i - 1, seq, decode(hash, 'hex') FROM unnest($2::bigint[], $3::text[]) WITH ORDINALITY u (seq, hash, i)
