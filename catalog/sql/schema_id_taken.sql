-- An id was given from outside: the context never draws it. Under the context's lock.
--
-- $1 int context   $2 int id
SELECT schema_id_taken($1::integer, $2::integer)
