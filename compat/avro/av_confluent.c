/* av_confluent.c - the verdict of Confluent's registry on a pair, difference by difference.
 *
 * Written after the behaviour of Avro Java 1.12's SchemaCompatibility: depth first, readers' fields and branches in order,
 * one memo per (reader node, writer node), a pair in progress counting as compatible. A result found under such an
 * assumption stays in the memo even when the assumption fails later, so a verdict may depend on the order of traversal and
 * may be wrong; that is kept on purpose, `strict` is for the truth. A remembered result keeps the pointers of its first visit.
 *
 * Results are ropes: a remembered list is shared, never copied, because lists double at every level of a hostile schema.
 * The way down is kept in frames on the heap.
 */
#include "compat/avro/av_check.h"

#include <stdlib.h>
#include <string.h>

#include "compat/avro/av_pairs.h"

/* A pointer into the reader, from its end. The last link stands for the root and is not printed. */
typedef struct step {
    const struct step *up;
    const char *token; /* NULL: `index` */
    uint32_t index;
} step_t;

typedef enum {
    NAME_MISMATCH,
    FIXED_SIZE_MISMATCH,
    MISSING_ENUM_SYMBOLS,
    READER_FIELD_MISSING_DEFAULT_VALUE,
    TYPE_MISMATCH,
    MISSING_UNION_BRANCH,
    UNEXPECTED_EXCEPTION, /* not one of Confluent's types: its check fails with a message and nothing else */
} difference_type_t;

static const char *const type_names[] = {
    "NAME_MISMATCH", "FIXED_SIZE_MISMATCH",  "MISSING_ENUM_SYMBOLS", "READER_FIELD_MISSING_DEFAULT_VALUE",
    "TYPE_MISMATCH", "MISSING_UNION_BRANCH", "UNEXPECTED_EXCEPTION",
};

typedef struct {
    difference_type_t type;
    const av_type_t *reader, *writer;
    const step_t *where;
    uint32_t field; /* READER_FIELD_MISSING_DEFAULT_VALUE, UNEXPECTED_EXCEPTION */
} difference_t;

/* Either one difference or two ropes, never empty; NULL is the empty rope. */
typedef struct rope {
    const struct rope *left, *right;
    difference_t one;
} rope_t;

/* One call of getCompatibility that is not finished. */
typedef struct {
    const av_type_t *reader, *writer;
    const step_t *where;
    const rope_t *result;
    uint32_t i;   /* next field or branch */
    bool waiting; /* a child's result is about to arrive */
    bool done;
} frame_t;

/* What is known of a pair: 0 new, 1 in progress, else 2 + index into results. Most types meet one partner, which is kept by the
 * reader's type; the others of a type go to the set of pairs. */
typedef struct {
    uint32_t partner; /* id of the writer's type, plus one */
    uint32_t memo;
} first_t;

/* What small schemas need is part of the walk: nothing is allocated for them. */
#define OWN_TYPES   128
#define OWN_FRAMES  32
#define OWN_RESULTS 16

typedef struct {
    arena_t *arena;
    bool
        verdict_only; /* nobody asks where: pointers and ropes are not made, and the first difference that decides ends it */
    first_t *first; /* by the reader's type id */
    pairs_t memo;
    const rope_t **results;
    uint32_t n_results, room_results;
    frame_t *frames;
    size_t n, room;
    size_t n_tentative; /* frames whose children's differences may be dropped */
    uint64_t steps, max_steps;
    const rope_t *returned; /* result of the call that has just ended */
    bool failed;            /* by an exception */
    bool decided;           /* verdict_only: it cannot become compatible any more */
    first_t own_first[OWN_TYPES];
    frame_t own_frames[OWN_FRAMES];
    const rope_t *own_results[OWN_RESULTS];
} walk_t;

#define IN_PROGRESS  1
#define FIRST_RESULT 2

/* Stands for any difference where only the verdict is asked for. */
static const rope_t some_difference;

static const step_t root_step = {NULL, "", 0};

static const step_t *down(walk_t *w, const step_t *up, const char *token, uint32_t index)
{
    if (w->verdict_only)
        return &root_step;
    step_t *step = ARENA_NEW(w->arena, step_t);
    *step = (step_t){up, token, index};
    return step;
}

static const rope_t *joined(walk_t *w, const rope_t *left, const rope_t *right)
{
    if (!left || !right || w->verdict_only)
        return left ? left : right;
    rope_t *rope = ARENA_NEW(w->arena, rope_t);
    rope->left = left;
    rope->right = right;
    return rope;
}

static void differs(walk_t *w, frame_t *f, difference_type_t type, const step_t *where, uint32_t field)
{
    if (w->verdict_only) {
        f->result = &some_difference;
        return;
    }
    rope_t *rope = ARENA_NEW(w->arena, rope_t);
    rope->one = (difference_t){type, f->reader, f->writer, where, field};
    f->result = joined(w, f->result, rope);
}

/* --- calls ------------------------------------------------------------------------------------------------------------------ */

/* Twice the room for a list that starts inside the walk. */
static void *grown(void *list, const void *own, size_t n, size_t size)
{
    void *more = list == own ? malloc(2 * n * size) : realloc(list, 2 * n * size);
    if (!more)
        abort();
    if (list == own)
        memcpy(more, own, n * size);
    return more;
}

/* A union that reads something else takes whichever branch fits: what the other branches lack is forgotten. */
static bool is_tentative(const frame_t *f)
{
    return f->reader->kind == AV_UNION && f->writer->kind != AV_UNION;
}

static void frame_push(walk_t *w, const av_type_t *reader, const av_type_t *writer, const step_t *where)
{
    if (w->n == w->room) {
        w->frames = grown(w->frames, w->own_frames, w->n, sizeof *w->frames);
        w->room *= 2;
    }
    frame_t *f = &w->frames[w->n++];
    *f = (frame_t){.reader = reader, .writer = writer, .where = where};
    w->n_tentative += is_tentative(f);
}

static uint32_t *memo_at(walk_t *w, const av_type_t *reader, const av_type_t *writer, bool *fresh)
{
    first_t *first = &w->first[reader->id];
    *fresh = !first->partner;
    if (*fresh)
        first->partner = writer->id + 1;
    if (first->partner == writer->id + 1)
        return &first->memo;
    return pairs_at(&w->memo, reader->id, writer->id, fresh);
}

static void remember(walk_t *w, const frame_t *f)
{
    bool fresh;
    uint32_t *memo = memo_at(w, f->reader, f->writer, &fresh);
    if (!f->result) {
        *memo = FIRST_RESULT; /* results[0] is the empty one */
        return;
    }
    if (w->n_results == w->room_results) {
        w->results = grown(w->results, w->own_results, w->n_results, sizeof *w->results);
        w->room_results *= 2;
    }
    *memo = FIRST_RESULT + w->n_results;
    w->results[w->n_results++] = f->result;
}

/* Asks for a pair. True if the answer is in w->returned already; else a frame is on its way and the caller waits. */
static bool ask(walk_t *w, const av_type_t *reader, const av_type_t *writer, const step_t *where)
{
    bool fresh;
    uint32_t *memo = memo_at(w, reader, writer, &fresh);
    w->returned = NULL;
    if (*memo >= FIRST_RESULT)
        w->returned = w->results[*memo - FIRST_RESULT];
    if (!fresh)
        return true;
    *memo = IN_PROGRESS;
    frame_push(w, reader, writer, where);
    return false;
}

/* --- rules ------------------------------------------------------------------------------------------------------------------- */

static bool names_match(const av_type_t *reader, const av_type_t *writer)
{
    if (text_eq(reader->name.simple, writer->name.simple))
        return true;
    for (uint32_t i = 0; i < reader->n_aliases; i++) {
        const av_name_t *alias = &reader->aliases[i];
        /* Java prints an alias in the null namespace of a type that has one as ".name", which is nobody's full name */
        bool unreachable = !alias->space.bytes && reader->name.space.bytes;
        if (!unreachable && text_eq(alias->full, writer->name.full))
            return true;
    }
    return false;
}

static void check_names(walk_t *w, frame_t *f)
{
    if (!names_match(f->reader, f->writer))
        differs(w, f, NAME_MISMATCH, down(w, f->where, "name", 0), 0);
}

static void check_symbols(walk_t *w, frame_t *f)
{
    if (f->reader->fallback >= 0)
        return;
    w->steps += f->writer->n;
    for (uint32_t i = 0; i < f->writer->n; i++)
        if (av_symbol_find(f->reader, f->writer->symbols[i]) < 0) {
            differs(w, f, MISSING_ENUM_SYMBOLS, down(w, f->where, "symbols", 0), 0);
            return;
        }
}

static bool promotes(av_kind_t reader, av_kind_t writer)
{
    switch (reader) {
    case AV_LONG:
        return writer == AV_INT;
    case AV_FLOAT:
        return writer == AV_INT || writer == AV_LONG;
    case AV_DOUBLE:
        return writer == AV_INT || writer == AV_LONG || writer == AV_FLOAT;
    case AV_BYTES:
        return writer == AV_STRING;
    case AV_STRING:
        return writer == AV_BYTES;
    case AV_NULL:
    case AV_BOOLEAN:
    case AV_INT:
    case AV_FIXED:
    case AV_ENUM:
    case AV_ARRAY:
    case AV_MAP:
    case AV_RECORD:
    case AV_UNION:
        return false;
    }
    return false;
}

static bool reads_primitive(const av_type_t *reader, const av_type_t *writer)
{
    return reader->kind == writer->kind || promotes(reader->kind, writer->kind);
}

static bool takes_primitive(const av_type_t *reader, const av_type_t *writer)
{
    if (reader->kind != AV_UNION)
        return reads_primitive(reader, writer);
    for (uint32_t i = 0; i < reader->n; i++)
        if (reads_primitive(reader->branches[i].type, writer))
            return true;
    return false;
}

/* Pairs that need no call of their own, because nothing can differ: primitives that fit, and, where nobody asks for places
 * (a remembered difference keeps the place of its first visit), unions of them. */
static bool is_settled(const walk_t *w, const av_type_t *reader, const av_type_t *writer)
{
    if (av_is_primitive(writer))
        return (w->verdict_only || av_is_primitive(reader)) && takes_primitive(reader, writer);
    if (!w->verdict_only || writer->kind != AV_UNION)
        return false;
    for (uint32_t i = 0; i < writer->n; i++)
        if (!av_is_primitive(writer->branches[i].type) || !takes_primitive(reader, writer->branches[i].type))
            return false;
    return true;
}

/* Can only be a TYPE_MISMATCH, wherever it is met. */
static bool is_hopeless(const walk_t *w, const av_type_t *reader, const av_type_t *writer)
{
    return w->verdict_only && reader->kind != AV_UNION && writer->kind != AV_UNION &&
           reader->kind != writer->kind && !promotes(reader->kind, writer->kind);
}

/* Most fields stand where they stood. */
static int32_t field_find(const av_type_t *record, text_t name, uint32_t likely)
{
    if (likely < record->n && av_same(record->fields[likely].name, name))
        return (int32_t)likely;
    return av_field_find(record, name);
}

/* The writer's field for a reader's, by name and by alias; more than one is Java's exception. */
static const av_field_t *writer_field(walk_t *w, frame_t *f, const av_field_t *field, uint32_t i)
{
    int32_t found = field_find(f->writer, field->name, i);
    uint32_t n = found >= 0;
    for (uint32_t k = 0; k < field->n_aliases; k++) {
        int32_t by_alias = av_field_find(f->writer, field->aliases[k]);
        if (by_alias >= 0) {
            found = by_alias;
            n++;
        }
    }
    w->steps += 1 + field->n_aliases;
    if (n > 1) {
        f->result = NULL;
        differs(w, f, UNEXPECTED_EXCEPTION, f->where, i);
        w->failed = true;
    }
    return n ? &f->writer->fields[found] : NULL;
}

/* The next reader field that is not settled at a glance. The child's result, if one is awaited, is merged when the frame goes on. */
static void step_record(walk_t *w, frame_t *f)
{
    const av_field_t *field, *from;
    uint32_t i;
    if (f->i == 0)
        check_names(w, f);
    do {
        if (f->i == f->reader->n) {
            f->done = true;
            return;
        }
        i = f->i++;
        field = &f->reader->fields[i];
        from = writer_field(w, f, field, i);
        if (w->failed)
            return;
    } while (from && is_settled(w, field->slot.type, from->slot.type));
    const step_t *here = down(w, down(w, f->where, "fields", 0), NULL, i);
    const av_type_t *type = field->slot.type;
    if (from) {
        f->waiting = true;
        ask(w, type, from->slot.type, down(w, here, "type", 0));
    } else if (!field->fallback && type->kind == AV_ENUM && type->fallback >= 0) {
        f->waiting = true; /* Java compares the enum with the whole record of the writer */
        ask(w, type, f->writer, down(w, here, "type", 0));
    } else if (!field->fallback) {
        differs(w, f, READER_FIELD_MISSING_DEFAULT_VALUE, here, i);
    }
}

/* Writer union: each branch for the reader as a whole. Reader union beside it: inner reasons are dropped. */
static void step_writer_union(walk_t *w, frame_t *f)
{
    uint32_t i;
    do {
        if (f->i == f->writer->n) {
            f->done = true;
            return;
        }
        i = f->i++;
    } while (is_settled(w, f->reader, f->writer->branches[i].type));
    f->waiting = true;
    const step_t *where = f->reader->kind == AV_UNION ? &root_step : down(w, f->where, NULL, i);
    ask(w, f->reader, f->writer->branches[i].type, where);
}

static void step_reader_union(walk_t *w, frame_t *f)
{
    uint32_t i;
    do {
        if (f->i == f->reader->n) {
            differs(w, f, MISSING_UNION_BRANCH, f->where, 0);
            f->done = true;
            return;
        }
        i = f->i++;
    } while (is_hopeless(w, f->reader->branches[i].type, f->writer));
    f->waiting = true;
    ask(w, f->reader->branches[i].type, f->writer, &root_step);
}

static void take_result(walk_t *w, frame_t *f)
{
    f->waiting = false;
    const rope_t *child = w->returned;
    bool both_unions = f->reader->kind == AV_UNION && f->writer->kind == AV_UNION;
    if (both_unions) {
        if (child)
            differs(w, f, MISSING_UNION_BRANCH, down(w, f->where, NULL, f->i - 1), 0);
    } else if (f->reader->kind == AV_UNION) {
        f->done = !child; /* a branch that reads it is enough */
    } else {
        f->result = joined(w, f->result, child);
    }
}

static void step_same_kind(walk_t *w, frame_t *f)
{
    if (f->reader->kind == AV_RECORD) {
        step_record(w, f);
        return;
    }
    if (f->reader->kind == AV_UNION) {
        step_writer_union(w, f);
        return;
    }
    bool container = f->reader->kind == AV_ARRAY || f->reader->kind == AV_MAP;
    if (container && f->i++ == 0) {
        f->waiting = true;
        ask(w, f->reader->item.type, f->writer->item.type,
            down(w, f->where, f->reader->kind == AV_ARRAY ? "items" : "values", 0));
        return;
    }
    if (f->reader->kind == AV_FIXED || f->reader->kind == AV_ENUM)
        check_names(w, f);
    if (f->reader->kind == AV_FIXED && f->reader->n != f->writer->n)
        differs(w, f, FIXED_SIZE_MISMATCH, down(w, f->where, "size", 0), 0);
    if (f->reader->kind == AV_ENUM)
        check_symbols(w, f);
    f->done = true;
}

static void advance(walk_t *w)
{
    frame_t *f = &w->frames[w->n - 1];
    w->steps++;
    if (f->waiting)
        take_result(w, f);
    if (w->verdict_only && f->result && w->n_tentative == is_tentative(f)) {
        w->decided = true; /* no one above drops it */
    } else if (f->done) {
        w->returned = f->result;
        remember(w, f);
        w->n_tentative -= is_tentative(f);
        w->n--;
    } else if (f->reader->kind == f->writer->kind) {
        step_same_kind(w, f);
    } else if (f->writer->kind == AV_UNION) {
        step_writer_union(w, f);
    } else if (f->reader->kind == AV_UNION) {
        step_reader_union(w, f);
    } else {
        if (!promotes(f->reader->kind, f->writer->kind))
            differs(w, f, TYPE_MISMATCH, f->where, 0);
        f->done = true;
    }
}

/* --- the report ----------------------------------------------------------------------------------------------------------------- */

static void pointer_write(buf_t *out, const step_t *where)
{
    /* from the end to the root: collected first, printed backwards */
    const step_t *steps[64];
    size_t n = 0;
    for (; where && where->up && n < sizeof steps / sizeof *steps; where = where->up)
        steps[n++] = where;
    if (where && where->up)
        pointer_write(out, where);
    while (n--) {
        if (buf_text(out).bytes > 1)
            buf_add_char(out, '/');
        if (steps[n]->token)
            buf_add_s(out, steps[n]->token);
        else
            buf_printf(out, "%u", steps[n]->index);
    }
}

static text_t pointer_of(const step_t *where, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '/'); /* the root is "/", and no path starts with two */
    pointer_write(&out, where);
    text_t pointer = buf_take(&out, arena);
    buf_dispose(&out);
    return pointer;
}

static int by_text(const void *a, const void *b)
{
    return text_compare(*(const text_t *)a, *(const text_t *)b);
}

/* "[A, B]": the writer's symbols that the reader lacks, sorted. */
static text_t missing_symbols(const difference_t *d, arena_t *arena)
{
    text_t *list = ARENA_ARRAY(arena, text_t, d->writer->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->writer->n; i++)
        if (av_symbol_find(d->reader, d->writer->symbols[i]) < 0)
            list[n++] = d->writer->symbols[i];
    qsort(list, n, sizeof *list, by_text);
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '[');
    for (uint32_t i = 0; i < n; i++) {
        buf_add_s(&out, i ? ", " : "");
        buf_add(&out, list[i]);
    }
    buf_add_char(&out, ']');
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

static text_t info_of(const difference_t *d, arena_t *arena)
{
    switch (d->type) {
    case NAME_MISMATCH:
        return text_printf(arena, "expected: " TEXT_FMT, TEXT_ARG(d->writer->name.full));
    case FIXED_SIZE_MISMATCH:
        return text_printf(arena, "expected: %u, found: %u", d->writer->n, d->reader->n);
    case MISSING_ENUM_SYMBOLS:
        return missing_symbols(d, arena);
    case READER_FIELD_MISSING_DEFAULT_VALUE:
        return d->reader->fields[d->field].name;
    case TYPE_MISMATCH:
        return text_printf(arena, "reader type: %s not compatible with writer type: %s",
                           av_kind_name_upper(d->reader->kind), av_kind_name_upper(d->writer->kind));
    case MISSING_UNION_BRANCH: {
        /* where a writer branch fails, the path ends with its index */
        const av_type_t *writer =
            d->writer->kind == AV_UNION ? d->writer->branches[d->where->index].type : d->writer;
        return text_printf(arena, "reader union lacking writer type: %s", av_kind_name_upper(writer->kind));
    }
    case UNEXPECTED_EXCEPTION:
        return text_printf(arena,
                           "the reader's field " TEXT_FMT
                           " matches more than one field of the writer's record " TEXT_FMT,
                           TEXT_ARG(d->reader->fields[d->field].name), TEXT_ARG(d->writer->name.full));
    }
    return TEXT("");
}

/* One sentence for a difference; `reader` and `writer` are how the two sides are called. */
static text_t sentence_of(const char *rule, text_t pointer, text_t info, const char *reader,
                          const char *writer, arena_t *arena)
{
#define AT "path '" TEXT_FMT "'"
    if (strcmp(rule, type_names[NAME_MISMATCH]) == 0)
        return text_printf(arena, "The type was given another name at " AT " and no alias connects the two",
                           TEXT_ARG(pointer));
    if (strcmp(rule, type_names[FIXED_SIZE_MISMATCH]) == 0)
        return text_printf(
            arena, "The fixed type at " AT " has one size in the %s schema and another in the %s schema",
            TEXT_ARG(pointer), reader, writer);
    if (strcmp(rule, type_names[MISSING_ENUM_SYMBOLS]) == 0)
        return text_printf(arena,
                           "The %s schema does not know the enum symbols " TEXT_FMT " at " AT
                           ", which the %s schema can write",
                           reader, TEXT_ARG(info), TEXT_ARG(pointer), writer);
    if (strcmp(rule, type_names[READER_FIELD_MISSING_DEFAULT_VALUE]) == 0)
        return text_printf(arena,
                           "The %s schema has a field '" TEXT_FMT "' at " AT
                           " that the %s schema does not write, and no default to fill it with",
                           reader, TEXT_ARG(info), TEXT_ARG(pointer), writer);
    if (strcmp(rule, type_names[TYPE_MISMATCH]) == 0)
        return text_printf(arena,
                           "What the %s schema expects at " AT
                           " cannot be read from the type that the %s schema has there",
                           reader, TEXT_ARG(pointer), writer);
    return text_printf(arena,
                       "The union of the %s schema has no branch for a type that the %s schema has, at " AT,
                       reader, writer, TEXT_ARG(pointer));
#undef AT
}

static void finding_fill(finding_t *finding, const difference_t *d, arena_t *arena)
{
    finding->rule = type_names[d->type];
    finding->class = CLASS_BREAKING;
    finding->info = info_of(d, arena);
    finding->reader = (place_t){pointer_of(d->where, arena), 0, 0};
    finding->writer = (place_t){TEXT(""), 0, 0};
    if (d->reader->text == 0) {
        finding->reader.line = d->reader->at->line;
        finding->reader.column = d->reader->at->column;
    }
    if (d->writer->text == 0) {
        finding->writer.line = d->writer->at->line;
        finding->writer.column = d->writer->at->column;
    }
    finding->sentence =
        d->type == UNEXPECTED_EXCEPTION
            ? finding->info
            : sentence_of(finding->rule, finding->reader.pointer, finding->info, "reader", "writer", arena);
}

/* The first `max` differences of a rope, in order. */
static void findings_fill(report_t *report, const rope_t *rope, size_t max, arena_t *arena)
{
    const rope_t **stack = NULL;
    size_t n = 0, room = 0, room_findings = 0;
    while (rope && report->n_findings < max) {
        if (rope->left) {
            if (n == room) {
                room = room ? room * 2 : 64;
                stack = realloc(stack, room * sizeof *stack);
                if (!stack)
                    abort();
            }
            stack[n++] = rope->right;
            rope = rope->left;
            continue;
        }
        if (report->n_findings == room_findings) {
            room_findings = room_findings ? room_findings * 2 : 8;
            finding_t *more = ARENA_ARRAY(arena, finding_t, room_findings);
            if (report->n_findings)
                memcpy(more, report->findings, report->n_findings * sizeof *more);
            report->findings = more;
        }
        finding_fill(&report->findings[report->n_findings++], &rope->one, arena);
        rope = n ? stack[--n] : NULL;
    }
    free(stack);
}

static void walk_init(walk_t *w, uint32_t n_types, const check_options_t *options, arena_t *arena)
{
    w->arena = arena;
    w->verdict_only = options->max_findings == 0;
    w->first = w->own_first;
    if (n_types > OWN_TYPES) {
        w->first = calloc(n_types, sizeof *w->first);
        if (!w->first)
            abort();
    } else {
        memset(w->own_first, 0, n_types * sizeof *w->first);
    }
    w->memo = PAIRS_EMPTY;
    w->results = w->own_results;
    w->results[0] = NULL; /* the empty rope */
    w->n_results = 1;
    w->room_results = OWN_RESULTS;
    w->frames = w->own_frames;
    w->n = 0;
    w->room = OWN_FRAMES;
    w->n_tentative = 0;
    w->steps = 0;
    w->max_steps = options->limits.max_steps;
    w->returned = NULL;
    w->failed = w->decided = false;
}

static void walk_dispose(walk_t *w)
{
    if (w->first != w->own_first)
        free(w->first);
    if (w->results != w->own_results)
        free(w->results);
    if (w->frames != w->own_frames)
        free(w->frames);
    if (w->memo._room)
        pairs_dispose(&w->memo);
}

const report_t *av_check_confluent(const schema_t *reader, const schema_t *writer,
                                   const check_options_t *options, arena_t *arena)
{
    report_t *report = ARENA_NEW(arena, report_t);
    walk_t w;
    walk_init(&w, av_schema_of(reader)->n_types, options, arena);
    ask(&w, av_schema_of(reader)->root.type, av_schema_of(writer)->root.type, &root_step);
    while (w.n && !w.failed && !w.decided && w.steps <= w.max_steps)
        advance(&w);
    report->steps = w.steps;
    if (w.failed || w.decided)
        w.returned = w.frames[w.n - 1].result;
    if (w.n && !w.failed && !w.decided) {
        report->verdict = VERDICT_UNDECIDED;
        report->reason = "budget-walk";
        report->reason_text = text_printf(arena, "comparing the two schemas takes more than max_steps (%llu)",
                                          (unsigned long long)w.max_steps);
    } else {
        report->verdict = w.returned ? VERDICT_INCOMPATIBLE : VERDICT_COMPATIBLE;
        findings_fill(report, w.returned, options->max_findings, arena);
    }
    walk_dispose(&w);
    return report;
}

text_t av_message_confluent(const finding_t *finding, bool reader_is_new, arena_t *arena)
{
    if (strcmp(finding->rule, type_names[UNEXPECTED_EXCEPTION]) == 0)
        return text_printf(arena, "Unexpected exception during compatibility check: " TEXT_FMT,
                           TEXT_ARG(finding->info));
    text_t sentence = sentence_of(finding->rule, finding->reader.pointer, finding->info,
                                  reader_is_new ? "new" : "old", reader_is_new ? "old" : "new", arena);
    return text_printf(arena, "{errorType:'%s', description:'" TEXT_FMT "', additionalInfo:'" TEXT_FMT "'}",
                       finding->rule, TEXT_ARG(sentence), TEXT_ARG(finding->info));
}
