/* json.c - JSON Schema as a format of the library: reading a document and its references, canonical text, equality.
 *
 * Spec     docs/api.md "Canonical text"; compat/README.md "JSON Schema, confluent mode".
 */
#include "compat/json/json_schema.h"

#include <stdlib.h>

#include "compat/json/confluent.h"
#include "compat/json/js_edit.h"
#include "compat/json/js_fields.h"
#include "compat/json/js_message.h"
#include "compat/json/json_number.h"
#include "compat/json/js_fix.h"

/* A registry reads what Jackson reads: a duplicate name replaces, NaN and the infinities are numbers. */
#define JSON_FLAGS (JV_LAST_WINS | JV_NAN)

/* --- numbers -------------------------------------------------------------------------------------------------------- */

static int number_canonicalise(jv_t *value, arena_t *arena, fault_t *fault)
{
    char first = value->text.bytes > 0 ? value->text.at[value->text.at[0] == '-'] : '\0';

    if (first == 'N' || first == 'I') {
        value->kind = JV_STRING; /* printed, and read again, as a string */
        return 0;
    }
    if (!json_number_text(value->text, arena, &value->text))
        return fault_set(fault, FAULT_LIMIT, value->line, value->column,
                         "the exponent of this number is out of range");
    return 0;
}

typedef struct {
    jv_t *value;
    uint32_t next;
} level_frame_t;

/* Gives every number of the tree the text that canonical JSON prints. Runs before anybody else sees the tree. */
static int numbers_canonicalise(jv_t *root, uint32_t max_depth, arena_t *arena, fault_t *fault)
{
    level_frame_t *stack = ARENA_ARRAY(arena, level_frame_t, (size_t)max_depth + 2);
    size_t n = 0;

    stack[n++] = (level_frame_t){root, 0};
    while (n > 0) {
        level_frame_t *top = &stack[n - 1];
        bool container = top->value->kind == JV_ARRAY || top->value->kind == JV_OBJECT;

        if (!container || top->next == top->value->n) {
            n--;
            continue;
        }
        jv_t *child = top->value->kind == JV_ARRAY ? &top->value->items[top->next]
                                                   : &top->value->members[top->next].value;
        top->next++;
        if (child->kind == JV_NUMBER && number_canonicalise(child, arena, fault) != 0)
            return -1;
        if (child->kind == JV_ARRAY || child->kind == JV_OBJECT)
            stack[n++] = (level_frame_t){child, 0};
    }
    return 0;
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

static int document_read(text_t text, const limits_t *limits, arena_t *arena, jv_t **out, fault_t *fault)
{
    if (jv_read(text, JSON_FLAGS, limits, arena, out, fault) != 0)
        return -1;
    if ((*out)->kind != JV_OBJECT && (*out)->kind != JV_TRUE && (*out)->kind != JV_FALSE)
        return fault_set(fault, FAULT_SCHEMA, (*out)->line, (*out)->column,
                         "a JSON Schema is an object or a boolean");
    return 0;
}

static int fallback_dialect(const schema_source_t *source, js_dialect_t *out, fault_t *fault)
{
    *out = DIALECT_07;
    if (source->dialect.bytes == 0 || js_dialect_find(source->dialect, out))
        return 0;
    return fault_set(fault, FAULT_SCHEMA, 0, 0, "unknown JSON Schema dialect \"" TEXT_FMT "\"",
                     TEXT_ARG(source->dialect));
}

static int reference_read(const schema_reference_t *reference, const limits_t *limits, arena_t *arena,
                          js_document_t *out, fault_t *fault)
{
    fault_t inner = {0};
    jv_t *tree;

    if (document_read(text_copy(arena, reference->text), limits, arena, &tree, &inner) != 0 ||
        numbers_canonicalise(tree, limits->max_depth, arena, &inner) != 0)
        return fault_set(fault, inner.code, inner.line, inner.column, "reference \"" TEXT_FMT "\": %s",
                         TEXT_ARG(reference->name), inner.text);
    out->uri = text_copy(arena, reference->name);
    out->tree = tree;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const schema_reference_t *left = *(const schema_reference_t *const *)a;
    const schema_reference_t *right = *(const schema_reference_t *const *)b;
    int order = text_compare(left->name, right->name);

    return order != 0 ? order : (left > right) - (left < right);
}

static int by_position(const void *a, const void *b)
{
    const schema_reference_t *left = *(const schema_reference_t *const *)a;
    const schema_reference_t *right = *(const schema_reference_t *const *)b;

    return (left > right) - (left < right);
}

/* The documents given by name, in the order given; the first one of a name wins. */
static int references_read(const schema_source_t *source, arena_t *arena, js_document_t **out, size_t *n_out,
                           fault_t *fault)
{
    const schema_reference_t **given = ARENA_ARRAY(arena, const schema_reference_t *, source->n_references);
    js_document_t *documents = ARENA_ARRAY(arena, js_document_t, source->n_references);
    size_t n = 0;

    for (size_t i = 0; i < source->n_references; i++)
        given[i] = &source->references[i];
    qsort(given, source->n_references, sizeof(*given), by_name);
    for (size_t i = 0; i < source->n_references; i++) {
        if (n == 0 || !text_eq(given[n - 1]->name, given[i]->name))
            given[n++] = given[i];
    }
    qsort(given, n, sizeof(*given), by_position);
    for (size_t i = 0; i < n; i++) {
        if (reference_read(given[i], &source->limits, arena, &documents[i], fault) != 0)
            return -1;
    }
    *out = documents;
    *n_out = n;
    return 0;
}

/* --- what only new schemas must satisfy ----------------------------------------------------------------------------- */

static int names_check(const jv_t *root, fault_t *fault)
{
    const jv_t *properties = jv_get(root, "properties");

    if (properties == NULL || properties->kind != JV_OBJECT)
        return 0;
    for (uint32_t i = 0; i < properties->n; i++) {
        const jv_member_t *property = &properties->members[i];
        if (text_starts(property->name, TEXT("$$")))
            return fault_set(fault, FAULT_SCHEMA, property->line, property->column,
                             "the name of property \"" TEXT_FMT "\" starts with $$, which is reserved",
                             TEXT_ARG(property->name));
    }
    return 0;
}

static int new_schema_check(const js_schema_t *json, const jv_t *root, fault_t *fault)
{
    arena_t *scratch = arena_new();
    int result = js_meta_validate(root, json->dialect, scratch, fault);

    arena_free(scratch);
    return result == 0 ? names_check(root, fault) : -1;
}

/* --- the row -------------------------------------------------------------------------------------------------------- */

static text_t print(const jv_t *tree, void (*printer)(buf_t *, const jv_t *), arena_t *arena)
{
    buf_t buf;

    buf_init(&buf, BUF_NO_MAX);
    printer(&buf, tree);
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

/* What the validator cannot compile stays a schema all the same: strict mode then says what it could not decide. */
static void validator_add(js_schema_t *json, const limits_t *limits, arena_t *arena)
{
    fault_t ignored = {0};

    if (js_validator_compile(json->resources, JS_FORMAT_ANNOTATES, limits, arena, &json->validator,
                             &ignored) != 0)
        json->validator = NULL;
}

static int json_parse(schema_t *schema, const schema_source_t *source, fault_t *fault)
{
    js_schema_t *json = ARENA_NEW(schema->arena, js_schema_t);
    js_document_t *references = NULL;
    js_dialect_t fallback;
    size_t n_references;
    jv_t *tree;

    if (fallback_dialect(source, &fallback, fault) != 0 ||
        document_read(schema->source, &source->limits, schema->arena, &tree, fault) != 0 ||
        numbers_canonicalise(tree, source->limits.max_depth, schema->arena, fault) != 0)
        return -1;
    schema->tree = tree;
    schema->canonical = print(tree, jv_print, schema->arena);

    js_document_t *root = ARENA_NEW(schema->arena, js_document_t);
    root->tree = tree;
    if (references_read(source, schema->arena, &references, &n_references, fault) != 0 ||
        js_resources_build(root, references, n_references, fallback, schema->arena, &json->resources,
                           fault) != 0)
        return -1;
    json->root = js_resource_root(json->resources);
    json->dialect = json->root->dialect;
    schema->model = json;
    if ((source->flags & SCHEMA_VALIDATE) != 0 && new_schema_check(json, tree, fault) != 0)
        return -1;
    if (cf_model_build(json->resources, tree, &source->limits, schema->arena, &json->confluent, fault) != 0)
        return -1;
    validator_add(json, &source->limits, schema->arena);
    return 0;
}

static text_t json_normalized(const schema_t *schema, arena_t *arena)
{
    return print(schema->tree, jv_print_sorted, arena);
}

static text_t json_resolved(const schema_t *schema, arena_t *arena)
{
    (void)arena;
    return schema->canonical;
}

static bool json_equal(const schema_t *a, const schema_t *b)
{
    return text_eq(a->canonical, b->canonical);
}

static size_t json_top_fields(const schema_t *schema, arena_t *arena, const text_t **names)
{
    const jv_t *properties = jv_get(schema->tree, "properties");
    size_t n = properties != NULL && properties->kind == JV_OBJECT ? properties->n : 0;
    text_t *out = ARENA_ARRAY(arena, text_t, n);

    for (size_t i = 0; i < n; i++)
        out[i] = properties->members[i].name;
    *names = out;
    return n;
}

const format_t json_format = {
    .name = "JSON",
    .parse = json_parse,
    .normalized = json_normalized,
    .resolved = json_resolved,
    .equal = json_equal,
    .top_fields = json_top_fields,
    .validate = js_message_validate,
    .fields = js_fields,
    .edit = js_edit,
    .check = {[MODE_CONFLUENT] = json_confluent_check, [MODE_STRICT] = js_check_and_fix},
    .message = json_confluent_message,
};
