-- The first day on which a line that is deprecated today may reach its sunset.
--
-- $1 int days
SELECT catalog_instant(date_trunc('day', catalog_now(), 'UTC') + make_interval(days => $1::integer)) AS earliest
