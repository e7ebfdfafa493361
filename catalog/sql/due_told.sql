-- Whether those who hold a line's sunset back were told today.
--
-- $1 bigint line
SELECT EXISTS (SELECT FROM due_done
                WHERE name = 'unagreed:' || $1::bigint || ':' || to_char(catalog_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')) AS told
