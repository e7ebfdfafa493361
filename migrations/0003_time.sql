-- The catalog's time: one clock that orders every write, and what each catalog table held at a moment.
--
-- Writers of the catalog come one after the other: each begins by moving the clock (catalog/sql/catalog_write.sql), which locks its
-- one row until COMMIT. Catalog writes are rare beside registrations, which do not touch it, and in exchange every rule is checked
-- against what is true, moments are unique and in the order of commits, and a read of the past is exact.

CREATE TABLE catalog_clock (
    single boolean     PRIMARY KEY DEFAULT true CHECK (single),
    moment timestamptz NOT NULL DEFAULT clock_timestamp(),
    began  timestamptz NOT NULL DEFAULT clock_timestamp(),
    ahead  interval    NOT NULL DEFAULT '0'
);
INSERT INTO catalog_clock DEFAULT VALUES;

COMMENT ON TABLE catalog_clock IS 'locked by every transaction that writes to the catalog';
COMMENT ON COLUMN catalog_clock.moment IS 'of the last catalog write; grows with each, also when the machine''s clock is set back';
COMMENT ON COLUMN catalog_clock.began IS 'there is no catalog before it';
COMMENT ON COLUMN catalog_clock.ahead IS 'how far rules see the time ahead of the machine''s; tests of due dates set it';

CREATE FUNCTION catalog_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('avow.as_of', true), '')::timestamptz, statement_timestamp() + ahead) FROM catalog_clock
$$;
COMMENT ON FUNCTION catalog_now IS 'the time by which due dates are judged; in a read of the past, that moment';

-- What an audit entry tells of a change of a row: the members that differ, as they were and as they are.
CREATE FUNCTION catalog_difference(was jsonb, is_now jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('from', coalesce(jsonb_object_agg(key, was -> key), '{}'), 'to', coalesce(jsonb_object_agg(key, value), '{}'))
      FROM jsonb_each(is_now)
     WHERE value IS DISTINCT FROM was -> key AND key NOT IN ('rev', 'updated_at', 'updated_by')
$$;

-- As every reply tells a moment: 2026-11-21T09:30:00.000000Z.
CREATE FUNCTION catalog_instant(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The moment of this transaction, the same however often it is asked for.
CREATE FUNCTION catalog_moment() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    known text := current_setting('avow.moment', true);
    fresh timestamptz;
BEGIN
    IF known <> '' THEN
        RETURN known::timestamptz;
    END IF;
    UPDATE catalog_clock SET moment = greatest(clock_timestamp() + ahead, moment + interval '1 microsecond') RETURNING moment INTO fresh;
    PERFORM set_config('avow.moment', fresh::text, true);
    RETURN fresh;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------

-- catalog_versioned('event') gives a table a past. Every row that was ever current is kept in event_history with the interval in
-- which it was. The view asof.event shows the rows that were current at the moment in the setting avow.as_of. A statement that names
-- its tables without a schema reads the past in a transaction whose search_path begins with asof; PostgreSQL plans it anew for that path.
CREATE SCHEMA asof;
COMMENT ON SCHEMA asof IS 'the catalog as it was at the moment in the setting avow.as_of';

CREATE FUNCTION catalog_history_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    history text := quote_ident(TG_TABLE_NAME || '_history');
    moment  timestamptz := catalog_moment();
BEGIN
    IF TG_OP <> 'INSERT' THEN
        -- A row that changes twice in one transaction was never seen in between: its first state leaves no trace.
        EXECUTE format('DELETE FROM public.%s WHERE id = $1 AND upper_inf(valid) AND lower(valid) = $2', history) USING OLD.id, moment;
        EXECUTE format('UPDATE public.%s SET valid = tstzrange(lower(valid), $2) WHERE id = $1 AND upper_inf(valid)', history)
          USING OLD.id, moment;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        EXECUTE format('INSERT INTO public.%s SELECT ($1).*, tstzrange($2, NULL)', history) USING NEW, moment;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION catalog_history_write IS 'ends the interval of the row that was, begins that of the row that is';

CREATE FUNCTION catalog_versioned(of_table regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name    text := of_table::text;
    columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                      WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped);
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE %s, valid tstzrange NOT NULL)', name || '_history', of_table);
    EXECUTE format('CREATE INDEX ON %I (id, lower(valid))', name || '_history');
    EXECUTE format('CREATE UNIQUE INDEX ON %I (id) WHERE upper_inf(valid)', name || '_history');
    EXECUTE format('CREATE TRIGGER history AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION catalog_history_write()', of_table);
    EXECUTE format('CREATE VIEW asof.%I AS SELECT %s FROM %I WHERE valid @> current_setting(''avow.as_of'')::timestamptz',
                   name, columns, name || '_history');
END
$$;
COMMENT ON FUNCTION catalog_versioned IS 'gives a table whose primary key is called id a past; call it in the migration that makes the table';

-- Every mutable table has rev, at and by, kept by this trigger: rev is the ETag.
CREATE FUNCTION catalog_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.rev := OLD.rev + 1;
    NEW.updated_at := catalog_moment();
    RETURN NEW;
END
$$;

CREATE FUNCTION catalog_touched(of_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION catalog_touch()', of_table);
END
$$;
COMMENT ON FUNCTION catalog_touched IS 'counts rev and keeps updated_at of a table; updated_by is the statement''s';
