-- Tells every server that there are changes to read. It says nothing durable, so its own commit need not wait for the disk.
SELECT set_config('synchronous_commit', 'off', true), pg_notify('avow_audit', '')
