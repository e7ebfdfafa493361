-- Whether credentials are asked for.
SELECT closed_at IS NOT NULL AS closed FROM access
