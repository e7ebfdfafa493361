-- One more event for the audit entry that this transaction wrote last.
--
-- $1 text type, without io.avow. and version   $2 text subject   $3 jsonb data
INSERT INTO outbox (seq, type, subject, data)
VALUES (currval(pg_get_serial_sequence('audit', 'seq')), 'io.avow.' || $1::text || '.v1', $2::text, $3::jsonb)
