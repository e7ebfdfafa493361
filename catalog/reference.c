#include "catalog/reference.h"

#include <stdlib.h>

#include "catalog/refusal.h"
#include "compat/core/json_text.h"

#define CLOSURE_BYTES_MAX (64 << 20)

/* --- lists --------------------------------------------------------------------------------------------------------------- */

text_t references_text(const reference_t *items, size_t n, arena_t *arena)
{
    if (n == 0)
        return TEXT_NONE;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < n; i++) {
        buf_add_s(&out, i == 0 ? "[{\"name\":" : ",{\"name\":");
        jv_print_string(&out, items[i].name);
        buf_add_s(&out, ",\"subject\":");
        jv_print_string(&out, items[i].subject);
        buf_printf(&out, ",\"version\":%d}", items[i].version);
    }
    buf_add_char(&out, ']');
    return buf_end(&out, arena);
}

int references_read(text_t json, arena_t *arena, reference_t **out, size_t *n)
{
    *out = NULL;
    *n = 0;
    if (json.at == NULL)
        return 0;
    limits_t limits = LIMITS_DEFAULT;
    jv_t *tree;
    if (jv_read(json, JV_STRICT, &limits, arena, &tree, NULL) != 0 || tree->kind != JV_ARRAY)
        return -1;
    *out = ARENA_ARRAY(arena, reference_t, tree->n);
    for (uint32_t i = 0; i < tree->n; i++) {
        const jv_t *name = jv_get(&tree->items[i], "name"), *subject = jv_get(&tree->items[i], "subject");
        int64_t version;
        if (name == NULL || name->kind != JV_STRING || subject == NULL || subject->kind != JV_STRING ||
            !jv_to_i64(jv_get(&tree->items[i], "version"), &version))
            return -1;
        (*out)[i] = (reference_t){name->text, subject->text, (int32_t)version};
    }
    *n = tree->n;
    return 0;
}

text_t references_text_qualified(text_t json, const subject_name_t *of, arena_t *arena)
{
    reference_t *items;
    size_t n;
    if (references_read(json, arena, &items, &n) != 0)
        return json;
    for (size_t i = 0; i < n; i++)
        items[i].subject = subject_name_parse(items[i].subject, of->context, arena).qualified;
    return references_text(items, n, arena);
}

typedef struct {
    reference_t item;
    size_t position; /* qsort does not keep the order of equals */
} sortable_t;

static int compare_references(const void *a, const void *b)
{
    const sortable_t *x = a, *y = b;
    int order = text_compare(x->item.subject, y->item.subject);
    if (order == 0)
        order = (x->item.version > y->item.version) - (x->item.version < y->item.version);
    return order != 0 ? order : x->position < y->position ? -1 : 1;
}

size_t references_sort(reference_t *items, size_t n)
{
    if (n < 2)
        return n;
    sortable_t *sorted = calloc(n, sizeof *sorted);
    if (sorted == NULL)
        abort();
    for (size_t i = 0; i < n; i++)
        sorted[i] = (sortable_t){items[i], i};
    qsort(sorted, n, sizeof *sorted, compare_references);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool twice = false;
        for (size_t k = kept; k > 0 && !twice; k--) {
            if (items[k - 1].version != sorted[i].item.version ||
                !text_eq(items[k - 1].subject, sorted[i].item.subject))
                break;
            twice = text_eq(items[k - 1].name, sorted[i].item.name);
        }
        if (!twice)
            items[kept++] = sorted[i].item;
    }
    free(sorted);
    return kept;
}

/* --- what the database knows --------------------------------------------------------------------------------------------- */

typedef struct {
    int32_t context_id, schema_id;
} node_key_t;

typedef struct {
    node_key_t to;
    text_t name;
} edge_t;

typedef struct {
    node_key_t key;
    text_t text;
    edge_t *edges;
    size_t n_edges;
} node_t;

typedef struct {
    node_t *nodes; /* sorted by key */
    size_t n_nodes;
    edge_t *edges;
    size_t n_edges;
} graph_t;

typedef struct {
    bool found;
    int64_t subject_id;
    int32_t version;
    node_key_t key;
} asked_t;

static int compare_keys(const void *a, const void *b)
{
    const node_key_t *x = a, *y = b;
    if (x->context_id != y->context_id)
        return x->context_id < y->context_id ? -1 : 1;
    return (x->schema_id > y->schema_id) - (x->schema_id < y->schema_id);
}

static node_t *graph_find(const graph_t *graph, node_key_t key)
{
    return graph->n_nodes == 0
               ? NULL
               : bsearch(&key, graph->nodes, graph->n_nodes, sizeof *graph->nodes, compare_keys);
}

static int too_much(tx_t *tx)
{
    return err_set(tx_err(tx), ERR_SCHEMA_INVALID,
                   "Invalid schema, details: the references lead to more than %d schemas or %d bytes",
                   REFERENCES_MAX, CLOSURE_BYTES_MAX);
}

/* Rows come as: what was asked for, then nodes by key, then edges by node and position. */
static int graph_read(tx_t *tx, rows_t *rows, asked_t *asked, size_t n_asked, graph_t *graph)
{
    arena_t *arena = tx_arena(tx);
    size_t room = rows_n(rows);
    graph->nodes = ARENA_ARRAY(arena, node_t, room);
    graph->edges = ARENA_ARRAY(arena, edge_t, room);
    while (rows_next(rows)) {
        node_key_t key = {row_i32(rows, "context_id"), row_i32(rows, "schema_id")};
        int32_t kind = row_i32(rows, "kind");
        if (kind == 0) {
            int64_t position = row_i64(rows, "position");
            if (position >= 1 && (size_t)position <= n_asked)
                asked[position - 1] =
                    (asked_t){true, row_i64(rows, "subject_id"), row_i32(rows, "version"), key};
        } else if (kind == 1) {
            text_t text = row_text_or_none(rows, "text");
            if (text.at == NULL)
                return too_much(tx);
            graph->nodes[graph->n_nodes++] = (node_t){key, text, NULL, 0};
        } else {
            node_t *node = graph_find(graph, key);
            edge_t *edge = &graph->edges[graph->n_edges++];
            *edge = (edge_t){{row_i32(rows, "to_context_id"), row_i32(rows, "to_schema_id")},
                             row_text(rows, "text")};
            if (node != NULL && node->n_edges++ == 0)
                node->edges = edge;
        }
    }
    return row_end(rows);
}

/* --- depth first --------------------------------------------------------------------------------------------------------- */

typedef struct {
    const node_t *node;
    text_t name;
    size_t next;
} frame_t;

typedef struct {
    const graph_t *graph;
    text_t *seen; /* names, in the order met */
    size_t n_seen;
    schema_reference_t *out;
    size_t n;
    frame_t *stack;
    size_t depth;
} walk_t;

static walk_t walk_new(const graph_t *graph, arena_t *arena)
{
    return (walk_t){
        .graph = graph,
        .seen = ARENA_ARRAY(arena, text_t, REFERENCES_MAX),
        .out = ARENA_ARRAY(arena, schema_reference_t, REFERENCES_MAX),
        .stack = ARENA_ARRAY(arena, frame_t, REFERENCES_MAX),
    };
}

/* 1: entered, 0: a name that came before or a node that is gone, -1: too many */
static int walk_enter(walk_t *walk, text_t name, node_key_t key)
{
    for (size_t i = 0; i < walk->n_seen; i++)
        if (text_eq(walk->seen[i], name))
            return 0;
    if (walk->n_seen == REFERENCES_MAX)
        return -1;
    walk->seen[walk->n_seen++] = name;
    const node_t *node = graph_find(walk->graph, key);
    if (node == NULL)
        return 0;
    walk->stack[walk->depth++] = (frame_t){node, name, 0};
    return 1;
}

/* What `name` needs, then itself. The stack cannot pass REFERENCES_MAX: each frame has a name of its own. */
static int walk_from(walk_t *walk, text_t name, node_key_t key)
{
    int entered = walk_enter(walk, name, key);
    if (entered <= 0)
        return entered;
    while (walk->depth > 0) {
        frame_t *top = &walk->stack[walk->depth - 1];
        if (top->next < top->node->n_edges) {
            const edge_t *edge = &top->node->edges[top->next++];
            if (walk_enter(walk, edge->name, edge->to) < 0)
                return -1;
        } else {
            walk->out[walk->n++] = (schema_reference_t){top->name, top->node->text};
            walk->depth--;
        }
    }
    return 0;
}

/* --- asking -------------------------------------------------------------------------------------------------------------- */

static void as_arrays(const reference_t *items, size_t n, const subject_name_t *of, arena_t *arena,
                      sql_arg_t *subjects, sql_arg_t *versions)
{
    text_t *names = ARENA_ARRAY(arena, text_t, n);
    int64_t *numbers = ARENA_ARRAY(arena, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        names[i] = subject_name_parse(items[i].subject, of->context, arena).qualified;
        numbers[i] = items[i].version;
    }
    *subjects = sql_text_array(names, n, arena);
    *versions = sql_i64_array(numbers, n, arena);
}

int references_hold(tx_t *tx, const reference_t *items, size_t n, const subject_name_t *of)
{
    sql_arg_t subjects, versions;
    as_arrays(items, n, of, tx_arena(tx), &subjects, &versions);
    return tx_send(tx, STMT_REFERENCE_HOLD, subjects, versions);
}

int references_resolve(tx_t *tx, const reference_t *items, size_t n, const subject_name_t *of, bool live,
                       references_t *out)
{
    arena_t *arena = tx_arena(tx);
    sql_arg_t subjects, versions;
    rows_t *rows;
    graph_t graph = {0};
    *out = (references_t){0};
    if (n > REFERENCES_MAX)
        return too_much(tx);
    asked_t *asked = ARENA_ARRAY(arena, asked_t, n);
    as_arrays(items, n, of, arena, &subjects, &versions);
    if (tx_query(tx, STMT_REFERENCE_TEXTS, &rows, subjects, versions, sql_bool(live), sql_null(), sql_null(),
                 sql_i64(CLOSURE_BYTES_MAX)) != 0 ||
        graph_read(tx, rows, asked, n, &graph) != 0)
        return -1;
    walk_t walk = walk_new(&graph, arena);
    out->items = ARENA_ARRAY(arena, reference_t, n);
    out->subject_ids = ARENA_ARRAY(arena, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        if (!asked[i].found)
            return refuse_reference(tx_err(tx), items[i].subject, items[i].version);
        out->items[i] = (reference_t){items[i].name, items[i].subject, asked[i].version};
        out->subject_ids[i] = asked[i].subject_id;
        if (walk_from(&walk, items[i].name, asked[i].key) != 0)
            return too_much(tx);
    }
    out->n = n;
    out->texts = walk.out;
    out->n_texts = walk.n;
    return 0;
}

static int stored_text_fill(tx_t *tx, const graph_t *graph, stored_text_t *text)
{
    const node_t *node = graph_find(graph, (node_key_t){text->context_id, text->id});
    if (node == NULL)
        return err_set(tx_err(tx), ERR_INTERNAL, NULL);
    text->text = node->text;
    if (node->n_edges == 0)
        return 0;
    walk_t walk = walk_new(graph, tx_arena(tx));
    for (size_t i = 0; i < node->n_edges; i++)
        if (walk_from(&walk, node->edges[i].name, node->edges[i].to) != 0)
            return too_much(tx);
    text->references = walk.out;
    text->n_references = walk.n;
    return 0;
}

int stored_texts_get(tx_t *tx, stored_text_t *texts, size_t n)
{
    if (n == 0)
        return 0;
    arena_t *arena = tx_arena(tx);
    int64_t *contexts = ARENA_ARRAY(arena, int64_t, n), *ids = ARENA_ARRAY(arena, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        contexts[i] = texts[i].context_id;
        ids[i] = texts[i].id;
    }
    rows_t *rows;
    graph_t graph = {0};
    if (tx_query(tx, STMT_REFERENCE_TEXTS, &rows, sql_null(), sql_null(), sql_bool(false),
                 sql_i64_array(contexts, n, arena), sql_i64_array(ids, n, arena), sql_i64(INT64_MAX)) != 0 ||
        graph_read(tx, rows, NULL, 0, &graph) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (stored_text_fill(tx, &graph, &texts[i]) != 0)
            return -1;
    return 0;
}
