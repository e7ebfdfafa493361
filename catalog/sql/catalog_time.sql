-- The time by which due dates are judged.
SELECT catalog_instant(catalog_now()) AS now
