/* policies.c - /api/v1/policies/{scope}: what is decided for the organisation, a domain, an event. */
#include "catalog/policy.h"
#include "server/api/api.h"
#include "server/api/resource.h"

static const char *const silences[] = {"escalate", "consent", NULL};
static const char *const documents[] = {"owner",    "contact", "reason_to_exist", "schema",
                                        "ordering", "sla",     "oncall",          NULL};
static const char *const override_roles[] = {"admin", NULL};

static const shape_t silence_shape[] = {{"blocking", SHAPE_CHOICE, .choices = silences},
                                        {"informational", SHAPE_CHOICE, .choices = silences},
                                        {0}};

static const shape_t freeze_shape[] = {{"from", SHAPE_INSTANT, .flags = SHAPE_REQUIRED},
                                       {"until", SHAPE_INSTANT, .flags = SHAPE_REQUIRED},
                                       {"reason", .kind = SHAPE_TEXT},
                                       {0}};

#define NUMBER(member, value) {#member, SHAPE_INT, .least = 0, .most = 3650},
#define TRUTH(member, value)  {#member, .kind = SHAPE_BOOL},

const shape_t policy_shape[] = {
    POLICY_NUMBER_MAP(NUMBER) POLICY_TRUTH_MAP(TRUTH){"silence", SHAPE_OBJECT, .members = silence_shape},
    {"pii_tags", .kind = SHAPE_TEXTS},
    {"required_documentation", SHAPE_TEXTS, .choices = documents},
    {"name_pattern", SHAPE_TEXT, .flags = SHAPE_NULL},
    {"override_roles", SHAPE_TEXTS, .choices = override_roles},
    {"freeze_windows", SHAPE_LIST, .members = freeze_shape},
    {0},
};

#undef NUMBER
#undef TRUTH

/* GET /api/v1/policies: the scopes at which something is set. */
int policies_list(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_POLICIES_LIST, &rows, sql_text_or_null(page.after), sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int policy_read(call_t *c, tx_t *tx)
{
    rows_t *rows;
    return policy_get(tx, c->params[0], &rows, &c->err) != 0
               ? -1
               : api_reply_row(c, 200, rows, "policy", c->params[0]);
}

/* A pattern is PostgreSQL's to judge: one that it cannot read would refuse every name later. */
static int check_pattern(call_t *c, tx_t *tx)
{
    rows_t *rows;
    text_t pattern = resource_text(c->body, "name_pattern");
    if (pattern.at == NULL)
        return 0;
    if (pattern.bytes > 500)
        return api_invalid(c, TEXT("name_pattern"), "takes at most 500 bytes");
    if (tx_query(tx, STMT_PATTERN_READS, &rows, sql_text(pattern)) != 0)
        return -1;
    rows_next(rows);
    bool reads = row_bool(rows, "reads");
    if (row_end(rows) != 0)
        return -1;
    return reads ? 0 : api_invalid(c, TEXT("name_pattern"), "cannot be read as a regular expression");
}

/* What is to hold there is given whole. The first time there is nothing to match. */
int policy_set(call_t *c, tx_t *tx)
{
    text_t settings;
    rows_t *rows;
    who_t who = api_who(c);
    if (api_shape(c, policy_shape, SHAPE_PATCH, &settings) != 0 || check_pattern(c, tx) != 0 ||
        rights_check(tx, api_principal(c), RIGHT_ADMINISTER, 0, 0, &c->err) != 0 ||
        policy_get(tx, c->params[0], &rows, &c->err) != 0)
        return -1;
    rows_next(rows);
    int32_t rev = row_i32(rows, "rev");
    if (row_end(rows) != 0 || (rev > 0 && api_if_match(c, rev) != 0) ||
        policy_put(tx, &who, c->params[0], settings, call_query(c, "reason"), &c->err) != 0)
        return -1;
    return policy_read(c, tx);
}
