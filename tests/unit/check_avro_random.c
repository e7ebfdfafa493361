/* Random pairs: a schema and a changed copy of it, judged by the claims of the fuzzer (tests/fuzz/fuzz_avro_pair.c): what is
 * compatible reads every value that chance finds, what is not carries messages that are refused. */
#include <stdio.h>

#include "avro_support.h"

#include "tests/fuzz/fuzz_avro_pair.c"

/* A schema is a function of its seed, node by node; a copy is printed from the same seed with changes strewn in, so that the rest
 * stays as it was. */
typedef struct {
    buf_t *out;
    uint64_t changes;  /* 0: none */
    char names[8][24]; /* records on the way down, to be used again inside themselves */
    int n_names;
} sketch_t;

static uint64_t mixed(uint64_t seed, uint64_t with)
{
    uint64_t x = (seed ^ (with + 0x9E3779B97F4A7C15u)) * 0xBF58476D1CE4E5B9u;
    return x ^ (x >> 29);
}

/* One time in `odds`, in a changed copy. */
static bool changes(sketch_t *s, unsigned odds)
{
    return s->changes && draw(&s->changes) % odds == 0;
}

static void sketch(sketch_t *s, uint64_t seed, int depth, bool in_union);

static void sketch_primitive(sketch_t *s, uint64_t seed)
{
    static const char *const kinds[] = {"null",  "boolean", "int",   "long",
                                        "float", "double",  "bytes", "string"};
    const char *kind = changes(s, 6) ? kinds[draw(&s->changes) % 8] : kinds[seed % 8];
    if (changes(s, 10))
        buf_printf(s->out, "[\"null\",{\"type\":\"%s\"}]", strcmp(kind, "null") ? kind : "int");
    else if (seed % 11 == 0)
        buf_printf(s->out, "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":%d,\"scale\":%d}",
                   changes(s, 3) ? 5 : 6, changes(s, 3));
    else
        buf_printf(s->out, "\"%s\"", kind);
}

/* "name":..., with aliases now and then. */
static void sketch_name(sketch_t *s, uint64_t seed, char kind)
{
    static const char *const spaces[] = {"", "a.", "b."};
    bool renamed = changes(s, 12);
    buf_printf(s->out, "\"name\":\"%s%c%x\"", spaces[changes(s, 8) ? draw(&s->changes) % 3 : seed / 7 % 3],
               renamed ? 'Z' : kind, (unsigned)(seed % 97));
    if (renamed && changes(s, 2))
        buf_printf(s->out, ",\"aliases\":[\"%s%c%x\"]", spaces[seed / 7 % 3], kind, (unsigned)(seed % 97));
    else if (changes(s, 25))
        buf_printf(s->out, ",\"aliases\":[\"a.%c%x\"]", "REF"[draw(&s->changes) % 3],
                   (unsigned)(draw(&s->changes) % 97));
}

static void sketch_enum(sketch_t *s, uint64_t seed)
{
    buf_add_s(s->out, "{\"type\":\"enum\",");
    sketch_name(s, seed, 'E');
    buf_add_s(s->out, ",\"symbols\":[\"A\"");
    for (unsigned i = 0; i < 3; i++)
        if ((seed >> i & 1) != changes(s, 6))
            buf_printf(s->out, ",\"%c\"", 'B' + (int)i);
    buf_add_s(s->out, changes(s, 4) ? "],\"default\":\"A\"}" : "]}");
}

static void sketch_union(sketch_t *s, uint64_t seed, int depth)
{
    bool first = true;
    buf_add_char(s->out, '[');
    for (unsigned i = 0; i < 1 + seed % 4; i++) {
        if (changes(s, 8))
            continue;
        if (!first)
            buf_add_char(s->out, ',');
        first = false;
        sketch(s, mixed(seed, i), depth - 1, true);
    }
    if (changes(s, 8))
        buf_add_s(s->out, first ? "\"string\"" : ",\"string\"");
    buf_add_char(s->out, ']');
}

/* A default that fits often: empty, null, zero; sometimes of a later branch, sometimes of none. */
static void sketch_default(sketch_t *s)
{
    static const char *const values[] = {"null", "0", "\"\"", "{}", "[]", "true", "\"A\"", "1.5"};
    buf_printf(s->out, ",\"default\":%s", values[draw(&s->changes) % 8]);
}

static void sketch_field(sketch_t *s, uint64_t seed, unsigned i, int depth)
{
    bool renamed = changes(s, 10);
    buf_printf(s->out, "{\"name\":\"%s%c\",\"type\":", renamed ? "new_" : "", 'a' + (int)i);
    sketch(s, mixed(seed, 100 + i), depth - 1, false);
    if (renamed ? changes(s, 2) : changes(s, 25))
        buf_printf(s->out, ",\"aliases\":[\"%c\"]",
                   renamed ? 'a' + (int)i : 'a' + (int)(draw(&s->changes) % 4));
    if (changes(s, 5))
        sketch_default(s);
    buf_add_char(s->out, '}');
}

static void sketch_record(sketch_t *s, uint64_t seed, int depth)
{
    buf_add_s(s->out, "{\"type\":\"record\",");
    size_t from = buf_text(s->out).bytes + sizeof "\"name\":\"" - 1;
    sketch_name(s, seed, 'R');
    const char *name = buf_text(s->out).at + from;
    snprintf(s->names[s->n_names++ % 8], sizeof s->names[0], "%.*s", (int)(strchr(name, '"') - name), name);
    buf_add_s(s->out, ",\"fields\":[");
    bool first = true;
    for (unsigned i = 0; i < seed / 3 % 5; i++) {
        if (changes(s, 9))
            continue;
        buf_add_s(s->out, first ? "" : ",");
        first = false;
        sketch_field(s, seed, i, depth);
    }
    if (changes(s, 9))
        buf_printf(s->out, "%s{\"name\":\"z\",\"type\":\"int\"}", first ? "" : ",");
    buf_add_s(s->out, "]}");
    s->n_names--;
}

static void sketch(sketch_t *s, uint64_t seed, int depth, bool in_union)
{
    unsigned shape = seed / 13 % 10;
    if (s->n_names && seed % 23 == 0)
        buf_printf(s->out, "\"%s\"", s->names[(unsigned)(s->n_names - 1) % 8]);
    else if (depth <= 0 || shape < 3)
        sketch_primitive(s, seed);
    else if (shape == 3)
        sketch_enum(s, seed);
    else if (shape == 4) {
        buf_add_s(s->out, "{\"type\":\"fixed\",");
        sketch_name(s, seed, 'F');
        buf_printf(s->out, ",\"size\":%d}", 2 + changes(s, 5));
    } else if (shape == 5 || shape == 6) {
        bool array = (shape == 5) != changes(s, 20);
        buf_add_s(s->out, array ? "{\"type\":\"array\",\"items\":" : "{\"type\":\"map\",\"values\":");
        sketch(s, mixed(seed, 50), depth - 1, false);
        buf_add_char(s->out, '}');
    } else if (shape == 7 && !in_union)
        sketch_union(s, seed, depth);
    else
        sketch_record(s, seed, depth);
}

#define PAIRS_A_TEST 400

START_TEST(no_message_proves_a_verdict_wrong)
{
    for (uint64_t i = 0; i < PAIRS_A_TEST; i++) {
        uint64_t seed = mixed((uint64_t)_i * PAIRS_A_TEST + i, 4711);
        buf_t input;
        buf_init(&input, BUF_NO_MAX);
        sketch_t reader = {.out = &input, .changes = seed | 1}, writer = {.out = &input};
        sketch(&reader, seed, 5, false);
        buf_add_char(&input, 0);
        sketch(&writer, seed, 5, false);
        buf_printf(&input, "%c%llu", 0, (unsigned long long)i);
        LLVMFuzzerTestOneInput((const uint8_t *)buf_text(&input).at, buf_text(&input).bytes);
        buf_dispose(&input);
    }
}
END_TEST

/* The pairs are worth the time only if both verdicts come up. */
START_TEST(random_pairs_are_of_both_kinds)
{
    int n[3] = {0}, parsed = 0;
    for (uint64_t i = 0; i < 300; i++) {
        uint64_t seed = mixed(i, 99);
        buf_t text[2];
        schema_t *schema[2];
        for (int side = 0; side < 2; side++) {
            buf_init(&text[side], BUF_NO_MAX);
            sketch_t s = {.out = &text[side], .changes = side ? seed | 1 : 0};
            sketch(&s, seed, 4, false);
            schema[side] = parse(buf_text(&text[side]));
            buf_dispose(&text[side]);
        }
        if (schema[0] && schema[1]) {
            arena_t *arena = arena_new();
            n[check(schema[0], schema[1], MODE_STRICT, 0, FIX_NONE, arena)->verdict]++;
            parsed++;
            arena_free(arena);
        }
        schema_unref(schema[0]);
        schema_unref(schema[1]);
    }
    ck_assert_msg(parsed > 150 && n[VERDICT_COMPATIBLE] > 30 && n[VERDICT_INCOMPATIBLE] > 30,
                  "%d parsed, %d compatible, %d not", parsed, n[VERDICT_COMPATIBLE], n[VERDICT_INCOMPATIBLE]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avro_random");
    TCase *tc = tcase_create("random");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, no_message_proves_a_verdict_wrong, 0, 12);
    tcase_add_test(tc, random_pairs_are_of_both_kinds);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
