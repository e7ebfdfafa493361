-- Whether those who hold a line's sunset back were told today, or on a day after it if the clock was set back.
--
-- $1 bigint line
SELECT EXISTS (SELECT FROM due_done
                WHERE name >= 'unagreed:' || $1::bigint || ':' || to_char(catalog_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
                  AND name < 'unagreed:' || $1::bigint || ';') AS told
