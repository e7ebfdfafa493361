#include "catalog/consumption.h"

#include "catalog/admission.h"
#include "catalog/policy.h"
#include "catalog/reference.h"
#include "catalog/refusal.h"

enum { SUGGESTIONS_MAX = 3, PATH_BYTES_MAX = 1000, FIELDS_MAX = 2000 };

/* A declaration on its way. */
typedef struct {
    tx_t *tx;
    const line_t *line;
    const consumption_draft_t *draft;
    int64_t team_id;
    schema_t *current; /* the line's values; NULL: no version yet */
    fields_t fields;   /* of it */
    schema_t *reader;
    text_t reader_json, reader_text; /* as stored */
    text_t *reader_paths;
    size_t n_reader_paths;
    buf_t warnings;
    bool later; /* it is there already, and read these before: it was agreed to, or needed nobody's word */
    text_t *before;
    size_t n_before;
} declaration_t;

/* --- reading --------------------------------------------------------------------------------------------------------------------------- */

int consumption_get(tx_t *tx, text_t public_id, consumption_place_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CONSUMPTION_FIND, &rows, sql_text(public_id)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no consumption \"" TEXT_FMT "\"",
                       TEXT_ARG(public_id));
    *out = (consumption_place_t){
        .id = row_i64(rows, "id"),
        .service_id = row_i64(rows, "service_id"),
        .team_id = row_i64(rows, "team_id"),
        .owner_id = row_i64(rows, "owner_id"),
        .public_id = row_text(rows, "public_id"),
        .service = row_text(rows, "service"),
        .team = row_text(rows, "team"),
        .state = row_text(rows, "state"),
        .managed_by = row_text(rows, "managed_by"),
        .rev = row_i32(rows, "rev"),
    };
    int64_t line_id = row_i64(rows, "line_id");
    return row_end(rows) != 0 ? -1 : line_get_id(tx, line_id, &out->line);
}

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, text_t public_id, const line_t *line,
                text_t detail, text_t reason)
{
    return audit_note(
        tx, &(audit_t){.kind = kind,
                       .object = text_printf(tx_arena(tx), "consumption:" TEXT_FMT, TEXT_ARG(public_id)),
                       .about = line->name,
                       .detail = detail,
                       .reason = reason,
                       .actor = who->actor,
                       .request_id = who->request_id});
}

static text_t parties_detail(tx_t *tx, const line_t *line, text_t service, text_t team)
{
    return text_printf(tx_arena(tx),
                       "{\"line\":\"" TEXT_FMT "\",\"service\":\"" TEXT_FMT "\",\"team\":\"" TEXT_FMT
                       "\",\"owner\":\"" TEXT_FMT "\"}",
                       TEXT_ARG(line->name), TEXT_ARG(service), TEXT_ARG(team), TEXT_ARG(line->team));
}

/* --- the reader schema --------------------------------------------------------------------------------------------------------------------- */

static int invalid(tx_t *tx, text_t place, text_t sentence)
{
    arena_t *arena = tx_arena(tx);
    tx_err(tx)->place = arena_copy(arena, place.at, place.bytes);
    return err_set_text(tx_err(tx), ERR_FIELD_INVALID,
                        text_printf(arena, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(place), TEXT_ARG(sentence)));
}

static int read_registered(declaration_t *d)
{
    const consumption_draft_t *draft = d->draft;
    tx_t *tx = d->tx;
    arena_t *arena = tx_arena(tx);
    rows_t *rows;
    buf_t json;
    subject_name_t subject = subject_name_parse(draft->reader_subject, TEXT_NONE, arena);
    if (tx_query(tx, STMT_READER_STORED, &rows, sql_text(subject.qualified),
                 draft->reader_version <= 0 ? sql_null() : sql_i64(draft->reader_version)) != 0)
        return -1;
    if (!rows_next(rows))
        return invalid(tx, TEXT("reader.subject"),
                       text_printf(arena, "there is no such version of subject " TEXT_FMT,
                                   TEXT_ARG(draft->reader_subject)));
    line_version_t stored = {.semver = TEXT("the reader's"),
                             .subject = subject.qualified,
                             .context_id = row_i32(rows, "context_id"),
                             .schema_id = row_i32(rows, "schema_id")};
    int32_t version = row_i32(rows, "version");
    if (!format_find(row_text(rows, "type"), &stored.format) || row_end(rows) != 0 ||
        line_version_parse(tx, &stored, &d->reader) != 0)
        return -1;
    buf_init(&json, BUF_NO_MAX);
    buf_add_s(&json, "{\"subject\":");
    jv_print_string(&json, subject.qualified);
    buf_printf(&json, ",\"version\":%d}", version);
    d->reader_json = buf_end(&json, arena);
    return 0;
}

static int read_given(declaration_t *d)
{
    const consumption_draft_t *draft = d->draft;
    schema_source_t source = {.format = d->current != NULL ? schema_format(d->current) : FORMAT_AVRO,
                              .text = draft->reader_text,
                              .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    if (draft->reader_format.at != NULL && !format_find(draft->reader_format, &source.format))
        return invalid(d->tx, TEXT("reader.format"), TEXT("must be AVRO or JSON"));
    if (schema_parse(&source, &d->reader, &fault) == 0)
        return 0;
    return refuse_text(tx_err(d->tx), "reader.schema", &fault, tx_arena(d->tx));
}

static void warn(declaration_t *d, const char *code, const char *name, text_t value, text_t more)
{
    buf_add_s(&d->warnings, buf_text(&d->warnings).bytes > 1 ? ",{" : "{");
    buf_printf(&d->warnings, "\"code\":\"%s\",\"%s\":", code, name);
    jv_print_string(&d->warnings, value);
    buf_add(&d->warnings, more);
    buf_add_char(&d->warnings, '}');
}

static int refuse_reader(declaration_t *d, const report_t *report)
{
    arena_t *arena = tx_arena(d->tx);
    buf_t extra;
    buf_init(&extra, BUF_NO_MAX);
    buf_add_s(&extra, "{\"line\":");
    jv_print_string(&extra, d->line->name);
    if (report->witness != NULL) {
        buf_add_s(&extra, ",\"counterexample\":{\"message\":");
        buf_add(&extra, report->witness->json);
        buf_add_s(&extra, ",\"reader_error\":");
        jv_print_string(&extra, report->witness->refusal);
        buf_add_s(&extra, ",\"verified\":true}");
    }
    buf_add_char(&extra, '}');
    tx_err(d->tx)->place = "reader";
    tx_err(d->tx)->extra = buf_end(&extra, arena);
    return err_set(tx_err(d->tx), ERR_INCOMPATIBLE,
                   "With this reader schema the service cannot read " TEXT_FMT " as it is today. " TEXT_FMT,
                   TEXT_ARG(d->line->name),
                   TEXT_ARG(report->n_findings > 0 ? report->findings[0].sentence : TEXT("")));
}

static int reader_check(declaration_t *d)
{
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 8, .fix = FIX_NONE};
    if (d->current == NULL)
        return 0;
    if (schema_format(d->current) != schema_format(d->reader))
        return invalid(
            d->tx, TEXT("reader.format"),
            text_printf(tx_arena(d->tx), "the line is %s", format_name(schema_format(d->current))));
    const report_t *report = compat_check(d->reader, d->current, &options, tx_arena(d->tx));
    if (report->verdict == VERDICT_UNDECIDED)
        warn(d, "READER_UNDECIDED", "detail",
             TEXT("Whether the reader schema reads the current version could not be decided"), TEXT(""));
    return report->verdict == VERDICT_INCOMPATIBLE ? refuse_reader(d, report) : 0;
}

static int reader_read(declaration_t *d)
{
    const consumption_draft_t *draft = d->draft;
    limits_t limits = LIMITS_DEFAULT;
    arena_t *arena = tx_arena(d->tx);
    if (draft->reader_subject.at == NULL && draft->reader_text.at == NULL)
        return 0;
    if ((draft->reader_subject.at != NULL ? read_registered(d) : read_given(d)) != 0 || reader_check(d) != 0)
        return -1;
    fields_t fields = schema_fields(d->reader, &limits, arena);
    d->reader_text = schema_resolved(d->reader, arena);
    d->reader_paths = ARENA_ARRAY(arena, text_t, fields.n);
    for (size_t i = 0; i < fields.n && i < FIELDS_MAX; i++)
        if (fields.at[i].path.bytes > 0 &&
            memchr(fields.at[i].path.at, '\0', fields.at[i].path.bytes) == NULL)
            d->reader_paths[d->n_reader_paths++] = fields.at[i].path;
    return 0;
}

/* --- declared fields ------------------------------------------------------------------------------------------------------------------------ */

/* Where no path is spelt alike: those that begin with it, as coupon_code does with coupon. */
static size_t suggest_longer(const declaration_t *d, text_t path, const field_t **near)
{
    size_t n = 0;
    for (size_t i = 0; i < d->fields.n && n < SUGGESTIONS_MAX; i++)
        if (text_starts(d->fields.at[i].path, path))
            near[n++] = &d->fields.at[i];
    return n;
}

static void warn_unknown(declaration_t *d, text_t path)
{
    const field_t *near[SUGGESTIONS_MAX];
    size_t n = fields_suggest(&d->fields, path, near, SUGGESTIONS_MAX);
    if (n == 0)
        n = suggest_longer(d, path, near);
    buf_t more;
    buf_init(&more, BUF_NO_MAX);
    buf_add_s(&more, ",\"did_you_mean\":[");
    for (size_t i = 0; i < n; i++) {
        buf_add_s(&more, i == 0 ? "" : ",");
        jv_print_string(&more, near[i]->path);
    }
    buf_add_char(&more, ']');
    warn(d, "FIELD_NOT_IN_SCHEMA", "path", path, buf_end(&more, tx_arena(d->tx)));
}

static int fields_read(declaration_t *d)
{
    const consumption_draft_t *draft = d->draft;
    arena_t *arena = tx_arena(d->tx);
    if (draft->n_fields > FIELDS_MAX)
        return invalid(d->tx, TEXT("fields"), text_printf(arena, "at most %d", FIELDS_MAX));
    for (size_t i = 0; i < draft->n_fields; i++) {
        text_t path = draft->fields[i].path, place = text_printf(arena, "fields[%zu].path", i);
        if (path.bytes == 0 || path.bytes > PATH_BYTES_MAX)
            return invalid(d->tx, place, TEXT("must be the path of a field, like customer.address.zip"));
        for (size_t k = 0; k < i; k++)
            if (text_eq(draft->fields[k].path, path))
                return invalid(d->tx, place, text_printf(arena, TEXT_FMT " is there twice", TEXT_ARG(path)));
        if (d->current != NULL && fields_find(&d->fields, path) == NULL)
            warn_unknown(d, path);
    }
    return 0;
}

static text_t fields_json(const consumption_draft_t *draft, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '[');
    for (size_t i = 0; i < draft->n_fields; i++) {
        const consumption_field_t *field = &draft->fields[i];
        buf_add_s(&out, i == 0 ? "{\"path\":" : ",{\"path\":");
        jv_print_string(&out, field->path);
        buf_printf(&out, ",\"need\":\"%s\",\"enum_handling\":\"%s\",\"use\":",
                   field->required ? "required" : "optional", field->exhaustive ? "exhaustive" : "tolerant");
        jv_print_string(&out, field->use.at == NULL ? TEXT("") : field->use);
        buf_add_char(&out, '}');
    }
    buf_add_char(&out, ']');
    return buf_end(&out, arena);
}

static int declaration_read(declaration_t *d)
{
    limits_t limits = LIMITS_DEFAULT;
    line_version_t version;
    bool found;
    if (line_version_current(d->tx, d->line->id, "value", &found, &version) != 0 ||
        (found && line_version_parse(d->tx, &version, &d->current) != 0))
        return -1;
    if (found)
        d->fields = schema_fields(d->current, &limits, tx_arena(d->tx));
    return reader_read(d) != 0 || fields_read(d) != 0 ? -1 : 0;
}

static void declaration_dispose(declaration_t *d)
{
    schema_unref(d->current);
    schema_unref(d->reader);
    buf_dispose(&d->warnings);
}

/* --- whether the owner is asked --------------------------------------------------------------------------------------------------------------- */

static bool is_personal(const rules_t *rules, const field_t *field)
{
    for (size_t i = 0; i < field->n_tags; i++)
        if (rules_lists(rules->pii_tags, rules->n_pii_tags, field->tags[i]))
            return true;
    return false;
}

static bool reads(const declaration_t *d, text_t path)
{
    bool anything = d->draft->n_fields == 0 && d->n_reader_paths == 0;
    for (size_t i = 0; i < d->draft->n_fields; i++)
        if (text_eq(d->draft->fields[i].path, path))
            return true;
    for (size_t i = 0; i < d->n_reader_paths; i++)
        if (text_eq(d->reader_paths[i], path))
            return true;
    return anything;
}

static bool read_before(const declaration_t *d, text_t path)
{
    for (size_t i = 0; i < d->n_before; i++)
        if (text_eq(d->before[i], path))
            return true;
    return d->later && d->n_before == 0;
}

static int before_read(declaration_t *d, int64_t consumption_id)
{
    rows_t *rows;
    d->later = true;
    if (tx_query(d->tx, STMT_CONSUMPTION_PATHS, &rows, sql_i64(consumption_id)) != 0)
        return -1;
    d->before = ARENA_ARRAY(tx_arena(d->tx), text_t, rows_n(rows));
    while (rows_next(rows))
        d->before[d->n_before++] = row_text(rows, "path");
    return row_end(rows);
}

static const field_t *newly_personal(const declaration_t *d, const rules_t *rules)
{
    for (size_t i = 0; rules->pii_needs_agreement && i < d->fields.n; i++) {
        const field_t *field = &d->fields.at[i];
        if (is_personal(rules, field) && reads(d, field->path) && !read_before(d, field->path))
            return field;
    }
    return NULL;
}

/* The owner's own services need nobody's word. */
static int settle(declaration_t *d, consumption_declared_t *out)
{
    rules_t rules;
    arena_t *arena = tx_arena(d->tx);
    out->approver = d->line->team;
    if (d->team_id == d->line->team_id || (d->later && !d->draft->reader_given && !d->draft->fields_given))
        return 0;
    if (rules_get(d->tx, d->line->event_id, &rules) != 0)
        return -1;
    const field_t *personal = newly_personal(d, &rules);
    if (!d->later && text_is(d->line->audience, "partner"))
        out->why = text_printf(arena, TEXT_FMT " goes to partners: team " TEXT_FMT " has to agree",
                               TEXT_ARG(d->line->event), TEXT_ARG(d->line->team));
    else if (personal != NULL)
        out->why = text_printf(arena, "Field " TEXT_FMT " is personal data: team " TEXT_FMT " has to agree",
                               TEXT_ARG(personal->path), TEXT_ARG(d->line->team));
    out->requested = out->why.at != NULL;
    if (out->requested)
        warn(d, "PII_APPROVAL_REQUIRED", "detail", out->why,
             text_printf(arena, ",\"approver\":\"" TEXT_FMT "\"", TEXT_ARG(d->line->team)));
    return 0;
}

static void warnings_end(declaration_t *d, consumption_declared_t *out)
{
    buf_add_char(&d->warnings, ']');
    out->warnings = buf_take(&d->warnings, tx_arena(d->tx));
}

/* --- writing ----------------------------------------------------------------------------------------------------------------------------------- */

static int fields_write(tx_t *tx, int64_t id, const consumption_draft_t *draft)
{
    if (!draft->fields_given)
        return 0;
    return tx_send(tx, STMT_CONSUMPTION_FIELDS_CLEAR, sql_i64(id)) != 0
               ? -1
               : tx_send(tx, STMT_CONSUMPTION_FIELDS_ADD, sql_i64(id),
                         sql_text(fields_json(draft, tx_arena(tx))));
}

static sql_arg_t reader_format_arg(const declaration_t *d)
{
    return d->reader == NULL ? sql_null() : sql_text(text_of(format_name(schema_format(d->reader))));
}

static int insert(declaration_t *d, const who_t *who, const admission_t *admission,
                  consumption_declared_t *out)
{
    const consumption_draft_t *draft = d->draft;
    tx_t *tx = d->tx;
    rows_t *rows;
    if (tx_query(tx, STMT_CONSUMPTION_ADD, &rows, sql_i64(admission->service_id), sql_i64(d->line->id),
                 sql_text_or_null(draft->version_range), sql_text_or_null(draft->environments),
                 sql_text_or_null(draft->purpose), sql_text_or_null(draft->criticality),
                 sql_text_or_null(d->reader_json), reader_format_arg(d), sql_text_or_null(d->reader_text),
                 sql_text_array(d->reader_paths, d->n_reader_paths, tx_arena(tx)),
                 sql_text_or_null(draft->not_relied_on),
                 sql_text(out->requested ? TEXT("requested") : TEXT("active")),
                 admission->pending == 0 ? sql_null() : sql_i64(admission->pending),
                 sql_text_or_null(draft->labels), sql_text_or_null(draft->managed_by),
                 sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    out->id = row_i64(rows, "id");
    out->public_id = row_text(rows, "public_id");
    out->created = true;
    if (row_end(rows) != 0 || fields_write(tx, out->id, draft) != 0)
        return -1;
    return note(tx, who, out->requested ? AUDIT_CONSUMPTION_REQUESTED : AUDIT_CONSUMPTION_ACTIVATED,
                out->public_id, d->line, parties_detail(tx, d->line, admission->service, admission->team),
                out->requested ? out->why : TEXT_NONE);
}

static int refuse_twice(tx_t *tx, const line_t *line, const admission_t *admission)
{
    tx_err(tx)->extra = text_printf(
        tx_arena(tx), "{\"consumption\":\"" TEXT_FMT "\",\"href\":\"/api/v1/consumptions/" TEXT_FMT "\"}",
        TEXT_ARG(admission->live_consumption), TEXT_ARG(admission->live_consumption));
    return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                   "Service " TEXT_FMT " reads " TEXT_FMT " already: change " TEXT_FMT " instead",
                   TEXT_ARG(admission->service), TEXT_ARG(line->name), TEXT_ARG(admission->live_consumption));
}

static int declare_new(tx_t *tx, const who_t *who, const line_t *line, const admission_t *admission,
                       const consumption_draft_t *draft, consumption_declared_t *out)
{
    declaration_t d = {.tx = tx, .line = line, .draft = draft, .team_id = admission->team_id};
    int rc = -1;
    buf_init(&d.warnings, BUF_NO_MAX);
    buf_add_char(&d.warnings, '[');
    *out = (consumption_declared_t){.requested = false};
    if (admission_check_line(tx, line, admission) == 0 &&
        admission_check_pending(tx, line, admission, draft->accepts_pending) == 0 &&
        declaration_read(&d) == 0 && settle(&d, out) == 0 && insert(&d, who, admission, out) == 0) {
        warnings_end(&d, out);
        rc = 0;
    }
    declaration_dispose(&d);
    return rc;
}

int consumption_declare(tx_t *tx, const principal_t *by, const who_t *who, const consumption_draft_t *draft,
                        bool again, consumption_declared_t *out)
{
    line_t line;
    admission_t admission;
    consumption_place_t there;
    if (line_get(tx, draft->line, &line) != 0 ||
        admission_of(tx, by, &line, draft->service, draft->environments, &admission) != 0)
        return -1;
    if (admission.live_consumption.at == NULL)
        return declare_new(tx, who, &line, &admission, draft, out);
    if (!again)
        return refuse_twice(tx, &line, &admission);
    return consumption_get(tx, admission.live_consumption, &there) != 0
               ? -1
               : consumption_change(tx, by, who, &there, draft, out);
}

static int check_live(tx_t *tx, const consumption_place_t *it)
{
    if (text_is(it->state, "active") || text_is(it->state, "requested"))
        return 0;
    return err_set(tx_err(tx), ERR_STATE_CONFLICT, "Consumption " TEXT_FMT " is " TEXT_FMT,
                   TEXT_ARG(it->public_id), TEXT_ARG(it->state));
}

/* What it reads decides anew whether the owner has to agree; one that was agreed to goes on until more than that is read. */
static int update(declaration_t *d, const who_t *who, const consumption_place_t *it,
                  consumption_declared_t *out)
{
    const consumption_draft_t *draft = d->draft;
    rows_t *rows;
    if (tx_query(
            d->tx, STMT_CONSUMPTION_CHANGE, &rows, sql_i64(it->id), sql_text_or_null(draft->version_range),
            sql_text_or_null(draft->environments), sql_text_or_null(draft->purpose),
            sql_text_or_null(draft->criticality), sql_bool(draft->reader_given),
            sql_text_or_null(d->reader_json), reader_format_arg(d), sql_text_or_null(d->reader_text),
            sql_text_array(d->reader_paths, d->n_reader_paths, tx_arena(d->tx)),
            sql_text_or_null(draft->not_relied_on), sql_bool(out->requested), sql_text_or_null(draft->labels),
            sql_text_or_null(draft->managed_by), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    out->requested = text_is(row_text(rows, "state"), "requested");
    out->id = it->id;
    out->public_id = it->public_id;
    if (row_end(rows) != 0 || fields_write(d->tx, it->id, draft) != 0)
        return -1;
    return note(d->tx, who, AUDIT_CONSUMPTION_CHANGED, it->public_id, d->line,
                parties_detail(d->tx, d->line, it->service, it->team), TEXT_NONE);
}

int consumption_change(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it,
                       const consumption_draft_t *draft, consumption_declared_t *out)
{
    declaration_t d = {.tx = tx, .line = &it->line, .draft = draft, .team_id = it->team_id};
    admission_t admission;
    int rc = -1;
    buf_init(&d.warnings, BUF_NO_MAX);
    buf_add_char(&d.warnings, '[');
    *out = (consumption_declared_t){.requested = false};
    if (admission_of(tx, by, &it->line, it->service, draft->environments, &admission) == 0 &&
        check_live(tx, it) == 0 && before_read(&d, it->id) == 0 && declaration_read(&d) == 0 &&
        settle(&d, out) == 0 && update(&d, who, it, out) == 0) {
        warnings_end(&d, out);
        rc = 0;
    }
    declaration_dispose(&d);
    return rc;
}

/* --- later ------------------------------------------------------------------------------------------------------------------------------------- */

static int move(tx_t *tx, const who_t *who, const consumption_place_t *it, const char *to, audit_kind_t kind,
                text_t reason)
{
    if (tx_send(tx, STMT_CONSUMPTION_MOVE, sql_i64(it->id), sql_text(text_of(to)), sql_text_or_null(reason),
                sql_text(who->actor)) != 0)
        return -1;
    return note(tx, who, kind, it->public_id, &it->line, parties_detail(tx, &it->line, it->service, it->team),
                reason);
}

int consumption_attest(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it)
{
    if (rights_check(tx, by, RIGHT_DECLARE, it->team_id, it->service_id, tx_err(tx)) != 0 ||
        check_live(tx, it) != 0 ||
        tx_send(tx, STMT_CONSUMPTION_ATTEST, sql_i64(it->id), sql_text(who->actor)) != 0)
        return -1;
    return note(tx, who, AUDIT_CONSUMPTION_ATTESTED, it->public_id, &it->line,
                parties_detail(tx, &it->line, it->service, it->team), TEXT_NONE);
}

int consumption_end(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it,
                    text_t reason)
{
    if (rights_check(tx, by, RIGHT_DECLARE, it->team_id, it->service_id, tx_err(tx)) != 0)
        return -1;
    if (text_is(it->state, "ended"))
        return 0;
    return check_live(tx, it) != 0 ? -1 : move(tx, who, it, "ended", AUDIT_CONSUMPTION_ENDED, reason);
}

int consumption_decide(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it,
                       bool agreed, text_t reason)
{
    if (rights_check(tx, by, RIGHT_AGREE_CONSUMPTION, it->owner_id, 0, tx_err(tx)) != 0)
        return -1;
    if (!text_is(it->state, "requested"))
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       "Consumption " TEXT_FMT " is " TEXT_FMT ": there is nothing to agree to",
                       TEXT_ARG(it->public_id), TEXT_ARG(it->state));
    return move(tx, who, it, agreed ? "active" : "rejected",
                agreed ? AUDIT_CONSUMPTION_ACTIVATED : AUDIT_CONSUMPTION_REJECTED, reason);
}
