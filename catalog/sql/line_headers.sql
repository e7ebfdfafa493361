-- What replies say of a line that ends.
--
-- $1 bigint line
SELECT headers FROM line_deprecation WHERE line_id = $1::bigint
