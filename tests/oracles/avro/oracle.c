/* oracle.c - answers the same lines of JSON as Oracle.java, with the library; run.py compares the two. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/avro/av_fingerprint.h"
#include "compat/avro/av_value.h"
#include "compat/compat.h"
#include "tests/fuzz/avro_values.h"

typedef struct {
    arena_t *arena;
    const jv_t *request;
    buf_t out;
} turn_t;

static void add_string(turn_t *t, const char *name, text_t value)
{
    buf_printf(&t->out, "%s\"%s\":", buf_text(&t->out).bytes > 1 ? "," : "", name);
    jv_print_string(&t->out, value);
}

static text_t argument(const turn_t *t, const char *name)
{
    const jv_t *value = jv_get(t->request, name);
    return value && value->kind == JV_STRING ? value->text : TEXT("");
}

static bool is_set(const turn_t *t, const char *name)
{
    const jv_t *value = jv_get(t->request, name);
    return value && value->kind == JV_TRUE;
}

static schema_t *parse(turn_t *t, const char *name, unsigned flags)
{
    schema_source_t source = {
        .format = FORMAT_AVRO, .text = argument(t, name), .flags = flags, .limits = LIMITS_DEFAULT};
    schema_t *schema;
    fault_t fault = {0};
    if (schema_parse(&source, &schema, &fault) == 0)
        return schema;
    add_string(t, "error", fault_sentence(&fault, t->arena));
    return NULL;
}

static text_t hex(const uint8_t *bytes, size_t n, arena_t *arena)
{
    char *text = arena_alloc(arena, 2 * n + 1);
    for (size_t i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return (text_t){text, 2 * n};
}

static void turn_parse(turn_t *t)
{
    schema_t *schema = parse(t, "schema", is_set(t, "strict") ? SCHEMA_VALIDATE : SCHEMA_LENIENT);
    if (!schema)
        return;
    av_fingerprints_t prints;
    av_fingerprints(schema, &prints);
    add_string(t, "canonical", schema_canonical(schema));
    add_string(t, "normalized", schema_normalized(schema, t->arena));
    add_string(t, "form", av_parsing_form(schema, t->arena));
    add_string(t, "rabin", text_printf(t->arena, "%llx", (unsigned long long)prints.rabin));
    add_string(t, "md5", hex(prints.md5, sizeof prints.md5, t->arena));
    add_string(t, "sha256", hex(prints.sha256, sizeof prints.sha256, t->arena));
    schema_unref(schema);
}

static void turn_check(turn_t *t)
{
    schema_t *reader = parse(t, "reader", SCHEMA_LENIENT);
    schema_t *writer = reader ? parse(t, "writer", SCHEMA_LENIENT) : NULL;
    if (reader && writer) {
        check_options_t options = {.mode = is_set(t, "strict") ? MODE_STRICT : MODE_CONFLUENT,
                                   .limits = LIMITS_DEFAULT,
                                   .max_findings = 200};
        const report_t *report = compat_check(reader, writer, &options, t->arena);
        buf_printf(&t->out, "\"verdict\":\"%s\",\"differences\":[", verdict_name(report->verdict));
        for (size_t i = 0; i < report->n_findings; i++) {
            const finding_t *finding = &report->findings[i];
            buf_printf(&t->out, "%s{\"type\":\"%s\",\"class\":\"%s\",\"pointer\":", i ? "," : "",
                       finding->rule, finding_class_name(finding->class));
            jv_print_string(&t->out, finding->reader.pointer);
            add_string(t, "info", finding->info);
            if (finding->witness) {
                add_string(t, "hex", finding->witness->hex);
                add_string(t, "json", finding->witness->json);
            }
            buf_add_char(&t->out, '}');
        }
        buf_printf(&t->out, "],\"compatible\":%s", report->verdict == VERDICT_COMPATIBLE ? "true" : "false");
    }
    schema_unref(reader);
    schema_unref(writer);
}

/* --- values ---------------------------------------------------------------------------------------------------- */

/* Values of `schema`: their binary encoding, their JSON encoding, and that the two can be read back. */
static void turn_sample(turn_t *t)
{
    schema_t *schema = parse(t, "schema", SCHEMA_LENIENT);
    if (!schema)
        return;
    const av_schema_t *model = av_schema_of(schema);
    int64_t n = 0, seed_given = 1;
    jv_to_i64(jv_get(t->request, "n"), &n);
    jv_to_i64(jv_get(t->request, "seed"), &seed_given);
    uint64_t seed = (uint64_t)seed_given * 0x9E3779B97F4A7C15u + 1;
    buf_add_s(&t->out, "\"values\":[");
    for (int64_t i = 0; i < n && av_inhabited(model->root.type); i++) {
        av_value_t *value = random_value(model->root.type, 6, &seed, t->arena), *again;
        if (!value)
            continue;
        buf_t binary, json, json_again;
        buf_init(&binary, BUF_NO_MAX);
        buf_init(&json, BUF_NO_MAX);
        buf_init(&json_again, BUF_NO_MAX);
        av_encode_binary(value, &binary);
        av_encode_json(value, &json);
        decode_options_t how = {LIMITS_DEFAULT, false};
        text_t sentence;
        decode_t result = av_decode(model, model, buf_text(&binary), &how, t->arena, &again, &sentence);
        bool same = false;
        if (result == DECODE_OK) {
            av_encode_json(again, &json_again);
            same = text_eq(buf_text(&json), buf_text(&json_again));
        }
        jv_t *tree;
        fault_t fault = {0};
        bool read = jv_read(buf_text(&json), JV_STRICT, &how.limits, t->arena, &tree, &fault) == 0 &&
                    av_read_json(model->root.type, tree, &how.limits, t->arena, &again, &fault) == 0;
        if (read) {
            buf_clear(&json_again);
            av_encode_binary(again, &json_again);
            read = text_eq(buf_text(&binary), buf_text(&json_again));
        }
        buf_printf(&t->out, "%s{\"binary_again\":%s,\"json_again\":%s,\"ambiguous\":%s",
                   i && buf_text(&t->out).at[buf_text(&t->out).bytes - 1] != '[' ? "," : "",
                   same ? "true" : "false", read ? "true" : "false",
                   result == DECODE_REFUSED ? "true" : "false");
        add_string(t, "hex", hex((const uint8_t *)buf_text(&binary).at, buf_text(&binary).bytes, t->arena));
        add_string(t, "json", buf_text(&json));
        buf_add_char(&t->out, '}');
        buf_dispose(&binary);
        buf_dispose(&json);
        buf_dispose(&json_again);
    }
    buf_add_char(&t->out, ']');
    schema_unref(schema);
}

static int nibble(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void turn_read(turn_t *t)
{
    schema_t *reader = parse(t, "reader", SCHEMA_LENIENT);
    schema_t *writer = reader ? parse(t, "writer", SCHEMA_LENIENT) : NULL;
    text_t digits = argument(t, "hex");
    char *bytes = arena_alloc(t->arena, digits.bytes / 2 + 1);
    for (size_t i = 0; i < digits.bytes / 2; i++)
        bytes[i] = (char)(nibble(digits.at[2 * i]) << 4 | nibble(digits.at[2 * i + 1]));
    if (reader && writer) {
        decode_options_t how = {LIMITS_DEFAULT, is_set(t, "full_names_first")};
        av_value_t *value;
        text_t sentence;
        if (av_decode(av_schema_of(writer), av_schema_of(reader), (text_t){bytes, digits.bytes / 2}, &how,
                      t->arena, &value, &sentence) == DECODE_OK) {
            buf_t binary;
            buf_init(&binary, BUF_NO_MAX);
            av_encode_binary(value, &binary);
            add_string(t, "hex",
                       hex((const uint8_t *)buf_text(&binary).at, buf_text(&binary).bytes, t->arena));
            buf_dispose(&binary);
        } else {
            add_string(t, "error", sentence);
        }
    }
    schema_unref(reader);
    schema_unref(writer);
}

static const struct {
    const char *op;
    void (*run)(turn_t *);
} turns[] = {{"parse", turn_parse}, {"check", turn_check}, {"sample", turn_sample}, {"read", turn_read}};

static void answer(text_t line)
{
    turn_t t = {.arena = arena_new()};
    buf_init(&t.out, BUF_NO_MAX);
    buf_add_char(&t.out, '{');
    jv_t *request;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    limits.max_bytes = 64u << 20;
    if (jv_read(line, JV_STRICT, &limits, t.arena, &request, &fault) != 0) {
        add_string(&t, "error", fault_sentence(&fault, t.arena));
    } else {
        t.request = request;
        for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
            if (text_is(argument(&t, "op"), turns[i].op))
                turns[i].run(&t);
    }
    buf_add_s(&t.out, "}\n");
    fwrite(buf_text(&t.out).at, 1, buf_text(&t.out).bytes, stdout);
    fflush(stdout);
    buf_dispose(&t.out);
    arena_free(t.arena);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    while ((n = getline(&line, &room, stdin)) > 0)
        answer((text_t){line, (size_t)n});
    free(line);
    return 0;
}
