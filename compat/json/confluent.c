/* confluent.c - confluent mode's report: the verdict, and the differences as findings. */
#include "compat/json/confluent.h"

#include <string.h>

#include "compat/json/confluent_diff.h"
#include "compat/json/json_schema.h"

/* --- findings ---------------------------------------------------------------------------------------------------------- */

/* The way to a pair, one part for each pair on it. */
typedef struct prefix {
    const struct prefix *up;
    const cf_step_t *path;
} prefix_t;

/* A pair whose entries are being listed. */
typedef struct {
    const cf_entry_t *next;
    const prefix_t *prefix;
} level_frame_t;

typedef struct {
    const check_options_t *options;
    size_t max;     /* findings wanted */
    arena_t *arena; /* of the report */
    arena_t *scratch;
    report_t *report;
    bool breaking; /* which differences are being listed */
    level_frame_t *levels;
    size_t n, room;
} listing_t;

/* One difference may be reached in more ways than anybody could read. */
#define FINDINGS_MAX 10000

/* Paths can be as long as the chain of references; a finding is for people. */
#define PATH_MAX_BYTES 16384

static void step_print(buf_t *out, const cf_step_t *step)
{
    buf_add_char(out, '/');
    buf_add_s(out, step->word);
    if (step->name.at != NULL) {
        buf_add_char(out, '/');
        buf_add(out, step->name);
    }
    if (step->index >= 0)
        buf_printf(out, "/%lld", (long long)step->index);
}

static size_t steps_of(const prefix_t *prefix, const cf_step_t *path, const cf_step_t **out)
{
    size_t n = 0;

    for (;;) {
        for (; path != NULL; path = path->up) {
            if (out != NULL)
                out[n] = path;
            n++;
        }
        if (prefix == NULL)
            return n;
        path = prefix->path;
        prefix = prefix->up;
    }
}

/* Upstream's form: the names as they are, joined by slashes; the root is "#/". */
static text_t path_text(listing_t *listing, const prefix_t *prefix, const cf_entry_t *entry)
{
    arena_mark_t mark = arena_mark(listing->scratch);
    size_t n = steps_of(prefix, entry->path, NULL);
    const cf_step_t **steps = ARENA_ARRAY(listing->scratch, const cf_step_t *, n);
    buf_t out;

    (void)steps_of(prefix, entry->path, steps);
    buf_init(&out, PATH_MAX_BYTES);
    buf_add_char(&out, '#');
    while (n > 0 && !buf_failed(&out))
        step_print(&out, steps[--n]);
    if (entry->attribute != NULL) {
        buf_add_char(&out, '/');
        buf_add_s(&out, entry->attribute);
    }
    if (buf_text(&out).bytes == 1)
        buf_add_char(&out, '/');
    text_t text = text_copy(listing->arena, buf_text(&out));
    buf_dispose(&out);
    arena_rewind(listing->scratch, mark);
    return text;
}

static place_t place_of(text_t path, const jv_t *at)
{
    return (place_t){path, at != NULL ? at->line : 0, at != NULL ? at->column : 0};
}

static void finding_add(listing_t *listing, const prefix_t *prefix, const cf_entry_t *entry)
{
    finding_t *finding = &listing->report->findings[listing->report->n_findings++];
    text_t path = path_text(listing, prefix, entry);

    finding->rule = cf_difference_name(entry->type);
    finding->class = cf_difference_class(entry->type, listing->options->policy);
    finding->reader = place_of(path, entry->update);
    finding->writer = place_of(path, entry->original);
    finding->sentence = cf_difference_sentence(entry->type, path, "reader", "writer", listing->arena);
}

static void level_enter(listing_t *listing, const cf_pair_t *pair, const prefix_t *prefix)
{
    if (listing->n == listing->room) {
        size_t room = listing->room == 0 ? 32 : listing->room * 2;
        level_frame_t *levels = ARENA_ARRAY(listing->scratch, level_frame_t, room);
        if (listing->n > 0)
            memcpy(levels, listing->levels, sizeof(*levels) * listing->n);
        listing->levels = levels;
        listing->room = room;
    }
    listing->levels[listing->n++] = (level_frame_t){pair->found.first, prefix};
}

static bool pair_has(const listing_t *listing, const cf_pair_t *pair)
{
    return listing->breaking ? pair->has_breaking : pair->has_other;
}

static void entry_list(listing_t *listing, const prefix_t *prefix, const cf_entry_t *entry)
{
    if (entry->pair == NULL) {
        if (cf_difference_compatible(entry->type, listing->options->policy) != listing->breaking)
            finding_add(listing, prefix, entry);
        return;
    }
    if (!pair_has(listing, entry->pair))
        return;
    prefix_t *longer = ARENA_NEW(listing->scratch, prefix_t);
    *longer = (prefix_t){prefix, entry->path};
    level_enter(listing, entry->pair, longer);
}

/* The differences of one sort, in the order in which they were found, as far as they are wanted. */
static void findings_list(listing_t *listing, const cf_pair_t *root, bool breaking)
{
    listing->breaking = breaking;
    listing->n = 0;
    if (pair_has(listing, root))
        level_enter(listing, root, NULL);
    while (listing->n > 0 && listing->report->n_findings < listing->max) {
        level_frame_t *top = &listing->levels[listing->n - 1];
        const cf_entry_t *entry = top->next;
        if (entry == NULL) {
            listing->n--;
            continue;
        }
        top->next = entry->next;
        entry_list(listing, top->prefix, entry);
    }
}

/* How many findings there will be: without it a caller that wants all of them would pay for their room in advance. */
static size_t findings_count(listing_t *listing, const cf_pair_t *root)
{
    size_t n = 0;

    listing->n = 0;
    level_enter(listing, root, NULL);
    while (listing->n > 0 && n < listing->max) {
        level_frame_t *top = &listing->levels[listing->n - 1];
        const cf_entry_t *entry = top->next;
        if (entry == NULL) {
            listing->n--;
            continue;
        }
        top->next = entry->next;
        if (entry->pair == NULL)
            n++;
        else if (entry->pair->has_breaking || entry->pair->has_other)
            level_enter(listing, entry->pair, NULL);
    }
    return n;
}

static void findings_add(report_t *report, const cf_pair_t *root, const check_options_t *options,
                         arena_t *scratch, arena_t *arena)
{
    size_t max = options->max_findings < FINDINGS_MAX ? options->max_findings : FINDINGS_MAX;
    listing_t listing = {
        .max = max, .options = options, .arena = arena, .scratch = scratch, .report = report};
    size_t n = root->found.first == NULL ? 0 : findings_count(&listing, root);

    if (n == 0)
        return;
    report->findings = ARENA_ARRAY(arena, finding_t, n);
    findings_list(&listing, root, true);
    findings_list(&listing, root, false);
}

/* --- the check --------------------------------------------------------------------------------------------------------- */

const report_t *json_confluent_check(const schema_t *reader, const schema_t *writer,
                                     const check_options_t *options, arena_t *arena)
{
    report_t *report = ARENA_NEW(arena, report_t);
    cf_diff_t diff = {.policy = options->policy, .limits = &options->limits, .arena = arena_new()};

    diff.matcher.arena = diff.arena;
    const cf_pair_t *root =
        cf_diff_run(&diff, js_schema_of(writer)->confluent->root, js_schema_of(reader)->confluent->root);
    report->steps = diff.steps;
    if (root == NULL) {
        report->verdict = VERDICT_UNDECIDED;
        report->reason = "budget-search";
        report->reason_text = text_printf(arena, "comparing these schemas takes more than %llu steps",
                                          (unsigned long long)options->limits.max_steps);
    } else {
        report->verdict = root->found.incompatible ? VERDICT_INCOMPATIBLE : VERDICT_COMPATIBLE;
        findings_add(report, root, options, diff.arena, arena);
    }
    arena_free(diff.arena);
    return report;
}

text_t json_confluent_message(const finding_t *finding, bool reader_is_new, arena_t *arena)
{
    const char *reader = reader_is_new ? "new" : "old", *writer = reader_is_new ? "old" : "new";
    cf_difference_t difference;
    text_t sentence = finding->sentence;

    if (cf_difference_find(finding->rule, &difference))
        sentence = cf_difference_sentence(difference, finding->reader.pointer, reader, writer, arena);
    return text_printf(arena, "{errorType:\"%s\", description:\"" TEXT_FMT "\"}", finding->rule,
                       TEXT_ARG(sentence));
}
