/* Our encoding against Avro C's: what we write, it reads and writes again, byte for byte, and so the other way round. It gets one schema
 * at a time, never two (it drops defaults, aliases and logical types, and crashes on some pairs). */
#include <avro.h>

#include "avro_support.h"

#include "compat/avro/av_value.h"
#include "tests/fuzz/avro_sketch.h"

/* Types without a value overflow Avro C's stack. */
static bool all_inhabited(const av_schema_t *schema)
{
    for (uint32_t i = 0; i < schema->n_types; i++)
        if (!av_inhabited(schema->types[i]))
            return false;
    return true;
}

/* The bytes as Avro C writes what it read of them; empty text if it could not read them all. */
static text_t through_avro_c(avro_value_iface_t *class, text_t bytes, arena_t *arena)
{
    char *out = arena_alloc(arena, bytes.bytes + 64);
    avro_value_t value;
    avro_generic_value_new(class, &value);
    avro_reader_t reader = avro_reader_memory(bytes.at, (int64_t)bytes.bytes);
    avro_writer_t writer = avro_writer_memory(out, (int64_t)bytes.bytes + 64);
    bool good = avro_value_read(reader, &value) == 0 && avro_value_write(writer, &value) == 0;
    text_t again = {out, good ? (size_t)avro_writer_tell(writer) : 0};
    avro_writer_free(writer);
    avro_reader_free(reader);
    avro_value_decref(&value);
    return again;
}

static int compare_values(const schema_t *schema, avro_value_iface_t *class, uint64_t seed, arena_t *arena)
{
    const av_schema_t *model = av_schema_of(schema);
    decode_options_t how = {LIMITS_DEFAULT, false};
    int n = 0;
    for (int i = 0; i < 5; i++) {
        av_value_t *value = random_value(model->root.type, 5, &seed, arena), *again;
        buf_t binary;
        text_t sentence;
        if (!value)
            continue;
        buf_init(&binary, BUF_NO_MAX);
        av_encode_binary(value, &binary);
        text_t theirs = through_avro_c(class, buf_text(&binary), arena);
        /* it has no room for items that take none */
        bool cannot = !theirs.bytes && strstr(avro_strerror(), "expand array") != NULL;
        ck_assert_msg(cannot || text_eq(theirs, buf_text(&binary)), "%s", schema_canonical(schema).at);
        if (!cannot)
            ck_assert_int_eq(av_decode(model, model, theirs, &how, arena, &again, &sentence), DECODE_OK);
        buf_dispose(&binary);
        n += !cannot;
    }
    return n;
}

START_TEST(avro_c_reads_what_we_write)
{
    int compared = 0;
    for (uint64_t i = 0; i < 600; i++) {
        uint64_t seed = mixed(i, 31);
        buf_t text;
        buf_init(&text, BUF_NO_MAX);
        sketch_t s = {.out = &text};
        sketch(&s, seed, 5, false);
        schema_source_t source = {.format = FORMAT_AVRO, .text = buf_text(&text), .limits = LIMITS_DEFAULT};
        schema_t *schema = NULL;
        avro_schema_t theirs = NULL;
        if (schema_parse(&source, &schema, NULL) == 0 && all_inhabited(av_schema_of(schema)) &&
            avro_schema_from_json_length(schema_canonical(schema).at, schema_canonical(schema).bytes,
                                         &theirs) == 0) {
            arena_t *arena = arena_new();
            avro_value_iface_t *class = avro_generic_class_from_schema(theirs);
            compared += compare_values(schema, class, seed | 1, arena);
            avro_value_iface_decref(class);
            avro_schema_decref(theirs);
            arena_free(arena);
        }
        schema_unref(schema);
        buf_dispose(&text);
    }
    ck_assert_int_gt(compared, 1000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avro_codec");
    TCase *tc = tcase_create("codec");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, avro_c_reads_what_we_write);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
