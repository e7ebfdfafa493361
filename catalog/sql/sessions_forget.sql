-- Those that are over.
DELETE FROM session WHERE expires_at <= now()
