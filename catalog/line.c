#include "catalog/line.h"

#include <stdlib.h>

#include "catalog/line_level.h"
#include "catalog/contract.h"
#include "catalog/reference.h"

/* --- finding ----------------------------------------------------------------------------------------------------------------------- */

static void line_row(rows_t *rows, line_t *out)
{
    *out = (line_t){
        .id = row_i64(rows, "id"),
        .event_id = row_i64(rows, "event_id"),
        .team_id = row_i64(rows, "team_id"),
        .name = row_text(rows, "name"),
        .event = row_text(rows, "event_name"),
        .former = row_bool(rows, "former"),
        .major = row_i32(rows, "major"),
        .team = row_text(rows, "team"),
        .state = row_text(rows, "state"),
        .level = row_text(rows, "level"),
        .activated_at = row_text_or_none(rows, "activated_at"),
        .deprecated_at = row_text_or_none(rows, "deprecated_at"),
        .sunset_at = row_text_or_none(rows, "sunset_at"),
        .sunset_reached_at = row_text_or_none(rows, "sunset_reached_at"),
        .removed_at = row_text_or_none(rows, "removed_at"),
        .replacement = row_text_or_none(rows, "replacement"),
        .migration_guide = row_text_or_none(rows, "migration_guide"),
        .reason = row_text(rows, "reason"),
        .checkpoint = row_is_null(rows, "checkpoint") ? 0 : row_i64(rows, "checkpoint"),
        .audience = row_text(rows, "audience"),
        .managed_by = row_text(rows, "managed_by"),
        .rev = row_i32(rows, "rev"),
    };
}

/* "orders.order_placed@2". False: it is no name of a line. */
static bool split(text_t name, text_t *event, int32_t *major)
{
    size_t at = name.bytes;
    while (at > 0 && name.at[at - 1] != '@')
        at--;
    size_t digits = name.bytes - at;
    *event = (text_t){name.at, at == 0 ? 0 : at - 1};
    *major = 0;
    if (at < 2 || digits == 0 || digits > 9)
        return false;
    for (size_t i = at; i < name.bytes; i++) {
        if (name.at[i] < '0' || name.at[i] > '9')
            return false;
        *major = *major * 10 + (name.at[i] - '0');
    }
    return name.at[at] != '0';
}

int line_get(tx_t *tx, text_t name, line_t *out)
{
    rows_t *rows;
    text_t event;
    int32_t major;
    if (!split(name, &event, &major))
        return err_set(tx_err(tx), ERR_NOT_FOUND,
                       "\"" TEXT_FMT
                       "\" is no name of a line: an event with its major version, like orders.order_placed@1",
                       TEXT_ARG(name));
    if (tx_query(tx, STMT_LINE_GET, &rows, sql_text(event), sql_i64(major), sql_null(), sql_null()) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no line \"" TEXT_FMT "\"", TEXT_ARG(name));
    line_row(rows, out);
    return row_end(rows);
}

int line_get_id(tx_t *tx, int64_t id, line_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_LINE_GET, &rows, sql_null(), sql_null(), sql_i64(id), sql_null()) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no such line");
    line_row(rows, out);
    return row_end(rows);
}

int line_of_subject(tx_t *tx, text_t subject, bool *found, line_t *out, text_t *role)
{
    rows_t *rows;
    if (tx_query(tx, STMT_LINE_GET, &rows, sql_null(), sql_null(), sql_null(), sql_text(subject)) != 0)
        return -1;
    *found = rows_next(rows);
    if (*found) {
        line_row(rows, out);
        *role = row_text(rows, "role");
    }
    return row_end(rows);
}

/* --- making and changing -------------------------------------------------------------------------------------------------------------- */

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, const line_t *line, text_t detail)
{
    return audit_note(tx,
                      &(audit_t){.kind = kind,
                                 .object = text_printf(tx_arena(tx), "line:" TEXT_FMT, TEXT_ARG(line->name)),
                                 .about = line->name,
                                 .detail = detail,
                                 .actor = who->actor,
                                 .request_id = who->request_id});
}

static text_t quoted(tx_t *tx, text_t text)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    jv_print_string(&out, text);
    return buf_end(&out, tx_arena(tx));
}

/* What the registry has of the subject already becomes the line's. */
static int adopt_versions(tx_t *tx, const who_t *who, const line_t *line, text_t subject)
{
    rows_t *rows;
    if (tx_query(tx, STMT_SUBJECT_VERSIONS_STORED, &rows, sql_text(subject)) != 0)
        return -1;
    while (rows_next(rows)) {
        line_version_t stored = {.context_id = row_i32(rows, "context_id"),
                                 .schema_id = row_i32(rows, "schema_id")};
        line_version_new_t fresh = {.subject = subject,
                                    .version = row_i32(rows, "version"),
                                    .context_id = stored.context_id,
                                    .schema_id = stored.schema_id};
        schema_t *schema;
        if (!format_find(row_text(rows, "type"), &stored.format) ||
            line_version_parse(tx, &stored, &schema) != 0)
            return -1;
        fresh.schema = schema;
        int rc = line_version_add(tx, who, line, &fresh, NULL);
        schema_unref(schema);
        if (rc != 0)
            return -1;
    }
    return row_end(rows);
}

static int refuse_bound(tx_t *tx, text_t subject)
{
    line_t line;
    text_t role;
    bool found;
    if (line_of_subject(tx, subject, &found, &line, &role) != 0)
        return -1;
    tx_err(tx)->place = "subject";
    return err_set(tx_err(tx), ERR_NAME_TAKEN, "Subject " TEXT_FMT " belongs to " TEXT_FMT " already",
                   TEXT_ARG(subject), TEXT_ARG(line.name));
}

static int bind(tx_t *tx, const who_t *who, const line_t *line, text_t subject, text_t role)
{
    rows_t *rows;
    subject_name_t name = subject_name_parse(subject, TEXT_NONE, tx_arena(tx));
    role = role.at == NULL ? TEXT("value") : role;
    if (subject_name_check(&name, tx_err(tx)) != 0 ||
        tx_query(tx, STMT_LINE_BIND, &rows, sql_i64(line->id), sql_text(name.qualified), sql_text(role),
                 sql_text(who->actor)) != 0)
        return -1;
    if (!rows_next(rows))
        return refuse_bound(tx, name.qualified);
    return adopt_versions(tx, who, line, name.qualified);
}

static int level_known(tx_t *tx, text_t level)
{
    level_t ignored;
    if (level.at == NULL || level_find(level, &ignored))
        return 0;
    tx_err(tx)->place = "compatibility";
    return err_set(tx_err(tx), ERR_FIELD_INVALID,
                   "compatibility: \"" TEXT_FMT
                   "\" is not one of NONE, BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, "
                   "FULL, FULL_TRANSITIVE",
                   TEXT_ARG(level));
}

static text_t level_named(text_t level)
{
    level_t found;
    return level.at != NULL && level_find(level, &found) ? text_of(level_name(found)) : TEXT_NONE;
}

int line_create(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event,
                const line_draft_t *draft, line_t *out)
{
    rows_t *rows;
    contract_t contract;
    text_t level = draft->level.at == NULL ? TEXT("FULL") : draft->level;
    if (rights_check(tx, by, RIGHT_EDIT_EVENT, event->team_id, 0, tx_err(tx)) != 0 ||
        level_known(tx, level) != 0 ||
        tx_query(tx, STMT_LINE_CREATE, &rows, sql_i64(event->id),
                 draft->major == 0 ? sql_null() : sql_i64(draft->major), sql_text(level_named(level)),
                 sql_text_or_null(draft->migration_guide),
                 sql_text(draft->reason.at == NULL ? TEXT("") : draft->reason), sql_text(who->actor)) != 0)
        return -1;
    if (!rows_next(rows)) {
        tx_err(tx)->place = "major";
        return err_set(tx_err(tx), ERR_NAME_TAKEN, "There is a line " TEXT_FMT "@%d already",
                       TEXT_ARG(event->name), draft->major);
    }
    if (line_get_id(tx, row_i64(rows, "id"), out) != 0 ||
        note(tx, who, AUDIT_LINE_CREATED, out,
             text_printf(tx_arena(tx), "{\"line\":\"" TEXT_FMT "\",\"compatibility\":\"" TEXT_FMT "\"}",
                         TEXT_ARG(out->name), TEXT_ARG(out->level))) != 0)
        return -1;
    for (size_t i = 0; i < draft->n_subjects; i++)
        if (bind(tx, who, out, draft->subjects[i], draft->roles == NULL ? TEXT_NONE : draft->roles[i]) != 0)
            return -1;
    return draft->terms.at == NULL ? 0 : contract_put(tx, who, out, draft->terms, 0, &contract);
}

static int readers_of(tx_t *tx, int64_t line_id, text_t *readers)
{
    rows_t *rows;
    if (tx_query(tx, STMT_LINE_READERS, &rows, sql_i64(line_id)) != 0)
        return -1;
    rows_next(rows);
    *readers = row_text_or_none(rows, "readers");
    return row_end(rows);
}

int line_change(tx_t *tx, const principal_t *by, const who_t *who, const line_t *line, text_t level,
                text_t reason, text_t migration_guide)
{
    text_t readers;
    arena_t *arena = tx_arena(tx);
    if (rights_check(tx, by, RIGHT_EDIT_EVENT, line->team_id, 0, tx_err(tx)) != 0 ||
        level_known(tx, level) != 0 || readers_of(tx, line->id, &readers) != 0)
        return -1;
    level = level_named(level);
    level_t to;
    if (level.at != NULL && level_find(level, &to) && line_level_check(tx, line, to, readers) != 0)
        return -1;
    if (tx_send(tx, STMT_LINE_CHANGE, sql_i64(line->id), sql_text_or_null(level), sql_text_or_null(reason),
                sql_text_or_null(migration_guide), sql_text(who->actor)) != 0)
        return -1;
    return note(
        tx, who, AUDIT_LINE_CHANGED, line,
        text_printf(arena,
                    "{\"from\":{\"compatibility\":\"" TEXT_FMT "\"},\"to\":{\"compatibility\":\"" TEXT_FMT
                    "\",\"reason\":" TEXT_FMT ",\"migration_guide\":" TEXT_FMT "}}",
                    TEXT_ARG(line->level), TEXT_ARG(level.at == NULL ? line->level : level),
                    TEXT_ARG(reason.at == NULL ? TEXT("null") : quoted(tx, reason)),
                    TEXT_ARG(migration_guide.at == NULL ? TEXT("null") : quoted(tx, migration_guide))));
}

static text_t bound_detail(tx_t *tx, const char *how, text_t subject)
{
    return text_printf(tx_arena(tx), "{\"%s\":" TEXT_FMT "}", how, TEXT_ARG(quoted(tx, subject)));
}

int line_bind(tx_t *tx, const principal_t *by, const who_t *who, const line_t *line, text_t subject,
              text_t role)
{
    static const char *const open[] = {"draft", "active"};
    bool fits = text_is(line->state, open[0]) || text_is(line->state, open[1]);
    if (rights_check(tx, by, RIGHT_EDIT_EVENT, line->team_id, 0, tx_err(tx)) != 0)
        return -1;
    if (!fits)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT, TEXT_FMT " is " TEXT_FMT " and takes no subjects",
                       TEXT_ARG(line->name), TEXT_ARG(line->state));
    return bind(tx, who, line, subject, role) != 0
               ? -1
               : note(tx, who, AUDIT_LINE_CHANGED, line, bound_detail(tx, "bound", subject));
}

int line_unbind(tx_t *tx, const principal_t *by, const who_t *who, const line_t *line, text_t subject)
{
    rows_t *rows;
    subject_name_t name = subject_name_parse(subject, TEXT_NONE, tx_arena(tx));
    if (rights_check(tx, by, RIGHT_EDIT_EVENT, line->team_id, 0, tx_err(tx)) != 0)
        return -1;
    if (!text_is(line->state, "draft"))
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       TEXT_FMT " is " TEXT_FMT ": only a draft gives subjects away", TEXT_ARG(line->name),
                       TEXT_ARG(line->state));
    if (tx_query(tx, STMT_LINE_UNBIND, &rows, sql_i64(line->id), sql_text(name.qualified)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "Subject " TEXT_FMT " is not bound to " TEXT_FMT,
                       TEXT_ARG(subject), TEXT_ARG(line->name));
    return note(tx, who, AUDIT_LINE_CHANGED, line, bound_detail(tx, "unbound", name.qualified));
}

/* --- what the registry calls ---------------------------------------------------------------------------------------------------------- */

int line_registered(tx_t *tx, const who_t *who, text_t subject, int32_t version, int32_t context_id,
                    int32_t schema_id, const schema_t *schema, line_version_t *out)
{
    line_t line;
    text_t role;
    bool found;
    if (line_of_subject(tx, subject, &found, &line, &role) != 0)
        return -1;
    line_version_new_t fresh = {.subject = subject,
                                .version = version,
                                .context_id = context_id,
                                .schema_id = schema_id,
                                .schema = schema};
    return found ? line_version_add(tx, who, &line, &fresh, out) : 0;
}

int line_delete_check(tx_t *tx, text_t subject, int32_t version)
{
    line_t line;
    text_t role, readers;
    bool found;
    if (line_of_subject(tx, subject, &found, &line, &role) != 0 || !found)
        return found ? -1 : tx_err(tx)->code == ERR_NONE ? 0 : -1;
    if (tx_send(tx, STMT_CATALOG_WRITE) != 0 || readers_of(tx, line.id, &readers) != 0)
        return -1;
    if (readers.at == NULL)
        return 0;
    if (version == 0)
        return err_set(tx_err(tx), ERR_OPERATION_NOT_PERMITTED,
                       "Subject " TEXT_FMT " belongs to " TEXT_FMT ", which is read by " TEXT_FMT
                       ". Deprecate the line, and remove it when nobody reads it any more.",
                       TEXT_ARG(subject), TEXT_ARG(line.name), TEXT_ARG(readers));
    return err_set(tx_err(tx), ERR_OPERATION_NOT_PERMITTED,
                   "Version %d of subject " TEXT_FMT " belongs to " TEXT_FMT ", which is read by " TEXT_FMT
                   ".",
                   version, TEXT_ARG(subject), TEXT_ARG(line.name), TEXT_ARG(readers));
}

int line_versions_deleted(tx_t *tx, const who_t *who, text_t subject, int32_t version)
{
    rows_t *rows;
    if (tx_query(tx, STMT_LINE_VERSIONS_WITHDRAW, &rows, sql_text(subject),
                 version == 0 ? sql_null() : sql_i64(version)) != 0)
        return -1;
    while (rows_next(rows)) {
        line_t line = {.name = row_text(rows, "name")};
        if (note(tx, who, AUDIT_VERSION_WITHDRAWN, &line,
                 text_printf(tx_arena(tx), "{\"versions\":" TEXT_FMT ",\"subject\":" TEXT_FMT "}",
                             TEXT_ARG(quoted(tx, row_text(rows, "semvers"))),
                             TEXT_ARG(quoted(tx, subject)))) != 0)
            return -1;
    }
    return row_end(rows);
}
