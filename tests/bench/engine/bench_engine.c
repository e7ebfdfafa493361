/* bench_engine.c - how fast the engine is, as ratios from one run: `bench_engine [parse] [avro] [json] [validate] [growth]`.
 *
 * Schemas are generated histories, or the folders of AVOW_BENCH_AVRO and AVOW_BENCH_JSON. The programs of others are the commands in
 * AVOW_BENCH_JAVA, AVOW_BENCH_PYTHON and AVOW_BENCH_AJV (peer.h); what is not given is named and left out. BENCH_ROUNDS says how many rounds.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "compat/json/json_schema.h"
#include "contest.h"
#include "corpus.h"
#include "fill.h"
#include "growth.h"
#include "peer.h"

static char work[] = "/tmp/avow-bench-XXXXXX";

static corpus_t *corpus_of(format_id_t format)
{
    const char *folder = getenv(format == FORMAT_AVRO ? "AVOW_BENCH_AVRO" : "AVOW_BENCH_JSON");
    corpus_t *corpus =
        folder != NULL && folder[0] != '\0' ? corpus_load(format, folder) : corpus_generate(format, 150, 8);
    if (corpus->n == 0) {
        fprintf(stderr, "%s holds no schema\n", folder);
        exit(2);
    }
    return corpus;
}

static void corpus_print(const char *what, const corpus_t *corpus)
{
    printf("%s: %zu schemas, %zu kB, from %s", what, corpus->n, corpus->bytes / 1000, corpus->from);
    if (corpus->n_refused > 0)
        printf(" (%zu left out)", corpus->n_refused);
    printf("\n");
}

/* --- parse and canonicalise ------------------------------------------------------------------------------------------------ */

static double round_parse(void *context, unsigned times)
{
    const corpus_t *corpus = context;
    double start = clock_now();
    while (times-- > 0)
        for (size_t i = 0; i < corpus->n; i++)
            schema_unref(bench_parse(corpus->format, corpus->at[i].text));
    return clock_now() - start;
}

static double round_jansson(void *context, unsigned times)
{
    const corpus_t *corpus = context;
    double start = clock_now();
    while (times-- > 0)
        for (size_t i = 0; i < corpus->n; i++) {
            json_error_t error;
            json_decref(json_loadb(corpus->at[i].text.at, corpus->at[i].text.bytes, JSON_DECODE_ANY, &error));
        }
    return clock_now() - start;
}

static void part_parse(void)
{
    for (format_id_t format = 0; format < FORMAT_N; format++) {
        corpus_t *corpus = corpus_of(format);
        corpus_print(format == FORMAT_AVRO ? "Parse and canonicalise, Avro"
                                           : "Parse and canonicalise, JSON Schema",
                     corpus);
        contestant_t contestants[] = {
            {.name = "avow", .round = round_parse, .context = corpus},
            {.name = "jansson, bare parse", .round = round_jansson, .context = corpus}};
        contest_run(contestants, 2);
        contest_print(contestants, 2, &contestants[0], (double)corpus->n);
        bar_at_most("ours / jansson's", contest_ratio(&contestants[0], &contestants[1]), 3);
        corpus_free(corpus);
    }
}

/* --- pairs ----------------------------------------------------------------------------------------------------------------- */

typedef struct {
    const corpus_t *corpus;
    check_options_t options;
} pairs_t;

static double round_pairs(void *context, unsigned times)
{
    const pairs_t *pairs = context;
    const corpus_t *corpus = pairs->corpus;
    arena_t *arena = arena_new();
    double start = clock_now();
    while (times-- > 0)
        for (size_t i = 0; i < corpus->n_pairs; i++) {
            compat_check(corpus->at[corpus->pairs[i].reader].schema,
                         corpus->at[corpus->pairs[i].writer].schema, &pairs->options, arena);
            arena_reset(arena);
        }
    double took = clock_now() - start;
    arena_free(arena);
    return took;
}

static double wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef struct {
    double median, p99, worst; /* microseconds, of the pairs' own medians */
    size_t verdicts[3];
} latency_t;

/* Each pair on its own: the median of five runs, and how these medians are spread. */
static latency_t latency(const corpus_t *corpus, const check_options_t *options)
{
    latency_t found = {0};
    double *all = calloc(corpus->n_pairs + 1, sizeof *all);
    arena_t *arena = arena_new();
    for (size_t i = 0; i < corpus->n_pairs; i++) {
        double runs[5];
        verdict_t verdict = VERDICT_COMPATIBLE;
        for (size_t run = 0; run < 5; run++) {
            double start = wall();
            verdict = compat_check(corpus->at[corpus->pairs[i].reader].schema,
                                   corpus->at[corpus->pairs[i].writer].schema, options, arena)
                          ->verdict;
            runs[run] = (wall() - start) * 1e6;
            arena_reset(arena);
        }
        found.verdicts[verdict]++;
        all[i] = median_of(runs, 5, 0.5);
    }
    arena_free(arena);
    found.median = median_of(all, corpus->n_pairs, 0.5);
    found.p99 = median_of(all, corpus->n_pairs, 0.99);
    found.worst = corpus->n_pairs > 0 ? all[corpus->n_pairs - 1] : 0;
    free(all);
    return found;
}

static latency_t latency_print(const char *what, const corpus_t *corpus, const check_options_t *options)
{
    latency_t found = latency(corpus, options);
    printf(
        "  %-32s median %8.2f us   p99 %9.2f us   worst %9.2f us   %zu compatible, %zu not, %zu undecided\n",
        what, found.median, found.p99, found.worst, found.verdicts[VERDICT_COMPATIBLE],
        found.verdicts[VERDICT_INCOMPATIBLE], found.verdicts[VERDICT_UNDECIDED]);
    return found;
}

/* --- peers ------------------------------------------------------------------------------------------------------------------ */

typedef struct {
    const char *name, *variable;
    peer_t peer;
    const char *answers;
} guest_t;

static double round_peer(void *context, unsigned times)
{
    return peer_round(&((guest_t *)context)->peer, times);
}

static void line_write(FILE *out, text_t text)
{
    for (size_t i = 0; i < text.bytes; i++)
        putc(text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i], out);
    putc('\n', out);
}

static FILE *work_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", work, name);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        exit(2);
    }
    return out;
}

/* Starts those that are there; what one of them cannot read leaves the corpus. How many they are; they come first in `guests`. */
static size_t guests_start(guest_t *guests, size_t n, corpus_t *corpus)
{
    size_t started = 0;
    FILE *out = work_file("schemas.txt");
    for (size_t i = 0; i < corpus->n; i++)
        line_write(out, corpus->at[i].text);
    fclose(out);
    bool *refused = calloc(corpus->n + 1, sizeof *refused);
    for (size_t i = 0; i < n; i++) {
        const char *command = getenv(guests[i].variable);
        if (command == NULL || command[0] == '\0') {
            printf("  %s: skipped, %s is not set\n", guests[i].name, guests[i].variable);
            continue;
        }
        guest_t guest = guests[i];
        if (!peer_start(&guest.peer, guest.name, command, work) ||
            !peer_refused(&guest.peer, refused, corpus->n))
            continue;
        guests[started++] = guest;
    }
    /* Their numbers of schemas stay: a pair with a refused schema is left out instead. */
    size_t kept = 0;
    for (size_t i = 0; i < corpus->n_pairs; i++)
        if (!refused[corpus->pairs[i].reader] && !refused[corpus->pairs[i].writer])
            corpus->pairs[kept++] = corpus->pairs[i];
    if (kept < corpus->n_pairs)
        printf("  %zu pairs are left out: somebody cannot read their schemas\n", corpus->n_pairs - kept);
    corpus->n_pairs = kept;
    free(refused);
    return started;
}

static size_t guests_load(guest_t *guests, size_t n)
{
    size_t loaded = 0;
    for (size_t i = 0; i < n; i++) {
        guests[i].answers = peer_load(&guests[i].peer);
        if (guests[i].answers != NULL)
            guests[loaded++] = guests[i];
        else
            printf("  %s: skipped, it ended by itself\n", guests[i].name);
    }
    return loaded;
}

/* --- Avro ------------------------------------------------------------------------------------------------------------------- */

static void answers_compare(const guest_t *guest, const corpus_t *corpus, const check_options_t *options)
{
    size_t same = 0;
    arena_t *arena = arena_new();
    for (size_t i = 0; i < corpus->n_pairs && guest->answers[i] != '\0'; i++) {
        bool compatible = compat_check(corpus->at[corpus->pairs[i].reader].schema,
                                       corpus->at[corpus->pairs[i].writer].schema, options, arena)
                              ->verdict == VERDICT_COMPATIBLE;
        same += compatible == (guest->answers[i] == '1');
        arena_reset(arena);
    }
    printf("  %s says the same as confluent mode of %zu of %zu pairs\n", guest->name, same, corpus->n_pairs);
    arena_free(arena);
}

static void part_avro(void)
{
    corpus_t *corpus = corpus_of(FORMAT_AVRO);
    corpus_print("Avro pairs, parsed, verdict only", corpus);
    guest_t guests[] = {{.name = "Avro Java, SchemaCompatibility, warm", .variable = "AVOW_BENCH_JAVA"},
                        {.name = "Python avro.compatibility", .variable = "AVOW_BENCH_PYTHON"}};
    size_t n = guests_start(guests, 2, corpus);
    FILE *out = work_file("cases.txt");
    for (size_t i = 0; i < corpus->n_pairs; i++)
        fprintf(out, "%u %u\n", corpus->pairs[i].reader, corpus->pairs[i].writer);
    fclose(out);
    n = guests_load(guests, n);
    pairs_t strict = {corpus, {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .fix = FIX_NONE}};
    pairs_t confluent = {corpus, {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT}};
    contestant_t contestants[4] = {
        {.name = "avow, strict mode", .round = round_pairs, .context = &strict},
        {.name = "avow, confluent mode", .round = round_pairs, .context = &confluent}};
    for (size_t i = 0; i < n; i++)
        contestants[2 + i] =
            (contestant_t){.name = guests[i].name, .round = round_peer, .context = &guests[i]};
    contest_run(contestants, 2 + n);
    contest_print(contestants, 2 + n, &contestants[0], (double)corpus->n_pairs);
    for (size_t i = 0; i < n; i++) {
        answers_compare(&guests[i], corpus, &confluent.options);
        if (strcmp(guests[i].variable, "AVOW_BENCH_JAVA") == 0) {
            /* the same question as Java's; strict mode also finds, encodes and replays a message for each pair that breaks */
            bar_at_least("Java / ours, confluent mode", contest_ratio(&contestants[2 + i], &contestants[1]),
                         10);
        }
        peer_end(&guests[i].peer);
    }
    latency_print("strict", corpus, &strict.options);
    latency_print("confluent", corpus, &confluent.options);
    strict.options.max_findings = confluent.options.max_findings = 1000;
    latency_print("strict, explained", corpus, &strict.options);
    strict.options.fix = FIX_READER;
    latency_print("strict, explained and fixed", corpus, &strict.options);
    latency_print("confluent, all differences", corpus, &confluent.options);
    corpus_free(corpus);
}

/* --- JSON Schema: pairs ------------------------------------------------------------------------------------------------------ */

static void part_json(void)
{
    corpus_t *corpus = corpus_of(FORMAT_JSON);
    corpus_print("JSON Schema pairs, parsed", corpus);
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT};
    latency_print("confluent, verdict only", corpus, &options);
    options.max_findings = 1000;
    latency_print("confluent, all differences", corpus, &options);
    options = (check_options_t){.mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .fix = FIX_NONE};
    latency_t strict = latency_print("strict, verdict only", corpus, &options);
    options.max_findings = 1000;
    latency_print("strict, explained", corpus, &options);
    options.fix = FIX_READER;
    latency_print("strict, explained and fixed", corpus, &options);
    bar_at_most("strict: median, us", strict.median, 50);
    bar_at_most("strict: 99 of 100, us", strict.p99, 5000);
    corpus_free(corpus);
}

/* --- JSON Schema: validation ------------------------------------------------------------------------------------------------- */

typedef struct {
    const js_validator_t *validator;
    text_t text;
    jv_t *value;
} case_t;

typedef struct {
    case_t *at;
    size_t n;
    bool parses;
} cases_t;

static const limits_t limits = LIMITS_DEFAULT;

static double round_validate(void *context, unsigned times)
{
    const cases_t *cases = context;
    arena_t *arena = arena_new();
    double start = clock_now();
    while (times-- > 0)
        for (size_t i = 0; i < cases->n; i++) {
            jv_t *value = cases->at[i].value;
            if (!cases->parses || jv_read(cases->at[i].text, JV_STRICT, &limits, arena, &value, NULL) == 0)
                js_validate(cases->at[i].validator, value, 0, &limits, arena);
            arena_reset(arena);
        }
    double took = clock_now() - start;
    arena_free(arena);
    return took;
}

#define MESSAGES_EACH 4

/* Messages for the schemas that everybody reads. */
static cases_t cases_make(const corpus_t *corpus, const bool *refused)
{
    cases_t cases = {.at = ARENA_ARRAY(corpus->arena, case_t, MESSAGES_EACH * corpus->n)};
    FILE *out = work_file("cases.txt");
    for (size_t i = 0; i < corpus->n; i++) {
        const js_validator_t *validator = js_schema_of(corpus->at[i].schema)->validator;
        for (uint64_t k = 0; k < MESSAGES_EACH && !refused[i] && validator != NULL; k++) {
            case_t one = {.validator = validator,
                          .text =
                              fill_message(corpus->at[i].schema->tree, i * MESSAGES_EACH + k, corpus->arena)};
            if (jv_read(one.text, JV_STRICT, &limits, corpus->arena, &one.value, NULL) != 0)
                continue;
            fprintf(out, "%zu ", i);
            line_write(out, one.text);
            cases.at[cases.n++] = one;
        }
    }
    fclose(out);
    return cases;
}

static void validate_compare(const guest_t *guest, const cases_t *cases)
{
    size_t same = 0, valid = 0;
    arena_t *arena = arena_new();
    for (size_t i = 0; i < cases->n; i++) {
        bool ours =
            js_validate(cases->at[i].validator, cases->at[i].value, 0, &limits, arena).verdict == JS_VALID;
        valid += ours;
        same += guest == NULL || ours == (guest->answers[i] == '1');
        arena_reset(arena);
    }
    printf("  %zu messages, %zu of them valid", cases->n, valid);
    if (guest != NULL)
        printf("; %s says the same of %zu", guest->name, same);
    printf("\n");
    arena_free(arena);
}

static void validate_once(bool parses)
{
    corpus_t *corpus = corpus_of(FORMAT_JSON);
    corpus_print(parses ? "Messages read and validated" : "Validation of messages that were read before",
                 corpus);
    setenv("AVOW_PEER_PARSES", parses ? "1" : "0", 1);
    guest_t ajv = {.name = "ajv, compiled", .variable = "AVOW_BENCH_AJV"};
    bool *refused = calloc(corpus->n + 1, sizeof *refused);
    FILE *out = work_file("schemas.txt");
    for (size_t i = 0; i < corpus->n; i++)
        line_write(out, corpus->at[i].text);
    fclose(out);
    const char *command = getenv(ajv.variable);
    bool started = command != NULL && command[0] != '\0';
    if (!started)
        printf("  %s: skipped, %s is not set\n", ajv.name, ajv.variable);
    started = started && peer_start(&ajv.peer, ajv.name, command, work) &&
              peer_refused(&ajv.peer, refused, corpus->n);
    cases_t cases = cases_make(corpus, refused);
    cases.parses = parses;
    size_t n = started ? guests_load(&ajv, 1) : 0;
    contestant_t contestants[2] = {{.name = "avow", .round = round_validate, .context = &cases},
                                   {.name = ajv.name, .round = round_peer, .context = &ajv}};
    contest_run(contestants, 1 + n);
    contest_print(contestants, 1 + n, &contestants[0], (double)cases.n);
    validate_compare(n > 0 ? &ajv : NULL, &cases);
    if (n > 0)
        peer_end(&ajv.peer);
    free(refused);
    corpus_free(corpus);
}

static void part_validate(void)
{
    validate_once(false);
    validate_once(true);
}

static const struct {
    const char *name;
    void (*run)(void);
} parts[] = {{"parse", part_parse},
             {"avro", part_avro},
             {"json", part_json},
             {"validate", part_validate},
             {"growth", growth_print}};

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    if (mkdtemp(work) == NULL) {
        perror(work);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (wanted(parts[i].name, argc, argv))
            parts[i].run();
    char path[256];
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", work, i == 0 ? "schemas.txt" : "cases.txt");
        unlink(path);
    }
    rmdir(work);
    return contest_missed() ? 1 : 0;
}
