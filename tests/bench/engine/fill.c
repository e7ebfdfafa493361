#include "fill.h"

#include "corpus.h"

#define DEPTH_MAX 12

typedef struct {
    buf_t out;
    uint64_t random;
    const jv_t *root;
    unsigned until_mistake; /* scalars until one is wrong; 0: never */
} fill_t;

static void fill(fill_t *f, const jv_t *schema, unsigned depth);

static int64_t bound(const jv_t *schema, const char *keyword, int64_t otherwise)
{
    int64_t value;
    const jv_t *given = jv_get(schema, keyword);
    return given != NULL && jv_to_i64(given, &value) ? value : otherwise;
}

static const jv_t *type_of(fill_t *f, const jv_t *schema)
{
    const jv_t *type = jv_get(schema, "type");
    if (type == NULL || type->kind != JV_ARRAY || type->n == 0)
        return type;
    const jv_t *picked = &type->items[bench_below(&f->random, type->n)];
    return jv_is_string(picked, "null") ? &type->items[0] : picked;
}

static void fill_string(fill_t *f, const jv_t *schema)
{
    static const char *const samples[] = {"a value as it comes", "b-2", "42", "customer_4711", "EUR"};
    int64_t longest = bound(schema, "maxLength", 64), shortest = bound(schema, "minLength", 0);
    text_t sample = text_of(samples[jv_get(schema, "pattern") != NULL ? 1 + bench_below(&f->random, 4)
                                                                      : bench_below(&f->random, 5)]);
    if (jv_is_string(jv_get(schema, "format"), "date-time"))
        sample = TEXT("2024-05-17T09:30:00Z");
    else if (jv_is_string(jv_get(schema, "format"), "uuid"))
        sample = TEXT("6fa459ea-ee8a-4ca4-894e-db77e160355e");
    if (longest >= 0 && (size_t)longest < sample.bytes)
        sample.bytes = (size_t)longest;
    buf_add_char(&f->out, '"');
    buf_add(&f->out, sample);
    for (int64_t n = (int64_t)sample.bytes; n < shortest && n < 100; n++)
        buf_add_char(&f->out, 'x');
    buf_add_char(&f->out, '"');
}

static void fill_number(fill_t *f, const jv_t *schema)
{
    int64_t least = bound(schema, "minimum", 0), most = bound(schema, "maximum", least + 1000);
    int64_t room = most > least && most - least < 100000 ? most - least + 1 : 100;
    buf_printf(&f->out, "%lld", (long long)(least + bench_below(&f->random, (uint32_t)room)));
}

static bool is_required(const jv_t *schema, text_t name)
{
    const jv_t *required = jv_get(schema, "required");
    for (uint32_t i = 0; required != NULL && required->kind == JV_ARRAY && i < required->n; i++)
        if (required->items[i].kind == JV_STRING && text_eq(required->items[i].text, name))
            return true;
    return false;
}

static void fill_object(fill_t *f, const jv_t *schema, unsigned depth)
{
    const jv_t *properties = jv_get(schema, "properties");
    const char *comma = "";
    buf_add_char(&f->out, '{');
    for (uint32_t i = 0; properties != NULL && properties->kind == JV_OBJECT && i < properties->n; i++) {
        const jv_member_t *property = &properties->members[i];
        if (!is_required(schema, property->name) && (depth >= DEPTH_MAX || bench_below(&f->random, 4) == 0))
            continue;
        buf_add_s(&f->out, comma);
        jv_print_string(&f->out, property->name);
        buf_add_char(&f->out, ':');
        fill(f, &property->value, depth + 1);
        comma = ",";
    }
    buf_add_char(&f->out, '}');
}

static void fill_array(fill_t *f, const jv_t *schema, unsigned depth)
{
    const jv_t *items = jv_get(schema, "items");
    uint32_t n = items == NULL || depth >= DEPTH_MAX ? 0 : 1 + bench_below(&f->random, 3);
    buf_add_char(&f->out, '[');
    for (uint32_t i = 0; i < n; i++) {
        buf_add_s(&f->out, i > 0 ? "," : "");
        fill(f, items, depth + 1);
    }
    buf_add_char(&f->out, ']');
}

static void fill_typed(fill_t *f, const jv_t *schema, unsigned depth)
{
    const jv_t *type = type_of(f, schema);
    bool object = jv_is_string(type, "object") || (type == NULL && jv_get(schema, "properties") != NULL);
    if (!object && f->until_mistake > 0 && --f->until_mistake == 0)
        buf_add_s(&f->out, "{\"unexpected\":[]}");
    else if (object)
        fill_object(f, schema, depth);
    else if (jv_is_string(type, "array"))
        fill_array(f, schema, depth);
    else if (jv_is_string(type, "integer") || jv_is_string(type, "number"))
        fill_number(f, schema);
    else if (jv_is_string(type, "boolean"))
        buf_add_s(&f->out, "true");
    else if (jv_is_string(type, "null"))
        buf_add_s(&f->out, "null");
    else
        fill_string(f, schema);
}

static void fill(fill_t *f, const jv_t *schema, unsigned depth)
{
    static const char *const choices[] = {"enum", "oneOf", "anyOf"};
    const jv_t *reference = jv_get(schema, "$ref");
    if (reference != NULL && reference->kind == JV_STRING && text_starts(reference->text, TEXT("#")) &&
        depth < 2 * DEPTH_MAX) {
        const jv_t *target = jv_at_pointer(f->root, text_from(reference->text, 1));
        fill(f, target != NULL ? target : f->root, depth + 1);
        return;
    }
    const jv_t *constant = jv_get(schema, "const");
    if (constant != NULL) {
        jv_print(&f->out, constant);
        return;
    }
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        const jv_t *choice = jv_get(schema, choices[i]);
        if (choice == NULL || choice->kind != JV_ARRAY || choice->n == 0)
            continue;
        const jv_t *picked = &choice->items[bench_below(&f->random, choice->n)];
        if (i == 0)
            jv_print(&f->out, picked);
        else
            fill(f, picked, depth + 1);
        return;
    }
    fill_typed(f, schema, depth);
}

text_t fill_message(const jv_t *root, uint64_t random, arena_t *arena)
{
    fill_t f = {.random = random, .root = root};
    buf_init(&f.out, BUF_NO_MAX);
    f.until_mistake = bench_below(&f.random, 5) == 0 ? 1 + bench_below(&f.random, 20) : 0;
    fill(&f, root, 0);
    return buf_end(&f.out, arena);
}
