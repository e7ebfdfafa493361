#include "compat/json/strict.h"

#include <string.h>

#include "compat/json/strict_check.h"

#define CANDIDATES_MAX 4  /* values that were found and did not replay, before the check gives up */
#define SAMPLES        8  /* values of the writer that must pass the reader before `compatible` is answered */
#define SAMPLES_TRIED  48 /* where the search could not tell: values of the writer that may happen to break */
#define SAMPLE_STEPS   20000

/* --- setting up ----------------------------------------------------------------------------------------------------------- */

static int match(void *context, uint32_t pattern, text_t text)
{
    return words_match(context, pattern, text);
}

static const js_validator_t *validator_of(strict_t *check, const js_schema_t *json)
{
    bool asserts = check->options->assert_format;
    js_validator_t *compiled = json->validator;
    if ((compiled == NULL || asserts) &&
        js_validator_compile(json->resources, asserts ? JS_FORMAT_ASSERTS : JS_FORMAT_ANNOTATES,
                             &check->options->limits, check->scratch, &compiled, NULL) != 0)
        return NULL;
    return compiled;
}

static void side_init(strict_t *check, strict_side_t *side, const schema_t *schema)
{
    front_options_t options = {.assert_format = check->options->assert_format};
    side->schema = schema;
    side->json = js_schema_of(schema);
    side->formula = front_read(&check->ir, side->json->resources, &options);
}

static void check_init(strict_t *check, const check_options_t *options, arena_t *arena)
{
    memset(check, 0, sizeof *check);
    check->options = options;
    check->arena = arena;
    check->scratch = arena_new();
    ir_init(&check->ir, &options->limits, check->scratch);
    check->words = words_new(&check->ir);
    check->ir.matches = match;
    check->ir.matches_context = check->words;
    search_init(&check->search, &check->ir, check->words);
}

static void check_dispose(strict_t *check)
{
    search_dispose(&check->search);
    words_free(check->words);
    ir_dispose(&check->ir);
    arena_free(check->scratch);
}

/* --- replay --------------------------------------------------------------------------------------------------------------- */

static bool is_valid(strict_t *check, strict_side_t *side, const jv_t *value, bool wanted)
{
    if (side->validator == NULL)
        side->validator = validator_of(check, side->json);
    if (side->validator == NULL)
        return false;
    arena_mark_t mark = arena_mark(check->scratch);
    js_result_t result = js_validate(side->validator, value, 0, &check->options->limits, check->scratch);
    check->validation_steps += result.steps;
    arena_rewind(check->scratch, mark);
    return result.verdict == (wanted ? JS_VALID : JS_INVALID);
}

bool strict_replay(strict_t *check, const jv_t *value)
{
    return is_valid(check, &check->writer, value, true) && is_valid(check, &check->reader, value, false);
}

/* --- samples -------------------------------------------------------------------------------------------------------------- */

/* A budget of its own, so that a search that used everything up can still be followed by a few samples. */
static void allow_samples(strict_t *check)
{
    uint64_t allowed = check->options->limits.max_steps;
    check->ir.failed = NULL;
    check->ir.limits.max_steps = check->ir.steps + (allowed < SAMPLE_STEPS ? allowed : SAMPLE_STEPS);
}

/* Looks for a value of the writer that the reader refuses among a few different ones. Values are validated by both sides. */
static const jv_t *sample_breaks(strict_t *check, uint32_t n, bool *inhabited)
{
    *inhabited = true;
    allow_samples(check);
    for (uint32_t i = 0; i < n && check->ir.failed == NULL; i++) {
        const jv_t *value;
        if (i > 0)
            search_vary(&check->search, i);
        sat_t is = search_schema(&check->search, check->writer.formula, &value);
        if (is == SAT_NO)
            *inhabited = false;
        if (is != SAT_YES)
            return NULL;
        if (strict_replay(check, value))
            return value;
    }
    return NULL;
}

/* --- the verdict ---------------------------------------------------------------------------------------------------------- */

static void say_no_message(strict_t *check, report_t *report)
{
    finding_t *finding = ARENA_NEW(check->arena, finding_t);
    finding->rule = "writer-has-no-message";
    finding->class = CLASS_SAFE;
    finding->writer = (place_t){.pointer = TEXT(""), .line = 1, .column = 1};
    finding->sentence =
        TEXT("the writer allows no message at all, so that every reader can read all of them");
    report->findings = finding;
    report->n_findings = 1;
}

static const struct {
    const char *reason, *text;
} reasons[] = {
    {"budget-search",
     "the search was given up after the allowed number of steps; a larger max_steps may decide it"},
    {"budget-regex", "a question about patterns needs more steps than are allowed"},
    {"regex-unsupported",
     "a pattern uses something that cannot be reasoned about, such as a back-reference; write it without"},
    {"format-asserted", "`format` is asserted, and what a format allows cannot be reasoned about"},
    {"names", "it cannot be told which property names a pattern allows"},
    {"unevaluated", "`unevaluatedProperties` or `unevaluatedItems` depends on too many branches"},
    {"exclusion", "too many values are excluded one by one"},
    {"unique-matching", "`uniqueItems` leaves too many ways to choose different items"},
    {"number-size", "a number is larger than the limits allow"},
    {"witness-size", "a message that would tell is larger than is practical"},
    {"reference", "a reference leads nowhere"},
    {"reference-loop", "a reference leads back to itself, which has no meaning"},
    {"depth", "the schemas are nested deeper than is followed"},
    {"keyword", "a keyword has a value that means nothing"},
    {"replay", "messages were found that should tell, but the validator disagrees"},
};

static void say_undecided(strict_t *check, report_t *report, const char *reason)
{
    const char *text = reason;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reasons[i].reason, reason) == 0)
            text = reasons[i].text;
    }
    report->verdict = VERDICT_UNDECIDED;
    report->reason = reason;
    report->reason_text = text_of(text);
    const jv_t *place = check->search.reason_place;
    const strict_side_t *side = &check->reader;
    text_t pointer = place == NULL ? TEXT_NONE : js_pointer(side->json->resources, place, check->arena);
    if (place != NULL && pointer.at == NULL) {
        side = &check->writer;
        pointer = js_pointer(side->json->resources, place, check->arena);
    }
    if (pointer.at != NULL)
        report->reason_text =
            text_printf(check->arena, "%s (%s, line %u: " TEXT_FMT ")", text,
                        side == &check->reader ? "reader" : "writer", place->line, TEXT_ARG(pointer));
}

static void say_incompatible(strict_t *check, report_t *report, const jv_t *value)
{
    report->verdict = VERDICT_INCOMPATIBLE;
    strict_explain(check, value, report);
}

/* References that do not leave the document. */
static bool is_closed(const jv_t *value, uint32_t depth)
{
    const jv_t *ref = jv_get(value, "$ref");
    if (depth > 200 || (ref != NULL && ref->kind == JV_STRING && !text_starts(ref->text, TEXT("#"))))
        return false;
    bool closed = true;
    for (uint32_t i = 0; value->kind == JV_OBJECT && i < value->n && closed; i++)
        closed = is_closed(&value->members[i].value, depth + 1);
    for (uint32_t i = 0; value->kind == JV_ARRAY && i < value->n && closed; i++)
        closed = is_closed(&value->items[i], depth + 1);
    return closed;
}

/* Two schemas that say the same in the same words allow the same, whatever it is. */
static bool is_identical(const strict_t *check)
{
    const schema_t *reader = check->reader.schema, *writer = check->writer.schema;
    return reader == writer || (check->reader.json->dialect == check->writer.json->dialect &&
                                jv_equal(reader->tree, writer->tree) && is_closed(reader->tree, 0));
}

/* The search says no: not a single value. Before that is believed, some values of the writer are tried. */
static void decide_compatible(strict_t *check, report_t *report)
{
    bool inhabited;
    const jv_t *value = sample_breaks(check, SAMPLES, &inhabited);
    if (value != NULL) {
        say_incompatible(check, report, value);
        return;
    }
    report->verdict = VERDICT_COMPATIBLE;
    if (!inhabited)
        say_no_message(check, report);
}

static void decide_unknown(strict_t *check, report_t *report, const char *reason)
{
    bool inhabited;
    if (is_identical(check)) {
        report->verdict = VERDICT_COMPATIBLE;
        return;
    }
    const jv_t *value = sample_breaks(check, SAMPLES_TRIED, &inhabited);
    if (value != NULL)
        say_incompatible(check, report, value);
    else
        say_undecided(check, report, reason);
}

/* Searches for a value of (writer and not reader) until one replays. */
static void decide(strict_t *check, report_t *report)
{
    ir_t *ir = &check->ir;
    ir_id_t wanted = ir_schema_and(ir, check->writer.formula, IR_NOT(check->reader.formula));
    for (int i = 0; i < CANDIDATES_MAX && ir->failed == NULL; i++) {
        const jv_t *value;
        sat_t is = search_schema(&check->search, wanted, &value);
        if (is == SAT_NO && i == 0 && ir->failed == NULL) {
            decide_compatible(check, report);
            return;
        }
        if (is != SAT_YES)
            break;
        if (strict_replay(check, value)) {
            say_incompatible(check, report, value);
            return;
        }
        search_unknown(&check->search, "replay", NULL);
        wanted = ir_schema_and(ir, wanted, IR_NOT(ir_constant(ir, value)));
    }
    const char *reason = check->search.reason != NULL ? check->search.reason : ir->failed;
    decide_unknown(check, report, reason != NULL ? reason : "replay");
}

const report_t *json_strict_check(const schema_t *reader, const schema_t *writer,
                                  const check_options_t *options, arena_t *arena)
{
    report_t *report = ARENA_NEW(arena, report_t);
    strict_t check;
    check_init(&check, options, arena);
    side_init(&check, &check.writer, writer);
    side_init(&check, &check.reader, reader);
    decide(&check, report);
    report->steps = check.ir.steps + check.validation_steps;
    check_dispose(&check);
    return report;
}

/* --- samples of one schema -------------------------------------------------------------------------------------------------- */

static const jv_t *copied(const jv_t *value, const limits_t *limits, arena_t *arena)
{
    buf_t buf;
    jv_t *copy;
    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, value);
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return jv_read(text, JV_STRICT, limits, arena, &copy, NULL) == 0 ? copy : NULL;
}

static bool is_new(const jv_t *value, const jv_t *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (jv_equal(list[i], value))
            return false;
    }
    return true;
}

size_t json_strict_sample(const schema_t *schema, size_t n, const check_options_t *options, arena_t *arena,
                          const jv_t ***out)
{
    const jv_t **list = ARENA_ARRAY(arena, const jv_t *, n);
    size_t found = 0;
    strict_t check;
    check_init(&check, options, arena);
    side_init(&check, &check.writer, schema);
    for (size_t i = 0; i < 4 * n && found < n && check.ir.failed == NULL; i++) {
        const jv_t *value;
        if (i > 0)
            search_vary(&check.search, i);
        if (search_schema(&check.search, check.writer.formula, &value) != SAT_YES)
            break;
        const jv_t *copy = is_new(value, list, found) ? copied(value, &options->limits, arena) : NULL;
        if (copy != NULL && is_valid(&check, &check.writer, copy, true))
            list[found++] = copy;
    }
    check_dispose(&check);
    *out = list;
    return found;
}
