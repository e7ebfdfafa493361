#include "catalog/gate.h"

#include "catalog/policy.h"
#include "compat/core/json_text.h"

/* --- looking -------------------------------------------------------------------------------------------------------------- */

int gate_look(tx_t *tx, int64_t line_id, gate_t *out)
{
    rows_t *rows;
    *out = (gate_t){.refusal = {.code = ERR_NONE}};
    if (line_get_id(tx, line_id, &out->line) != 0 ||
        tx_query(tx, STMT_LINE_HEADERS, &rows, sql_i64(line_id)) != 0)
        return -1;
    if (rows_next(rows))
        out->deprecation = row_text(rows, "headers");
    return row_end(rows);
}

int gate_open(tx_t *tx, int64_t line_id, gate_t *out)
{
    return tx_send(tx, STMT_CATALOG_WRITE) != 0 ? -1 : gate_look(tx, line_id, out);
}

/* --- messages --------------------------------------------------------------------------------------------------------------- */

static bool counts(const impact_finding_t *finding)
{
    return finding->class == CLASS_BREAKING || finding->class == CLASS_RISKY;
}

static bool is_concerned(const impact_row_t *row)
{
    return row->verdict != IMPACT_UNAFFECTED && !row->stale;
}

static const impact_finding_t *finding_of(const impact_t *impact, text_t fingerprint)
{
    for (size_t i = 0; i < impact->n_findings; i++)
        if (text_eq(impact->findings[i].fingerprint, fingerprint))
            return &impact->findings[i];
    return NULL;
}

/* "currency, items[].sku" */
static text_t paths_of(const impact_t *impact, const impact_row_t *row, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < row->n_because; i++) {
        const impact_finding_t *finding = finding_of(impact, row->because[i]);
        if (finding == NULL)
            continue;
        if (buf_text(&out).bytes > 0)
            buf_add_s(&out, ", ");
        buf_add(&out, finding->path.bytes > 0 ? finding->path : TEXT("the whole message"));
    }
    return buf_end(&out, arena);
}

static text_t consumer_message(const gate_t *gate, const impact_row_t *row, arena_t *arena)
{
    static const char *const says[IMPACT_VERDICT_N] = {
        [IMPACT_UNAFFECTED] = "is not affected",
        [IMPACT_AT_RISK] = "would read on, with another meaning",
        [IMPACT_UNKNOWN] = "may break: it has not declared what it reads",
        [IMPACT_BROKEN] = "would break",
    };
    text_t paths = paths_of(&gate->impact, row, arena);
    return text_printf(arena, "consumer " TEXT_FMT " (team " TEXT_FMT ") %s%s" TEXT_FMT,
                       TEXT_ARG(row->service), TEXT_ARG(row->team), says[row->verdict],
                       paths.bytes > 0 ? ": " : "", TEXT_ARG(paths));
}

static text_t finding_message(const impact_finding_t *finding, arena_t *arena)
{
    return text_printf(arena, "%s " TEXT_FMT " at " TEXT_FMT ": " TEXT_FMT,
                       finding_class_name(finding->class), TEXT_ARG(finding->rule),
                       TEXT_ARG(finding->path.bytes > 0 ? finding->path : TEXT("the whole message")),
                       TEXT_ARG(finding->message));
}

size_t gate_messages(const gate_t *gate, arena_t *arena, text_t **out)
{
    const impact_t *impact = &gate->impact;
    size_t n = 0;
    *out = ARENA_ARRAY(arena, text_t, impact->n_findings + impact->n_rows + 1);
    for (size_t i = 0; i < impact->n_findings; i++)
        if (counts(&impact->findings[i]))
            (*out)[n++] = finding_message(&impact->findings[i], arena);
    for (size_t i = 0; i < impact->n_rows; i++)
        if (is_concerned(&impact->rows[i]))
            (*out)[n++] = consumer_message(gate, &impact->rows[i], arena);
    if (gate->refusal.code != ERR_NONE)
        (*out)[n++] = gate->advice.at != NULL ? gate->advice : err_text(&gate->refusal);
    return n;
}

/* --- refusing ----------------------------------------------------------------------------------------------------------------- */

static text_t change_path(const change_t *change, arena_t *arena)
{
    return text_printf(arena, "/ui/changes/" TEXT_FMT, TEXT_ARG(change->name));
}

static void link_to_change(gate_t *gate, const policy_t *policy, arena_t *arena)
{
    text_t path = change_path(&gate->change, arena);
    text_t url = policy == NULL ? TEXT_NONE : policy->public_url;
    gate->link =
        text_printf(arena, "<" TEXT_FMT TEXT_FMT ">; rel=\"related\"", TEXT_ARG(url), TEXT_ARG(path));
}

/* What is wrong, in one sentence: who breaks, or which promise. */
static text_t what_is_wrong(const gate_t *gate, const subject_name_t *subject, arena_t *arena)
{
    const impact_t *impact = &gate->impact;
    buf_t out;
    size_t n = 0;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "Schema being registered for subject \"" TEXT_FMT "\" is incompatible: ",
               TEXT_ARG(subject->qualified));
    for (size_t i = 0; i < impact->n_rows; i++)
        if (impact->rows[i].verdict >= IMPACT_UNKNOWN && !impact->rows[i].stale)
            buf_printf(&out, "%s" TEXT_FMT, n++ > 0 ? "; " : "",
                       TEXT_ARG(consumer_message(gate, &impact->rows[i], arena)));
    for (size_t i = 0; i < impact->n_findings && (n == 0 || impact->violates_level); i++)
        if (impact->findings[i].class == CLASS_BREAKING)
            buf_printf(&out, "%s" TEXT_FMT, n++ > 0 ? "; " : "",
                       TEXT_ARG(finding_message(&impact->findings[i], arena)));
    if (impact->violates_level)
        buf_printf(&out, "%s" TEXT_FMT " promises " TEXT_FMT, n > 0 ? "; " : "", TEXT_ARG(gate->line.name),
                   TEXT_ARG(impact->level));
    return buf_end(&out, arena);
}

static void refuse(gate_t *gate, err_code_t code, text_t sentence)
{
    err_set_text(&gate->refusal, code, sentence);
}

/* The details of blockers, one after the other. */
static text_t blockers_text(const blockers_t *blockers, arena_t *arena)
{
    jv_t *list;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    if (jv_read(blockers->json, JV_STRICT, &limits, arena, &list, &fault) == 0 && list->kind == JV_ARRAY)
        for (uint32_t i = 0; i < list->n; i++) {
            const jv_t *detail = jv_get(&list->items[i], "detail");
            if (detail != NULL && detail->kind == JV_STRING)
                buf_printf(&out, "%s" TEXT_FMT, buf_text(&out).bytes > 0 ? "; " : "", TEXT_ARG(detail->text));
        }
    return buf_end(&out, arena);
}

/* What is wrong, and what to do about it. */
static void advise(gate_t *gate, err_code_t code, text_t wrong, text_t advice, arena_t *arena)
{
    gate->advice = advice;
    refuse(gate, code, text_printf(arena, TEXT_FMT ". " TEXT_FMT, TEXT_ARG(wrong), TEXT_ARG(advice)));
}

static void refuse_not_ready(gate_t *gate, const subject_name_t *subject, const blockers_t *blockers,
                             const policy_t *policy, arena_t *arena)
{
    text_t url = policy == NULL ? TEXT_NONE : policy->public_url;
    link_to_change(gate, policy, arena);
    advise(gate, ERR_CHANGE_BLOCKED, what_is_wrong(gate, subject, arena),
           text_printf(arena,
                       TEXT_FMT " proposes this and cannot be applied yet: " TEXT_FMT
                                ". See " TEXT_FMT TEXT_FMT,
                       TEXT_ARG(gate->change.name), TEXT_ARG(blockers_text(blockers, arena)), TEXT_ARG(url),
                       TEXT_ARG(change_path(&gate->change, arena))),
           arena);
}

/* No change proposes it: say which one is in the way, or how to open one. */
static int refuse_without_change(tx_t *tx, gate_t *gate, const subject_name_t *subject,
                                 const policy_t *policy)
{
    arena_t *arena = tx_arena(tx);
    const bool somebody = gate->impact.n_of[IMPACT_BROKEN] + gate->impact.n_of[IMPACT_UNKNOWN] > 0;
    text_t wrong = what_is_wrong(gate, subject, arena), advice;
    text_t url = policy == NULL ? TEXT_NONE : policy->public_url;
    bool other;
    if (change_breaking_of(tx, gate->line.id, &other, &gate->change) != 0)
        return -1;
    if (other) {
        link_to_change(gate, policy, arena);
        advice = text_printf(arena,
                             "Another breaking change of " TEXT_FMT " is open: " TEXT_FMT TEXT_FMT
                             "; push this as its next revision, or withdraw it first",
                             TEXT_ARG(gate->line.name), TEXT_ARG(url),
                             TEXT_ARG(change_path(&gate->change, arena)));
    } else {
        gate->change = (change_t){.id = 0};
        advice = text_printf(arena,
                             "Keep it compatible, publish it on a new line, or open a change: POST " TEXT_FMT
                             "/api/v1/changes {\"kind\":\"schema\",\"line\":\"" TEXT_FMT "\",...}",
                             TEXT_ARG(url), TEXT_ARG(gate->line.name));
    }
    advise(gate, somebody ? ERR_CHANGE_REQUIRED : ERR_INCOMPATIBLE, wrong, advice, arena);
    return 0;
}

/* --- judging ------------------------------------------------------------------------------------------------------------------ */

/* A line that ends takes no new versions; err_t has the reason. */
static bool refuse_state(gate_t *gate, arena_t *arena)
{
    static const struct {
        const char *state;
        err_code_t code;
        const char *says;
    } ends[] = {
        {"sunset", ERR_LINE_SUNSET, "has reached its sunset"},
        {"removed", ERR_LINE_REMOVED, "is removed"},
        {"abandoned", ERR_STATE_CONFLICT, "was abandoned"},
    };
    const line_t *line = &gate->line;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (!text_is(line->state, ends[i].state))
            continue;
        bool successor = line->replacement.at != NULL && !text_is(line->replacement, "none");
        refuse(gate, ends[i].code,
               text_printf(arena, TEXT_FMT " %s and takes no new versions%s" TEXT_FMT, TEXT_ARG(line->name),
                           ends[i].says, successor ? ": use " : "",
                           TEXT_ARG(successor ? line->replacement : TEXT(""))));
        return true;
    }
    return false;
}

/* Checks that no agreement lifts, such as a field's name that was used with another type. */
static bool refuse_checks(gate_t *gate, arena_t *arena)
{
    jv_t *list;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    text_t checks = gate->impact.checks;
    if (checks.bytes == 0 || jv_read(checks, JV_STRICT, &limits, arena, &list, &fault) != 0 ||
        list->kind != JV_ARRAY || list->n == 0)
        return false;
    const jv_t *detail = jv_get(&list->items[0], "detail");
    refuse(gate, ERR_INCOMPATIBLE,
           detail != NULL && detail->kind == JV_STRING ? detail->text : TEXT("The line does not allow it"));
    return true;
}

static int compute(tx_t *tx, int64_t line_id, const subject_name_t *subject, const candidate_t *candidate,
                   gate_t *out)
{
    proposal_t proposal = {
        .kind = PROPOSAL_SCHEMA,
        .subject = subject->qualified,
        .format = candidate->format,
        .text = candidate->text,
        .references = candidate->references.items,
        .n_references = candidate->references.n,
    };
    return impact_compute(tx, line_id, &proposal, &out->impact);
}

static int judge(tx_t *tx, const subject_name_t *subject, const candidate_t *candidate,
                 const policy_t *policy, gate_t *out)
{
    blockers_t blockers = {0};
    if (refuse_state(out, tx_arena(tx)))
        return 0;
    if (compute(tx, out->line.id, subject, candidate, out) != 0)
        return -1;
    if (out->impact.same || refuse_checks(out, tx_arena(tx)))
        return 0;
    if (change_of_content(tx, out->line.id, out->impact.content_hash, &out->found, &out->change) != 0)
        return -1;
    out->found = out->found && !out->change.new_line && !out->change.suggestion;
    if (out->found && change_blockers(tx, out->change.id, &blockers) != 0)
        return -1;
    bool harmless = out->impact.class != IMPACT_CLASS_BREAKING;
    out->applies = out->found && (harmless || blockers.set == 0);
    if (harmless || out->applies)
        return 0;
    if (!out->found)
        return refuse_without_change(tx, out, subject, policy);
    refuse_not_ready(out, subject, &blockers, policy, tx_arena(tx));
    return 0;
}

int gate_judge(tx_t *tx, int64_t line_id, const subject_name_t *subject, const candidate_t *candidate,
               gate_t *out)
{
    return gate_look(tx, line_id, out) != 0 ? -1 : judge(tx, subject, candidate, NULL, out);
}

/* --- drafting ------------------------------------------------------------------------------------------------------------------- */

/* The draft is committed, although the registration is refused. */
static int draft_change(tx_t *tx, const who_t *who, const subject_name_t *subject,
                        const candidate_t *candidate, const policy_t *policy, gate_t *out)
{
    arena_t *arena = tx_arena(tx);
    const principal_t principal = {.kind = PRINCIPAL_ANYBODY, .name = who->actor};
    change_opened_t opened;
    change_draft_t draft = {
        .line_id = out->line.id,
        .proposal = {.kind = PROPOSAL_SCHEMA,
                     .subject = subject->qualified,
                     .format = candidate->format,
                     .text = candidate->text,
                     .references = candidate->references.items,
                     .n_references = candidate->references.n},
        .title = text_printf(arena, "Register on " TEXT_FMT, TEXT_ARG(subject->qualified)),
        .rationale = TEXT("Drafted when the registration was refused."),
        .draft = true,
        .plan = TEXT("{}"),
        .source = TEXT("{}"),
        .context = text_printf(arena, "registration:" TEXT_FMT, TEXT_ARG(subject->qualified)),
        .labels = TEXT("{}"),
    };
    if (change_open(tx, &principal, who, &draft, &opened) != 0)
        return -1;
    out->change = (change_t){.id = opened.id, .name = opened.name};
    link_to_change(out, policy, arena);
    text_t before = text_copy(arena, err_text(&out->refusal));
    out->refusal.long_text = text_printf(
        arena, TEXT_FMT ". " TEXT_FMT " was drafted for it: " TEXT_FMT TEXT_FMT, TEXT_ARG(before),
        TEXT_ARG(opened.name), TEXT_ARG(policy->public_url), TEXT_ARG(change_path(&out->change, arena)));
    return 0;
}

int gate_check(tx_t *tx, const who_t *who, int64_t line_id, const subject_name_t *subject,
               const candidate_t *candidate, const policy_t *policy, gate_t *out)
{
    rules_t rules;
    if (gate_open(tx, line_id, out) != 0 || judge(tx, subject, candidate, policy, out) != 0)
        return -1;
    bool no_change = out->refusal.code == ERR_CHANGE_REQUIRED || out->refusal.code == ERR_INCOMPATIBLE;
    if (!no_change || out->change.id != 0 || out->impact.class != IMPACT_CLASS_BREAKING)
        return 0;
    if (rules_get(tx, out->line.event_id, &rules) != 0)
        return -1;
    return rules.auto_draft_change ? draft_change(tx, who, subject, candidate, policy, out) : 0;
}

/* --- afterwards ------------------------------------------------------------------------------------------------------------------- */

/* The mark that a version keeps for ever of a break that was accepted. */
static text_t mark_of(const gate_t *gate, const who_t *who, arena_t *arena)
{
    const impact_t *impact = &gate->impact;
    buf_t out;
    if (!gate->applies || impact->class != IMPACT_CLASS_BREAKING)
        return TEXT_NONE;
    buf_init(&out, BUF_NO_MAX);
    const bool somebody = impact->n_of[IMPACT_BROKEN] + impact->n_of[IMPACT_UNKNOWN] > 0;
    buf_printf(&out, "{\"change\":\"" TEXT_FMT "\",\"basis\":\"%s\",\"by\":", TEXT_ARG(gate->change.name),
               gate->change.overridden ? "override"
               : somebody              ? "approved"
                                       : "nobody affected");
    jv_print_string(&out, who->actor);
    buf_add_s(&out, ",\"findings\":[");
    for (size_t i = 0, n = 0; i < impact->n_findings; i++)
        if (impact->findings[i].class == CLASS_BREAKING)
            buf_printf(&out, "%s\"" TEXT_FMT "\"", n++ > 0 ? "," : "",
                       TEXT_ARG(impact->findings[i].fingerprint));
    buf_add_s(&out, "]}");
    return buf_end(&out, arena);
}

int gate_registered(tx_t *tx, const who_t *who, const gate_t *gate, const subject_name_t *subject,
                    int32_t version, int32_t context_id, int32_t schema_id, const schema_t *schema)
{
    line_version_t added;
    line_version_new_t fresh = {
        .subject = subject->qualified,
        .version = version,
        .context_id = context_id,
        .schema_id = schema_id,
        .schema = schema,
        .change_id = gate->applies ? gate->change.id : 0,
        .accepted_break = mark_of(gate, who, tx_arena(tx)),
    };
    if (line_version_add(tx, who, &gate->line, &fresh, &added) != 0)
        return -1;
    return gate->applies ? change_registered(tx, who, &gate->change, added.id) : 0;
}
