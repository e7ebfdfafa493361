/* Whom a change asks, what stands of what they said, and what each is told: events, from which webhooks and inboxes are filled. */
#include "catalog/change_job.h"

/* One team that is hit. */
typedef struct {
    int64_t id, team_id;
    text_t team, act, due, fingerprints, services;
    bool fresh, own;
} asked_t;

static bool lists(const jv_t *list, text_t word)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (text_eq(list->items[i].text, word))
            return true;
    return false;
}

static void print_findings(buf_t *out, const impact_t *impact, text_t fingerprints, arena_t *arena)
{
    jv_t *list;
    limits_t limits = LIMITS_DEFAULT;
    size_t n = 0;
    if (jv_read(fingerprints, JV_STRICT, &limits, arena, &list, NULL) != 0 || list->kind != JV_ARRAY)
        return;
    for (size_t i = 0; i < impact->n_findings; i++) {
        const impact_finding_t *finding = &impact->findings[i];
        if (!lists(list, finding->fingerprint))
            continue;
        buf_printf(out,
                   "%s{\"fingerprint\":\"" TEXT_FMT "\",\"rule\":\"" TEXT_FMT "\",\"class\":\"%s\",\"path\":",
                   n++ > 0 ? "," : "", TEXT_ARG(finding->fingerprint), TEXT_ARG(finding->rule),
                   finding_class_name(finding->class));
        jv_print_string(out, finding->path);
        buf_add_char(out, '}');
    }
}

static text_t request_data(const change_t *change, const impact_t *impact, const asked_t *asked,
                           arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    change_event_begin(&out, change);
    buf_printf(&out,
               ",\"requirement\":\"rq_%lld\",\"team\":\"" TEXT_FMT "\",\"act\":\"" TEXT_FMT
               "\",\"due\":\"" TEXT_FMT "\",\"services\":" TEXT_FMT ",\"summary\":",
               (long long)asked->id, TEXT_ARG(asked->team), TEXT_ARG(asked->act), TEXT_ARG(asked->due),
               TEXT_ARG(asked->services));
    jv_print_string(&out, impact_sentence(impact, asked->team_id, arena));
    buf_add_s(&out, ",\"findings\":[");
    print_findings(&out, impact, asked->fingerprints, arena);
    buf_add_s(&out, "]}");
    return buf_end(&out, arena);
}

static int settle(tx_t *tx, const change_t *change, asked_t **out, size_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query(tx, STMT_REQUIREMENTS_SETTLE, &rows, sql_i64(change->id)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), asked_t, rows_n(rows));
    while (rows_next(rows))
        (*out)[(*n)++] = (asked_t){
            .id = row_i64(rows, "id"),
            .team_id = row_i64(rows, "team_id"),
            .team = row_text(rows, "team"),
            .act = row_text(rows, "act"),
            .due = row_text(rows, "due"),
            .fingerprints = row_text(rows, "fingerprints"),
            .services = row_text(rows, "services"),
            .fresh = row_bool(rows, "fresh"),
            .own = row_bool(rows, "own"),
        };
    return row_end(rows);
}

static int tell_reset(tx_t *tx, const change_t *change, rows_t *rows)
{
    buf_t out;
    text_t added = row_is_null(rows, "added") ? TEXT("[]") : row_text(rows, "added");
    buf_init(&out, BUF_NO_MAX);
    change_event_begin(&out, change);
    buf_printf(&out, ",\"requirement\":\"rq_%lld\",\"team\":\"" TEXT_FMT "\",\"added\":" TEXT_FMT "}",
               (long long)row_i64(rows, "id"), TEXT_ARG(row_text(rows, "team")), TEXT_ARG(added));
    return outbox_add(tx, "approval.reset", change->line, buf_end(&out, tx_arena(tx)));
}

/* Decisions stand as long as nothing was added to what they cover. */
static int reset_grown(tx_t *tx, const change_t *change)
{
    rows_t *rows;
    if (tx_query(tx, STMT_DECISIONS_RESET, &rows, sql_i64(change->id), sql_i64(change->revision_id)) != 0)
        return -1;
    while (rows_next(rows))
        if (tell_reset(tx, change, rows) != 0)
            return -1;
    return row_end(rows);
}

int requirements_update(tx_t *tx, const who_t *who, const change_t *change, const impact_t *impact)
{
    asked_t *asked;
    size_t n;
    if (settle(tx, change, &asked, &n) != 0 || reset_grown(tx, change) != 0 ||
        tx_send(tx, STMT_CHANGE_NOTICES, sql_i64(change->id)) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (asked[i].own && tx_send(tx, STMT_DECISION_AUTOMATIC, sql_i64(asked[i].id),
                                    sql_i64(change->revision), sql_text(who->actor)) != 0)
            return -1;
        if (!asked[i].own && asked[i].fresh &&
            outbox_add(tx, "approval.requested", change->line,
                       request_data(change, impact, &asked[i], tx_arena(tx))) != 0)
            return -1;
    }
    return change_tell_ready(tx, change);
}

int suggestion_tell(tx_t *tx, const change_t *change)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    change_event_begin(&out, change);
    buf_printf(&out, ",\"team\":\"" TEXT_FMT "\",\"act\":\"adopt\"}", TEXT_ARG(change->owner));
    return outbox_add(tx, "approval.requested", change->line, buf_end(&out, tx_arena(tx)));
}

int change_tell_ready(tx_t *tx, const change_t *change)
{
    blockers_t blockers;
    buf_t out;
    if (change_blockers(tx, change->id, &blockers) != 0)
        return -1;
    if (blockers.set != 0 || !text_is(change->state, "open"))
        return 0;
    buf_init(&out, BUF_NO_MAX);
    change_event_begin(&out, change);
    buf_add_char(&out, '}');
    text_t data = buf_end(&out, tx_arena(tx));
    return tx_send(tx, STMT_CHANGE_TOLD_READY, sql_i64(change->id)) != 0 ||
                   outbox_add(tx, "change.ready", change->line, data) != 0
               ? -1
               : 0;
}
