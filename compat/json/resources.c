#include "compat/json/resources.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/keywords.h"
#include "compat/json/metaschemas.h"
#include "compat/json/uri.h"

/* Children of one container are contiguous in memory. Sorted by address, these ranges say where any value of the documents
 * stands, without a note at each value. */
typedef struct {
    const char *from, *to;
    const jv_t *container;
} range_t;

typedef struct {
    text_t uri;
    const js_resource_t *resource;
} name_t;

typedef struct {
    text_t name;
    const js_resource_t *resource;
    const jv_t *schema;
    bool dynamic;
} anchor_t;

/* Open addressing; grows by doubling. `slots` hold what `key_hash` and the callers' comparisons understand. */
typedef struct {
    void **slots;
    size_t n, size;
} table_t;

struct js_resources {
    arena_t *arena;
    uint64_t seed; /* of the tables: not known from outside, and nothing is ever listed in their order */
    js_document_t *documents;
    size_t n_documents;
    js_resource_t *root;
    table_t names;   /* name_t by URI */
    table_t anchors; /* anchor_t by resource and name */
    table_t roots;   /* js_resource_t by root */
    range_t *ranges;
    size_t n_ranges, room_ranges;
};

/* --- dialects ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *uri;
} dialects[DIALECT_N] = {
    [DIALECT_04] = {"draft-04", "http://json-schema.org/draft-04/schema#"},
    [DIALECT_06] = {"draft-06", "http://json-schema.org/draft-06/schema#"},
    [DIALECT_07] = {"draft-07", "http://json-schema.org/draft-07/schema#"},
    [DIALECT_2019_09] = {"2019-09", "https://json-schema.org/draft/2019-09/schema"},
    [DIALECT_2020_12] = {"2020-12", "https://json-schema.org/draft/2020-12/schema"},
};

const char *js_dialect_uri(js_dialect_t dialect)
{
    return dialects[dialect].uri;
}

const char *js_dialect_name(js_dialect_t dialect)
{
    return dialects[dialect].name;
}

static text_t without_empty_fragment(text_t uri)
{
    if (uri.bytes > 0 && uri.at[uri.bytes - 1] == '#')
        uri.bytes--;
    return uri;
}

static text_t without_scheme(text_t uri)
{
    uri = without_empty_fragment(uri);
    if (text_starts(uri, TEXT("https://")))
        return text_from(uri, 8);
    return text_starts(uri, TEXT("http://")) ? text_from(uri, 7) : TEXT_NONE;
}

bool js_dialect_find(text_t uri_or_name, js_dialect_t *out)
{
    static const struct {
        const char *name;
        js_dialect_t dialect;
    } short_names[] = {
        {"4", DIALECT_04},
        {"6", DIALECT_06},
        {"7", DIALECT_07},
        {"04", DIALECT_04},
        {"06", DIALECT_06},
        {"07", DIALECT_07},
        {"draft4", DIALECT_04},
        {"draft6", DIALECT_06},
        {"draft7", DIALECT_07},
        {"2019", DIALECT_2019_09},
        {"2020", DIALECT_2020_12},
        {"draft-4", DIALECT_04},
        {"draft-6", DIALECT_06},
        {"draft-7", DIALECT_07},
        {"draft2019-09", DIALECT_2019_09},
        {"draft2020-12", DIALECT_2020_12},
        {"draft-2019-09", DIALECT_2019_09},
        {"draft-2020-12", DIALECT_2020_12},
    };
    text_t address = without_scheme(uri_or_name);
    for (js_dialect_t d = 0; d < DIALECT_N; d++) {
        if (text_is_nocase(uri_or_name, dialects[d].name) ||
            (address.bytes > 0 && text_eq(address, without_scheme(text_of(dialects[d].uri))))) {
            *out = d;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++) {
        if (text_is_nocase(uri_or_name, short_names[i].name)) {
            *out = short_names[i].dialect;
            return true;
        }
    }
    return false;
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

static void table_init(table_t *table, size_t size, arena_t *arena)
{
    table->n = 0;
    table->size = size;
    table->slots = ARENA_ARRAY(arena, void *, size);
}

/* Where a search for `hash` begins; step with table_next until an empty slot. */
static size_t table_start(const table_t *table, uint64_t hash)
{
    return (size_t)hash & (table->size - 1);
}

static size_t table_next(const table_t *table, size_t i)
{
    return (i + 1) & (table->size - 1);
}

static uint64_t hash_address(const js_resources_t *rs, const void *at)
{
    return text_hash((text_t){(const char *)&at, sizeof at}, rs->seed);
}

static uint64_t hash_anchor(const js_resources_t *rs, const js_resource_t *resource, text_t name)
{
    return text_hash(name, rs->seed ^ (uint64_t)(uintptr_t)resource);
}

typedef uint64_t slot_hash_fn(const js_resources_t *rs, const void *slot);

static uint64_t hash_name_slot(const js_resources_t *rs, const void *slot)
{
    return text_hash(((const name_t *)slot)->uri, rs->seed);
}

static uint64_t hash_anchor_slot(const js_resources_t *rs, const void *slot)
{
    const anchor_t *anchor = slot;
    return hash_anchor(rs, anchor->resource, anchor->name);
}

static uint64_t hash_root_slot(const js_resources_t *rs, const void *slot)
{
    return hash_address(rs, ((const js_resource_t *)slot)->root);
}

static void table_place(table_t *table, uint64_t hash, void *slot)
{
    size_t i = table_start(table, hash);
    while (table->slots[i] != NULL)
        i = table_next(table, i);
    table->slots[i] = slot;
    table->n++;
}

static void table_add(js_resources_t *rs, table_t *table, slot_hash_fn *hash_of, void *slot)
{
    if (2 * (table->n + 1) > table->size) {
        table_t old = *table;
        table_init(table, 2 * old.size, rs->arena);
        for (size_t i = 0; i < old.size; i++)
            if (old.slots[i] != NULL)
                table_place(table, hash_of(rs, old.slots[i]), old.slots[i]);
    }
    table_place(table, hash_of(rs, slot), slot);
}

static const js_resource_t *find_uri(const js_resources_t *rs, text_t uri)
{
    for (size_t i = table_start(&rs->names, text_hash(uri, rs->seed)); rs->names.slots[i] != NULL;
         i = table_next(&rs->names, i)) {
        const name_t *name = rs->names.slots[i];
        if (text_eq(name->uri, uri))
            return name->resource;
    }
    return NULL;
}

static const anchor_t *find_anchor(const js_resources_t *rs, const js_resource_t *resource, text_t name)
{
    for (size_t i = table_start(&rs->anchors, hash_anchor(rs, resource, name)); rs->anchors.slots[i] != NULL;
         i = table_next(&rs->anchors, i)) {
        const anchor_t *anchor = rs->anchors.slots[i];
        if (anchor->resource == resource && text_eq(anchor->name, name))
            return anchor;
    }
    return NULL;
}

static js_resource_t *find_root(const js_resources_t *rs, const jv_t *schema)
{
    for (size_t i = table_start(&rs->roots, hash_address(rs, schema)); rs->roots.slots[i] != NULL;
         i = table_next(&rs->roots, i)) {
        js_resource_t *resource = rs->roots.slots[i];
        if (resource->root == schema)
            return resource;
    }
    return NULL;
}

static void add_name(js_resources_t *rs, text_t uri, const js_resource_t *resource)
{
    if (find_uri(rs, uri) != NULL)
        return;
    name_t *name = ARENA_NEW(rs->arena, name_t);
    *name = (name_t){.uri = uri, .resource = resource};
    table_add(rs, &rs->names, hash_name_slot, name);
}

/* --- what a document says about itself ---------------------------------------------------------------------------- */

#define ALL_VOCABULARIES (JS_VOCABULARY_APPLICATOR | JS_VOCABULARY_UNEVALUATED | JS_VOCABULARY_VALIDATION)

typedef struct {
    js_dialect_t dialect;
    unsigned vocabularies;
} language_t;

static const char *id_keyword(js_dialect_t dialect)
{
    return dialect == DIALECT_04 ? "id" : "$id";
}

static const jv_t *string_of(const jv_t *schema, const char *keyword)
{
    const jv_t *value = jv_get(schema, keyword);
    return value != NULL && value->kind == JV_STRING ? value : NULL;
}

static const jv_t *id_of(const jv_t *schema, js_dialect_t dialect)
{
    return string_of(schema, id_keyword(dialect));
}

/* Of a sub-schema: up to draft-07 nothing beside a $ref counts. At the top of a document it does all the same: generators
 * write such documents, and other registries read them so. */
static const jv_t *sub_id_of(const jv_t *schema, js_dialect_t dialect)
{
    bool hidden = dialect <= DIALECT_07 && string_of(schema, "$ref") != NULL;
    return hidden ? NULL : id_of(schema, dialect);
}

/* A given document that is named `uri`, or says it is. */
static const jv_t *find_document(const js_resources_t *rs, text_t uri)
{
    for (size_t i = 0; i < rs->n_documents; i++) {
        const jv_t *tree = rs->documents[i].tree;
        const jv_t *id = string_of(tree, "$id");
        if (text_eq(without_empty_fragment(rs->documents[i].uri), uri) ||
            (id != NULL && text_eq(without_empty_fragment(id->text), uri)))
            return tree;
    }
    return NULL;
}

static const struct {
    const char *uri;
    unsigned bits;
} vocabularies[] = {
    {"https://json-schema.org/draft/2019-09/vocab/core", 0},
    {"https://json-schema.org/draft/2019-09/vocab/applicator",
     JS_VOCABULARY_APPLICATOR | JS_VOCABULARY_UNEVALUATED},
    {"https://json-schema.org/draft/2019-09/vocab/validation", JS_VOCABULARY_VALIDATION},
    {"https://json-schema.org/draft/2019-09/vocab/meta-data", 0},
    {"https://json-schema.org/draft/2019-09/vocab/format", JS_VOCABULARY_FORMAT_ASSERTION},
    {"https://json-schema.org/draft/2019-09/vocab/content", 0},
    {"https://json-schema.org/draft/2020-12/vocab/core", 0},
    {"https://json-schema.org/draft/2020-12/vocab/applicator", JS_VOCABULARY_APPLICATOR},
    {"https://json-schema.org/draft/2020-12/vocab/unevaluated", JS_VOCABULARY_UNEVALUATED},
    {"https://json-schema.org/draft/2020-12/vocab/validation", JS_VOCABULARY_VALIDATION},
    {"https://json-schema.org/draft/2020-12/vocab/meta-data", 0},
    {"https://json-schema.org/draft/2020-12/vocab/format-annotation", 0},
    {"https://json-schema.org/draft/2020-12/vocab/format-assertion", JS_VOCABULARY_FORMAT_ASSERTION},
    {"https://json-schema.org/draft/2020-12/vocab/content", 0},
};

/* The keyword groups that a meta-schema's $vocabulary asks for. An unknown one that is required is a fault. */
static int read_vocabularies(const jv_t *declared, unsigned *out, fault_t *fault)
{
    *out = 0;
    for (uint32_t i = 0; i < declared->n; i++) {
        const jv_member_t *member = &declared->members[i];
        bool required = member->value.kind == JV_TRUE, known = false;
        for (size_t v = 0; v < sizeof vocabularies / sizeof *vocabularies; v++) {
            if (!text_is(member->name, vocabularies[v].uri))
                continue;
            known = true;
            /* 2019-09, 7.2: with false the format vocabulary is present but only annotates. */
            if (required || !text_is(member->name, "https://json-schema.org/draft/2019-09/vocab/format"))
                *out |= vocabularies[v].bits;
        }
        if (required && !known)
            return fault_set(fault, FAULT_SCHEMA, member->line, member->column,
                             "the meta-schema requires the vocabulary \"" TEXT_FMT
                             "\", which is not known here",
                             TEXT_ARG(member->name));
    }
    return 0;
}

#define META_CHAIN_MAX 8 /* meta-schemas of meta-schemas */

/* What $schema of `schema` says; `inherited` stays where it says nothing that can be found. */
static int read_language(const js_resources_t *rs, const jv_t *schema, language_t *language, fault_t *fault)
{
    bool has_vocabularies = false;
    for (int i = 0; i < META_CHAIN_MAX; i++) {
        const jv_t *uri = jv_get(schema, "$schema");
        js_dialect_t dialect;
        if (uri == NULL || uri->kind != JV_STRING)
            return 0;
        if (js_dialect_find(uri->text, &dialect)) {
            language->dialect = dialect;
            if (!has_vocabularies)
                language->vocabularies = ALL_VOCABULARIES;
            return 0;
        }
        schema = find_document(rs, without_empty_fragment(uri->text));
        if (schema == NULL)
            return 0;
        const jv_t *declared = jv_get(schema, "$vocabulary");
        if (declared != NULL && declared->kind == JV_OBJECT && !has_vocabularies) {
            has_vocabularies = true;
            if (read_vocabularies(declared, &language->vocabularies, fault) != 0)
                return -1;
        }
    }
    return 0;
}

/* --- adding resources -------------------------------------------------------------------------------------------- */

static int add_anchor(js_resources_t *rs, const js_resource_t *resource, const jv_t *schema, const jv_t *at,
                      text_t name, bool dynamic, fault_t *fault)
{
    anchor_t *seen = (anchor_t *)find_anchor(rs, resource, name);
    if (seen != NULL && seen->schema == schema) {
        seen->dynamic |= dynamic;
        return 0;
    }
    if (seen != NULL && jv_equal(seen->schema, schema))
        return 0;
    if (seen != NULL)
        return fault_set(fault, FAULT_SCHEMA, at->line, at->column,
                         "the anchor \"" TEXT_FMT "\" is declared twice in one schema resource",
                         TEXT_ARG(name));
    anchor_t *anchor = ARENA_NEW(rs->arena, anchor_t);
    *anchor = (anchor_t){.name = name, .resource = resource, .schema = schema, .dynamic = dynamic};
    table_add(rs, &rs->anchors, hash_anchor_slot, anchor);
    return 0;
}

static js_resource_t *add_resource(js_resources_t *rs, text_t uri, const jv_t *root, language_t language,
                                   const js_document_t *document)
{
    js_resource_t *resource = ARENA_NEW(rs->arena, js_resource_t);
    *resource = (js_resource_t){.uri = uri,
                                .dialect = language.dialect,
                                .vocabularies = language.vocabularies,
                                .root = root,
                                .document = document};
    const jv_t *recursive = jv_get(root, "$recursiveAnchor");
    resource->recursive_anchor =
        language.dialect == DIALECT_2019_09 && recursive != NULL && recursive->kind == JV_TRUE;
    if (find_root(rs, root) == NULL)
        table_add(rs, &rs->roots, hash_root_slot, resource);
    return resource;
}

/* Plain names only: what begins with '/' is a pointer, which some generators write as an identifier. */
static bool is_anchor_name(text_t fragment)
{
    return fragment.bytes > 0 && fragment.at[0] != '/';
}

/* The identifier of a sub-schema: a new resource, or up to draft-07 a name within the present one. */
static int read_id(js_resources_t *rs, const jv_t *schema, const jv_t *id, language_t language,
                   const js_resource_t **resource, fault_t *fault)
{
    text_t fragment = uri_split(id->text).fragment;
    text_t address = uri_without_fragment(id->text);
    if (address.bytes > 0) {
        text_t uri = uri_resolve((*resource)->uri, address, rs->arena);
        const js_resource_t *seen = find_uri(rs, uri);
        if (seen != NULL && seen->root != schema && !jv_equal(seen->root, schema))
            return fault_set(fault, FAULT_SCHEMA, id->line, id->column,
                             "the identifier \"" TEXT_FMT "\" is given to two different schemas",
                             TEXT_ARG(uri));
        *resource = add_resource(rs, uri, schema, language, (*resource)->document);
        add_name(rs, uri, *resource);
    }
    if (language.dialect <= DIALECT_07 && is_anchor_name(fragment))
        return add_anchor(rs, *resource, schema, id, fragment, false, fault);
    return 0;
}

static int read_anchors(js_resources_t *rs, const jv_t *schema, const js_resource_t *resource, fault_t *fault)
{
    if (resource->dialect < DIALECT_2019_09)
        return 0;
    const jv_t *plain = string_of(schema, "$anchor");
    const jv_t *dynamic = resource->dialect == DIALECT_2020_12 ? string_of(schema, "$dynamicAnchor") : NULL;
    if (plain != NULL && add_anchor(rs, resource, schema, plain, plain->text, false, fault) != 0)
        return -1;
    if (dynamic != NULL)
        return add_anchor(rs, resource, schema, dynamic, dynamic->text, true, fault);
    return 0;
}

/* --- the walk over schema positions -------------------------------------------------------------------------------- */

typedef struct {
    const jv_t *value;
    const js_resource_t *resource;
} pending_t;

typedef struct {
    pending_t *at;
    size_t n, room;
} pendings_t;

static void pending_push(pendings_t *stack, const jv_t *value, const js_resource_t *resource)
{
    if (value->kind != JV_OBJECT && value->kind != JV_ARRAY)
        return;
    if (stack->n == stack->room) {
        stack->room = stack->room == 0 ? 64 : 2 * stack->room;
        pending_t *at = realloc(stack->at, stack->room * sizeof *at);
        if (at == NULL)
            abort();
        stack->at = at;
    }
    stack->at[stack->n++] = (pending_t){value, resource};
}

/* Last first, so that the walk is in the order of the text. */
static void push_held(pendings_t *stack, const jv_t *value, unsigned holds, const js_resource_t *resource)
{
    if ((holds & HOLDS_SCHEMA) && value->kind == JV_OBJECT)
        pending_push(stack, value, resource);
    for (uint32_t i = value->n; (holds & HOLDS_ARRAY) && value->kind == JV_ARRAY && i-- > 0;)
        if (value->items[i].kind == JV_OBJECT)
            pending_push(stack, &value->items[i], resource);
    for (uint32_t i = value->n; (holds & HOLDS_MAP) && value->kind == JV_OBJECT && i-- > 0;)
        if (value->members[i].value.kind == JV_OBJECT)
            pending_push(stack, &value->members[i].value, resource);
}

static int visit_schema(js_resources_t *rs, const jv_t *schema, const js_resource_t *resource,
                        pendings_t *stack, fault_t *fault)
{
    if (schema != resource->root) { /* the document's own identifier has been read */
        language_t language = {resource->dialect, resource->vocabularies};
        if (jv_get(schema, "$schema") != NULL && read_language(rs, schema, &language, fault) != 0)
            return -1;
        const jv_t *id = sub_id_of(schema, language.dialect);
        if (id != NULL && read_id(rs, schema, id, language, &resource, fault) != 0)
            return -1;
    }
    if (read_anchors(rs, schema, resource, fault) != 0)
        return -1;
    for (uint32_t i = schema->n; i-- > 0;) {
        unsigned holds = js_keyword_holds(schema->members[i].name, resource->dialect);
        if (holds != HOLDS_NOTHING)
            push_held(stack, &schema->members[i].value, holds, resource);
    }
    return 0;
}

static int visit_document(js_resources_t *rs, const js_resource_t *root, fault_t *fault)
{
    pendings_t stack = {0};
    int failed = 0;
    if (root->root->kind == JV_OBJECT)
        pending_push(&stack, root->root, root);
    while (stack.n > 0 && failed == 0) {
        pending_t next = stack.at[--stack.n];
        failed = visit_schema(rs, next.value, next.resource, &stack, fault);
    }
    free(stack.at);
    return failed;
}

/* --- documents --------------------------------------------------------------------------------------------------- */

static void add_range(js_resources_t *rs, const jv_t *container)
{
    if (rs->n_ranges == rs->room_ranges) {
        rs->room_ranges = rs->room_ranges == 0 ? 256 : 2 * rs->room_ranges;
        range_t *ranges = realloc(rs->ranges, rs->room_ranges * sizeof *ranges);
        if (ranges == NULL)
            abort();
        rs->ranges = ranges;
    }
    size_t each = container->kind == JV_ARRAY ? sizeof(jv_t) : sizeof(jv_member_t);
    const char *from =
        container->kind == JV_ARRAY ? (const char *)container->items : (const char *)container->members;
    rs->ranges[rs->n_ranges++] = (range_t){from, from + each * container->n, container};
}

static void add_ranges(js_resources_t *rs, const jv_t *tree)
{
    pendings_t stack = {0};
    pending_push(&stack, tree, NULL);
    while (stack.n > 0) {
        const jv_t *value = stack.at[--stack.n].value;
        if (value->n > 0)
            add_range(rs, value);
        for (uint32_t i = 0; i < value->n; i++)
            pending_push(&stack, value->kind == JV_ARRAY ? &value->items[i] : &value->members[i].value, NULL);
    }
    free(stack.at);
}

static int compare_ranges(const void *p, const void *q)
{
    const range_t *a = p, *b = q;
    return (a->from > b->from) - (a->from < b->from);
}

/* Gives a document its root resource. The documents' names come first, so that an embedded resource cannot take one. */
static int add_root(js_resources_t *rs, const js_document_t *document, js_dialect_t fallback,
                    js_resource_t **out, fault_t *fault)
{
    const jv_t *tree = document->tree;
    language_t language = {fallback, ALL_VOCABULARIES};
    if (!js_is_schema(tree))
        return fault_set(fault, FAULT_SCHEMA, tree->line, tree->column,
                         "a schema must be an object, true or false");
    if (read_language(rs, tree, &language, fault) != 0)
        return -1;
    const jv_t *id = id_of(tree, language.dialect);
    text_t name = uri_without_fragment(document->uri), uri = name;
    if (id != NULL && uri_without_fragment(id->text).bytes > 0)
        uri = uri_resolve(name, id->text, rs->arena);
    const js_resource_t *seen = find_uri(rs, uri);
    if (seen != NULL && uri.bytes > 0 && !jv_equal(seen->root, tree))
        return fault_set(fault, FAULT_SCHEMA, id == NULL ? tree->line : id->line,
                         id == NULL ? tree->column : id->column,
                         "the identifier \"" TEXT_FMT "\" is given to two different schemas", TEXT_ARG(uri));
    js_resource_t *resource = add_resource(rs, uri, tree, language, document);
    *out = resource;
    add_name(rs, uri, resource);
    add_name(rs, name, resource);
    if (rs->root != NULL) /* a bare name is looked for beside the root, too: registries resolve it so */
        add_name(rs, uri_resolve(rs->root->uri, name, rs->arena), resource);
    text_t fragment = id == NULL ? TEXT_NONE : uri_split(id->text).fragment;
    if (language.dialect <= DIALECT_07 && is_anchor_name(fragment))
        return add_anchor(rs, resource, tree, id, fragment, false, fault);
    return 0;
}

/* Which published meta-schemas the strings of a document may lead to: bits by dialect. A few too many does no harm. */
static unsigned published_in(text_t text)
{
    static const char *const marks[DIALECT_N] = {"draft-04/", "draft-06/", "draft-07/", "2019-09/",
                                                 "2020-12/"};
    unsigned found = 0;
    if (text.bytes == 0 || memmem(text.at, text.bytes, "json-schema.org/", 16) == NULL)
        return 0;
    for (js_dialect_t d = 0; d < DIALECT_N; d++)
        if (memmem(text.at, text.bytes, marks[d], strlen(marks[d])) != NULL)
            found |= 1u << d;
    return found;
}

/* Strings of references and identifiers anywhere in the documents; ranges are complete already. */
static unsigned published_needed(const js_resources_t *rs)
{
    static const char *const names[] = {"$ref", "$dynamicRef", "$recursiveRef", "$id", "id"};
    unsigned needed = 0;
    for (size_t i = 0; i < rs->n_ranges; i++) {
        const jv_t *value = rs->ranges[i].container;
        for (size_t n = 0; value->kind == JV_OBJECT && n < sizeof names / sizeof *names; n++) {
            const jv_t *reference = string_of(value, names[n]);
            if (reference != NULL)
                needed |= published_in(reference->text);
        }
    }
    for (size_t i = 0; i < rs->n_documents; i++)
        needed |= published_in(rs->documents[i].uri);
    return needed;
}

#define PUBLISHED_MAX 16 /* files of one dialect */

static int add_published(js_resources_t *rs, js_dialect_t dialect, fault_t *fault)
{
    const js_metaschema_file_t *files[PUBLISHED_MAX];
    size_t n = js_metaschema_of(dialect, files, PUBLISHED_MAX);
    for (size_t i = 0; i < n; i++) {
        jv_t *tree;
        js_document_t *document = ARENA_NEW(rs->arena, js_document_t);
        js_resource_t *root;
        if (jv_read(files[i]->text, JV_STRICT, &LIMITS_DEFAULT, rs->arena, &tree, fault) != 0)
            return -1;
        *document = (js_document_t){.uri = js_metaschema_uri(tree), .tree = tree};
        if (find_uri(rs, document->uri) != NULL)
            continue; /* a document that was given has this name */
        if (add_root(rs, document, dialect, &root, fault) != 0 || visit_document(rs, root, fault) != 0)
            return -1;
        add_ranges(rs, tree);
    }
    return 0;
}

static int add_all(js_resources_t *rs, js_dialect_t fallback, fault_t *fault)
{
    js_resource_t **roots = ARENA_ARRAY(rs->arena, js_resource_t *, rs->n_documents);
    for (size_t i = 0; i < rs->n_documents; i++) {
        if (add_root(rs, &rs->documents[i], fallback, &roots[i], fault) != 0)
            return -1;
        if (i == 0)
            rs->root = roots[0];
        add_ranges(rs, rs->documents[i].tree);
    }
    for (size_t i = 0; i < rs->n_documents; i++)
        if (visit_document(rs, roots[i], fault) != 0)
            return -1;
    unsigned needed = published_needed(rs);
    for (js_dialect_t d = 0; d < DIALECT_N; d++)
        if ((needed & 1u << d) && add_published(rs, d, fault) != 0)
            return -1;
    return 0;
}

int js_resources_build(const js_document_t *root, const js_document_t *others, size_t n_others,
                       js_dialect_t fallback, arena_t *arena, js_resources_t **out, fault_t *fault)
{
    js_resources_t *rs = ARENA_NEW(arena, js_resources_t);
    rs->arena = arena;
    rs->seed = (uint64_t)(uintptr_t)rs * 0x9E3779B97F4A7C15u;
    rs->n_documents = n_others + 1;
    rs->documents = ARENA_ARRAY(arena, js_document_t, rs->n_documents);
    rs->documents[0] = *root;
    if (n_others > 0)
        memcpy(rs->documents + 1, others, n_others * sizeof *others);
    table_init(&rs->names, 8, arena);
    table_init(&rs->anchors, 8, arena);
    table_init(&rs->roots, 8, arena);
    int failed = add_all(rs, fallback, fault);
    if (failed == 0) {
        range_t *ranges = arena_take(arena, rs->n_ranges * sizeof *ranges);
        if (rs->n_ranges > 0)
            memcpy(ranges, rs->ranges, rs->n_ranges * sizeof *ranges);
        qsort(ranges, rs->n_ranges, sizeof *ranges, compare_ranges);
        free(rs->ranges);
        rs->ranges = ranges;
        *out = rs;
    } else {
        free(rs->ranges);
    }
    return failed;
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

/* The range that a value is a child in; NULL for the roots of documents. */
static const range_t *range_of(const js_resources_t *rs, const jv_t *value)
{
    const char *at = (const char *)value;
    size_t from = 0, to = rs->n_ranges;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (rs->ranges[middle].from <= at)
            from = middle + 1;
        else
            to = middle;
    }
    return from > 0 && at < rs->ranges[from - 1].to ? &rs->ranges[from - 1] : NULL;
}

const js_resource_t *js_resource_of(const js_resources_t *rs, const jv_t *schema)
{
    const jv_t *value = schema;
    while (value != NULL) {
        const js_resource_t *resource = find_root(rs, value);
        if (resource != NULL)
            return resource;
        const range_t *range = range_of(rs, value);
        value = range == NULL ? NULL : range->container;
    }
    return NULL;
}

const js_resource_t *js_resource_root(const js_resources_t *rs)
{
    return rs->root;
}

const jv_t *js_dynamic_anchor(const js_resources_t *rs, const js_resource_t *resource, text_t name)
{
    const anchor_t *anchor = find_anchor(rs, resource, name);
    return anchor != NULL && anchor->dynamic ? anchor->schema : NULL;
}

static int fail_reference(fault_t *fault, text_t reference, const char *why)
{
    return fault_set(fault, FAULT_REFERENCE, 0, 0, "the reference \"" TEXT_FMT "\" %s", TEXT_ARG(reference),
                     why);
}

static int resolve_fragment(const js_resources_t *rs, const js_resource_t *resource, text_t reference,
                            text_t fragment, js_place_t *out, fault_t *fault)
{
    *out = (js_place_t){.schema = resource->root, .resource = resource};
    if (fragment.bytes == 0)
        return 0;
    if (fragment.at[0] == '/') {
        out->schema = jv_at_pointer(resource->root, fragment);
        if (out->schema == NULL)
            return fail_reference(fault, reference, "leads to a place that does not exist");
        if (!js_is_schema(out->schema))
            return fail_reference(fault, reference, "leads to something that is not a schema");
        out->resource = js_resource_of(rs, out->schema);
        return 0;
    }
    const anchor_t *anchor = find_anchor(rs, resource, fragment);
    if (anchor == NULL)
        return fail_reference(fault, reference, "names an anchor that no schema declares");
    out->schema = anchor->schema;
    out->dynamic = anchor->dynamic;
    out->anchor = anchor->name;
    return 0;
}

int js_resolve(const js_resources_t *rs, const js_resource_t *from, text_t reference, arena_t *arena,
               js_place_t *out, fault_t *fault)
{
    text_t address = uri_without_fragment(reference), fragment;
    if (!uri_percent_decode(uri_split(reference).fragment, arena, &fragment))
        return fail_reference(fault, reference, "is not a URI reference: check its percent signs");
    const js_resource_t *resource = from;
    if (address.bytes > 0) {
        resource = find_uri(rs, uri_resolve(from->uri, address, arena));
        if (resource == NULL)
            resource = find_uri(rs, address); /* as it stands: a name under which a document was given */
    }
    if (resource == NULL)
        return fail_reference(fault, reference, "leads to a document that was not given");
    return resolve_fragment(rs, resource, reference, fragment, out, fault);
}

/* The member or item that `value` is, as a token. */
static void add_token(buf_t *pointer, const jv_t *container, const jv_t *value)
{
    if (container->kind == JV_ARRAY)
        buf_printf(pointer, "/%zu", (size_t)(value - container->items));
    else
        jv_pointer_add(pointer,
                       ((const jv_member_t *)((const char *)value - offsetof(jv_member_t, value)))->name);
}

text_t js_pointer(const js_resources_t *rs, const jv_t *schema, arena_t *arena)
{
    size_t depth = 0;
    const jv_t *top = schema;
    for (const range_t *range; (range = range_of(rs, top)) != NULL; top = range->container)
        depth++;
    if (find_root(rs, top) == NULL)
        return TEXT_NONE;
    const jv_t **path = ARENA_ARRAY(arena, const jv_t *, depth + 1);
    path[depth] = schema;
    for (size_t i = depth; i > 0; i--)
        path[i - 1] = range_of(rs, path[i])->container;
    buf_t pointer;
    buf_init(&pointer, BUF_NO_MAX);
    for (size_t i = 0; i < depth; i++)
        add_token(&pointer, path[i], path[i + 1]);
    text_t text = buf_take(&pointer, arena);
    buf_dispose(&pointer);
    return text;
}
