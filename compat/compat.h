/* compat.h - the whole public surface of the compatibility library: parse, canonicalise, compare, explain.
 *
 * Text in, report out. No sockets, no database, no clock, no globals: the same input gives the same answer, byte for
 * byte, on every machine and from any thread.
 *
 * Memory   a schema_t is counted (schema_ref / schema_unref, atomic), owns all it holds and is never written after
 *          schema_parse returns, so that threads share it. Reports live in the arena that the caller gives and may
 *          point into the two schemas, which must live as long.
 * Words    `reader` and `writer`, never old and new: the question is always whether every message that `writer` allows can be
 *          read with `reader`. Levels turn that into versions of a subject.
 * Spec     compat/README.md lists the rules, their sources and what is known to differ elsewhere.
 */
#ifndef AVOW_COMPAT_COMPAT_H
#define AVOW_COMPAT_COMPAT_H

#include "compat/core/arena.h"
#include "compat/core/buf.h"
#include "compat/core/fault.h"
#include "compat/core/json_text.h"
#include "compat/core/limits.h"
#include "compat/core/text.h"

/* --- formats ----------------------------------------------------------------------------------------------------- */

typedef enum { FORMAT_AVRO, FORMAT_JSON } format_id_t;
#define FORMAT_N 2

const char *format_name(format_id_t id);         /* "AVRO", "JSON" */
bool format_find(text_t name, format_id_t *out); /* exact, upper case; the empty name is AVRO */

/* --- schemas ----------------------------------------------------------------------------------------------------- */

typedef struct schema schema_t;

/* A schema that another one refers to. Given depth first (what a schema needs comes before it); the first one of a name
 * wins. `name` is the string used inside the referring schema: an Avro full name, a JSON Schema URI. */
typedef struct {
    text_t name;
    text_t text;
} schema_reference_t;

typedef enum {
    SCHEMA_LENIENT = 0, /* what an earlier registry may have accepted: stored schemas are read like this */
    SCHEMA_VALIDATE =
        1
        << 0, /* names, defaults (Avro), meta-schema and `$$` names (JSON): new schemas are read like this */
    SCHEMA_STRICT =
        1 << 1, /* also what only strict checks refuse, such as an alias equal to another field's name */
} schema_flags_t;

typedef struct {
    format_id_t format;
    text_t text;
    const schema_reference_t *references;
    size_t n_references;
    unsigned flags;
    text_t dialect; /* JSON Schema: for documents without $schema; TEXT_NONE means draft-07 */
    limits_t limits;
} schema_source_t;

/* 0 and a schema to be unref'd, or -1 and a fault with its place. Texts of the source are copied. */
int schema_parse(const schema_source_t *source, schema_t **out, fault_t *fault);
schema_t *schema_ref(const schema_t *schema);
void schema_unref(const schema_t *schema); /* NULL is fine */

format_id_t schema_format(const schema_t *schema);
size_t schema_bytes(const schema_t *schema); /* memory held, for caches */

/* Canonical text: what is stored, hashed and returned (confluent-compatible; not Avro's Parsing Canonical Form).
 * `schema_normalized` is that of normalize=true. The first is borrowed from the schema, the second made in `arena`.
 * Both need no reference's text: a type that came from a reference is printed as its name. */
text_t schema_canonical(const schema_t *schema);
text_t schema_normalized(const schema_t *schema, arena_t *arena);

/* format=resolved: references inlined where the format can (Avro); else the canonical text. */
text_t schema_resolved(const schema_t *schema, arena_t *arena);

/* Are they one version inside a subject? Avro: structurally, properties as maps and aliases as sets; JSON: canonical text. */
bool schema_equal(const schema_t *a, const schema_t *b);

/* Names of the fields or properties at the top, for reserved names; in `arena`. */
size_t schema_top_fields(const schema_t *schema, arena_t *arena, const text_t **names);

/* --- reports ----------------------------------------------------------------------------------------------------- */

typedef enum { VERDICT_COMPATIBLE, VERDICT_INCOMPATIBLE, VERDICT_UNDECIDED } verdict_t;
typedef enum { CLASS_BREAKING, CLASS_RISKY, CLASS_SAFE, CLASS_DOCUMENTATION } finding_class_t;

const char *verdict_name(verdict_t verdict);
const char *finding_class_name(finding_class_t finding_class);

/* A place in a schema's text. `line` is 0 where there is none (the schema lacks the thing). */
typedef struct {
    text_t pointer; /* JSON pointer */
    uint32_t line, column;
} place_t;

/* A message that the writer allows and the reader refuses, already replayed through code that shares nothing with the
 * decision. */
typedef struct {
    text_t json;    /* the message: Avro's JSON encoding, or the JSON value itself */
    text_t hex;     /* Avro: its binary encoding; else empty */
    text_t refusal; /* what the reader's decoder or validator said, one sentence */
} witness_t;

typedef struct {
    const char *rule; /* a name of compat/rules.def; in confluent mode Confluent's difference type */
    finding_class_t class;
    place_t reader, writer;

    /* Strict mode: the field that it is about (compat/fields.h), of the side whose place leads further down; the empty path is the message
     * itself. A type that several fields share gives all their paths, `path` first (and the empty path alone if they are thousands). */
    text_t path;
    text_t *paths;
    size_t n_paths;
    text_t member; /* the property that it is about, where the places are its object's; in `path` already */

    /* Strict mode: 16 hexadecimal digits by which the finding is known again. They follow from the rule, the field by name and what
     * the two schemas say of it: other edits, other places in the text and other words do not count. */
    text_t fingerprint;

    text_t sentence;          /* one plain sentence, sides called reader and writer */
    text_t info;              /* confluent mode: additionalInfo */
    const witness_t *witness; /* NULL where the finding has none of its own */
    text_t
        fix; /* empty, or: what to change in the reader or writer, one sentence; it was applied and re-checked */
    text_t fixed_text; /* the schema with the fix applied */
} finding_t;

typedef struct {
    verdict_t verdict;
    const char *reason;  /* undecided: a reason code such as "budget-search"; else NULL */
    text_t reason_text;  /* undecided: keyword, paths and what would help */
    finding_t *findings; /* those that decide come first */
    size_t n_findings;
    const witness_t *witness; /* of the first breaking finding; NULL unless incompatible in strict mode */
    uint64_t steps;           /* counted work */
} report_t;

/* --- one pair ---------------------------------------------------------------------------------------------------- */

typedef enum { MODE_CONFLUENT, MODE_STRICT } check_mode_t;
typedef enum {
    POLICY_STRICT,
    POLICY_LENIENT
} json_policy_t; /* Confluent's compatibilityPolicy; confluent mode only */
typedef enum {
    FIX_READER,
    FIX_WRITER,
    FIX_NONE
} fix_side_t; /* strict mode: the schema that a fix may edit, the new one */

typedef struct {
    check_mode_t mode;
    json_policy_t policy;
    limits_t limits;
    size_t max_findings; /* 0: only the verdict; the walk may stop at the first break */
    fix_side_t fix;
    bool assert_format; /* strict mode, JSON Schema: `format` decides */
} check_options_t;

/* Can every message that `writer` allows be read with `reader`? The two must be of one format. Fails only by verdict:
 * running out of budget is VERDICT_UNDECIDED. The report is in `arena`. */
const report_t *compat_check(const schema_t *reader, const schema_t *writer, const check_options_t *options,
                             arena_t *arena);

/* --- levels: a candidate against the versions of a subject --------------------------------------------------------- */

typedef enum {
    LEVEL_NONE,
    LEVEL_BACKWARD,
    LEVEL_BACKWARD_TRANSITIVE,
    LEVEL_FORWARD,
    LEVEL_FORWARD_TRANSITIVE,
    LEVEL_FULL,
    LEVEL_FULL_TRANSITIVE,
} level_t;
#define LEVEL_N 7

const char *level_name(level_t level);
bool level_find(text_t name, level_t *out); /* any case */
bool level_is_transitive(level_t level);    /* looks at every earlier version, not only the latest */

typedef struct {
    const schema_t *schema;
    int32_t version;
} earlier_t;

typedef struct {
    bool compatible;
    int32_t version; /* the earlier version that failed; 0 when compatible */
    const report_t *backward,
        *forward;     /* of the failing version, where that direction was asked; may be NULL */
    text_t *messages; /* Confluent's verbose messages, trailer included; none when compatible */
    size_t n_messages;
} level_report_t;

typedef struct {
    bool with_validate_fields; /* the trailer has validateFields (since 7.9) */
    bool validate_fields;
} message_style_t;

/* Checks `candidate` against `earlier` (newest first) at `level`. All parts of the result live in `arena`. */
const level_report_t *level_check(level_t level, const schema_t *candidate, const earlier_t *earlier,
                                  size_t n_earlier, const check_options_t *options,
                                  const message_style_t *style, arena_t *arena);

#endif
