-- Moves a read into the past: from here on, tables named without a schema are what they were (migrations/0003_time.sql).
--
-- $1 timestamptz the moment
-- fits: whether there is a catalog at that moment. began, latest: the bounds. moment: as replies tell it.
SELECT $1::timestamptz >= began AND $1::timestamptz <= greatest(moment, statement_timestamp() + ahead) AS fits,
       catalog_instant(began) AS began,
       catalog_instant(greatest(moment, statement_timestamp() + ahead)) AS latest,
       catalog_instant($1::timestamptz) AS moment,
       set_config('avow.as_of', $1::timestamptz::text, true),
       set_config('search_path', 'asof, public', true)
  FROM catalog_clock
