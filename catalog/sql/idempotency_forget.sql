-- Replies are remembered for a day.
DELETE FROM idempotency WHERE created_at <= now() - interval '1 day'
