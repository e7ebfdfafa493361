/* line_version.c - versions and fields of lines (line.h). */
#include <inttypes.h>
#include <stdio.h>

#include "catalog/line.h"
#include "catalog/reference.h"
#include "compat/core/digest.h"

enum { LIVE_MAX = 1000 };

/* --- reading ----------------------------------------------------------------------------------------------------------------------- */

static void version_row(rows_t *rows, line_version_t *out)
{
    *out = (line_version_t){
        .id = row_i64(rows, "id"),
        .semver = row_text(rows, "semver"),
        .major = row_i32(rows, "major"),
        .minor = row_i32(rows, "minor"),
        .patch = row_i32(rows, "patch"),
        .subject = row_text(rows, "subject"),
        .role = row_text(rows, "role"),
        .version = row_is_null(rows, "version") ? 0 : row_i32(rows, "version"),
        .context_id = row_is_null(rows, "context_id") ? 0 : row_i32(rows, "context_id"),
        .schema_id = row_is_null(rows, "schema_id") ? 0 : row_i32(rows, "schema_id"),
        .state = row_text(rows, "state"),
        .text = row_text(rows, "text"),
        .fingerprint = row_text(rows, "fingerprint"),
        .change_id = row_is_null(rows, "change_id") ? 0 : row_i64(rows, "change_id"),
    };
    format_find(row_text(rows, "format"), &out->format);
}

int line_versions_live(tx_t *tx, int64_t line_id, const char *role, line_version_t **out, size_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query(tx, STMT_LINE_VERSIONS_LIVE, &rows, sql_i64(line_id), sql_text(text_of(role)),
                 sql_bool(true), sql_null(), sql_null(), sql_i64(LIVE_MAX)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), line_version_t, rows_n(rows));
    while (rows_next(rows))
        version_row(rows, &(*out)[(*n)++]);
    return row_end(rows);
}

int line_version_current(tx_t *tx, int64_t line_id, const char *role, bool *found, line_version_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_LINE_VERSIONS_LIVE, &rows, sql_i64(line_id), sql_text(text_of(role)),
                 sql_bool(true), sql_null(), sql_null(), sql_i64(1)) != 0)
        return -1;
    *found = rows_next(rows);
    if (*found)
        version_row(rows, out);
    return row_end(rows);
}

static bool all_digits(text_t text)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.bytes > 0 && text.bytes <= 9;
}

static int64_t number_of(text_t digits)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits.bytes; i++)
        number = number * 10 + (digits.at[i] - '0');
    return number;
}

int line_version_find(tx_t *tx, const line_t *line, const char *role, text_t name, line_version_t *out)
{
    rows_t *rows;
    text_t semver = name;
    for (size_t i = name.bytes; i > 0; i--)
        if (name.at[i - 1] == '@') {
            semver = text_from(name, i);
            break;
        }
    bool number = all_digits(semver), latest = text_is(semver, "latest") || text_is(semver, "current");
    if (tx_query(tx, STMT_LINE_VERSIONS_LIVE, &rows, sql_i64(line->id), sql_text(text_of(role)),
                 sql_bool(latest), number || latest ? sql_null() : sql_text(semver),
                 number ? sql_i64(number_of(semver)) : sql_null(), sql_i64(1)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, TEXT_FMT " has no version \"" TEXT_FMT "\"",
                       TEXT_ARG(line->name), TEXT_ARG(name));
    version_row(rows, out);
    return row_end(rows);
}

int line_version_parse(tx_t *tx, const line_version_t *version, schema_t **out)
{
    fault_t fault = {0};
    stored_text_t stored = {
        .context_id = version->context_id, .id = version->schema_id, .text = version->text};
    /* What a JSON Schema refers to cannot be written out in its text: the registry has it. */
    bool ask = version->schema_id != 0 && (version->format == FORMAT_JSON || version->text.at == NULL);
    if (ask && stored_texts_get(tx, &stored, 1) != 0)
        return -1;
    schema_source_t source = {.format = version->format,
                              .text = stored.text,
                              .references = stored.references,
                              .n_references = stored.n_references,
                              .limits = LIMITS_DEFAULT};
    if (schema_parse(&source, out, &fault) == 0)
        return 0;
    return err_set(tx_err(tx), ERR_SCHEMA_INVALID,
                   "Version " TEXT_FMT " of " TEXT_FMT " cannot be read: " TEXT_FMT,
                   TEXT_ARG(version->semver), TEXT_ARG(version->subject),
                   TEXT_ARG(fault_sentence(&fault, tx_arena(tx))));
}

int line_version_parse_if(tx_t *tx, const line_version_t *version, schema_t **out)
{
    *out = NULL;
    if (line_version_parse(tx, version, out) == 0)
        return 0;
    if (tx_err(tx)->code != ERR_SCHEMA_INVALID)
        return -1;
    err_clear(tx_err(tx));
    return 0;
}

/* --- fields --------------------------------------------------------------------------------------------------------------------------- */

/* The types that a union names, without null, each ended by a line feed. */
static bool next_type(text_t *types, text_t *out)
{
    while (types->bytes > 0) {
        const char *bar = memmem(types->at, types->bytes, " | ", 3);
        size_t bytes = bar == NULL ? types->bytes : (size_t)(bar - types->at);
        *out = (text_t){types->at, bytes};
        *types = text_from(*types, bar == NULL ? bytes : bytes + 3);
        if (!text_is(*out, "null"))
            return true;
    }
    return false;
}

/* Whether a field of the type `before` may go on as `after`: the same, or what a reader widens by itself (Avro 1.11.1, Schema
 * Resolution: promotions; JSON Schema: every integer is a number). */
static bool may_become(text_t before, text_t after)
{
    static const char *const wider[][2] = {{"int", "long"},     {"int", "float"},    {"int", "double"},
                                           {"long", "float"},   {"long", "double"},  {"float", "double"},
                                           {"string", "bytes"}, {"bytes", "string"}, {"integer", "number"}};
    if (text_eq(before, after))
        return true;
    for (size_t i = 0; i < sizeof wider / sizeof *wider; i++)
        if (text_is(before, wider[i][0]) && text_is(after, wider[i][1]))
            return true;
    return false;
}

static bool types_fit(text_t before, text_t after)
{
    text_t one, other;
    while (next_type(&before, &one)) {
        text_t rest = after;
        bool found = false;
        while (!found && next_type(&rest, &other))
            found = may_become(one, other);
        if (!found)
            return false;
    }
    return true;
}

static int refuse_tombstone(tx_t *tx, const line_t *line, text_t path, text_t removed, text_t before,
                            text_t after)
{
    arena_t *arena = tx_arena(tx);
    buf_t extra;
    buf_init(&extra, BUF_NO_MAX);
    buf_add_s(&extra, "{\"path\":");
    jv_print_string(&extra, path);
    buf_printf(&extra, ",\"removed_in\":\"" TEXT_FMT "\",\"type\":", TEXT_ARG(removed));
    jv_print_string(&extra, before);
    buf_add_char(&extra, '}');
    tx_err(tx)->extra = buf_end(&extra, arena);
    return err_set(
        tx_err(tx), ERR_FIELD_NAME_TOMBSTONED,
        "Field " TEXT_FMT " was a " TEXT_FMT " until version " TEXT_FMT " of " TEXT_FMT
        " removed it; it cannot come back as a " TEXT_FMT ". Give it another name, or publish a new line.",
        TEXT_ARG(path), TEXT_ARG(before), TEXT_ARG(removed), TEXT_ARG(line->name), TEXT_ARG(after));
}

static int fields_check(tx_t *tx, const line_t *line, const char *role, const fields_t *fields)
{
    rows_t *rows;
    if (tx_query(tx, STMT_LINE_FIELDS_GONE, &rows, sql_i64(line->id), sql_text(text_of(role))) != 0)
        return -1;
    while (rows_next(rows)) {
        text_t path = row_text(rows, "path"), type = row_text(rows, "type"),
               removed = row_text(rows, "removed");
        const field_t *again = fields_find(fields, path);
        if (again != NULL && !types_fit(type, again->type))
            return refuse_tombstone(tx, line, path, removed, type, again->type);
    }
    return row_end(rows);
}

int line_fields_check(tx_t *tx, const line_t *line, const char *role, const schema_t *schema)
{
    limits_t limits = LIMITS_DEFAULT;
    fields_t fields = schema_fields(schema, &limits, tx_arena(tx));
    return fields_check(tx, line, role, &fields);
}

static void print_member(buf_t *out, const char *name, text_t value)
{
    buf_printf(out, ",\"%s\":", name);
    if (value.at == NULL)
        buf_add_s(out, "null");
    else
        jv_print_string(out, value);
}

static void print_list(buf_t *out, const char *name, const text_t *items, size_t n)
{
    buf_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < n; i++) {
        buf_add_s(out, i == 0 ? "" : ",");
        jv_print_string(out, items[i]);
    }
    buf_add_char(out, ']');
}

/* PostgreSQL's jsonb holds no NUL: such a text is left out, the schema itself has it. */
static text_t without_nul(text_t text)
{
    return text.at != NULL && memchr(text.at, '\0', text.bytes) != NULL ? TEXT_NONE : text;
}

/* The same path may be listed twice, where branches of a union look alike: the first one counts. */
static text_t fields_json(const fields_t *fields, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '[');
    for (size_t i = 0; i < fields->n; i++) {
        const field_t *field = &fields->at[i];
        if (field->path.bytes == 0 || fields_find(fields, field->path) != field ||
            without_nul(field->path).at == NULL)
            continue;
        buf_add_s(&out, buf_text(&out).bytes > 1 ? ",{" : "{");
        buf_add_s(&out, "\"path\":");
        jv_print_string(&out, field->path);
        print_member(&out, "name", field->name.at == NULL ? TEXT("") : field->name);
        print_member(&out, "type", without_nul(field->type).at == NULL ? TEXT("") : field->type);
        buf_printf(&out, ",\"required\":%s", field->required ? "true" : "false");
        print_member(&out, "default_json", without_nul(field->default_json));
        print_list(&out, "symbols", field->symbols, field->n_symbols);
        print_list(&out, "tags", field->tags, field->n_tags);
        print_member(&out, "unit", without_nul(field->unit));
        print_member(&out, "logical", without_nul(field->logical));
        print_member(&out, "doc", without_nul(field->doc).at == NULL ? TEXT("") : field->doc);
        buf_add_char(&out, '}');
    }
    buf_add_char(&out, ']');
    return buf_end(&out, arena);
}

/* --- a version comes ------------------------------------------------------------------------------------------------------------------- */

typedef struct {
    text_t role;
    bool first; /* of the line */
    int32_t minor, patch;
    const char *step;
} numbering_t;

/* What changed asks for: structure a minor number, words a patch. */
static bool is_structural(tx_t *tx, const schema_t *before, const schema_t *after)
{
    limits_t limits = LIMITS_DEFAULT;
    diff_t diff = schema_diff(before, after, &limits, tx_arena(tx));
    for (size_t i = 0; i < diff.n; i++)
        if (diff_class(diff.entries[i].kind) != CLASS_DOCUMENTATION)
            return true;
    return !diff.complete;
}

static int number(tx_t *tx, const line_t *line, const line_version_new_t *version, numbering_t *out)
{
    rows_t *rows;
    line_version_t current;
    schema_t *before;
    bool found, structural = true;
    if (tx_query(tx, STMT_LINE_VERSION_LAST, &rows, sql_i64(line->id), sql_text(version->subject)) != 0)
        return -1;
    rows_next(rows);
    *out = (numbering_t){.role = row_text_or_none(rows, "role"), .first = row_is_null(rows, "minor")};
    int32_t minor = out->first ? 0 : row_i32(rows, "minor"), patch = out->first ? 0 : row_i32(rows, "patch");
    if (row_end(rows) != 0)
        return -1;
    if (out->role.at == NULL)
        out->role = TEXT("value");
    if (line_version_current(tx, line->id, out->role.at, &found, &current) != 0)
        return -1;
    if (found && current.format == schema_format(version->schema)) {
        if (line_version_parse(tx, &current, &before) != 0)
            return -1;
        structural = version->accepted_break.at != NULL || is_structural(tx, before, version->schema);
        schema_unref(before);
    }
    out->minor = out->first ? 0 : structural ? minor + 1 : minor;
    out->patch = out->first || structural ? 0 : patch + 1;
    out->step = out->first ? "first" : structural ? "minor" : "patch";
    return 0;
}

static text_t fingerprint_of(text_t text, arena_t *arena)
{
    uint8_t digest[32];
    char *out = arena_alloc(arena, 2 * sizeof digest + 1);
    digest_sha256(text, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return (text_t){out, 2 * sizeof digest};
}

static int note(tx_t *tx, const who_t *who, const line_t *line, const line_version_t *version,
                const char *step)
{
    arena_t *arena = tx_arena(tx);
    buf_t detail;
    buf_init(&detail, BUF_NO_MAX);
    buf_printf(&detail,
               "{\"version\":\"" TEXT_FMT "@" TEXT_FMT "\",\"line\":\"" TEXT_FMT "\",\"semver\":\"" TEXT_FMT
               "\",\"step\":\"%s\",\"subject\":",
               TEXT_ARG(line->event), TEXT_ARG(version->semver), TEXT_ARG(line->name),
               TEXT_ARG(version->semver), step);
    jv_print_string(&detail, version->subject);
    buf_printf(&detail, ",\"subject_version\":%d,\"schema_id\":%d", version->version, version->schema_id);
    if (version->change_id != 0)
        buf_printf(&detail, ",\"change\":\"CR-%" PRId64 "\"", version->change_id);
    buf_add_char(&detail, '}');
    return audit_note(tx, &(audit_t){.kind = AUDIT_VERSION_REGISTERED,
                                     .object = text_printf(arena, "line:" TEXT_FMT, TEXT_ARG(line->name)),
                                     .about = line->name,
                                     .detail = buf_end(&detail, arena),
                                     .actor = who->actor,
                                     .request_id = who->request_id});
}

static int write_version(tx_t *tx, const who_t *who, const line_t *line, const line_version_new_t *version,
                         line_version_t *to)
{
    rows_t *rows;
    sql_arg_t change = version->change_id == 0 ? sql_null() : sql_i64(version->change_id);
    if (tx_query(tx, STMT_LINE_VERSION_ADD, &rows, sql_i64(line->id), sql_i64(to->major), sql_i64(to->minor),
                 sql_i64(to->patch), sql_text(to->role), sql_text(to->subject),
                 to->version == 0 ? sql_null() : sql_i64(to->version), sql_i64(to->context_id),
                 to->schema_id == 0 ? sql_null() : sql_i64(to->schema_id),
                 sql_text(text_of(format_name(to->format))), sql_text(to->text), sql_text(to->fingerprint),
                 change, sql_text_or_null(version->accepted_break), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    to->id = row_i64(rows, "id");
    return row_end(rows);
}

int line_version_add(tx_t *tx, const who_t *who, const line_t *line, const line_version_new_t *version,
                     line_version_t *out)
{
    arena_t *arena = tx_arena(tx);
    limits_t limits = LIMITS_DEFAULT;
    numbering_t next;
    fields_t fields = schema_fields(version->schema, &limits, arena);
    if (number(tx, line, version, &next) != 0 || fields_check(tx, line, next.role.at, &fields) != 0)
        return -1;
    line_version_t made = {
        .semver = text_printf(arena, "%d.%d.%d", line->major, next.minor, next.patch),
        .major = line->major,
        .minor = next.minor,
        .patch = next.patch,
        .subject = version->subject,
        .role = next.role,
        .version = version->version,
        .context_id = version->context_id,
        .schema_id = version->schema_id,
        .state = version->version == 0 ? TEXT("pending") : TEXT("active"),
        .format = schema_format(version->schema),
        .text = schema_resolved(version->schema, arena),
        .change_id = version->change_id,
    };
    made.fingerprint = fingerprint_of(made.text, arena);
    if (write_version(tx, who, line, version, &made) != 0)
        return -1;
    if (made.version != 0 &&
        tx_send(tx, STMT_LINE_FIELDS_PUT, sql_i64(line->id), sql_text(made.role), sql_text(made.semver),
                sql_jsonb(fields_json(&fields, arena), arena)) != 0)
        return -1;
    if (out != NULL)
        *out = made;
    return note(tx, who, line, &made, next.step);
}
