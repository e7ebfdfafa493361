-- Search: one document for each event, team, service and subject that nobody catalogued, kept by triggers; and walks of the graph.
--
-- Full text decides. Where it finds nothing, each word is taken for the known words that are written most alike, by trigrams (extension
-- pg_trgm, part of PostgreSQL's own packages), and looked for again: the words that are in use are few, however many documents there are.
-- In a database where the extension cannot be made, known words that contain it are taken instead.

-- "orders.OrderPlaced_v2" is looked for as "orders order placed v2".
CREATE FUNCTION search_words(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT trim(lower(regexp_replace(regexp_replace(given, '([[:lower:][:digit:]])([[:upper:]])', '\1 \2', 'g'), '[^[:alnum:]]+', ' ', 'g')))
$$;

CREATE TABLE search_doc (
    kind   text     NOT NULL,
    ref    text COLLATE "C" NOT NULL,
    names  tsvector NOT NULL,
    doc    tsvector NOT NULL,
    PRIMARY KEY (kind, ref)
);
CREATE INDEX search_doc_doc ON search_doc USING gin (doc);
CREATE INDEX search_doc_names ON search_doc USING gin (names);
COMMENT ON TABLE search_doc IS 'what can be found: of the present only, so that it has no past';
COMMENT ON COLUMN search_doc.ref IS 'name of the event, slug of the team or service, qualified subject';

-- Words of names and fields, for what is misspelt. None is taken out: one that is no longer in use finds nothing.
CREATE TABLE search_word (
    word    text COLLATE "C" PRIMARY KEY,
    letters text COLLATE "C" NOT NULL
);
CREATE INDEX search_word_letters ON search_word (letters);
COMMENT ON COLUMN search_word.letters IS 'the same letters in their order: "oredr" has those of "order"';

CREATE FUNCTION search_letters(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(c, '' ORDER BY c COLLATE "C") FROM string_to_table(word, NULL) c
$$;

CREATE FUNCTION search_put(of_kind text, of_ref text, names text, fields text, texts text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_word (word, letters)
    SELECT w, search_letters(w)
      FROM (SELECT DISTINCT w FROM string_to_table(left(search_words(names || ' ' || fields), 20000), ' ') w
             WHERE length(w) BETWEEN 3 AND 40 AND w !~ '^[0-9]+$') x
     WHERE NOT EXISTS (SELECT FROM search_word k WHERE k.word = x.w)
    ON CONFLICT DO NOTHING;
    INSERT INTO search_doc (kind, ref, names, doc)
    VALUES (of_kind, of_ref, to_tsvector('simple', left(search_words(names), 20000)),
            setweight(to_tsvector('simple', left(search_words(names), 20000)), 'A')
            || setweight(to_tsvector('simple', left(search_words(fields), 200000)), 'B')
            || setweight(to_tsvector('english', left(search_words(texts), 200000)), 'C'))
    ON CONFLICT (kind, ref) DO UPDATE SET names = excluded.names, doc = excluded.doc
$$;

CREATE FUNCTION search_put_event(of_event bigint) RETURNS void LANGUAGE sql AS $$
    SELECT search_put('event', e.name,
                      concat_ws(' ', e.name, e.title, array_to_string(e.tags, ' '), t.slug, t.name, d.slug),
                      coalesce((SELECT string_agg(DISTINCT concat_ws(' ', f.name, array_to_string(f.tags, ' ')), ' ')
                                  FROM line l JOIN line_field f ON f.line_id = l.id AND f.removed IS NULL WHERE l.event_id = e.id), ''),
                      concat_ws(' ', e.summary, e.description, e.reason_to_exist, d.name,
                                (SELECT string_agg(f.doc, ' ') FROM line l JOIN line_field f ON f.line_id = l.id AND f.removed IS NULL
                                  WHERE l.event_id = e.id AND f.doc <> '')))
      FROM event e JOIN team t ON t.id = e.team_id LEFT JOIN domain d ON d.id = e.domain_id
     WHERE e.id = of_event
$$;

CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'event' THEN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM search_doc WHERE kind = 'event' AND ref = OLD.name;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM search_put_event(NEW.id);
        END IF;
    WHEN 'team' THEN
        PERFORM search_put('team', NEW.slug, concat_ws(' ', NEW.slug, NEW.name), '', NEW.description);
        IF TG_OP = 'UPDATE' AND NEW.name <> OLD.name THEN
            PERFORM search_put_event(id) FROM event WHERE team_id = NEW.id;
        END IF;
    WHEN 'service' THEN
        PERFORM search_put('service', NEW.slug,
                           concat_ws(' ', NEW.slug, NEW.name, NEW.kind, (SELECT concat_ws(' ', slug, name) FROM team WHERE id = NEW.team_id)),
                           '', concat_ws(' ', NEW.description, NEW.repo));
    END CASE;
    RETURN NULL;
END
$$;
CREATE TRIGGER search AFTER INSERT OR UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE TRIGGER search AFTER INSERT OR UPDATE ON team FOR EACH ROW EXECUTE FUNCTION search_follow();
CREATE TRIGGER search AFTER INSERT OR UPDATE ON service FOR EACH ROW EXECUTE FUNCTION search_follow();

-- Fields come many at a time.
CREATE FUNCTION search_follow_fields() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_put_event(e) FROM (SELECT DISTINCT l.event_id FROM changed c JOIN line l ON l.id = c.line_id) x (e);
    RETURN NULL;
END
$$;
CREATE TRIGGER search_new AFTER INSERT ON line_field REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_follow_fields();
CREATE TRIGGER search_changed AFTER UPDATE ON line_field REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_follow_fields();

CREATE TABLE search_progress (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    last_id bigint  NOT NULL DEFAULT 0
);
INSERT INTO search_progress DEFAULT VALUES;

-- Subjects are registered far too fast for a trigger: whoever leads (catalog/delivery.h) looks for new ones when there is nothing else to
-- do. Numbers that became visible late are within the last thousand.
CREATE FUNCTION search_follow_subjects(at_most integer) RETURNS bigint LANGUAGE sql AS $$
    WITH fresh AS (
        SELECT s.id, s.qualified FROM subject s
         WHERE s.id > coalesce((SELECT last_id FROM search_progress), 0) - 1000
           AND NOT EXISTS (SELECT FROM search_doc d WHERE d.kind = 'subject' AND d.ref = s.qualified)
           AND NOT starts_with(s.qualified, ':.avow:')
         ORDER BY s.id LIMIT at_most
    ), put AS (
        SELECT count(search_put('subject', qualified, qualified, '', '')::text) AS n, max(id) AS last FROM fresh
    ), noted AS (
        UPDATE search_progress
           SET last_id = CASE WHEN put.n < at_most THEN coalesce((SELECT max(id) FROM subject), 0) ELSE greatest(last_id, put.last) END
          FROM put
    ) SELECT n FROM put
$$;

DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'without the extension pg_trgm, search finds misspelt names only by chance: %', SQLERRM;
END
$$;

DO $do$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX search_word_alike ON search_word USING gin (word gin_trgm_ops);
        CREATE FUNCTION search_alike(given text) RETURNS SETOF text LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.35 AS $$
            SELECT word FROM search_word WHERE word % given ORDER BY similarity(word, given) DESC, word LIMIT 3
        $$;
    ELSE
        CREATE FUNCTION search_alike(given text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
            SELECT word FROM search_word WHERE strpos(word, given) > 0 ORDER BY length(word), word LIMIT 3
        $$;
    END IF;
END
$do$;

-- The words, each with those that it may have been meant for.
CREATE FUNCTION search_meant(asked text) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
DECLARE
    w     text;
    known text[];
    one   tsquery;
    found tsquery;
BEGIN
    FOREACH w IN ARRAY string_to_array(asked, ' ') LOOP
        known := ARRAY(SELECT k.word FROM search_word k WHERE k.letters = search_letters(w)
                       UNION SELECT a FROM search_alike(w) a);
        one := to_tsquery('simple', array_to_string(known || (w || ':*'), ' | '));
        found := coalesce(found && one, one);
    END LOOP;
    RETURN found;
END
$$;

-- Every word must be there, the last one as far as it is typed. Null: nothing that can be looked for.
CREATE FUNCTION search_query(q text, config regconfig) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN search_words(q) = '' THEN NULL
                ELSE to_tsquery(config, replace(search_words(q), ' ', ' & ') || ':*') END
$$;

-- What fits best: the very name, then names that hold the words, then whatever else does. Ranking costs more than finding: of a word that is
-- nearly everywhere only so many are ranked.
CREATE FUNCTION search_rank(q text, query tsquery, kinds text[], at_most integer) RETURNS TABLE (kind text, ref text, score real) LANGUAGE sql STABLE AS $$
    WITH wanted AS MATERIALIZED (
        SELECT coalesce(kinds, '{event,team,service,subject}') AS kinds
    ), named AS MATERIALIZED (
        SELECT d.kind, d.ref, 1 + ts_rank(d.names, query, 1) AS found
          FROM search_doc d WHERE d.names @@ query AND d.kind = ANY ((SELECT w.kinds FROM wanted w)::text[]) LIMIT 1000
    ), told AS (
        SELECT d.kind, d.ref, ts_rank('{0.05, 0.1, 0.3, 1.0}', d.doc, query, 1) AS found
          FROM search_doc d
         WHERE d.doc @@ query AND d.kind = ANY ((SELECT w.kinds FROM wanted w)::text[]) AND (SELECT count(*) FROM named) < at_most LIMIT 500
    ), called AS (
        SELECT d.kind, d.ref, 8 AS found FROM search_doc d WHERE d.ref = q AND d.kind = ANY ((SELECT w.kinds FROM wanted w)::text[])
    )
    SELECT x.kind, x.ref,
           (max(x.found) + starts_with(x.ref, q)::integer + CASE x.kind WHEN 'event' THEN 0.2 WHEN 'subject' THEN 0 ELSE 0.1 END)::real AS found
      FROM (SELECT * FROM named UNION ALL SELECT * FROM told UNION ALL SELECT * FROM called) x
     GROUP BY x.kind, x.ref
     ORDER BY found DESC, x.kind, x.ref
     LIMIT at_most
$$;

CREATE FUNCTION search_find(q text, kinds text[], at_most integer) RETURNS TABLE (kind text, ref text, score real) LANGUAGE plpgsql STABLE
SET client_min_messages = warning -- a word that English leaves out is nothing to tell
SET enable_bitmapscan = on -- sessions do without it (decision 12), and these indexes are read in no other way
SET enable_indexscan = off AS $$ -- which a plan that was made for few documents would prefer, and keep
DECLARE
    asked text := search_words(q);
    query tsquery;
BEGIN
    IF asked = '' THEN
        RETURN;
    END IF;
    query := search_query(q, 'simple') || search_query(q, 'english');
    RETURN QUERY SELECT * FROM search_rank(q, query, kinds, at_most);
    IF NOT FOUND THEN
        query := search_meant(asked);
        RETURN QUERY SELECT r.kind, r.ref, (r.score / 2)::real FROM search_rank(q, query, kinds, at_most) r;
    END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------

-- What is connected with some lines and services within so many steps, one step being from a line to a service or back. up: towards
-- those who produce; down: towards those who consume. Stops at a number of nodes: the nearest are kept.
CREATE FUNCTION graph_walk(from_lines bigint[], from_services bigint[], depth integer, up boolean, down boolean, at_most integer)
RETURNS TABLE (lines bigint[], services bigint[], truncated boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
    edge_lines    bigint[] := from_lines;
    edge_services bigint[] := from_services;
    next_lines    bigint[];
    next_services bigint[];
BEGIN
    lines := from_lines;
    services := from_services;
    truncated := false;
    FOR step IN 1..depth LOOP
        next_services := ARRAY(
            SELECT s FROM (SELECT p.service_id FROM production p WHERE up AND p.line_id = ANY (edge_lines) AND p.ended_at IS NULL
                           UNION
                           SELECT c.service_id FROM consumption c WHERE down AND c.line_id = ANY (edge_lines) AND c.state IN ('requested', 'active')) x (s)
             WHERE s <> ALL (services) ORDER BY s LIMIT at_most + 1);
        next_lines := ARRAY(
            SELECT l FROM (SELECT p.line_id FROM production p WHERE down AND p.service_id = ANY (edge_services) AND p.ended_at IS NULL
                           UNION
                           SELECT c.line_id FROM consumption c WHERE up AND c.service_id = ANY (edge_services) AND c.state IN ('requested', 'active')) x (l)
             WHERE l <> ALL (lines) ORDER BY l LIMIT at_most + 1);
        IF cardinality(lines) + cardinality(services) + cardinality(next_lines) + cardinality(next_services) > at_most THEN
            truncated := true;
            next_services := next_services[1:greatest(0, at_most - cardinality(lines) - cardinality(services))];
            next_lines := next_lines[1:greatest(0, at_most - cardinality(lines) - cardinality(services) - cardinality(next_services))];
        END IF;
        lines := lines || next_lines;
        services := services || next_services;
        EXIT WHEN truncated OR cardinality(next_lines) + cardinality(next_services) = 0;
        edge_lines := next_lines;
        edge_services := next_services;
    END LOOP;
    RETURN NEXT;
END
$$;
