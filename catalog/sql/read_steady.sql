-- Every statement of this transaction sees the same catalog.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
