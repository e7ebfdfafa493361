#include "catalog/candidate.h"

#include <string.h>

#include "catalog/refusal.h"
#include "catalog/schema_cache.h"

bool submission_is_empty(const submission_t *submission)
{
    return text_trim(submission->text).bytes == 0;
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

static int parse(const candidate_t *candidate, text_t text, unsigned flags, const policy_t *policy,
                 schema_t **out, fault_t *fault)
{
    schema_source_t source = {
        .format = candidate->format,
        .text = text,
        .references = candidate->references.texts,
        .n_references = candidate->references.n_texts,
        .flags = flags,
        .limits = policy->limits,
    };
    *fault = (fault_t){0};
    return schema_parse(&source, out, fault);
}

/* What is one version inside a subject has one shape: the normalized text, with what was referred to written out where the
 * format can. */
static identity_t shape_of(const candidate_t *candidate, const policy_t *policy, arena_t *arena)
{
    identity_t shape;
    arena_mark_t mark = arena_mark(arena);
    schema_t *whole = NULL;
    if (candidate->references.n > 0) {
        fault_t fault = {0};
        schema_source_t source = {.format = candidate->format,
                                  .text = schema_resolved(candidate->schema, arena),
                                  .limits = policy->limits};
        source.limits.max_bytes = SIZE_MAX;
        if (schema_parse(&source, &whole, &fault) != 0)
            whole = NULL; /* JSON Schema keeps its references: the text itself then */
    }
    shape = identity_of_text(schema_normalized(whole != NULL ? whole : candidate->schema, arena));
    schema_unref(whole);
    arena_rewind(arena, mark);
    return shape;
}

static void identify(candidate_t *candidate, arena_t *arena)
{
    candidate->references_text = references_text(candidate->references.items, candidate->references.n, arena);
    candidate->metadata_text = metadata_text(candidate->metadata, arena);
    candidate->rule_set_text = rule_set_text(candidate->rule_set, arena);
    candidate->identity = identity_of(candidate->text, candidate->references.items, candidate->references.n,
                                      candidate->metadata, candidate->rule_set);
}

int candidate_read(tx_t *tx, const submission_t *submission, const subject_name_t *of, bool live,
                   const policy_t *policy, candidate_t *out)
{
    err_t *err = tx_err(tx);
    arena_t *arena = tx_arena(tx);
    fault_t fault;
    *out = (candidate_t){.metadata = submission->metadata, .rule_set = submission->rule_set};
    if (!format_find(submission->type, &out->format))
        return refuse_schema_type(err, submission->type);
    if (policy->max_schema_bytes > 0 && submission->text.bytes > policy->max_schema_bytes)
        return err_set(err, ERR_SCHEMA_TOO_LARGE, NULL);
    if (submission->n_references > 0 &&
        references_resolve(tx, submission->references, submission->n_references, of, live,
                           &out->references) != 0)
        return -1;
    if (parse(out, submission->text, SCHEMA_VALIDATE, policy, &out->schema, &fault) != 0) {
        fault_t *refused = ARENA_ARRAY(arena, fault_t, 1);
        *refused = fault;
        out->refused = refused;
        if (parse(out, submission->text, SCHEMA_LENIENT, policy, &out->schema, &fault) != 0)
            return refuse_schema(err, format_name(out->format), &fault, arena);
    }
    out->text = schema_canonical(out->schema);
    out->shape = shape_of(out, policy, arena);
    if (submission->normalize)
        return candidate_normalize(tx, out, policy);
    identify(out, arena);
    return 0;
}

int candidate_normalize(tx_t *tx, candidate_t *candidate, const policy_t *policy)
{
    arena_t *arena = tx_arena(tx);
    text_t normalized = schema_normalized(candidate->schema, arena);
    candidate->references.n = references_sort(candidate->references.items, candidate->references.n);
    if (!text_eq(normalized, candidate->text)) {
        schema_t *schema;
        fault_t fault;
        if (parse(candidate, normalized, SCHEMA_LENIENT, policy, &schema, &fault) != 0)
            return refuse_schema(tx_err(tx), format_name(candidate->format), &fault, arena);
        schema_unref(candidate->schema);
        candidate->schema = schema;
        candidate->text = schema_canonical(schema);
    }
    identify(candidate, arena);
    return 0;
}

void candidate_describe(candidate_t *candidate, const metadata_t *metadata, const rule_set_t *rule_set,
                        arena_t *arena)
{
    candidate->metadata = metadata;
    candidate->rule_set = rule_set;
    identify(candidate, arena);
}

int candidate_check_strict(tx_t *tx, const candidate_t *candidate)
{
    if (candidate->refused == NULL)
        return 0;
    return refuse_schema(tx_err(tx), format_name(candidate->format), candidate->refused, tx_arena(tx));
}

void candidate_dispose(candidate_t *candidate)
{
    schema_unref(candidate->schema);
    candidate->schema = NULL;
}

/* --- stored schemas ------------------------------------------------------------------------------------------------------ */

static schema_key_t key_of(int32_t context_id, int32_t id, const identity_t *identity)
{
    schema_key_t key = {.context_id = context_id, .id = id};
    memcpy(key.identity, identity->bytes, sizeof key.identity);
    return key;
}

void stored_schema_keep(int32_t context_id, int32_t id, const identity_t *identity, const schema_t *schema)
{
    schema_key_t key = key_of(context_id, id, identity);
    schema_cache_put(&key, schema);
}

static int stored_parse(tx_t *tx, stored_schema_t *schema, const stored_text_t *text, const policy_t *policy)
{
    schema_source_t source = {
        .format = schema->format,
        .text = text->text,
        .references = text->references,
        .n_references = text->n_references,
        .flags = SCHEMA_LENIENT,
        .limits = policy->limits,
    };
    source.limits.max_bytes = SIZE_MAX; /* it was taken once */
    fault_t fault = {0};
    if (schema_parse(&source, &schema->schema, &fault) != 0)
        return err_set(tx_err(tx), ERR_INTERNAL, "The stored schema %d cannot be read: %s", schema->id,
                       fault.text);
    stored_schema_keep(schema->context_id, schema->id, &schema->identity, schema->schema);
    return 0;
}

int stored_schemas_get(tx_t *tx, stored_schema_t *schemas, size_t n, const policy_t *policy)
{
    stored_text_t *missing = ARENA_ARRAY(tx_arena(tx), stored_text_t, n);
    size_t *which = ARENA_ARRAY(tx_arena(tx), size_t, n);
    size_t n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        schema_key_t key = key_of(schemas[i].context_id, schemas[i].id, &schemas[i].identity);
        schemas[i].schema = schema_cache_get(&key);
        if (schemas[i].schema == NULL) {
            which[n_missing] = i;
            missing[n_missing++] = (stored_text_t){.context_id = key.context_id, .id = key.id};
        }
    }
    if (stored_texts_get(tx, missing, n_missing) != 0)
        return -1;
    for (size_t i = 0; i < n_missing; i++)
        if (stored_parse(tx, &schemas[which[i]], &missing[i], policy) != 0)
            return -1;
    return 0;
}

void stored_schemas_unref(stored_schema_t *schemas, size_t n)
{
    for (size_t i = 0; i < n; i++)
        schema_unref(schemas[i].schema);
}
