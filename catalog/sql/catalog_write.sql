-- Begins a write to the catalog: waits for the one before it, and gives this one its moment (migrations/0003_time.sql).
--
-- moment: of this transaction. now: the time by which due dates are judged.
SELECT catalog_moment() AS moment, catalog_now() AS now
