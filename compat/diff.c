#include "compat/diff.h"

#include <string.h>

#include "compat/core/decimal.h"

const char *diff_word(diff_kind_t kind)
{
    static const char *const words[] = {
#define XX(name, word, finding_class) [DIFF_##name] = word,
        DIFF_MAP(XX)
#undef XX
    };
    return words[kind];
}

finding_class_t diff_class(diff_kind_t kind)
{
    static const finding_class_t classes[] = {
#define XX(name, word, finding_class) [DIFF_##name] = finding_class,
        DIFF_MAP(XX)
#undef XX
    };
    return classes[kind];
}

const char *semver_name(semver_t step)
{
    static const char *const names[] = {
        [SEMVER_NONE] = "none", [SEMVER_PATCH] = "patch", [SEMVER_MINOR] = "minor", [SEMVER_MAJOR] = "major"};
    return names[step];
}

/* --- the two lists, matched ------------------------------------------------------------------------------------------ */

typedef struct {
    arena_t *arena;
    fields_t before, after;
    const field_t **partner_of_before; /* by index in before; NULL: removed */
    const field_t **partner_of_after;
    bool *renamed; /* by index in before: by alias */
    bool *maybe;   /* by index in before: likely */
    diff_entry_t *entries;
    size_t n, room;
} work_t;

static void add(work_t *work, diff_entry_t entry)
{
    if (work->n == work->room) {
        size_t room = work->room ? 2 * work->room : 32;
        diff_entry_t *grown = ARENA_ARRAY(work->arena, diff_entry_t, room);
        if (work->n > 0)
            memcpy(grown, work->entries, work->n * sizeof *grown);
        work->entries = grown;
        work->room = room;
    }
    work->entries[work->n++] = entry;
}

static size_t index_of(const fields_t *fields, const field_t *field)
{
    return (size_t)(field - fields->at);
}

static void pair(work_t *work, const field_t *before, const field_t *after)
{
    work->partner_of_before[index_of(&work->before, before)] = after;
    work->partner_of_after[index_of(&work->after, after)] = before;
}

/* A table of paths, so that matching two wide schemas stays linear. */
typedef struct {
    const fields_t *fields;
    uint32_t *slots; /* index + 1 */
    size_t mask;
} path_table_t;

static path_table_t path_table(const fields_t *fields, arena_t *arena)
{
    size_t room = 16;
    while (room < 2 * fields->n)
        room *= 2;
    path_table_t table = {fields, ARENA_ARRAY(arena, uint32_t, room), room - 1};
    for (size_t i = 0; i < fields->n; i++) {
        size_t at = text_hash(fields->at[i].path, 0) & table.mask;
        while (table.slots[at] != 0)
            at = (at + 1) & table.mask;
        table.slots[at] = (uint32_t)i + 1;
    }
    return table;
}

static const field_t *path_find(const path_table_t *table, text_t path)
{
    for (size_t at = text_hash(path, 0) & table->mask; table->slots[at] != 0; at = (at + 1) & table->mask)
        if (text_eq(table->fields->at[table->slots[at] - 1].path, path))
            return &table->fields->at[table->slots[at] - 1];
    return NULL;
}

/* The path that a field of `before` has in `after`, if its parents were renamed: its parent's partner and its own last step. */
static text_t expected_path(work_t *work, const path_table_t *olds, const field_t *before)
{
    const field_t *parent = before->path.bytes > 0 ? path_find(olds, before->parent) : NULL;
    const field_t *partner = parent != NULL ? work->partner_of_before[index_of(&work->before, parent)] : NULL;
    if (partner == NULL || text_eq(partner->path, before->parent))
        return before->path;
    text_t step = text_from(before->path, before->parent.bytes);
    return text_printf(work->arena, TEXT_FMT TEXT_FMT, TEXT_ARG(partner->path), TEXT_ARG(step));
}

static bool has_alias(const field_t *field, text_t name)
{
    for (size_t i = 0; i < field->n_aliases; i++)
        if (text_eq(field->aliases[i], name))
            return true;
    return false;
}

static text_t expected_parent(work_t *work, const path_table_t *olds, const field_t *before)
{
    const field_t *parent = path_find(olds, before->parent);
    const field_t *partner = parent != NULL ? work->partner_of_before[index_of(&work->before, parent)] : NULL;
    return partner != NULL ? partner->path : before->parent;
}

/* Likely the same field under another name: the same parent and type, and a name that shares a word or most of its letters. */
static bool names_are_alike(text_t a, text_t b)
{
    fields_t one = {.at = &(field_t){.path = b}, .n = 1};
    const field_t *found;
    if (fields_suggest(&one, a, &found, 1) == 1)
        return true;
    text_t shorter = a.bytes < b.bytes ? a : b, longer = a.bytes < b.bytes ? b : a;
    return shorter.bytes >= 3 && memmem(longer.at, longer.bytes, shorter.at, shorter.bytes) != NULL;
}

static void match_one(work_t *work, const path_table_t *olds, const path_table_t *news, const field_t *before)
{
    const field_t *after = path_find(news, expected_path(work, olds, before));
    if (after != NULL && work->partner_of_after[index_of(&work->after, after)] == NULL) {
        pair(work, before, after);
        return;
    }
    if (before->path.bytes == 0)
        return;
    text_t parent = expected_parent(work, olds, before);
    for (size_t i = 0; i < work->after.n; i++) {
        after = &work->after.at[i];
        if (work->partner_of_after[i] != NULL || !text_eq(after->parent, parent) ||
            !has_alias(after, before->name))
            continue;
        pair(work, before, after);
        work->renamed[index_of(&work->before, before)] = true;
        return;
    }
}

/* Pairs of names that may be looked at: a guess for people is not worth more. */
#define LIKELY_PAIRS_MAX 20000

/* Only fields whose parents were matched are considered, and only among what is left over on both sides. */
static void match_likely(work_t *work, const path_table_t *olds, const path_table_t *news)
{
    size_t left = LIKELY_PAIRS_MAX;
    for (size_t i = 0; i < work->before.n; i++) {
        const field_t *before = &work->before.at[i];
        if (work->partner_of_before[i] != NULL || before->path.bytes == 0)
            continue;
        text_t parent = expected_parent(work, olds, before);
        for (size_t k = 0; k < work->after.n && left > 0; k++) {
            const field_t *after = &work->after.at[k];
            if (work->partner_of_after[k] != NULL || !text_eq(after->parent, parent) ||
                !text_eq(after->type, before->type) || path_find(olds, after->path) != NULL)
                continue;
            left--;
            if (!names_are_alike(before->name, after->name))
                continue;
            pair(work, before, after);
            work->maybe[i] = true;
            break;
        }
        if (work->partner_of_before[i] == NULL)
            match_one(work, olds, news, before);
    }
}

/* --- what differs in a pair ------------------------------------------------------------------------------------------ */

/* Bounds: which way is stricter. Absent means no bound. */
static const struct {
    const char *name;
    int stricter; /* 1: a larger value is stricter; -1: a smaller one */
} bounds[] = {
    {"minLength", 1},     {"minimum", 1},           {"exclusiveMinimum", 1}, {"minItems", 1},
    {"minProperties", 1}, {"minContains", 1},       {"maxLength", -1},       {"maximum", -1},
    {"maxItems", -1},     {"exclusiveMaximum", -1}, {"maxProperties", -1},   {"maxContains", -1},
};

/* Keywords whose presence narrows what is allowed, whatever their value. */
static const char *const narrowing[] = {"pattern",
                                        "multipleOf",
                                        "uniqueItems",
                                        "const",
                                        "additionalProperties",
                                        "propertyNames",
                                        "contains",
                                        "not",
                                        "unevaluatedProperties",
                                        "additionalItems"};

static int compare_numbers(work_t *work, text_t a, text_t b)
{
    const decimal_t *x, *y;
    limits_t limits = LIMITS_DEFAULT;
    if (!decimal_read(a, &limits, work->arena, &x) || !decimal_read(b, &limits, work->arena, &y))
        return text_compare(a, b);
    return decimal_compare(x, y);
}

static diff_kind_t fact_kind(work_t *work, const char *name, const field_fact_t *before,
                             const field_fact_t *after)
{
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        if (strcmp(bounds[i].name, name) != 0)
            continue;
        if (before == NULL || after == NULL)
            return before == NULL ? DIFF_CONSTRAINED : DIFF_RELAXED;
        return compare_numbers(work, after->value, before->value) * bounds[i].stricter > 0 ? DIFF_CONSTRAINED
                                                                                           : DIFF_RELAXED;
    }
    for (size_t i = 0; i < sizeof narrowing / sizeof *narrowing; i++)
        if (strcmp(narrowing[i], name) == 0 && (before == NULL || after == NULL))
            return before == NULL ? DIFF_CONSTRAINED : DIFF_RELAXED;
    return DIFF_FACT_CHANGED;
}

static text_t shown(text_t text)
{
    return text.at != NULL ? text : TEXT("nothing");
}

static text_t called(const field_t *field)
{
    return field->path.bytes > 0 ? field->path : TEXT("the schema");
}

static void changed(work_t *work, diff_kind_t kind, const field_t *before, const field_t *after,
                    const char *fact, text_t from, text_t to)
{
    diff_entry_t entry = {
        .kind = kind, .before = before, .after = after, .fact = fact, .from = from, .to = to};
    entry.sentence = text_printf(work->arena, TEXT_FMT ": %s was " TEXT_FMT ", is " TEXT_FMT,
                                 TEXT_ARG(called(after)), fact, TEXT_ARG(shown(from)), TEXT_ARG(shown(to)));
    add(work, entry);
}

static const field_fact_t *fact_find(const field_t *field, const char *name)
{
    for (size_t i = 0; i < field->n_facts; i++)
        if (strcmp(field->facts[i].name, name) == 0)
            return &field->facts[i];
    return NULL;
}

static void compare_fact(work_t *work, const field_t *before, const field_t *after, const char *name)
{
    const field_fact_t *from = fact_find(before, name), *to = fact_find(after, name);
    if (from != NULL && to != NULL && text_eq(from->value, to->value))
        return;
    changed(work, fact_kind(work, name, from, to), before, after, name, from ? from->value : TEXT_NONE,
            to ? to->value : TEXT_NONE);
}

static void compare_facts(work_t *work, const field_t *before, const field_t *after)
{
    for (size_t i = 0; i < after->n_facts; i++)
        compare_fact(work, before, after, after->facts[i].name);
    for (size_t i = 0; i < before->n_facts; i++)
        if (fact_find(after, before->facts[i].name) == NULL)
            compare_fact(work, before, after, before->facts[i].name);
}

static bool list_has(const text_t *list, size_t n, text_t text)
{
    for (size_t i = 0; i < n; i++)
        if (text_eq(list[i], text))
            return true;
    return false;
}

static void compare_symbols(work_t *work, const field_t *before, const field_t *after)
{
    static const char fact[] = "symbols";
    for (size_t i = 0; i < before->n_symbols; i++)
        if (!list_has(after->symbols, after->n_symbols, before->symbols[i]))
            add(work, (diff_entry_t){DIFF_SYMBOL_REMOVED, before, after, fact, before->symbols[i], TEXT_NONE,
                                     text_printf(work->arena, TEXT_FMT ": symbol " TEXT_FMT " was removed",
                                                 TEXT_ARG(called(after)), TEXT_ARG(before->symbols[i]))});
    for (size_t i = 0; i < after->n_symbols; i++)
        if (!list_has(before->symbols, before->n_symbols, after->symbols[i]))
            add(work, (diff_entry_t){DIFF_SYMBOL_ADDED, before, after, fact, TEXT_NONE, after->symbols[i],
                                     text_printf(work->arena, TEXT_FMT ": symbol " TEXT_FMT " was added",
                                                 TEXT_ARG(called(after)), TEXT_ARG(after->symbols[i]))});
}

static text_t joined(work_t *work, const text_t *list, size_t n)
{
    buf_t buf;
    buf_init(&buf, 65536);
    for (size_t i = 0; i < n; i++)
        buf_printf(&buf, "%s" TEXT_FMT, i > 0 ? ", " : "", TEXT_ARG(list[i]));
    text_t text = n > 0 ? buf_take(&buf, work->arena) : TEXT_NONE;
    buf_dispose(&buf);
    return text;
}

static void compare_tags(work_t *work, const field_t *before, const field_t *after)
{
    bool same = before->n_tags == after->n_tags;
    for (size_t i = 0; same && i < before->n_tags; i++)
        same = list_has(after->tags, after->n_tags, before->tags[i]);
    if (!same)
        changed(work, DIFF_TAGS_CHANGED, before, after, "tags", joined(work, before->tags, before->n_tags),
                joined(work, after->tags, after->n_tags));
}

static void compare_fields(work_t *work, const field_t *before, const field_t *after)
{
    const struct {
        diff_kind_t kind;
        const char *fact;
        text_t from, to;
    } texts[] = {
        {DIFF_RETYPED, "type", before->type, after->type},
        {DIFF_LOGICAL_CHANGED, "logical type", before->logical, after->logical},
        {DIFF_UNIT_CHANGED, "unit", before->unit, after->unit},
        {DIFF_DEFAULT_CHANGED, "default", before->has_default ? before->default_json : TEXT_NONE,
         after->has_default ? after->default_json : TEXT_NONE},
        {DIFF_DOC_CHANGED, "documentation", before->doc, after->doc},
    };
    if (before->required != after->required && before->has_default == after->has_default)
        changed(work, after->required ? DIFF_CONSTRAINED : DIFF_RELAXED, before, after, "presence",
                before->required ? TEXT("required") : TEXT("optional"),
                after->required ? TEXT("required") : TEXT("optional"));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!text_eq(texts[i].from, texts[i].to) || (texts[i].from.at == NULL) != (texts[i].to.at == NULL))
            changed(work, texts[i].kind, before, after, texts[i].fact, texts[i].from, texts[i].to);
    compare_symbols(work, before, after);
    compare_tags(work, before, after);
    compare_facts(work, before, after);
}

/* --- the list of entries ----------------------------------------------------------------------------------------------- */

static void added_or_removed(work_t *work, diff_kind_t kind, const field_t *field, size_t below)
{
    diff_entry_t entry = {.kind = kind, .fact = "field"};
    *(kind == DIFF_ADDED ? &entry.after : &entry.before) = field;
    *(kind == DIFF_ADDED ? &entry.to : &entry.from) = field->type;
    text_t more = below > 0
                      ? text_printf(work->arena, ", with %zu field%s below it", below, below > 1 ? "s" : "")
                      : TEXT("");
    const char *presence = kind != DIFF_ADDED ? "" : field->required ? ", required" : ", optional";
    entry.sentence =
        text_printf(work->arena, TEXT_FMT " (" TEXT_FMT "%s) was %s" TEXT_FMT, TEXT_ARG(called(field)),
                    TEXT_ARG(field->type), presence, diff_word(kind), TEXT_ARG(more));
    add(work, entry);
}

static void renamed(work_t *work, const field_t *before, const field_t *after, bool likely)
{
    diff_entry_t entry = {likely ? DIFF_MAYBE_RENAMED : DIFF_RENAMED,
                          before,
                          after,
                          "name",
                          before->name,
                          after->name,
                          TEXT_NONE};
    entry.sentence =
        likely
            ? text_printf(work->arena,
                          TEXT_FMT " was removed and " TEXT_FMT
                                   " added: likely one field renamed without an alias",
                          TEXT_ARG(before->path), TEXT_ARG(after->path))
            : text_printf(work->arena, TEXT_FMT " was renamed to " TEXT_FMT " (an alias keeps the old name)",
                          TEXT_ARG(before->path), TEXT_ARG(after->path));
    add(work, entry);
}

/* Fields below a field follow it directly in the list: their paths start with its path. */
static size_t fields_below(const fields_t *fields, size_t i)
{
    size_t n = 0;
    while (i + n + 1 < fields->n && text_starts(fields->at[i + n + 1].path, fields->at[i].path) &&
           fields->at[i + n + 1].path.bytes > fields->at[i].path.bytes &&
           strchr(".[{<", fields->at[i + n + 1].path.at[fields->at[i].path.bytes]) != NULL)
        n++;
    return n;
}

static void list_removed(work_t *work)
{
    for (size_t i = 0; i < work->before.n; i++) {
        if (work->partner_of_before[i] != NULL)
            continue;
        size_t below = fields_below(&work->before, i);
        added_or_removed(work, DIFF_REMOVED, &work->before.at[i], below);
        i += below;
    }
}

static void list_after(work_t *work)
{
    for (size_t i = 0; i < work->after.n; i++) {
        const field_t *after = &work->after.at[i], *before = work->partner_of_after[i];
        if (before == NULL) {
            size_t below = fields_below(&work->after, i);
            added_or_removed(work, DIFF_ADDED, after, below);
            i += below;
            continue;
        }
        size_t at = index_of(&work->before, before);
        if (work->renamed[at] || work->maybe[at])
            renamed(work, before, after, work->maybe[at]);
        compare_fields(work, before, after);
    }
}

diff_t schema_diff(const schema_t *before, const schema_t *after, const limits_t *limits, arena_t *arena)
{
    return fields_diff(schema_fields(before, limits, arena), schema_fields(after, limits, arena), arena);
}

diff_t fields_diff(fields_t before, fields_t after, arena_t *arena)
{
    work_t work = {.arena = arena, .before = before, .after = after};
    work.partner_of_before = ARENA_ARRAY(arena, const field_t *, work.before.n);
    work.partner_of_after = ARENA_ARRAY(arena, const field_t *, work.after.n);
    work.renamed = ARENA_ARRAY(arena, bool, work.before.n);
    work.maybe = ARENA_ARRAY(arena, bool, work.before.n);
    path_table_t olds = path_table(&work.before, arena), news = path_table(&work.after, arena);
    for (size_t i = 0; i < work.before.n; i++)
        match_one(&work, &olds, &news, &work.before.at[i]);
    match_likely(&work, &olds, &news);
    list_removed(&work);
    list_after(&work);
    return (diff_t){work.entries, work.n, work.before.complete && work.after.complete};
}

semver_t semver_propose(const diff_t *diff, const report_t *new_reads_old, const report_t *old_reads_new)
{
    const report_t *reports[] = {new_reads_old, old_reads_new};
    semver_t step = SEMVER_NONE;
    for (size_t i = 0; i < 2; i++)
        if (reports[i] != NULL && reports[i]->verdict != VERDICT_COMPATIBLE)
            return SEMVER_MAJOR;
    for (size_t i = 0; i < diff->n; i++) {
        semver_t asks =
            diff_class(diff->entries[i].kind) == CLASS_DOCUMENTATION ? SEMVER_PATCH : SEMVER_MINOR;
        step = asks > step ? asks : step;
    }
    return step;
}

/* --- printing ------------------------------------------------------------------------------------------------------------ */

static void print_member(buf_t *out, const char *name, text_t value)
{
    if (value.at == NULL)
        return;
    buf_printf(out, ",\"%s\":", name);
    jv_print_string(out, value);
}

static void print_side(buf_t *out, const char *name, const field_t *field)
{
    if (field == NULL)
        return;
    buf_printf(out, ",\"%s\":{\"path\":", name);
    jv_print_string(out, field->path);
    buf_add_s(out, ",\"pointer\":");
    jv_print_string(out, field->place.pointer);
    buf_printf(out, ",\"line\":%u,\"column\":%u}", field->place.line, field->place.column);
}

void diff_print_json(buf_t *out, const diff_t *diff)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < diff->n; i++) {
        const diff_entry_t *entry = &diff->entries[i];
        buf_printf(out, "%s{\"change\":\"%s\",\"class\":\"%s\",\"fact\":\"%s\"", i > 0 ? "," : "",
                   diff_word(entry->kind), finding_class_name(diff_class(entry->kind)), entry->fact);
        print_side(out, "before", entry->before);
        print_side(out, "after", entry->after);
        print_member(out, "from", entry->from);
        print_member(out, "to", entry->to);
        print_member(out, "sentence", entry->sentence);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

void diff_print_text(buf_t *out, const diff_t *diff)
{
    static const char *const marks[] = {
        [CLASS_BREAKING] = "✗", [CLASS_RISKY] = "!", [CLASS_SAFE] = "+", [CLASS_DOCUMENTATION] = "·"};
    for (size_t i = 0; i < diff->n; i++) {
        const diff_entry_t *entry = &diff->entries[i];
        const char *mark = entry->kind == DIFF_REMOVED ? "-" : marks[diff_class(entry->kind)];
        buf_printf(out, "    %s " TEXT_FMT "\n", mark, TEXT_ARG(entry->sentence));
    }
    if (!diff->complete)
        buf_add_s(out, "    … the schemas are larger than the limit: the rest was not compared\n");
}
