/* av_explain.c - places and sentences of breaks; the changes that break nothing and may still matter. */
#include "compat/avro/av_explain.h"

#include <stdlib.h>
#include <string.h>

#include "compat/avro/av_print.h"

/* --- places -------------------------------------------------------------------------------------------------------------------- */

const av_slot_t *av_visit_slot(const walk_t *walk, const visit_t *visit, const av_schema_t *schema,
                               bool of_reader, const av_type_t **container, uint32_t *index)
{
    const visit_t *parent = &walk->visits[visit->parent];
    uint32_t branch = of_reader ? visit->reader_branch : visit->writer_branch;
    const av_slot_t *slot = &schema->root;
    *container = NULL;
    *index = 0;
    if (visit->step != STEP_TOP) {
        *container = of_reader ? parent->reader : parent->writer;
        if (visit->step == STEP_FIELD)
            *index = of_reader ? visit->reader_field : visit->writer_field;
        slot = visit->step == STEP_FIELD ? &(*container)->fields[*index].slot : &(*container)->item;
    }
    if (branch == NO_BRANCH)
        return slot;
    *container = slot->type;
    *index = branch;
    return &slot->type->branches[branch];
}

static place_t place_of(const story_t *s, const visit_t *visit, bool of_reader)
{
    const av_schema_t *schema = av_schema_of(of_reader ? s->reader : s->writer);
    const av_type_t *container;
    uint32_t index;
    const av_slot_t *slot = av_visit_slot(s->walk, visit, schema, of_reader, &container, &index);
    if (!container)
        return (place_t){TEXT(""), slot->at->line, slot->at->column};
    return av_place_slot(schema, container, index, s->arena);
}

static place_t reader_field_place(const story_t *s, const visit_t *visit, uint32_t field, const char *member)
{
    return av_place_field(av_schema_of(s->reader), visit->reader, field, member, s->arena);
}

static place_t writer_field_place(const story_t *s, const visit_t *visit, uint32_t field, const char *member)
{
    return av_place_field(av_schema_of(s->writer), visit->writer, field, member, s->arena);
}

/* --- words --------------------------------------------------------------------------------------------------------------------- */

#define NAMED(type) TEXT_ARG(av_type_text((type), s->arena))
#define SHOWN_MAX   60

static text_t json_shown(const jv_t *value, arena_t *arena)
{
    buf_t out;
    buf_init(&out, SHOWN_MAX);
    av_print_value(&out, value, false);
    text_t text = text_printf(arena, TEXT_FMT "%s", TEXT_ARG(buf_text(&out)), buf_failed(&out) ? "..." : "");
    buf_dispose(&out);
    return text;
}

/* What a visit is about: `field "x" of record R`, `the items of an array`, `the top`. */
static text_t subject_of(const story_t *s, const visit_t *visit)
{
    const visit_t *parent = &s->walk->visits[visit->parent];
    if (visit->step == STEP_FIELD)
        return text_printf(s->arena, "field \"" TEXT_FMT "\" of " TEXT_FMT,
                           TEXT_ARG(parent->reader->fields[visit->reader_field].name), NAMED(parent->reader));
    if (visit->step == STEP_ITEM)
        return parent->reader->kind == AV_ARRAY ? TEXT("items of an array") : TEXT("values of a map");
    return TEXT("the schema itself");
}

#define SYMBOLS_SHOWN 5

/* "A", "B" and 3 more: the symbols of `from` that `in` lacks. */
static text_t symbols_missing(const av_type_t *from, const av_type_t *in, uint32_t *count, arena_t *arena)
{
    text_t list = TEXT("");
    *count = 0;
    for (uint32_t i = 0; i < from->n; i++) {
        if (av_symbol_find(in, from->symbols[i]) >= 0)
            continue;
        if (++*count <= SYMBOLS_SHOWN)
            list = text_printf(arena, TEXT_FMT "%s\"" TEXT_FMT "\"", TEXT_ARG(list), *count > 1 ? ", " : "",
                               TEXT_ARG(from->symbols[i]));
    }
    if (*count > SYMBOLS_SHOWN)
        list = text_printf(arena, TEXT_FMT " and %u more", TEXT_ARG(list), *count - SYMBOLS_SHOWN);
    return list;
}

/* --- breaks -------------------------------------------------------------------------------------------------------------------- */

static text_t pair_sentence(const story_t *s, rule_t rule, const visit_t *visit)
{
    const av_type_t *r = visit->reader, *w = visit->writer;
    text_t about = subject_of(s, visit);
    uint32_t n;
    if (rule == RULE_AVRO_NAME)
        return text_printf(s->arena,
                           TEXT_FMT ": the reader's " TEXT_FMT " is not the writer's " TEXT_FMT
                                    ", and no alias says that it was",
                           TEXT_ARG(about), NAMED(r), NAMED(w));
    if (rule == RULE_AVRO_TYPE_ALIAS)
        return text_printf(s->arena,
                           TEXT_FMT ": the writer's " TEXT_FMT " is the reader's " TEXT_FMT
                                    ", and another type of the reader claims it by an alias",
                           TEXT_ARG(about), NAMED(w), NAMED(r));
    if (rule == RULE_AVRO_SIZE)
        return text_printf(
            s->arena, TEXT_FMT ": the writer writes " TEXT_FMT " with %u bytes, the reader reads it with %u",
            TEXT_ARG(about), NAMED(w), w->n, r->n);
    if (rule == RULE_AVRO_DECIMAL)
        return text_printf(
            s->arena,
            TEXT_FMT
            ": the writer writes decimal(%d, %d), the reader reads decimal(%d, %d): every value would change",
            TEXT_ARG(about), w->precision, w->scale, r->precision, r->scale);
    if (rule == RULE_AVRO_NO_BRANCH)
        return text_printf(s->arena,
                           TEXT_FMT ": the writer writes " TEXT_FMT ", and the reader's " TEXT_FMT
                                    " has no branch for it",
                           TEXT_ARG(about), NAMED(w), NAMED(r));
    if (rule == RULE_AVRO_SYMBOL) {
        text_t missing = symbols_missing(w, r, &n, s->arena);
        return text_printf(s->arena,
                           TEXT_FMT ": the writer's " TEXT_FMT " can be " TEXT_FMT
                                    ", which the reader does not know and has no default for",
                           TEXT_ARG(about), NAMED(w), TEXT_ARG(missing));
    }
    return text_printf(
        s->arena, TEXT_FMT ": the writer writes " TEXT_FMT ", which the reader's " TEXT_FMT " cannot take",
        TEXT_ARG(about), NAMED(w), NAMED(r));
}

static text_t field_sentence(const story_t *s, rule_t rule, const visit_t *visit, const av_field_t *field)
{
    text_t name = field->name;
    if (rule == RULE_AVRO_BAD_DEFAULT)
        return text_printf(s->arena,
                           "the writer does not write field \"" TEXT_FMT "\" of " TEXT_FMT
                           ", and its default " TEXT_FMT " is not a value of " TEXT_FMT,
                           TEXT_ARG(name), NAMED(visit->reader),
                           TEXT_ARG(json_shown(field->fallback, s->arena)), NAMED(field->slot.type));
    if (rule == RULE_AVRO_ALIAS_CLASH)
        return text_printf(s->arena,
                           "field \"" TEXT_FMT "\" of " TEXT_FMT
                           " has a name and aliases that meet more than one field of the writer",
                           TEXT_ARG(name), NAMED(visit->reader));
    if (rule == RULE_AVRO_ALIAS_SPACE)
        return text_printf(s->arena,
                           "field \"" TEXT_FMT "\" of " TEXT_FMT
                           " is found by its alias only, and the writer's record is " TEXT_FMT
                           ": readers that tie aliases to full names, as Avro Java's, do not find it",
                           TEXT_ARG(name), NAMED(visit->reader), TEXT_ARG(visit->writer->name.full));
    if (rule == RULE_AVRO_ALIAS_COLLIDES)
        return text_printf(s->arena,
                           "what field \"" TEXT_FMT "\" of " TEXT_FMT
                           " would read from the writer belongs to another field of the reader too",
                           TEXT_ARG(name), NAMED(visit->reader));
    return text_printf(s->arena,
                       "the writer does not write field \"" TEXT_FMT "\" of " TEXT_FMT
                       ", and it has no default to fill it with",
                       TEXT_ARG(name), NAMED(visit->reader));
}

static bool is_about_field(rule_t rule)
{
    return rule == RULE_AVRO_MISSING_DEFAULT || rule == RULE_AVRO_BAD_DEFAULT ||
           rule == RULE_AVRO_ALIAS_CLASH || rule == RULE_AVRO_ALIAS_COLLIDES || rule == RULE_AVRO_ALIAS_SPACE;
}

void av_explain_break(const story_t *s, const break_t *broken, finding_t *finding)
{
    const visit_t *visit = &s->walk->visits[broken->visit];
    rule_t rule = broken->rule;
    finding->writer = place_of(s, visit, false);
    finding->reader = place_of(s, visit, true);
    if (is_about_field(rule)) {
        const char *member = rule == RULE_AVRO_BAD_DEFAULT       ? "default"
                             : rule == RULE_AVRO_MISSING_DEFAULT ? NULL
                                                                 : "aliases";
        finding->reader = reader_field_place(s, visit, broken->index, member);
        finding->sentence = field_sentence(s, rule, visit, &visit->reader->fields[broken->index]);
        finding->writer = av_place_type(av_schema_of(s->writer), visit->writer, s->arena);
    } else if (rule == RULE_AVRO_AMBIGUOUS) {
        finding->sentence = text_printf(
            s->arena,
            TEXT_FMT
            ": the writer's " TEXT_FMT
            " goes by its simple name to one branch of a union of the reader and by "
            "its full name to another or none; readers that look for the full name first, as Avro Java's, "
            "refuse it",
            TEXT_ARG(subject_of(s, visit)), NAMED(visit->writer));
    } else {
        finding->sentence = pair_sentence(s, rule, visit);
    }
}

finding_t *findings_add(findings_t *findings, rule_t rule, arena_t *arena)
{
    if (findings->n >= findings->max)
        return NULL;
    if (findings->n == findings->room) {
        findings->room = findings->room ? findings->room * 2 : 8;
        finding_t *more = ARENA_ARRAY(arena, finding_t, findings->room);
        if (findings->n)
            memcpy(more, findings->at, findings->n * sizeof *more);
        findings->at = more;
    }
    finding_t *finding = &findings->at[findings->n++];
    *finding = (finding_t){.rule = rule_name(rule), .class = rule_class(rule)};
    return finding;
}

/* --- meaning ------------------------------------------------------------------------------------------------------------------- */

typedef struct {
    const story_t *s;
    findings_t *findings;
    finding_class_t wanted; /* one class at a time, so that the report is in order */
} meaning_t;

/* A finding about a pair, unless its class is not the one that is being told. */
static finding_t *tell(meaning_t *m, rule_t rule, place_t reader, place_t writer)
{
    finding_t *finding = rule_class(rule) == m->wanted ? findings_add(m->findings, rule, m->s->arena) : NULL;
    if (finding) {
        finding->reader = reader;
        finding->writer = writer;
    }
    return finding;
}

static bool wants(const meaning_t *m, rule_t rule)
{
    return rule_class(rule) == m->wanted && m->findings->n < m->findings->max;
}

#define TELL(rule, reader, writer, ...)                                                      \
    do {                                                                                     \
        if (wants(m, rule))                                                                  \
            tell(m, rule, reader, writer)->sentence = text_printf(m->s->arena, __VA_ARGS__); \
    } while (0)

static const jv_t *property(const jv_member_t *const *props, uint32_t n, const char *const *names,
                            size_t n_names)
{
    for (size_t k = 0; k < n_names; k++)
        for (uint32_t i = 0; i < n; i++)
            if (text_is(props[i]->name, names[k]))
                return &props[i]->value;
    return NULL;
}

static bool values_differ(const jv_t *a, const jv_t *b)
{
    if (!a || !b)
        return a != b;
    buf_t x, y;
    buf_init(&x, BUF_NO_MAX);
    buf_init(&y, BUF_NO_MAX);
    av_print_value(&x, a, true);
    av_print_value(&y, b, true);
    bool differ = !text_eq(buf_text(&x), buf_text(&y));
    buf_dispose(&x);
    buf_dispose(&y);
    return differ;
}

static text_t or_none(const jv_t *value, arena_t *arena)
{
    return value ? json_shown(value, arena) : TEXT("none");
}

static bool docs_differ(const jv_t *a, const jv_t *b)
{
    return a && b ? !text_eq(a->text, b->text) : a != b;
}

static const char *const unit_names[] = {"unit", "x-unit"};
static const char *const tag_names[] = {"tags",  "x-tags",         "confluent:tags",  "pii",
                                        "x-pii", "classification", "x-classification"};
#define PROPERTY(of, names) property((of)->props, (of)->n_props, names, sizeof(names) / sizeof *(names))

/* A nullable type's own: the one branch that is not null. */
static const av_type_t *behind_null(const av_type_t *type)
{
    const av_type_t *only = NULL;
    for (uint32_t i = 0; type->kind == AV_UNION && i < type->n; i++) {
        if (type->branches[i].type->kind == AV_NULL)
            continue;
        if (only)
            return type;
        only = type->branches[i].type;
    }
    return only ? only : type;
}

#define FIELD_PROPERTY(field, names) \
    (PROPERTY(field, names) ? PROPERTY(field, names) : PROPERTY(behind_null((field)->slot.type), names))

static void compare_matched_fields(meaning_t *m, const visit_t *visit, uint32_t ri, uint32_t wi)
{
    const story_t *s = m->s;
    const av_field_t *r = &visit->reader->fields[ri], *w = &visit->writer->fields[wi];
    const jv_t *r_unit = FIELD_PROPERTY(r, unit_names), *w_unit = FIELD_PROPERTY(w, unit_names);
    const jv_t *r_tags = FIELD_PROPERTY(r, tag_names), *w_tags = FIELD_PROPERTY(w, tag_names);
    place_t at_r = reader_field_place(s, visit, ri, NULL), at_w = writer_field_place(s, visit, wi, NULL);
    if (values_differ(r_unit, w_unit))
        TELL(RULE_AVRO_UNIT, at_r, at_w,
             "field \"" TEXT_FMT "\": the writer's unit is " TEXT_FMT ", the reader's is " TEXT_FMT,
             TEXT_ARG(r->name), TEXT_ARG(or_none(w_unit, s->arena)), TEXT_ARG(or_none(r_unit, s->arena)));
    if (values_differ(r_tags, w_tags))
        TELL(RULE_AVRO_TAGS, at_r, at_w,
             "field \"" TEXT_FMT "\": the writer's tags are " TEXT_FMT ", the reader's are " TEXT_FMT,
             TEXT_ARG(r->name), TEXT_ARG(or_none(w_tags, s->arena)), TEXT_ARG(or_none(r_tags, s->arena)));
    if (!r->fallback && w->fallback)
        TELL(RULE_AVRO_DEFAULT_REMOVED, at_r, at_w,
             "field \"" TEXT_FMT "\" has the default " TEXT_FMT " at the writer and none at the reader",
             TEXT_ARG(r->name), TEXT_ARG(json_shown(w->fallback, s->arena)));
    else if (r->fallback && !w->fallback)
        TELL(RULE_AVRO_DEFAULT_ADDED, at_r, at_w,
             "field \"" TEXT_FMT "\" has the default " TEXT_FMT " at the reader and none at the writer",
             TEXT_ARG(r->name), TEXT_ARG(json_shown(r->fallback, s->arena)));
    else if (values_differ(r->fallback, w->fallback))
        TELL(RULE_AVRO_DEFAULT_CHANGED, reader_field_place(s, visit, ri, "default"),
             writer_field_place(s, visit, wi, "default"),
             "field \"" TEXT_FMT "\" has the default " TEXT_FMT " at the writer and " TEXT_FMT
             " at the reader",
             TEXT_ARG(r->name), TEXT_ARG(json_shown(w->fallback, s->arena)),
             TEXT_ARG(json_shown(r->fallback, s->arena)));
    if (!text_eq(r->name, w->name))
        TELL(RULE_AVRO_RENAMED, at_r, at_w,
             "the writer's field \"" TEXT_FMT "\" is the reader's \"" TEXT_FMT "\", by alias",
             TEXT_ARG(w->name), TEXT_ARG(r->name));
    if (r->order != w->order)
        TELL(RULE_AVRO_ORDER, at_r, at_w, "field \"" TEXT_FMT "\" sorts in another order", TEXT_ARG(r->name));
    if (docs_differ(r->doc, w->doc))
        TELL(RULE_AVRO_DOC, at_r, at_w, "the documentation of field \"" TEXT_FMT "\" is another one",
             TEXT_ARG(r->name));
}

/* A field that is filled: nothing is lost, but it may be a default that only newer readers take. */
static void compare_filled_field(meaning_t *m, const visit_t *visit, uint32_t ri)
{
    const story_t *s = m->s;
    const av_field_t *field = &visit->reader->fields[ri];
    if (!field->fallback || !field->fallback_fits)
        return;
    place_t at_r = reader_field_place(s, visit, ri, NULL),
            at_w = av_place_type(av_schema_of(s->writer), visit->writer, s->arena);
    TELL(RULE_AVRO_FILLED, at_r, at_w,
         "the writer does not write field \"" TEXT_FMT "\" of " TEXT_FMT ": the reader fills in " TEXT_FMT,
         TEXT_ARG(field->name), NAMED(visit->reader), TEXT_ARG(json_shown(field->fallback, s->arena)));
    const av_type_t *type = field->slot.type;
    if (type->kind == AV_UNION && wants(m, RULE_AVRO_DEFAULT_BRANCH) &&
        !av_default_fits(type->branches[0].type, field->fallback, av_schema_of(s->reader)->limits.max_depth))
        TELL(RULE_AVRO_DEFAULT_BRANCH, reader_field_place(s, visit, ri, "default"), at_w,
             "the default " TEXT_FMT " of field \"" TEXT_FMT "\" fits a later branch of its " TEXT_FMT
             " only: readers older than Avro 1.12 take the first",
             TEXT_ARG(json_shown(field->fallback, s->arena)), TEXT_ARG(field->name), NAMED(type));
}

static int32_t writer_field_of(const av_type_t *writer, const av_field_t *field)
{
    int32_t at = av_field_find(writer, field->name);
    for (uint32_t i = 0; at < 0 && i < field->n_aliases; i++)
        at = av_field_find(writer, field->aliases[i]);
    return at;
}

static void compare_records(meaning_t *m, const visit_t *visit)
{
    const story_t *s = m->s;
    const av_type_t *reader = visit->reader, *writer = visit->writer;
    bool *read = calloc(writer->n + 1, sizeof *read);
    if (!read)
        abort();
    for (uint32_t i = 0; i < reader->n; i++) {
        int32_t from = writer_field_of(writer, &reader->fields[i]);
        if (from >= 0) {
            read[from] = true;
            compare_matched_fields(m, visit, i, (uint32_t)from);
        } else {
            compare_filled_field(m, visit, i);
        }
    }
    for (uint32_t i = 0; i < writer->n; i++)
        if (!read[i])
            TELL(RULE_AVRO_DROPPED, av_place_type(av_schema_of(s->reader), reader, s->arena),
                 writer_field_place(s, visit, i, NULL),
                 "the reader skips the writer's field \"" TEXT_FMT "\" of " TEXT_FMT,
                 TEXT_ARG(writer->fields[i].name), NAMED(writer));
    free(read);
}

static text_t enum_default(const av_type_t *type)
{
    return type->fallback < 0 ? TEXT("none") : type->symbols[type->fallback];
}

static void compare_enums(meaning_t *m, const visit_t *visit, place_t at_r, place_t at_w)
{
    const story_t *s = m->s;
    const av_type_t *reader = visit->reader, *writer = visit->writer;
    uint32_t n;
    text_t lost = symbols_missing(writer, reader, &n, s->arena);
    if (n && reader->fallback >= 0)
        TELL(RULE_AVRO_SYMBOL_DEFAULTED, at_r, at_w,
             "the writer's " TEXT_FMT " can be " TEXT_FMT
             ", which the reader reads as its default \"" TEXT_FMT "\"",
             NAMED(writer), TEXT_ARG(lost), TEXT_ARG(enum_default(reader)));
    text_t added = symbols_missing(reader, writer, &n, s->arena);
    if (n)
        TELL(RULE_AVRO_SYMBOL_ADDED, at_r, at_w,
             "the reader's " TEXT_FMT " knows " TEXT_FMT ", which the writer never writes", NAMED(reader),
             TEXT_ARG(added));
    if (!text_eq(enum_default(reader), enum_default(writer)))
        TELL(RULE_AVRO_ENUM_DEFAULT, at_r, at_w,
             "an unknown symbol of " TEXT_FMT " is read as " TEXT_FMT
             " by the writer's schema and as " TEXT_FMT " by the reader's",
             NAMED(reader), TEXT_ARG(enum_default(writer)), TEXT_ARG(enum_default(reader)));
}

static void compare_named(meaning_t *m, const visit_t *visit, place_t at_r, place_t at_w)
{
    const av_name_t *r = &visit->reader->name, *w = &visit->writer->name;
    if (!text_eq(r->simple, w->simple))
        TELL(RULE_AVRO_RENAMED, at_r, at_w,
             "the writer's type " TEXT_FMT " is the reader's " TEXT_FMT ", by alias", TEXT_ARG(w->full),
             TEXT_ARG(r->full));
    else if (!text_eq(r->full, w->full))
        TELL(RULE_AVRO_NAMESPACE, at_r, at_w,
             "the writer's type " TEXT_FMT " is the reader's " TEXT_FMT
             ": namespaces do not count when reading",
             TEXT_ARG(w->full), TEXT_ARG(r->full));
    if (docs_differ(visit->reader->doc, visit->writer->doc))
        TELL(RULE_AVRO_DOC, at_r, at_w, "the documentation of " TEXT_FMT " is another one",
             TEXT_ARG(r->full));
}

static const char *const logical_names[] = {"logicalType"};

static void compare_scalars(meaning_t *m, const visit_t *visit, place_t at_r, place_t at_w)
{
    const story_t *s = m->s;
    const av_type_t *reader = visit->reader, *writer = visit->writer;
    av_kind_t r = reader->kind, w = writer->kind;
    if ((r == AV_FLOAT && (w == AV_INT || w == AV_LONG)) || (r == AV_DOUBLE && w == AV_LONG))
        TELL(RULE_AVRO_LOSSY, at_r, at_w, TEXT_FMT ": a %s read as a %s loses digits beyond %d bits",
             TEXT_ARG(subject_of(s, visit)), av_kind_name(w), av_kind_name(r), r == AV_FLOAT ? 24 : 53);
    else if (r == AV_STRING && w == AV_BYTES)
        TELL(RULE_AVRO_UTF8, at_r, at_w,
             TEXT_FMT ": bytes are read as a string, which they are only if they hold UTF-8",
             TEXT_ARG(subject_of(s, visit)));
    else if (r != w)
        TELL(RULE_AVRO_WIDENED, at_r, at_w, TEXT_FMT ": the writer's %s is read as a %s",
             TEXT_ARG(subject_of(s, visit)), av_kind_name(w), av_kind_name(r));
    const jv_t *r_logical = PROPERTY(reader, logical_names), *w_logical = PROPERTY(writer, logical_names);
    if (reader->logical != writer->logical ||
        (reader->logical == AV_PLAIN && values_differ(r_logical, w_logical)))
        TELL(RULE_AVRO_LOGICAL, at_r, at_w,
             TEXT_FMT ": the logical type is " TEXT_FMT " at the writer and " TEXT_FMT
                      " at the reader: the same bytes mean something else",
             TEXT_ARG(subject_of(s, visit)), TEXT_ARG(or_none(w_logical, s->arena)),
             TEXT_ARG(or_none(r_logical, s->arena)));
}

/* Units and tags of what is no field: items, values, the top. */
static void compare_loose(meaning_t *m, const visit_t *visit, place_t at_r, place_t at_w)
{
    const story_t *s = m->s;
    const jv_t *r_unit = PROPERTY(visit->reader, unit_names), *w_unit = PROPERTY(visit->writer, unit_names);
    const jv_t *r_tags = PROPERTY(visit->reader, tag_names), *w_tags = PROPERTY(visit->writer, tag_names);
    if (values_differ(r_unit, w_unit))
        TELL(RULE_AVRO_UNIT, at_r, at_w,
             TEXT_FMT ": the writer's unit is " TEXT_FMT ", the reader's is " TEXT_FMT,
             TEXT_ARG(subject_of(s, visit)), TEXT_ARG(or_none(w_unit, s->arena)),
             TEXT_ARG(or_none(r_unit, s->arena)));
    if (values_differ(r_tags, w_tags))
        TELL(RULE_AVRO_TAGS, at_r, at_w,
             TEXT_FMT ": the writer's tags are " TEXT_FMT ", the reader's are " TEXT_FMT,
             TEXT_ARG(subject_of(s, visit)), TEXT_ARG(or_none(w_tags, s->arena)),
             TEXT_ARG(or_none(r_tags, s->arena)));
}

static void compare_visit(meaning_t *m, const visit_t *visit)
{
    rule_t ignored;
    const av_type_t *reader = visit->reader, *writer = visit->writer;
    if (reader->kind == AV_UNION || !walk_match(reader, writer, &ignored))
        return; /* a break has been told */
    place_t at_r = place_of(m->s, visit, true), at_w = place_of(m->s, visit, false);
    if (av_is_named(reader))
        compare_named(m, visit, at_r, at_w);
    if (reader->kind == AV_RECORD)
        compare_records(m, visit);
    else if (reader->kind == AV_ENUM)
        compare_enums(m, visit, at_r, at_w);
    else if (reader->kind <= AV_FIXED)
        compare_scalars(m, visit, at_r, at_w);
    if (visit->step != STEP_FIELD)
        compare_loose(m, visit, at_r, at_w);
}

void av_explain_meaning(const story_t *story, findings_t *findings)
{
    meaning_t m = {story, findings, CLASS_RISKY};
    for (; m.wanted <= CLASS_DOCUMENTATION; m.wanted++)
        for (uint32_t i = 0; i < story->walk->n_visits && findings->n < findings->max; i++)
            compare_visit(&m, &story->walk->visits[i]);
}
