-- The registry: contexts, subjects and their versions, the schemas that versions use, what schemas refer to, settings.
--
-- Every registration writes here, so every index, foreign key and check is weighed: a check constraint is read anew by each
-- statement, a domain's and an enum's once by a session.
--
-- How writers stay out of each other's way (catalog/README.md tells it whole):
--
--   - every writer of a subject holds the advisory lock of that subject, taken by a statement of its own before anything
--     is read (catalog/sql/subject_lock.sql), so that the next version and the verdict on it rest on what is true. That is why no
--     foreign key leads from versions to their subject: nobody else can remove it;
--   - every writer holds the advisory lock of its context in shared mode; what concerns the context as a whole (its removal,
--     entering IMPORT mode, raising its sequence of ids) takes it alone. That is why no foreign key leads to context:
--     checking one would lock the same row in every registration;
--   - races between subjects are decided by the unique index on identities and by foreign keys, and the loser runs again.

CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TYPE schema_type AS ENUM ('AVRO', 'JSON');

CREATE TABLE context (
    id         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text COLLATE "C" NOT NULL UNIQUE
               CHECK (name = '.' OR (starts_with(name, '.') AND octet_length(name) BETWEEN 2 AND 256 AND strpos(name, ':') = 0)),
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CHECK ((id = 0) = (name = '.')),
    CHECK (id <> 0 OR deleted_at IS NULL)
);

COMMENT ON TABLE context IS 'name spaces of subjects and of schema ids; each has a sequence schema_id_<id> of its own';
COMMENT ON COLUMN context.id IS '0 is the default context';
COMMENT ON COLUMN context.name IS 'with its leading dot; "." is the default context';
COMMENT ON COLUMN context.deleted_at IS 'a context that is used again after it was deleted goes on counting ids: none is ever given twice';

-- Makes a context with its sequence, or brings a deleted one back. A real sequence and not a counter row: the row would be
-- locked from the drawing of an id to the end of the transaction, one registration at a time in the whole context.
CREATE FUNCTION context_ensure(context_name text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    found_id integer;
BEGIN
    UPDATE context SET deleted_at = NULL WHERE name = context_name AND deleted_at IS NOT NULL;
    SELECT id INTO found_id FROM context WHERE name = context_name;
    IF found_id IS NULL THEN
        INSERT INTO context (name) VALUES (context_name) RETURNING id INTO found_id;
        EXECUTE format('CREATE SEQUENCE %I AS integer NO CYCLE', 'schema_id_' || found_id);
    END IF;
    RETURN found_id;
END
$$;

-- Draws the next schema id of a context.
CREATE FUNCTION schema_id_next(of_context integer) RETURNS integer LANGUAGE sql VOLATILE AS $$
    SELECT nextval(('schema_id_' || of_context)::regclass)::integer
$$;

-- Makes sure that an id that was given from outside is never drawn. The caller holds the lock of the context alone.
CREATE FUNCTION schema_id_taken(of_context integer, taken integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sequence regclass := ('schema_id_' || of_context)::regclass;
    last     bigint   := coalesce(pg_sequence_last_value(sequence), 0);
BEGIN
    IF taken > last THEN
        PERFORM setval(sequence, taken);
    END IF;
END
$$;

INSERT INTO context (id, name) OVERRIDING SYSTEM VALUE VALUES (0, '.');
CREATE SEQUENCE schema_id_0 AS integer NO CYCLE;

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE subject (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    context_id integer     NOT NULL,
    live       boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    name       text COLLATE "C" NOT NULL,
    qualified  text COLLATE "C" NOT NULL UNIQUE,
    CONSTRAINT subject_is_qualified CHECK ((context_id = 0) = (qualified = name))
);

CREATE INDEX subject_elsewhere ON subject (name) WHERE context_id <> 0;

COMMENT ON TABLE subject IS 'names under which versions are kept; a row exists while there is a version, deleted ones included';
COMMENT ON COLUMN subject.live IS 'has a version that is not deleted: written by those who write subject_version';
COMMENT ON COLUMN subject.name IS 'without its context';
COMMENT ON COLUMN subject.qualified IS 'name, or :.context:name outside the default context: listings are in this order';
COMMENT ON INDEX subject_elsewhere IS 'an unqualified subject that the default context lacks is looked for in the others';

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE schema (
    context_id integer     NOT NULL,
    id         positive    NOT NULL,
    identity   uuid        NOT NULL,
    owner      boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    type       schema_type NOT NULL,
    text       text        NOT NULL,
    refs       text,
    metadata   text,
    rule_set   text,
    PRIMARY KEY (context_id, id)
);

CREATE UNIQUE INDEX schema_owner ON schema (identity, context_id) WHERE owner;
CREATE INDEX schema_not_owner ON schema (identity, context_id) WHERE NOT owner;

COMMENT ON TABLE schema IS 'what an id means: never updated but for owner, gone with the last version that uses it';
COMMENT ON COLUMN schema.identity IS 'MD5 of canonical text, references, metadata and rule set; published as guid';
COMMENT ON COLUMN schema.owner IS 'what is registered again with this identity gets this id; imports may give one identity several ids';
COMMENT ON COLUMN schema.text IS 'canonical text, byte for byte as it is served';
COMMENT ON COLUMN schema.refs IS 'the references as they are served, JSON; schema_reference has them with their targets';
COMMENT ON COLUMN schema.metadata IS 'as it is served: JSON, sorted';
COMMENT ON COLUMN schema.rule_set IS 'as it is served: JSON';

CREATE TABLE subject_version (
    subject_id bigint      NOT NULL,
    version    positive    NOT NULL,
    context_id integer     NOT NULL,
    schema_id  integer     NOT NULL,
    shape      uuid        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (subject_id, version),
    FOREIGN KEY (context_id, schema_id) REFERENCES schema
);

CREATE INDEX subject_version_shape ON subject_version (subject_id, shape);
CREATE INDEX subject_version_schema ON subject_version (context_id, schema_id, subject_id);

COMMENT ON TABLE subject_version IS 'the versions of a subject; numbers are not used again while a higher one exists';
COMMENT ON COLUMN subject_version.context_id IS 'that of the subject: ids of schemas count within it';
COMMENT ON COLUMN subject_version.shape IS 'MD5 of the normalized text, references written out: what is one and the same version inside a subject has one shape';
COMMENT ON COLUMN subject_version.deleted_at IS 'soft deleted: hidden from listings, still readable by those who ask for deleted ones and by id';

CREATE TABLE schema_reference (
    context_id        integer NOT NULL,
    schema_id         integer NOT NULL,
    position          integer NOT NULL,
    target_subject_id bigint  NOT NULL,
    version           integer NOT NULL,
    name              text    NOT NULL,
    PRIMARY KEY (context_id, schema_id, position),
    FOREIGN KEY (context_id, schema_id) REFERENCES schema ON DELETE CASCADE,
    CONSTRAINT schema_reference_target FOREIGN KEY (target_subject_id, version) REFERENCES subject_version
);

CREATE INDEX schema_reference_target ON schema_reference (target_subject_id, version);

COMMENT ON TABLE schema_reference IS 'which versions a schema refers to, in its order';
COMMENT ON COLUMN schema_reference.name IS 'the string used inside the schema: an Avro full name, a JSON Schema URI';
COMMENT ON CONSTRAINT schema_reference_target ON schema_reference IS 'a version that is referred to cannot be deleted for good, whoever comes first';

-- ---------------------------------------------------------------------------------------------------------------------

-- Settings stand on their own: a subject, a context or everything can be set before it exists. No row is without a setting.
CREATE TABLE setting (
    scope                text COLLATE "C" PRIMARY KEY,
    mode                 text CHECK (mode IN ('READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT', 'FORWARD')),
    level                text CHECK (level IN ('NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE',
                                               'FULL', 'FULL_TRANSITIVE')),
    normalize            boolean,
    validate_fields      boolean,
    validate_new_schemas boolean,
    validate_rules       boolean,
    policy               text CHECK (policy IN ('STRICT', 'LENIENT')),
    verdict_mode         text CHECK (verdict_mode IN ('CONFLUENT', 'STRICT')),
    compatibility_group  text,
    alias                text,
    alias_of             text COLLATE "C",
    default_metadata     text,
    override_metadata    text,
    default_rule_set     text,
    override_rule_set    text,
    CHECK (alias IS NOT NULL OR alias_of IS NULL),
    CHECK (mode <> 'FORWARD' OR scope IN (':.:', ':.__GLOBAL:')),
    CHECK (num_nonnulls(mode, level, normalize, validate_fields, validate_new_schemas, validate_rules, policy,
                        verdict_mode, compatibility_group, alias, default_metadata, override_metadata, default_rule_set,
                        override_rule_set) > 0)
);

CREATE INDEX setting_alias ON setting (alias_of) WHERE alias_of IS NOT NULL;

COMMENT ON TABLE setting IS 'what is set for a scope: the mode, and the config, which exists if anything but the mode is set; null is not set';
COMMENT ON COLUMN setting.scope IS 'a qualified subject; :.context: for a context; :.: for the default context, which is the global setting; :.__GLOBAL: under all of them';
COMMENT ON COLUMN setting.mode IS 'whether versions may be registered and deleted';
COMMENT ON COLUMN setting.level IS 'which earlier versions a new one must be compatible with, and how';
COMMENT ON COLUMN setting.verdict_mode IS 'CONFLUENT: the verdicts of Confluent''s registry; STRICT: the truth, with counterexamples';
COMMENT ON COLUMN setting.alias IS 'as it was given';
COMMENT ON COLUMN setting.alias_of IS 'the qualified subject that calls to this one act on';
