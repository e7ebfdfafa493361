-- Marks that the differences were looked through at this moment.
INSERT INTO due_done (name, at) VALUES ('drift', catalog_now()) ON CONFLICT (name) DO UPDATE SET at = excluded.at
