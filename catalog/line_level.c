#include "catalog/line_level.h"

#include "compat/core/json_text.h"

typedef struct {
    bool found;
    text_t subject, line, level, readers;
} read_line_t;

/* What of a level holds: old readers go on reading, old messages are read on; with every version or with the last one. */
static const struct {
    bool backward, forward, transitive;
} promises[LEVEL_N] = {
    [LEVEL_NONE] = {false, false, false},
    [LEVEL_BACKWARD] = {true, false, false},
    [LEVEL_BACKWARD_TRANSITIVE] = {true, false, true},
    [LEVEL_FORWARD] = {false, true, false},
    [LEVEL_FORWARD_TRANSITIVE] = {false, true, true},
    [LEVEL_FULL] = {true, true, false},
    [LEVEL_FULL_TRANSITIVE] = {true, true, true},
};

bool level_weakens(level_t from, level_t to)
{
    return (promises[from].backward && !promises[to].backward) ||
           (promises[from].forward && !promises[to].forward) ||
           (promises[from].transitive && !promises[to].transitive);
}

/* {"line":…,"readers":…,"allowed":[…],"you_can":[…]} */
static text_t ways_out(const line_t *line, level_t from, text_t readers, arena_t *arena)
{
    buf_t out;
    const char *between = "";
    buf_init(&out, BUF_NO_MAX);
    buf_add_s(&out, "{\"line\":");
    jv_print_string(&out, line->name);
    buf_add_s(&out, ",\"readers\":");
    jv_print_string(&out, readers);
    buf_add_s(&out, ",\"allowed\":[");
    for (int i = 0; i < LEVEL_N; i++)
        if (!level_weakens(from, (level_t)i)) {
            buf_printf(&out, "%s\"%s\"", between, level_name((level_t)i));
            between = ",";
        }
    buf_printf(&out,
               "],\"you_can\":[\"open a change for what breaks them: POST /api/v1/changes\","
               "\"publish a line that promises less beside it: POST /api/v1/events/" TEXT_FMT "/lines\"]}",
               TEXT_ARG(line->event));
    return buf_end(&out, arena);
}

int line_level_check(tx_t *tx, const line_t *line, level_t to, text_t readers)
{
    level_t from = LEVEL_NONE;
    err_t *err = tx_err(tx);
    level_find(line->level, &from);
    if (readers.at == NULL || text_is(line->state, "draft") || !level_weakens(from, to))
        return 0;
    err->place = "compatibility";
    err->extra = ways_out(line, from, readers, tx_arena(tx));
    return err_set(err, ERR_STATE_CONFLICT,
                   TEXT_FMT " promises " TEXT_FMT " to those who read it, and %s would be less: " TEXT_FMT,
                   TEXT_ARG(line->name), TEXT_ARG(line->level), level_name(to), TEXT_ARG(readers));
}

/* --- settings of the registry --------------------------------------------------------------------------------------------------- */

static int find_read(tx_t *tx, const name_ranges_t *ranges, read_line_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_SCOPE_LINES_READ, &rows, sql_text(ranges->from[0]), sql_text(ranges->to[0]),
                 sql_text(ranges->from[1]), sql_text(ranges->to[1])) != 0)
        return -1;
    *out = (read_line_t){.found = rows_next(rows)};
    if (out->found) {
        out->subject = row_text(rows, "subject");
        out->line = row_text(rows, "line");
        out->level = row_text(rows, "level");
        out->readers = row_text(rows, "readers");
    }
    return row_end(rows);
}

static bool is_weaker(const read_line_t *line, text_t wanted)
{
    level_t from, to;
    return wanted.at != NULL && level_find(line->level, &from) && level_find(wanted, &to) &&
           level_weakens(from, to);
}

int line_config_check(tx_t *tx, const subject_name_t *name, const config_t *wanted)
{
    text_t level = wanted->values[CONFIG_LEVEL], alias = wanted->values[CONFIG_ALIAS];
    read_line_t line;
    if (name->subject.bytes == 0 || (level.at == NULL && alias.at == NULL))
        return 0;
    name_ranges_t ranges = name_range_of(name, tx_arena(tx));
    if (find_read(tx, &ranges, &line) != 0 || !line.found)
        return tx_err(tx)->code == ERR_NONE ? 0 : -1;
    if (alias.at != NULL)
        return err_set(tx_err(tx), ERR_OPERATION_NOT_PERMITTED,
                       "Subject " TEXT_FMT " belongs to " TEXT_FMT
                       ", and those who read it would get another one's schemas: " TEXT_FMT,
                       TEXT_ARG(name->qualified), TEXT_ARG(line.line), TEXT_ARG(line.readers));
    if (!is_weaker(&line, level))
        return 0;
    return err_set(tx_err(tx), ERR_OPERATION_NOT_PERMITTED,
                   "Subject " TEXT_FMT " belongs to " TEXT_FMT ", which promises " TEXT_FMT
                   " to those who read it: " TEXT_FMT
                   ". What would break them needs a change (POST /api/v1/changes) or a new line",
                   TEXT_ARG(name->qualified), TEXT_ARG(line.line), TEXT_ARG(line.level),
                   TEXT_ARG(line.readers));
}

int line_import_check(tx_t *tx, const subject_name_t *scope)
{
    arena_t *arena = tx_arena(tx);
    read_line_t line;
    name_ranges_t ranges = scope->subject.bytes > 0 ? name_range_of(scope, arena)
                           : text_eq(scope->context, CONTEXT_GLOBAL)
                               ? name_ranges_everywhere()
                               : name_ranges(scope->context, TEXT(""), arena);
    if (find_read(tx, &ranges, &line) != 0)
        return -1;
    if (!line.found)
        return 0;
    return err_set(tx_err(tx), ERR_OPERATION_NOT_PERMITTED,
                   "Subject " TEXT_FMT " belongs to " TEXT_FMT
                   ", and what is imported is not judged. It is read by " TEXT_FMT
                   ": import into another context, or end what reads it",
                   TEXT_ARG(line.subject), TEXT_ARG(line.line), TEXT_ARG(line.readers));
}
