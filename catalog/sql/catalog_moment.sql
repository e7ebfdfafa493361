-- moment: of the last write that this read sees.
SELECT catalog_instant(moment) AS moment FROM catalog_clock
