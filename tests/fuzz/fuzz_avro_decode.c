/* fuzz_avro_decode.c - bytes that may be data of one schema, read as another's.
 *
 * Input    writer's schema, a NUL, reader's schema, a NUL, the data.
 * Claims   nothing crashes, however deep, long or false the data; what is read can be written and read again; JSON too.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/avro/av_value.h"
#include "compat/compat.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static const limits_t limits = {
    .max_bytes = 1u << 16, .max_depth = 64, .max_nodes = 20000, .max_digits = 1000, .max_steps = 20000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static schema_t *parse(text_t text)
{
    schema_source_t source = {.format = FORMAT_AVRO, .text = text, .limits = limits};
    schema_t *schema = NULL;
    return schema_parse(&source, &schema, NULL) == 0 ? schema : NULL;
}

static text_t cut(text_t *rest)
{
    const char *end = rest->bytes ? memchr(rest->at, 0, rest->bytes) : NULL;
    text_t part = end ? (text_t){rest->at, (size_t)(end - rest->at)} : *rest;
    *rest = text_from(*rest, part.bytes + (end != NULL));
    return part;
}

static text_t json_of(const av_value_t *value, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    av_encode_json(value, &out);
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

/* Bytes read as a string need not be UTF-8, and NaN has many patterns: those do not come back as they were. */
static void comes_back(const av_schema_t *reader, const av_value_t *value, arena_t *arena)
{
    buf_t binary;
    buf_init(&binary, BUF_NO_MAX);
    av_encode_binary(value, &binary);
    decode_options_t how = {limits, false};
    how.limits.max_steps *= 2;
    av_value_t *again;
    text_t sentence, json = json_of(value, arena);
    decode_t result = av_decode(reader, reader, buf_text(&binary), &how, arena, &again, &sentence);
    CLAIM(result == DECODE_OK || result == DECODE_MALFORMED);
    if (result == DECODE_OK)
        CLAIM(text_eq(json_of(again, arena), json));
    jv_t *tree;
    if (result == DECODE_OK && jv_read(json, JV_STRICT, &how.limits, arena, &tree, NULL) == 0)
        CLAIM(av_read_json(reader->root.type, tree, &how.limits, arena, &again, NULL) == 0);
    buf_dispose(&binary);
}

/* The same bytes as a message that somebody pasted. */
static void as_json(const av_schema_t *writer, text_t text, arena_t *arena)
{
    jv_t *tree;
    av_value_t *value;
    fault_t fault = {0};
    if (jv_read(text, JV_STRICT, &limits, arena, &tree, NULL) != 0)
        return;
    if (av_read_json(writer->root.type, tree, &limits, arena, &value, &fault) == 0)
        comes_back(writer, value, arena);
    else
        CLAIM(fault.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    text_t rest = {(const char *)data, bytes};
    text_t writer_text = cut(&rest), reader_text = cut(&rest);
    schema_t *writer = parse(writer_text), *reader = parse(reader_text);
    if (writer && reader) {
        arena_t *arena = arena_new();
        as_json(av_schema_of(writer), rest, arena);
        for (int java = 0; java < 2; java++) {
            decode_options_t how = {limits, java};
            av_value_t *value;
            text_t sentence;
            decode_t result =
                av_decode(av_schema_of(writer), av_schema_of(reader), rest, &how, arena, &value, &sentence);
            CLAIM(result == DECODE_OK || sentence.bytes > 0);
            if (result == DECODE_OK)
                comes_back(av_schema_of(reader), value, arena);
        }
        arena_free(arena);
    }
    schema_unref(writer);
    schema_unref(reader);
    return 0;
}
