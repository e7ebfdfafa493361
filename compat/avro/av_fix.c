/* av_fix.c - the smallest edit that mends a break, tried before it is proposed.
 *
 * For each rule a short list of edits of the schema that is new, the gentlest first. An edit is applied to the text, the text
 * is parsed as it was before and checked again; it is shown if the break is gone and fewer breaks are left than before.
 * Only the schema's own text is edited, never a reference's.
 */
#include <stdio.h>
#include <string.h>

#include "compat/avro/av_check.h"
#include "compat/avro/av_explain.h"
#include "compat/avro/av_print.h"
#include "compat/core/json_edit.h"

/* Findings that get a fix: each try costs a whole check. */
#define FIXES_MAX 12
#define EDITS_MAX 4

typedef struct {
    text_t pointer;
    const jv_t *value; /* NULL: taken out */
    text_t sentence;
} edit_t;

typedef struct {
    const story_t *s;
    const check_options_t *options;
    const schema_t *edited; /* the side that may change */
    size_t n_breaks;
    edit_t edits[EDITS_MAX];
    size_t n_edits;
    arena_t *arena;
} fixer_t;

static void propose(fixer_t *f, text_t pointer, const jv_t *value, text_t sentence)
{
    if (f->n_edits < EDITS_MAX)
        f->edits[f->n_edits++] = (edit_t){pointer, value, sentence};
}

/* --- pieces of JSON ------------------------------------------------------------------------------------------------------------ */

static jv_t *word(fixer_t *f, const char *text)
{
    return jv_new_string(f->arena, text_of(text));
}

static jv_t *number(fixer_t *f, int64_t value)
{
    return jv_new_number(f->arena, text_printf(f->arena, "%lld", (long long)value));
}

/* `type` as JSON that may stand in the edited schema: types that it has are named, others written out. NULL if it cannot be. */
static const jv_t *type_json(fixer_t *f, const av_type_t *type)
{
    const schema_t *other = f->edited == f->s->reader ? f->s->writer : f->s->reader;
    text_t text = av_print_foreign(av_schema_of(other), type, av_schema_of(f->edited), f->arena);
    jv_t *json;
    return text.bytes && jv_read(text, JV_LAST_WINS, &f->options->limits, f->arena, &json, NULL) == 0 ? json
                                                                                                      : NULL;
}

static jv_t *list_with(fixer_t *f, const jv_t *list, const jv_t *item)
{
    uint32_t n = list && list->kind == JV_ARRAY ? list->n : 0;
    jv_t *longer = jv_new_array(f->arena, n + 1);
    if (n)
        memcpy(longer->items, list->items, n * sizeof *list->items);
    longer->items[n] = *item;
    return longer;
}

static jv_t *list_without(fixer_t *f, const jv_t *list, text_t name)
{
    jv_t *shorter = jv_new_array(f->arena, list->n);
    shorter->n = 0;
    for (uint32_t i = 0; i < list->n; i++)
        if (list->items[i].kind != JV_STRING || !text_eq(list->items[i].text, name))
            shorter->items[shorter->n++] = list->items[i];
    return shorter;
}

/* A value that fills a field of `type` and says nothing: null, 0, "", false, [], {}, an enum's default. NULL if there is none. */
static const jv_t *blank(fixer_t *f, const av_type_t *type)
{
    if (type->kind == AV_UNION) {
        for (uint32_t i = 0; i < type->n; i++)
            if (type->branches[i].type->kind == AV_NULL)
                return jv_new(f->arena, JV_NULL);
        return type->n ? blank(f, type->branches[0].type) : NULL;
    }
    if (type->kind == AV_NULL)
        return jv_new(f->arena, JV_NULL);
    if (type->kind == AV_BOOLEAN)
        return jv_new(f->arena, JV_FALSE);
    if (type->kind == AV_STRING || type->kind == AV_BYTES)
        return word(f, "");
    if (type->kind == AV_ENUM && type->n)
        return jv_new_string(f->arena, type->symbols[type->fallback < 0 ? 0 : type->fallback]);
    if (type->kind == AV_ARRAY)
        return jv_new_array(f->arena, 0);
    if (type->kind == AV_MAP)
        return jv_new_object(f->arena, 0);
    if (type->kind >= AV_INT && type->kind <= AV_DOUBLE)
        return number(f, 0);
    return NULL;
}

static text_t printed(const jv_t *value, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    jv_print(&out, value);
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

/* --- pointers ------------------------------------------------------------------------------------------------------------------- */

static text_t pointer_of(fixer_t *f, const av_type_t *type)
{
    return av_pointer(av_schema_of(f->edited), type, f->arena);
}

/* Of the edited side's slot at a visit, before its branches; TEXT_NONE if it is in a reference's text. */
static text_t slot_pointer(fixer_t *f, const visit_t *visit, const av_slot_t **slot)
{
    visit_t whole = *visit;
    whole.reader_branch = whole.writer_branch = NO_BRANCH;
    const av_type_t *container;
    uint32_t index;
    bool reader = f->edited == f->s->reader;
    *slot = av_visit_slot(f->s->walk, &whole, av_schema_of(f->edited), reader, &container, &index);
    if (!container)
        return TEXT("");
    if (container->text)
        return TEXT_NONE;
    return av_place_slot(av_schema_of(f->edited), container, index, f->arena).pointer;
}

static text_t below(fixer_t *f, text_t pointer, const char *member)
{
    return text_printf(f->arena, TEXT_FMT "/%s", TEXT_ARG(pointer), member);
}

#define NAMED(type) TEXT_ARG(av_type_text((type), f->arena))
#define QUOTED      "\"" TEXT_FMT "\""

/* --- edits of the reader ---------------------------------------------------------------------------------------------------------- */

/* A field of the writer that no field of the reader reads, of a type that this one could: it may have been renamed. */
static const av_field_t *perhaps_renamed(const av_type_t *reader, const av_type_t *writer,
                                         const av_field_t *field)
{
    const av_field_t *found = NULL;
    rule_t ignored;
    for (uint32_t i = 0; i < writer->n; i++) {
        const av_field_t *candidate = &writer->fields[i];
        bool read = false;
        for (uint32_t k = 0; k < reader->n && !read; k++) {
            read = text_eq(reader->fields[k].name, candidate->name);
            for (uint32_t a = 0; a < reader->fields[k].n_aliases && !read; a++)
                read = text_eq(reader->fields[k].aliases[a], candidate->name);
        }
        if (read || field->slot.type->kind != candidate->slot.type->kind ||
            (field->slot.type->kind != AV_UNION &&
             !walk_match(field->slot.type, candidate->slot.type, &ignored)))
            continue;
        if (found)
            return NULL; /* which of them would be a guess */
        found = candidate;
    }
    return found;
}

static void edit_missing_default(fixer_t *f, const visit_t *visit, uint32_t i)
{
    const av_field_t *field = &visit->reader->fields[i];
    text_t at = text_printf(f->arena, TEXT_FMT "/fields/%u", TEXT_ARG(pointer_of(f, visit->reader)), i);
    const av_field_t *renamed = perhaps_renamed(visit->reader, visit->writer, field);
    if (renamed)
        propose(f, below(f, at, "aliases"),
                list_with(f, jv_get(field->at, "aliases"), jv_new_string(f->arena, renamed->name)),
                text_printf(f->arena,
                            "if field " QUOTED " is what was " QUOTED ", say so: add the alias " QUOTED,
                            TEXT_ARG(field->name), TEXT_ARG(renamed->name), TEXT_ARG(renamed->name)));
    const jv_t *value = blank(f, field->slot.type);
    if (value)
        propose(f, below(f, at, "default"), value,
                text_printf(f->arena, "give field " QUOTED " a default, for example " TEXT_FMT,
                            TEXT_ARG(field->name), TEXT_ARG(printed(value, f->arena))));
    if (field->slot.type->kind == AV_UNION)
        return;
    jv_t *null_or = jv_new_array(f->arena, 2);
    null_or->items[0] = *word(f, "null");
    null_or->items[1] = *field->slot.at;
    jv_t *optional = jv_new_object(f->arena, field->at->n + 1);
    optional->n = 0;
    for (uint32_t k = 0; k < field->at->n; k++) {
        optional->members[optional->n] = field->at->members[k];
        if (text_is(field->at->members[k].name, "type"))
            optional->members[optional->n].value = *null_or;
        if (!text_is(field->at->members[k].name, "default"))
            optional->n++;
    }
    optional->members[optional->n++] =
        (jv_member_t){.name = TEXT("default"), .value = *jv_new(f->arena, JV_NULL)};
    propose(f, at, optional,
            text_printf(f->arena, "make field " QUOTED " optional: a union with null, null by default",
                        TEXT_ARG(field->name)));
}

static void edit_alias_out(fixer_t *f, const visit_t *visit, uint32_t i)
{
    const av_field_t *field = &visit->reader->fields[i];
    const jv_t *aliases = jv_get(field->at, "aliases");
    text_t at =
        text_printf(f->arena, TEXT_FMT "/fields/%u/aliases", TEXT_ARG(pointer_of(f, visit->reader)), i);
    for (uint32_t k = 0; aliases && k < field->n_aliases; k++)
        if (av_field_find(visit->writer, field->aliases[k]) >= 0)
            propose(f, at, list_without(f, aliases, field->aliases[k]),
                    text_printf(f->arena, "drop the alias " QUOTED " of field " QUOTED,
                                TEXT_ARG(field->aliases[k]), TEXT_ARG(field->name)));
}

static void edit_field(fixer_t *f, const visit_t *visit, const break_t *broken)
{
    const av_field_t *field = &visit->reader->fields[broken->index];
    if (broken->rule == RULE_AVRO_MISSING_DEFAULT) {
        edit_missing_default(f, visit, broken->index);
    } else if (broken->rule == RULE_AVRO_BAD_DEFAULT) {
        const jv_t *value = blank(f, field->slot.type);
        if (value)
            propose(f,
                    text_printf(f->arena, TEXT_FMT "/fields/%u/default",
                                TEXT_ARG(pointer_of(f, visit->reader)), broken->index),
                    value,
                    text_printf(f->arena,
                                "change the default of field " QUOTED
                                " to a value of its type, for example " TEXT_FMT,
                                TEXT_ARG(field->name), TEXT_ARG(printed(value, f->arena))));
    } else {
        edit_alias_out(f, visit, broken->index);
    }
}

static void edit_reader_alias(fixer_t *f, const av_type_t *reader, const av_type_t *writer)
{
    /* a name without a dot would be taken for one of the reader's namespace */
    text_t alias = writer->name.full;
    if (!writer->name.space.bytes && reader->name.space.bytes)
        alias = text_printf(f->arena, "." TEXT_FMT, TEXT_ARG(writer->name.full));
    propose(f, below(f, pointer_of(f, reader), "aliases"),
            list_with(f, jv_get(reader->at, "aliases"), jv_new_string(f->arena, alias)),
            text_printf(f->arena,
                        "keep the writer's name as an alias: add " QUOTED " to the aliases of " TEXT_FMT,
                        TEXT_ARG(writer->name.full), NAMED(reader)));
}

static void edit_reader_symbols(fixer_t *f, const av_type_t *reader, const av_type_t *writer)
{
    const jv_t *symbols = jv_get(reader->at, "symbols");
    for (uint32_t i = 0; i < writer->n; i++)
        if (av_symbol_find(reader, writer->symbols[i]) < 0)
            symbols = list_with(f, symbols, jv_new_string(f->arena, writer->symbols[i]));
    propose(f, below(f, pointer_of(f, reader), "symbols"), symbols,
            text_printf(f->arena, "add the missing symbols to " TEXT_FMT ", at the end", NAMED(reader)));
    if (reader->n)
        propose(f, below(f, pointer_of(f, reader), "default"), jv_new_string(f->arena, reader->symbols[0]),
                text_printf(f->arena,
                            "give " TEXT_FMT
                            " a default symbol for those it does not know, for example " QUOTED,
                            NAMED(reader), TEXT_ARG(reader->symbols[0])));
}

/* Readers older than Avro 1.12 want a default to fit the first branch. */
static bool has_default(const fixer_t *f, const visit_t *visit)
{
    return visit->step == STEP_FIELD &&
           f->s->walk->visits[visit->parent].reader->fields[visit->reader_field].fallback;
}

/* The reader's slot takes what it took and the writer's type too. */
static void edit_reader_union(fixer_t *f, const visit_t *visit)
{
    const av_slot_t *slot;
    text_t at = slot_pointer(f, visit, &slot);
    const jv_t *more = at.at ? type_json(f, visit->writer) : NULL;
    if (!more)
        return;
    if (slot->type->kind == AV_UNION && slot->at->kind == JV_ARRAY) {
        propose(f, at, list_with(f, slot->at, more),
                text_printf(f->arena, "add " TEXT_FMT " to the reader's union", NAMED(visit->writer)));
        return;
    }
    jv_t *both = jv_new_array(f->arena, 2);
    bool null_first = visit->writer->kind == AV_NULL && !has_default(f, visit);
    both->items[null_first] = *slot->at;
    both->items[!null_first] = *more;
    propose(f, at, both,
            text_printf(f->arena, "make it a union of " TEXT_FMT " and " TEXT_FMT, NAMED(slot->type),
                        NAMED(visit->writer)));
}

/* The type that the other side has, in the edited side's slot. */
static void edit_restore(fixer_t *f, const visit_t *visit)
{
    visit_t whole = *visit;
    const av_slot_t *slot, *other;
    const av_type_t *container;
    uint32_t index;
    bool edits_reader = f->edited == f->s->reader;
    const schema_t *from = edits_reader ? f->s->writer : f->s->reader;
    text_t at = slot_pointer(f, visit, &slot);
    whole.reader_branch = whole.writer_branch = NO_BRANCH;
    other = av_visit_slot(f->s->walk, &whole, av_schema_of(from), !edits_reader, &container, &index);
    const jv_t *json = at.at ? type_json(f, other->type) : NULL;
    if (json)
        propose(f, at, json, text_printf(f->arena, "keep the type " TEXT_FMT, NAMED(other->type)));
}

/* One member of a type's object as the other side has it. */
static void edit_member(fixer_t *f, const av_type_t *mine, const char *member, int64_t value)
{
    propose(f, below(f, pointer_of(f, mine), member), number(f, value),
            text_printf(f->arena, "keep %s %lld in " TEXT_FMT, member, (long long)value, NAMED(mine)));
}

static void edit_decimal(fixer_t *f, const visit_t *visit, const av_type_t *mine, const av_type_t *theirs)
{
    if (mine->precision != theirs->precision && mine->scale == theirs->scale)
        edit_member(f, mine, "precision", theirs->precision);
    else if (mine->scale != theirs->scale && mine->precision == theirs->precision)
        edit_member(f, mine, "scale", theirs->scale);
    edit_restore(f, visit);
}

/* The other types that claim the writer's lose that alias, one try each. */
static void edit_type_alias_out(fixer_t *f, const av_type_t *reader, const av_type_t *writer)
{
    const av_schema_t *schema = av_schema_of(f->edited);
    for (uint32_t i = 0; i < schema->n_aliases; i++) {
        const av_type_t *type = schema->aliases[i].type;
        const jv_t *aliases = jv_get(type->at, "aliases");
        if (type == reader || type->text || !text_eq(schema->aliases[i].full, writer->name.full) || !aliases)
            continue;
        jv_t *fewer = jv_new_array(f->arena, aliases->n);
        fewer->n = 0;
        for (uint32_t k = 0; k < aliases->n; k++) {
            text_t alias = aliases->items[k].text;
            if (!text_eq(alias, writer->name.full) && !text_eq(alias, writer->name.simple))
                fewer->items[fewer->n++] = aliases->items[k];
        }
        propose(f, below(f, pointer_of(f, type), "aliases"), fewer,
                text_printf(f->arena, "drop the alias " QUOTED " of " TEXT_FMT, TEXT_ARG(writer->name.full),
                            NAMED(type)));
    }
}

static void edits_of_reader(fixer_t *f, const visit_t *visit, const break_t *broken)
{
    const av_type_t *reader = visit->reader, *writer = visit->writer;
    bool elsewhere = reader->text != 0; /* a named type in a reference's text: only its place can change */
    switch ((int)broken->rule) {
    case RULE_AVRO_MISSING_DEFAULT:
    case RULE_AVRO_BAD_DEFAULT:
    case RULE_AVRO_ALIAS_CLASH:
    case RULE_AVRO_ALIAS_COLLIDES:
        if (!elsewhere)
            edit_field(f, visit, broken);
        return;
    case RULE_AVRO_NAME:
    case RULE_AVRO_ALIAS_SPACE:
        if (!elsewhere)
            edit_reader_alias(f, reader, writer);
        return;
    case RULE_AVRO_TYPE_ALIAS:
        edit_type_alias_out(f, reader, writer);
        return;
    case RULE_AVRO_SYMBOL:
        if (!elsewhere)
            edit_reader_symbols(f, reader, writer);
        return;
    case RULE_AVRO_SIZE:
        if (!elsewhere)
            edit_member(f, reader, "size", writer->n);
        return;
    case RULE_AVRO_DECIMAL:
        if (!elsewhere)
            edit_decimal(f, visit, reader, writer);
        return;
    case RULE_AVRO_AMBIGUOUS:
        for (uint32_t i = 0; !elsewhere && reader->kind == AV_UNION && i < reader->n; i++) {
            const av_type_t *branch = reader->branches[i].type;
            if (branch->kind == writer->kind && text_eq(branch->name.simple, writer->name.simple))
                edit_reader_alias(f, branch, writer);
        }
        return;
    default:
        if (visit->writer_branch == NO_BRANCH && reader->kind != AV_UNION)
            edit_restore(f, visit);
        edit_reader_union(f, visit);
        return;
    }
}

/* --- edits of the writer ------------------------------------------------------------------------------------------------------------ */

static void edit_writer_field_back(fixer_t *f, const visit_t *visit, uint32_t i)
{
    const av_field_t *field = &visit->reader->fields[i];
    const jv_t *type = type_json(f, field->slot.type), *fields = jv_get(visit->writer->at, "fields");
    if (!type || !fields)
        return;
    jv_t *back = jv_new_object(f->arena, 2);
    back->members[0] = (jv_member_t){.name = TEXT("name"), .value = *jv_new_string(f->arena, field->name)};
    back->members[1] = (jv_member_t){.name = TEXT("type"), .value = *type};
    propose(f, below(f, pointer_of(f, visit->writer), "fields"), list_with(f, fields, back),
            text_printf(f->arena, "keep field " QUOTED " in " TEXT_FMT ": the reader has no default for it",
                        TEXT_ARG(field->name), NAMED(visit->writer)));
}

static void edit_writer_symbols(fixer_t *f, const av_type_t *reader, const av_type_t *writer)
{
    const jv_t *symbols = jv_get(writer->at, "symbols");
    for (uint32_t i = 0; i < writer->n; i++)
        if (av_symbol_find(reader, writer->symbols[i]) < 0)
            symbols = list_without(f, symbols, writer->symbols[i]);
    propose(f, below(f, pointer_of(f, writer), "symbols"), symbols,
            text_printf(f->arena, "leave the new symbols out of " TEXT_FMT " until readers know them",
                        NAMED(writer)));
}

/* The branch that the reader lacks goes. */
static void edit_writer_union(fixer_t *f, const visit_t *visit)
{
    const av_slot_t *slot;
    text_t at = slot_pointer(f, visit, &slot);
    if (!at.at || slot->type->kind != AV_UNION || slot->at->kind != JV_ARRAY)
        return;
    jv_t *fewer = jv_new_array(f->arena, slot->at->n);
    fewer->n = 0;
    for (uint32_t i = 0; i < slot->at->n; i++)
        if (i != visit->writer_branch)
            fewer->items[fewer->n++] = slot->at->items[i];
    propose(f, at, fewer,
            text_printf(f->arena, "leave " TEXT_FMT " out of the union until readers take it",
                        NAMED(visit->writer)));
}

static void edits_of_writer(fixer_t *f, const visit_t *visit, const break_t *broken)
{
    const av_type_t *reader = visit->reader, *writer = visit->writer;
    bool elsewhere = writer->text != 0;
    if (broken->rule == RULE_AVRO_MISSING_DEFAULT || broken->rule == RULE_AVRO_BAD_DEFAULT) {
        if (!elsewhere)
            edit_writer_field_back(f, visit, broken->index);
        return;
    }
    if (broken->rule == RULE_AVRO_SYMBOL && !elsewhere)
        edit_writer_symbols(f, reader, writer);
    if (broken->rule == RULE_AVRO_SIZE && !elsewhere)
        edit_member(f, writer, "size", reader->n);
    if (broken->rule == RULE_AVRO_DECIMAL && !elsewhere)
        edit_decimal(f, visit, writer, reader);
    if (broken->rule == RULE_AVRO_NAME && !elsewhere)
        propose(f, below(f, pointer_of(f, writer), "name"), jv_new_string(f->arena, reader->name.full),
                text_printf(f->arena, "keep the name " TEXT_FMT, TEXT_ARG(reader->name.full)));
    if (broken->rule == RULE_AVRO_TYPE || broken->rule == RULE_AVRO_NO_BRANCH) {
        if (visit->writer_branch != NO_BRANCH)
            edit_writer_union(f, visit);
        edit_restore(f, visit);
    }
}

/* --- trying --------------------------------------------------------------------------------------------------------------------------- */

static bool is_same_break(const finding_t *a, const finding_t *b)
{
    return strcmp(a->rule, b->rule) == 0 && text_eq(a->reader.pointer, b->reader.pointer) &&
           text_eq(a->writer.pointer, b->writer.pointer) && text_eq(a->sentence, b->sentence);
}

/* Is the break gone, and are there fewer than before? */
static bool mends(const fixer_t *f, const schema_t *edited, const finding_t *finding)
{
    bool reader = f->edited == f->s->reader;
    check_options_t options = *f->options;
    options.fix = FIX_NONE;
    options.max_findings = f->n_breaks + 1;
    const report_t *report =
        av_check_strict(reader ? edited : f->s->reader, reader ? f->s->writer : edited, &options, f->arena);
    size_t n = 0;
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].class != CLASS_BREAKING)
            continue;
        n++;
        if (is_same_break(&report->findings[i], finding))
            return false;
    }
    return report->verdict == VERDICT_COMPATIBLE ||
           (report->verdict == VERDICT_INCOMPATIBLE && n < f->n_breaks);
}

static bool try_edit(fixer_t *f, const edit_t *edit, finding_t *finding)
{
    const jv_t *tree =
        edit->pointer.bytes ? json_edit(f->edited->tree, edit->pointer, edit->value, f->arena) : edit->value;
    if (!tree)
        return false;
    text_t text = printed(tree, f->arena);
    schema_source_t source = f->edited->given;
    source.text = text;
    schema_t *schema;
    if (schema_parse(&source, &schema, NULL) != 0)
        return false;
    bool good = mends(f, schema, finding);
    schema_unref(schema);
    if (good) {
        finding->fix = edit->sentence;
        finding->fixed_text = text;
    }
    return good;
}

void av_fix_findings(const story_t *story, const check_options_t *options, finding_t *findings,
                     const break_t *breaks, size_t n)
{
    fixer_t f = {.s = story,
                 .options = options,
                 .edited = options->fix == FIX_READER ? story->reader : story->writer,
                 .n_breaks = n,
                 .arena = story->arena};
    for (size_t i = 0; i < n && i < FIXES_MAX; i++) {
        const visit_t *visit = &story->walk->visits[breaks[i].visit];
        f.n_edits = 0;
        if (options->fix == FIX_READER)
            edits_of_reader(&f, visit, &breaks[i]);
        else
            edits_of_writer(&f, visit, &breaks[i]);
        for (size_t k = 0; k < f.n_edits && !findings[i].fix.bytes; k++)
            try_edit(&f, &f.edits[k], &findings[i]);
    }
}
