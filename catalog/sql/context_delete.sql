-- The row stays, and its sequence with it: a context of this name would go on counting.
--
-- $1 text context
UPDATE context SET deleted_at = now() WHERE name = $1::text AND id <> 0
