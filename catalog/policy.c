#include "catalog/policy.h"

#define NUMBER(name, value) "\"" #name "\":" #value ","
#define TRUTH(name, value)  "\"" #name "\":" #value ","

static const text_t built_in = TEXT("{" POLICY_NUMBER_MAP(NUMBER) POLICY_TRUTH_MAP(
    TRUTH) "\"silence\":{\"blocking\":\"escalate\",\"informational\":\"consent\"},\"name_pattern\":null,"
           "\"pii_tags\":[\"PII\",\"pii\",\"gdpr\"],\"override_roles\":[\"admin\"],\"freeze_windows\":[],"
           "\"required_documentation\":[\"owner\",\"contact\",\"reason_to_exist\",\"schema\",\"ordering\","
           "\"sla\","
           "\"oncall\"]}");

/* Words that SQL has put on lines. */
static const text_t *words(arena_t *arena, text_t lines, size_t *n)
{
    *n = lines.bytes > 0;
    for (size_t i = 0; i < lines.bytes; i++)
        *n += lines.at[i] == '\n';
    text_t *list = ARENA_ARRAY(arena, text_t, *n);
    for (size_t i = 0; i < *n; i++) {
        const char *end = memchr(lines.at, '\n', lines.bytes);
        size_t bytes = end == NULL ? lines.bytes : (size_t)(end - lines.at);
        list[i] = (text_t){lines.at, bytes};
        lines = text_from(lines, bytes + (end != NULL));
    }
    return list;
}

int rules_get(tx_t *tx, int64_t event_id, rules_t *out)
{
    rows_t *rows;
    arena_t *arena = tx_arena(tx);
    if (tx_query(tx, STMT_RULES_GET, &rows, event_id == 0 ? sql_null() : sql_i64(event_id),
                 sql_text(built_in)) != 0)
        return -1;
    rows_next(rows);
    *out = (rules_t){.json = row_text(rows, "json")};
#define XX(name, value) out->name = row_i32(rows, #name);
    POLICY_NUMBER_MAP(XX)
#undef XX
#define XX(name, value) out->name = row_bool(rows, #name);
    POLICY_TRUTH_MAP(XX)
#undef XX
    out->silence_consents = row_bool(rows, "silence_consents");
    out->silence_consents_informational = row_bool(rows, "silence_consents_informational");
    out->name_pattern = row_text_or_none(rows, "name_pattern");
    out->freeze_windows = row_text(rows, "freeze_windows");
    out->pii_tags = words(arena, row_text_or_none(rows, "pii_tags"), &out->n_pii_tags);
    out->required_documentation =
        words(arena, row_text_or_none(rows, "required_documentation"), &out->n_required_documentation);
    out->override_roles = words(arena, row_text_or_none(rows, "override_roles"), &out->n_override_roles);
    return row_end(rows);
}

bool rules_lists(const text_t *list, size_t n, text_t word)
{
    for (size_t i = 0; i < n; i++)
        if (text_eq(list[i], word))
            return true;
    return false;
}

int policy_get(tx_t *tx, text_t scope, rows_t **rows, err_t *err)
{
    if (tx_query(tx, STMT_POLICY_GET, rows, sql_text(scope), sql_text(built_in)) != 0)
        return -1;
    if (rows_n(*rows) == 0)
        return err_set(err, ERR_NOT_FOUND,
                       "There is no scope \"" TEXT_FMT
                       "\": org, domain: and an existing domain, or event: and an existing event",
                       TEXT_ARG(scope));
    return 0;
}

int policy_put(tx_t *tx, const who_t *who, text_t scope, text_t settings, text_t reason, err_t *err)
{
    rows_t *rows;
    if (policy_get(tx, scope, &rows, err) != 0 ||
        tx_query(tx, STMT_POLICY_PUT, &rows, sql_text(scope), sql_text(settings), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    text_t detail = row_text(rows, "detail");
    if (row_end(rows) != 0)
        return -1;
    return audit_note(tx, &(audit_t){.kind = AUDIT_POLICY_CHANGED,
                                     .object = text_printf(tx_arena(tx), "policy:" TEXT_FMT, TEXT_ARG(scope)),
                                     .detail = detail,
                                     .reason = reason,
                                     .actor = who->actor,
                                     .request_id = who->request_id});
}
