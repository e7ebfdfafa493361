/* What impact.h found, as replies and tables have it. */
#include "catalog/impact.h"

static void member(buf_t *out, const char *name, text_t value)
{
    buf_printf(out, ",\"%s\":", name);
    jv_print_string(out, value);
}

static void member_or_null(buf_t *out, const char *name, text_t value)
{
    if (value.at != NULL)
        member(out, name, value);
    else
        buf_printf(out, ",\"%s\":null", name);
}

static void raw_or_null(buf_t *out, const char *name, text_t json)
{
    buf_printf(out, ",\"%s\":", name);
    buf_add(out, json.at != NULL ? json : TEXT("null"));
}

static void print_texts(buf_t *out, const text_t *texts, size_t n)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        jv_print_string(out, texts[i]);
    }
    buf_add_char(out, ']');
}

static void print_finding(buf_t *out, const impact_finding_t *finding)
{
    buf_printf(out, "{\"fingerprint\":\"" TEXT_FMT "\"", TEXT_ARG(finding->fingerprint));
    member(out, "rule", finding->rule);
    buf_printf(out, ",\"class\":\"%s\",\"direction\":\"%s\"", finding_class_name(finding->class),
               direction_word(finding->direction));
    member(out, "path", finding->path);
    if (finding->n_paths > 1) {
        buf_add_s(out, ",\"paths\":");
        print_texts(out, finding->paths, finding->n_paths);
    }
    if (finding->line > 0)
        buf_printf(out, ",\"source\":{\"line\":%u,\"column\":%u}", finding->line, finding->column);
    else
        buf_add_s(out, ",\"source\":null");
    member(out, "message", finding->message);
    member(out, "hint", finding->hint);
    raw_or_null(out, "counterexample", finding->counterexample);
    buf_add_char(out, '}');
}

static void print_next(buf_t *out, const impact_row_t *row)
{
    if (row->evidence != EVIDENCE_NONE || row->verdict == IMPACT_UNAFFECTED)
        return;
    buf_printf(out,
               ",\"next\":{\"do\":\"declare fields or attach a reader "
               "schema\",\"href\":\"/api/v1/consumptions/" TEXT_FMT "\"}",
               TEXT_ARG(row->consumption));
}

static void print_row(buf_t *out, const impact_row_t *row)
{
    buf_printf(out, "{\"consumption_id\":%lld", (long long)row->consumption_id);
    member(out, "consumption", row->consumption);
    member(out, "service", row->service);
    member(out, "team", row->team);
    buf_printf(out,
               ",\"criticality\":\"%s\",\"verdict\":\"%s\",\"evidence\":\"%s\",\"act\":\"%s\",\"stale\":%s,"
               "\"accepted\":%s,\"because\":",
               row->blocking ? "blocking" : "informational", impact_verdict_word(row->verdict),
               evidence_word(row->evidence), act_word(row->act), row->stale ? "true" : "false",
               row->accepted ? "true" : "false");
    print_texts(out, row->because, row->n_because);
    raw_or_null(out, "counterexample", row->counterexample);
    raw_or_null(out, "environments", row->environments);
    raw_or_null(out, "last_seen", row->last_seen);
    member_or_null(out, "note", row->note);
    print_next(out, row);
    buf_add_char(out, '}');
}

static void print_findings(buf_t *out, const impact_t *impact)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < impact->n_findings; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        print_finding(out, &impact->findings[i]);
    }
    buf_add_char(out, ']');
}

static void print_rows(buf_t *out, const impact_t *impact)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < impact->n_rows; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        print_row(out, &impact->rows[i]);
    }
    buf_add_char(out, ']');
}

text_t impact_findings_json(const impact_t *impact, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    print_findings(&out, impact);
    return buf_end(&out, arena);
}

text_t impact_rows_json(const impact_t *impact, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    print_rows(&out, impact);
    return buf_end(&out, arena);
}

text_t impact_json(const impact_t *impact, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_s(&out, "{\"line\":");
    jv_print_string(&out, impact->line);
    buf_printf(&out, ",\"class\":\"%s\",\"violates_level\":%s,\"same\":%s", impact_class_word(impact->class),
               impact->violates_level ? "true" : "false", impact->same ? "true" : "false");
    member_or_null(&out, "level", impact->level);
    member_or_null(&out, "semver", impact->semver_to);
    member_or_null(&out, "semver_from", impact->semver_from);
    buf_printf(&out, ",\"step\":\"%s\",\"sentence\":", semver_name(impact->step));
    jv_print_string(&out, impact_sentence(impact, 0, arena));
    buf_add_s(&out, ",\"findings\":");
    print_findings(&out, impact);
    buf_add_s(&out, ",\"impact\":");
    print_rows(&out, impact);
    buf_printf(
        &out,
        ",\"summary\":{\"broken\":%zu,\"unknown\":%zu,\"at_risk\":%zu,\"unaffected\":%zu,\"stale\":%zu},"
        "\"alternatives\":",
        impact->n_of[IMPACT_BROKEN], impact->n_of[IMPACT_UNKNOWN], impact->n_of[IMPACT_AT_RISK],
        impact->n_of[IMPACT_UNAFFECTED], impact->n_stale);
    print_texts(&out, impact->alternatives, impact->n_alternatives);
    raw_or_null(&out, "checks", impact->checks);
    buf_printf(&out,
               ",\"links\":{\"self\":\"/api/v1/impact\",\"line\":\"/api/v1/lines/" TEXT_FMT
               "\",\"ui\":\"/ui/events/" TEXT_FMT "/%d/impact\"}}",
               TEXT_ARG(impact->line), TEXT_ARG(impact->event), impact->major);
    return buf_end(&out, arena);
}

/* --- one sentence -------------------------------------------------------------------------------------------------------------- */

static const impact_finding_t *finding_of(const impact_t *impact, text_t fingerprint)
{
    for (size_t i = 0; i < impact->n_findings; i++)
        if (text_eq(impact->findings[i].fingerprint, fingerprint))
            return &impact->findings[i];
    return NULL;
}

/* billing-service (currency, amount) */
static void name_service(buf_t *out, const impact_t *impact, const impact_row_t *row)
{
    enum { PATHS_MAX = 4 };
    size_t n = 0;
    buf_add(out, row->service);
    for (size_t i = 0; i < row->n_because && n < PATHS_MAX; i++) {
        const impact_finding_t *finding = finding_of(impact, row->because[i]);
        if (finding == NULL || finding->path.bytes == 0)
            continue;
        buf_add_s(out, n++ == 0 ? " (" : ", ");
        buf_add(out, finding->path);
    }
    if (n > 0)
        buf_add_char(out, ')');
}

text_t impact_sentence(const impact_t *impact, int64_t team_id, arena_t *arena)
{
    static const char *const says[IMPACT_VERDICT_N] = {
        [IMPACT_BROKEN] = "would break: ",
        [IMPACT_UNKNOWN] = "may break, nothing is declared: ",
        [IMPACT_AT_RISK] = "can go on, with a change of meaning: ",
    };
    enum { NAMES_MAX = 5 };
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (int verdict = IMPACT_BROKEN; verdict > IMPACT_UNAFFECTED; verdict--) {
        size_t n = 0;
        for (size_t i = 0; i < impact->n_rows; i++) {
            const impact_row_t *row = &impact->rows[i];
            if ((int)row->verdict != verdict || row->stale || (team_id != 0 && row->team_id != team_id))
                continue;
            if (n++ == 0)
                buf_printf(&out, "%s%s", buf_text(&out).bytes > 0 ? "; " : "", says[verdict]);
            else if (n <= NAMES_MAX)
                buf_add_s(&out, ", ");
            if (n <= NAMES_MAX)
                name_service(&out, impact, row);
        }
        if (n > NAMES_MAX)
            buf_printf(&out, " and %zu more", n - NAMES_MAX);
    }
    if (buf_text(&out).bytes == 0)
        buf_add_s(&out, impact->n_rows == 0 ? "nobody is known to read this line"
                        : team_id != 0      ? "nothing breaks for your services"
                                            : "no consumer is affected");
    return buf_end(&out, arena);
}
