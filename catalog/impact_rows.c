/* Who is hit: each live consumption judged by what it declared. */
#include <stdlib.h>

#include "catalog/impact_job.h"
#include "catalog/line.h"

/* What comes of judging one consumption. */
typedef struct {
    impact_job_t *job;
    impact_row_t *row;
    const testimony_t *testimony;
    text_t *because;
    size_t room;
} judging_t;

static void hit(judging_t *judging, size_t finding, impact_verdict_t verdict)
{
    impact_row_t *row = judging->row;
    text_t fingerprint = judging->job->out->findings[finding].fingerprint;
    if (verdict > row->verdict)
        row->verdict = verdict;
    for (size_t i = 0; i < row->n_because; i++)
        if (text_eq(judging->because[i], fingerprint))
            return;
    if (row->n_because == judging->room) {
        size_t room = judging->room ? 2 * judging->room : 8;
        text_t *grown = ARENA_ARRAY(judging->job->arena, text_t, room);
        if (row->n_because > 0)
            memcpy(grown, judging->because, row->n_because * sizeof *grown);
        judging->because = grown;
        judging->room = room;
    }
    judging->because[row->n_because++] = fingerprint;
    row->because = judging->because;
}

/* A finding that concerns who reads with what they have. */
static bool concerns_readers(const impact_finding_t *finding)
{
    return (finding->direction == DIRECTION_OLD_READER || finding->direction == DIRECTION_BOTH) &&
           finding->class <= CLASS_RISKY;
}

/* --- nothing declared ---------------------------------------------------------------------------------------------------------- */

static void judge_unknown(judging_t *judging, size_t n_findings)
{
    for (size_t i = 0; i < n_findings; i++) {
        const impact_finding_t *finding = &judging->job->out->findings[i];
        if (concerns_readers(finding))
            hit(judging, i, finding->class == CLASS_BREAKING ? IMPACT_UNKNOWN : IMPACT_AT_RISK);
    }
}

/* --- declared fields ----------------------------------------------------------------------------------------------------------- */

/* `inner` is at or below `outer`: customer, customer.name, customer[].name. */
static bool is_within(text_t inner, text_t outer)
{
    if (outer.bytes == 0)
        return true;
    if (!text_starts(inner, outer))
        return false;
    return inner.bytes == outer.bytes || strchr(".[{<", inner.at[outer.bytes]) != NULL;
}

static bool touches(const impact_finding_t *finding, text_t path)
{
    for (size_t i = 0; i < finding->n_paths; i++)
        if (is_within(path, finding->paths[i]) || is_within(finding->paths[i], path))
            return true;
    return false;
}

static impact_verdict_t verdict_of_field(const impact_finding_t *finding, const declared_t *field)
{
    if (!touches(finding, field->path))
        return IMPACT_UNAFFECTED;
    if (finding->undecided)
        return IMPACT_UNKNOWN;
    if (finding->enum_grew && field->exhaustive)
        return IMPACT_BROKEN;
    return finding->class == CLASS_BREAKING && field->required ? IMPACT_BROKEN : IMPACT_AT_RISK;
}

static void judge_fields(judging_t *judging, size_t n_findings)
{
    for (size_t i = 0; i < n_findings; i++) {
        const impact_finding_t *finding = &judging->job->out->findings[i];
        for (size_t k = 0; concerns_readers(finding) && k < judging->testimony->n_fields; k++) {
            impact_verdict_t verdict = verdict_of_field(finding, &judging->testimony->fields[k]);
            if (verdict != IMPACT_UNAFFECTED)
                hit(judging, i, verdict);
        }
    }
}

/* --- a reader schema ----------------------------------------------------------------------------------------------------------- */

/* One reader schema, which several services may share: judged once. */
typedef struct {
    text_t text;
    format_id_t format;
    int32_t context_id, schema_id; /* as testimony_t */
    schema_t *schema;              /* NULL: it cannot be read */
    const report_t *now, *before;
    fields_t fields;
} reader_t;

typedef struct {
    reader_t *at;
    size_t n;
} readers_t;

/* NULL: it cannot be read. What the database refuses is left in tx_err. */
static schema_t *parse(impact_job_t *job, const reader_t *reader)
{
    const line_version_t version = {.semver = TEXT("read"),
                                    .subject = TEXT("a consumer"),
                                    .context_id = reader->context_id,
                                    .schema_id = reader->schema_id,
                                    .format = reader->format,
                                    .text = reader->text};
    schema_t *schema = NULL;
    if (reader->format == job->out->format)
        line_version_parse_if(job->tx, &version, &schema);
    return schema;
}

static const reader_t *reader_of(impact_job_t *job, readers_t *readers, const testimony_t *testimony)
{
    limits_t limits = LIMITS_DEFAULT;
    for (size_t i = 0; i < readers->n; i++)
        if (readers->at[i].format == testimony->reader_format &&
            readers->at[i].context_id == testimony->reader_context &&
            readers->at[i].schema_id == testimony->reader_schema &&
            text_eq(readers->at[i].text, testimony->reader))
            return &readers->at[i];
    reader_t *reader = &readers->at[readers->n++];
    *reader = (reader_t){.text = testimony->reader,
                         .format = testimony->reader_format,
                         .context_id = testimony->reader_context,
                         .schema_id = testimony->reader_schema};
    reader->schema = parse(job, reader);
    if (reader->schema == NULL)
        return reader;
    job->readers[job->n_readers++] = reader->schema;
    check_options_t options = impact_options(FIX_NONE);
    reader->now = compat_check(reader->schema, job->candidate, &options, job->arena);
    if (job->base != NULL)
        reader->before = compat_check(reader->schema, job->base, &options, job->arena);
    reader->fields = schema_fields(reader->schema, &limits, job->arena);
    return reader;
}

/* It said so of the current version already: not this proposal's doing. */
static bool was_there(const reader_t *reader, const finding_t *finding)
{
    for (size_t i = 0; reader->before != NULL && i < reader->before->n_findings; i++) {
        const finding_t *before = &reader->before->findings[i];
        if (strcmp(before->rule, finding->rule) == 0 && text_eq(before->path, finding->path))
            return true;
    }
    return false;
}

/* A value that the reader makes up from now on, without noticing. */
static bool is_silent(const finding_t *finding)
{
    return finding->class == CLASS_RISKY || strcmp(finding->rule, "field-filled") == 0;
}

static void hit_own(judging_t *judging, const finding_t *finding, impact_verdict_t verdict)
{
    impact_job_t *job = judging->job;
    finding_t own = *finding;
    own.class = verdict == IMPACT_BROKEN ? CLASS_BREAKING : CLASS_RISKY;
    ssize_t same = impact_same_finding(job, &own);
    size_t at = same >= 0
                    ? (size_t)same
                    : impact_add_finding(job, &own, DIRECTION_OLD_READER, judging->testimony->reader_name);
    if (verdict == IMPACT_BROKEN && judging->row->counterexample.at == NULL)
        judging->row->counterexample =
            impact_counterexample(job, finding->witness, judging->testimony->reader_name);
    hit(judging, at, verdict);
}

/* What the proposal makes of fields that the reader has, where its own schema does not say enough to notice: their meaning. */
static void judge_meaning(judging_t *judging, const reader_t *reader, size_t n_findings)
{
    for (size_t i = 0; i < n_findings; i++) {
        const impact_finding_t *finding = &judging->job->out->findings[i];
        if (!concerns_readers(finding) || finding->class != CLASS_RISKY)
            continue;
        for (size_t k = 0; k < finding->n_paths; k++)
            if (fields_find(&reader->fields, finding->paths[k]) != NULL)
                hit(judging, i, IMPACT_AT_RISK);
    }
}

static void judge_reader(judging_t *judging, const reader_t *reader, size_t n_findings)
{
    const report_t *now = reader->now;
    for (size_t i = 0; i < now->n_findings; i++) {
        const finding_t *finding = &now->findings[i];
        if (was_there(reader, finding))
            continue;
        if (finding->class == CLASS_BREAKING)
            hit_own(judging, finding, IMPACT_BROKEN);
        else if (is_silent(finding))
            hit_own(judging, finding, IMPACT_AT_RISK);
    }
    bool known = now->verdict != VERDICT_UNDECIDED;
    if (!known && judging->row->verdict < IMPACT_UNKNOWN)
        judge_unknown(judging, n_findings);
    judge_meaning(judging, reader, n_findings);
    if (now->verdict == VERDICT_INCOMPATIBLE && judging->row->verdict < IMPACT_BROKEN)
        judging->row->note = TEXT("its reader schema cannot read the current version either");
}

/* --- the contract -------------------------------------------------------------------------------------------------------------- */

static bool lists(text_t list, text_t word)
{
    while (list.bytes > 0) {
        const char *comma = memchr(list.at, ',', list.bytes);
        text_t first = {list.at, comma != NULL ? (size_t)(comma - list.at) : list.bytes};
        if (text_eq(first, word))
            return true;
        list = comma != NULL ? text_from(list, first.bytes + 1) : TEXT("");
    }
    return false;
}

/* A promise is kept for everybody, or for nobody: evidence of what is read does not matter. */
static void judge_contract(judging_t *judging, size_t n_findings)
{
    for (size_t i = 0; i < n_findings; i++) {
        const impact_finding_t *finding = &judging->job->out->findings[i];
        if (finding->direction != DIRECTION_CONTRACT || finding->class > CLASS_RISKY ||
            lists(judging->testimony->not_relied_on, finding->attribute))
            continue;
        bool ends = text_is(finding->attribute, "lifecycle");
        hit(judging, i,
            finding->class != CLASS_BREAKING                   ? IMPACT_AT_RISK
            : judging->row->evidence == EVIDENCE_NONE && !ends ? IMPACT_UNKNOWN
                                                               : IMPACT_BROKEN);
    }
}

/* --- a row --------------------------------------------------------------------------------------------------------------------- */

static act_t act_of(const impact_row_t *row)
{
    static const act_t acts[IMPACT_VERDICT_N] = {
        [IMPACT_UNAFFECTED] = ACT_NONE,
        [IMPACT_AT_RISK] = ACT_ACKNOWLEDGE,
        [IMPACT_UNKNOWN] = ACT_APPROVE,
        [IMPACT_BROKEN] = ACT_APPROVE,
    };
    if (row->stale || row->accepted)
        return ACT_NONE;
    return !row->blocking && acts[row->verdict] == ACT_APPROVE ? ACT_ACKNOWLEDGE : acts[row->verdict];
}

static void judge(impact_job_t *job, impact_row_t *row, const testimony_t *testimony, readers_t *readers,
                  size_t n_findings)
{
    judging_t judging = {.job = job, .row = row, .testimony = testimony};
    bool of_values = !text_is(job->out->role, "key"), by_schema = job->candidate != NULL;
    row->evidence = testimony->reader.at != NULL ? EVIDENCE_READER
                    : testimony->n_fields > 0    ? EVIDENCE_FIELDS
                                                 : EVIDENCE_NONE;
    if (by_schema && !of_values) {
        row->evidence = EVIDENCE_NONE;
        row->note = TEXT("what it declared is about values, and this is the key");
    }
    const reader_t *reader =
        by_schema && row->evidence == EVIDENCE_READER ? reader_of(job, readers, testimony) : NULL;
    if (reader != NULL && reader->schema == NULL) {
        row->evidence = testimony->n_fields > 0 ? EVIDENCE_FIELDS : EVIDENCE_NONE;
        row->note = TEXT("its reader schema cannot be read");
        reader = NULL;
    }
    if (by_schema && reader != NULL)
        judge_reader(&judging, reader, n_findings);
    else if (by_schema && row->evidence == EVIDENCE_FIELDS)
        judge_fields(&judging, n_findings);
    else if (by_schema)
        judge_unknown(&judging, n_findings);
    judge_contract(&judging, n_findings);
    row->act = act_of(row);
}

/* --- all of them --------------------------------------------------------------------------------------------------------------- */

static void read_row(rows_t *rows, impact_row_t *row, testimony_t *testimony)
{
    *row = (impact_row_t){
        .consumption_id = row_i64(rows, "id"),
        .service_id = row_i64(rows, "service_id"),
        .team_id = row_i64(rows, "team_id"),
        .consumption = row_text(rows, "public_id"),
        .service = row_text(rows, "service"),
        .team = row_text(rows, "team"),
        .blocking = row_bool(rows, "blocking"),
        .stale = row_bool(rows, "stale"),
        .accepted = row_bool(rows, "accepted"),
        .produces = row_bool(rows, "produces"),
        .environments = row_text(rows, "environments"),
        .last_seen = row_text(rows, "last_seen"),
        .counterexample = TEXT_NONE,
        .note = TEXT_NONE,
    };
    *testimony = (testimony_t){
        .reader = row_text_or_none(rows, "reader_text"),
        .reader_name = row_text(rows, "reader_name"),
        .not_relied_on = row_text(rows, "not_relied_on"),
    };
    if (testimony->reader.at != NULL)
        format_find(row_text(rows, "reader_format"), &testimony->reader_format);
    if (!row_is_null(rows, "reader_schema")) {
        testimony->reader_context = row_i32(rows, "reader_context");
        testimony->reader_schema = row_i32(rows, "reader_schema");
    }
}

/* Rows of one consumption stand together: one for each field. */
static size_t gather(rows_t *rows, arena_t *arena, impact_row_t *out, testimony_t *testimonies)
{
    size_t n = 0, n_fields = 0, n_rows = rows_n(rows);
    declared_t *fields = ARENA_ARRAY(arena, declared_t, n_rows);
    while (rows_next(rows)) {
        if (n == 0 || out[n - 1].consumption_id != row_i64(rows, "id")) {
            read_row(rows, &out[n], &testimonies[n]);
            testimonies[n++].fields = &fields[n_fields];
        }
        if (row_is_null(rows, "path"))
            continue;
        fields[n_fields++] = (declared_t){.path = row_text(rows, "path"),
                                          .required = row_bool(rows, "required"),
                                          .exhaustive = row_bool(rows, "exhaustive")};
        testimonies[n - 1].n_fields++;
    }
    return n;
}

static int compare_rows(const void *a, const void *b)
{
    const impact_row_t *x = a, *y = b;
    if (x->verdict != y->verdict)
        return (int)y->verdict - (int)x->verdict;
    int order = text_compare(x->service, y->service);
    return order != 0 ? order
                      : (x->consumption_id > y->consumption_id) - (x->consumption_id < y->consumption_id);
}

int impact_rows(impact_job_t *job)
{
    rows_t *rows;
    impact_t *out = job->out;
    if (tx_query(job->tx, STMT_IMPACT_CONSUMERS, &rows, sql_i64(out->line_id), sql_i64(job->stale_days),
                 sql_i64(job->reminders), sql_i64(job->proposal->change_id)) != 0)
        return -1;
    size_t room = rows_n(rows), n_findings = out->n_findings;
    testimony_t *testimonies = ARENA_ARRAY(job->arena, testimony_t, room);
    readers_t readers = {.at = ARENA_ARRAY(job->arena, reader_t, room)};
    out->rows = ARENA_ARRAY(job->arena, impact_row_t, room);
    job->readers = ARENA_ARRAY(job->arena, schema_t *, room);
    out->n_rows = gather(rows, job->arena, out->rows, testimonies);
    if (row_end(rows) != 0)
        return -1;
    for (size_t i = 0; i < out->n_rows; i++) {
        judge(job, &out->rows[i], &testimonies[i], &readers, n_findings);
        if (out->rows[i].stale)
            out->n_stale++;
        else
            out->n_of[out->rows[i].verdict]++;
    }
    if (tx_err(job->tx)->code != ERR_NONE)
        return -1;
    qsort(out->rows, out->n_rows, sizeof *out->rows, compare_rows);
    return 0;
}
