-- Marks differences as told: the names of those that no other server has told meanwhile.
--
-- $1 text[] names
INSERT INTO due_done (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING name
