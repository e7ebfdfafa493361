-- Which schema of a context owns an identity: what is registered with it gets that id.
--
-- $1 int context   $2 uuid identity
SELECT id FROM schema WHERE identity = $2::uuid AND context_id = $1::integer AND owner
