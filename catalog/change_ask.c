/* Whom a change asks, what stands of what they said, and what each is told. */
#include "catalog/change_job.h"

/* One team that is hit. */
typedef struct {
    int64_t id, team_id;
    text_t team, act, due, fingerprints, services;
    bool fresh, own;
} asked_t;

static int ask(tx_t *tx, const change_t *change, int64_t team_id, const char *type, text_t title, text_t data,
               bool waits)
{
    return tx_send(tx, STMT_CHANGE_ASK, sql_i64(team_id), sql_text(text_of(type)), sql_text(change->line),
                   sql_i64(change->id), sql_text(title), sql_text(data), sql_bool(waits)) != 0 ||
                   outbox_add(tx, type, change->line, data) != 0
               ? -1
               : 0;
}

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

static text_t request_title(const change_t *change, const asked_t *asked, arena_t *arena)
{
    return text_printf(arena, TEXT_FMT ": %s " TEXT_FMT " (" TEXT_FMT ")", TEXT_ARG(change->name),
                       text_is(asked->act, "approve") ? "please decide on" : "please take note of",
                       TEXT_ARG(change->title), TEXT_ARG(change->line));
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
    arena_t *arena = tx_arena(tx);
    buf_t out;
    text_t team = row_text(rows, "team"),
           added = row_is_null(rows, "added") ? TEXT("[]") : row_text(rows, "added");
    buf_init(&out, BUF_NO_MAX);
    change_event_begin(&out, change);
    buf_printf(&out, ",\"requirement\":\"rq_%lld\",\"team\":\"" TEXT_FMT "\",\"added\":" TEXT_FMT "}",
               (long long)row_i64(rows, "id"), TEXT_ARG(team), TEXT_ARG(added));
    return ask(tx, change, row_i64(rows, "team_id"), "approval.reset",
               text_printf(arena,
                           TEXT_FMT " has a revision that hits " TEXT_FMT " with more than it agreed to",
                           TEXT_ARG(change->name), TEXT_ARG(team)),
               buf_end(&out, arena), true);
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
    arena_t *arena = tx_arena(tx);
    if (settle(tx, change, &asked, &n) != 0 || reset_grown(tx, change) != 0 ||
        tx_send(tx, STMT_CHANGE_NOTICES, sql_i64(change->id)) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        int rc = asked[i].own     ? tx_send(tx, STMT_DECISION_AUTOMATIC, sql_i64(asked[i].id),
                                            sql_i64(change->revision), sql_text(who->actor))
                 : asked[i].fresh ? ask(tx, change, asked[i].team_id, "approval.requested",
                                        request_title(change, &asked[i], arena),
                                        request_data(change, impact, &asked[i], arena), true)
                                  : 0;
        if (rc != 0)
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
    return ask(tx, change, change->owner_id, "approval.requested",
               text_printf(tx_arena(tx), TEXT_FMT " suggests " TEXT_FMT " for " TEXT_FMT,
                           TEXT_ARG(change->author), TEXT_ARG(change->title), TEXT_ARG(change->line)),
               buf_end(&out, tx_arena(tx)), true);
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

int change_tell_teams(tx_t *tx, const change_t *change, const char *type, text_t title)
{
    rows_t *rows;
    if (tx_query(tx, STMT_REQUIREMENTS_TEAMS, &rows, sql_i64(change->id)) != 0)
        return -1;
    while (rows_next(rows)) {
        buf_t out;
        buf_init(&out, BUF_NO_MAX);
        change_event_begin(&out, change);
        buf_printf(&out, ",\"team\":\"" TEXT_FMT "\"}", TEXT_ARG(row_text(rows, "team")));
        if (tx_send(tx, STMT_CHANGE_ASK, sql_i64(row_i64(rows, "team_id")), sql_text(text_of(type)),
                    sql_text(change->line), sql_i64(change->id), sql_text(title),
                    sql_text(buf_end(&out, tx_arena(tx))), sql_bool(false)) != 0)
            return -1;
    }
    return row_end(rows);
}
