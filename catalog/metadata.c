#include "catalog/metadata.h"

#include <stdio.h>
#include <stdlib.h>

static int compare_text(const void *a, const void *b)
{
    return text_compare(*(const text_t *)a, *(const text_t *)b);
}

/* Both kinds of entry begin with their key. */
static int compare_key(const void *a, const void *b)
{
    return text_compare(*(const text_t *)a, *(const text_t *)b);
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

static int expected(const char *what, const char *at, text_t key, err_t *err)
{
    if (key.at == NULL)
        return err_set(err, ERR_BODY_MALFORMED, "%s: %s is expected", at, what);
    return err_set(err, ERR_BODY_MALFORMED, "%s/" TEXT_FMT ": %s is expected", at, TEXT_ARG(key), what);
}

int text_set_read(const jv_t *array, const char *at, arena_t *arena, text_t **out, size_t *n, err_t *err)
{
    *out = NULL;
    *n = 0;
    if (array == NULL || array->kind == JV_NULL)
        return 0;
    if (array->kind != JV_ARRAY)
        return expected("an array of strings", at, TEXT_NONE, err);
    text_t *values = ARENA_ARRAY(arena, text_t, array->n);
    for (uint32_t i = 0; i < array->n; i++) {
        if (array->items[i].kind != JV_STRING)
            return expected("an array of strings", at, TEXT_NONE, err);
        values[i] = array->items[i].text;
    }
    if (array->n > 1)
        qsort(values, array->n, sizeof *values, compare_text);
    for (uint32_t i = 0; i < array->n; i++)
        if (*n == 0 || !text_eq(values[*n - 1], values[i]))
            values[(*n)++] = values[i];
    *out = values;
    return 0;
}

int text_map_read(const jv_t *object, const char *at, arena_t *arena, text_pair_t **out, size_t *n,
                  err_t *err)
{
    *out = NULL;
    *n = 0;
    if (object == NULL || object->kind == JV_NULL)
        return 0;
    if (object->kind != JV_OBJECT)
        return expected("an object of strings", at, TEXT_NONE, err);
    text_pair_t *pairs = ARENA_ARRAY(arena, text_pair_t, object->n);
    for (uint32_t i = 0; i < object->n; i++) {
        const jv_member_t *member = &object->members[i];
        if (member->value.kind == JV_NULL)
            continue;
        if (member->value.kind != JV_STRING)
            return expected("a string", at, member->name, err);
        pairs[(*n)++] = (text_pair_t){member->name, member->value.text};
    }
    if (*n > 1)
        qsort(pairs, *n, sizeof *pairs, compare_key);
    *out = pairs;
    return 0;
}

static int tags_read(const jv_t *object, const char *at, arena_t *arena, metadata_t *out, err_t *err)
{
    if (object == NULL || object->kind == JV_NULL)
        return 0;
    if (object->kind != JV_OBJECT)
        return expected("an object of arrays of strings", at, TEXT_NONE, err);
    out->tags = ARENA_ARRAY(arena, text_set_entry_t, object->n);
    for (uint32_t i = 0; i < object->n; i++) {
        text_set_entry_t *tag = &out->tags[out->n_tags++];
        tag->key = object->members[i].name;
        if (text_set_read(&object->members[i].value, at, arena, &tag->values, &tag->n, err) != 0)
            return -1;
    }
    if (out->n_tags > 1)
        qsort(out->tags, out->n_tags, sizeof *out->tags, compare_key);
    return 0;
}

int metadata_read(text_t json, const char *at, arena_t *arena, const metadata_t **out, err_t *err)
{
    *out = NULL;
    if (json.at == NULL)
        return 0;
    limits_t limits = LIMITS_DEFAULT;
    jv_t *tree;
    fault_t fault = {0};
    if (jv_read(json, JV_STRICT, &limits, arena, &tree, &fault) != 0)
        return err_set(err, ERR_BODY_MALFORMED, "%s: %s", at, fault.text);
    if (tree->kind == JV_NULL)
        return 0;
    if (tree->kind != JV_OBJECT)
        return expected("an object", at, TEXT_NONE, err);
    metadata_t *metadata = ARENA_NEW(arena, metadata_t);
    const char *tags = arena_printf(arena, "%s/tags", at);
    const char *properties = arena_printf(arena, "%s/properties", at);
    const char *sensitive = arena_printf(arena, "%s/sensitive", at);
    if (tags_read(jv_get(tree, "tags"), tags, arena, metadata, err) != 0 ||
        text_map_read(jv_get(tree, "properties"), properties, arena, &metadata->properties,
                      &metadata->n_properties, err) != 0 ||
        text_set_read(jv_get(tree, "sensitive"), sensitive, arena, &metadata->sensitive,
                      &metadata->n_sensitive, err) != 0)
        return -1;
    *out = metadata;
    return 0;
}

/* --- printing ------------------------------------------------------------------------------------------------------------ */

void text_set_print(buf_t *out, const text_t *values, size_t n)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        jv_print_string(out, values[i]);
    }
    buf_add_char(out, ']');
}

void text_map_print(buf_t *out, const text_pair_t *pairs, size_t n)
{
    buf_add_char(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        jv_print_string(out, pairs[i].key);
        buf_add_char(out, ':');
        jv_print_string(out, pairs[i].value);
    }
    buf_add_char(out, '}');
}

static void print_key(buf_t *out, const char *key)
{
    if (buf_text(out).bytes > 1)
        buf_add_char(out, ',');
    buf_printf(out, "\"%s\":", key);
}

text_t metadata_text(const metadata_t *metadata, arena_t *arena)
{
    if (metadata == NULL)
        return TEXT_NONE;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '{');
    if (metadata->n_tags > 0) {
        print_key(&out, "tags");
        for (size_t i = 0; i < metadata->n_tags; i++) {
            buf_add_char(&out, i == 0 ? '{' : ',');
            jv_print_string(&out, metadata->tags[i].key);
            buf_add_char(&out, ':');
            text_set_print(&out, metadata->tags[i].values, metadata->tags[i].n);
        }
        buf_add_char(&out, '}');
    }
    if (metadata->n_properties > 0) {
        print_key(&out, "properties");
        text_map_print(&out, metadata->properties, metadata->n_properties);
    }
    if (metadata->n_sensitive > 0) {
        print_key(&out, "sensitive");
        text_set_print(&out, metadata->sensitive, metadata->n_sensitive);
    }
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

/* --- merging ------------------------------------------------------------------------------------------------------------- */

/* Merges two sorted arrays whose elements begin with a text_t key; where both have a key, the second's element is taken. */
static void *merge_sorted(const void *base, size_t n_base, const void *over, size_t n_over, size_t size,
                          arena_t *arena, size_t *n)
{
    char *out = arena_alloc(arena, (n_base + n_over) * size);
    const char *a = base, *b = over;
    *n = 0;
    while (n_base > 0 || n_over > 0) {
        int order = n_base == 0 ? 1 : n_over == 0 ? -1 : compare_key(a, b);
        const char *from = order < 0 ? a : b;
        for (size_t i = 0; i < size; i++)
            out[*n * size + i] = from[i];
        ++*n;
        if (order <= 0) {
            a += size;
            n_base--;
        }
        if (order >= 0) {
            b += size;
            n_over--;
        }
    }
    return out;
}

const metadata_t *metadata_merge(const metadata_t *base, const metadata_t *over, arena_t *arena)
{
    if (base == NULL || over == NULL)
        return base == NULL ? over : base;
    metadata_t *merged = ARENA_NEW(arena, metadata_t);
    merged->tags = merge_sorted(base->tags, base->n_tags, over->tags, over->n_tags, sizeof *merged->tags,
                                arena, &merged->n_tags);
    merged->properties =
        merge_sorted(base->properties, base->n_properties, over->properties, over->n_properties,
                     sizeof *merged->properties, arena, &merged->n_properties);
    merged->sensitive = merge_sorted(base->sensitive, base->n_sensitive, over->sensitive, over->n_sensitive,
                                     sizeof *merged->sensitive, arena, &merged->n_sensitive);
    return merged;
}

text_t metadata_property(const metadata_t *metadata, text_t name)
{
    for (size_t i = 0; metadata != NULL && i < metadata->n_properties; i++)
        if (text_eq(metadata->properties[i].key, name))
            return metadata->properties[i].value;
    return TEXT_NONE;
}

const metadata_t *metadata_with_property(const metadata_t *metadata, text_t name, text_t value,
                                         arena_t *arena)
{
    text_pair_t *property = ARENA_NEW(arena, text_pair_t);
    *property = (text_pair_t){name, value};
    metadata_t *over = ARENA_NEW(arena, metadata_t);
    over->properties = property;
    over->n_properties = 1;
    return metadata_merge(metadata, over, arena);
}

/* --- comparing ----------------------------------------------------------------------------------------------------------- */

static bool sets_equal(const text_t *a, size_t n_a, const text_t *b, size_t n_b)
{
    if (n_a != n_b)
        return false;
    for (size_t i = 0; i < n_a; i++)
        if (!text_eq(a[i], b[i]))
            return false;
    return true;
}

static bool tags_equal(const metadata_t *a, const metadata_t *b)
{
    if (a->n_tags != b->n_tags)
        return false;
    for (size_t i = 0; i < a->n_tags; i++)
        if (!text_eq(a->tags[i].key, b->tags[i].key) ||
            !sets_equal(a->tags[i].values, a->tags[i].n, b->tags[i].values, b->tags[i].n))
            return false;
    return true;
}

/* Properties are equal but for the one named `without` (TEXT_NONE: none). */
static bool properties_equal(const metadata_t *a, const metadata_t *b, text_t without)
{
    size_t i = 0, k = 0;
    for (;;) {
        if (i < a->n_properties && without.at != NULL && text_eq(a->properties[i].key, without))
            i++;
        if (k < b->n_properties && without.at != NULL && text_eq(b->properties[k].key, without))
            k++;
        if (i == a->n_properties || k == b->n_properties)
            return i == a->n_properties && k == b->n_properties;
        if (!text_eq(a->properties[i].key, b->properties[k].key) ||
            !text_eq(a->properties[i].value, b->properties[k].value))
            return false;
        i++;
        k++;
    }
}

bool metadata_matches(const metadata_t *sent, const metadata_t *stored, int32_t version)
{
    static const metadata_t empty;
    text_t sent_version = metadata_property(sent, METADATA_VERSION);
    text_t stored_version = metadata_property(stored, METADATA_VERSION);
    text_t without = TEXT_NONE;
    if ((sent_version.at == NULL) != (stored_version.at == NULL)) {
        without = METADATA_VERSION;
        sent = sent == NULL ? &empty : sent;
        stored = stored == NULL ? &empty : stored;
        char number[16];
        snprintf(number, sizeof number, "%d", version);
        if (sent_version.at != NULL && !text_is(sent_version, number))
            return false;
    }
    if (sent == NULL || stored == NULL)
        return sent == stored;
    return tags_equal(sent, stored) && properties_equal(sent, stored, without) &&
           sets_equal(sent->sensitive, sent->n_sensitive, stored->sensitive, stored->n_sensitive);
}

void metadata_digest(const metadata_t *metadata, buf_t *out)
{
    if (metadata == NULL)
        return;
    buf_add_char(out, 1);
    for (size_t i = 0; i < metadata->n_tags; i++) {
        buf_add(out, metadata->tags[i].key);
        for (size_t k = 0; k < metadata->tags[i].n; k++)
            buf_add(out, metadata->tags[i].values[k]);
    }
    for (size_t i = 0; i < metadata->n_properties; i++) {
        buf_add(out, metadata->properties[i].key);
        buf_add(out, metadata->properties[i].value);
    }
    for (size_t i = 0; i < metadata->n_sensitive; i++)
        buf_add(out, metadata->sensitive[i]);
}
