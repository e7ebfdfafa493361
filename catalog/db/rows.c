#include "catalog/db/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *at; /* NULL: SQL null */
    size_t bytes;
} value_t;

/* A result, copied: libpq's is cleared at once, and texts live as long as the transaction's arena. */
struct rows {
    tx_t *tx;
    size_t n, n_columns;
    const char **names;
    value_t *values;
    size_t row;   /* the current one plus 1; 0 before the first */
    size_t guess; /* columns are mostly asked for in the order in which they come */
    bool failed;
};

rows_t *rows_of(tx_t *tx, const PGresult *result)
{
    arena_t *arena = tx_arena(tx);
    rows_t *rows = ARENA_NEW(arena, rows_t);
    rows->tx = tx;
    if (result == NULL)
        return rows;
    rows->n = (size_t)PQntuples(result);
    rows->n_columns = (size_t)PQnfields(result);
    rows->names = ARENA_ARRAY(arena, const char *, rows->n_columns);
    for (size_t c = 0; c < rows->n_columns; c++) {
        const char *name = PQfname(result, (int)c);
        rows->names[c] = arena_copy(arena, name, strlen(name));
    }
    rows->values = ARENA_ARRAY(arena, value_t, rows->n * rows->n_columns);
    size_t room = 0;
    for (size_t r = 0; r < rows->n; r++)
        for (size_t c = 0; c < rows->n_columns; c++)
            room += (size_t)PQgetlength(result, (int)r, (int)c) + 1;
    char *to = arena_alloc(arena, room);
    value_t *value = rows->values;
    for (size_t r = 0; r < rows->n; r++) {
        for (size_t c = 0; c < rows->n_columns; c++, value++) {
            if (PQgetisnull(result, (int)r, (int)c))
                continue;
            size_t bytes = (size_t)PQgetlength(result, (int)r, (int)c);
            memcpy(to, PQgetvalue(result, (int)r, (int)c), bytes);
            *value = (value_t){to, bytes};
            to += bytes + 1;
        }
    }
    return rows;
}

size_t rows_n(const rows_t *rows)
{
    return rows->n;
}

bool rows_next(rows_t *rows)
{
    if (rows->failed || rows->row >= rows->n)
        return false;
    rows->row++;
    rows->guess = 0;
    return true;
}

static void fail(rows_t *rows, const char *column, const char *why)
{
    rows->failed = true;
    err_set(tx_err(rows->tx), ERR_INTERNAL, "Column %s of a row from the database %s", column, why);
}

static const value_t *find(rows_t *rows, const char *column)
{
    if (rows->failed)
        return NULL;
    if (rows->row == 0) {
        fail(rows, column, "was asked for before there was a row");
        return NULL;
    }
    for (size_t i = 0; i < rows->n_columns; i++) {
        size_t c = rows->guess + i;
        c = c >= rows->n_columns ? c - rows->n_columns : c;
        if (strcmp(rows->names[c], column) == 0) {
            rows->guess = c + 1 == rows->n_columns ? 0 : c + 1;
            return &rows->values[(rows->row - 1) * rows->n_columns + c];
        }
    }
    fail(rows, column, "is missing");
    return NULL;
}

static const value_t *find_given(rows_t *rows, const char *column)
{
    const value_t *value = find(rows, column);
    if (value != NULL && value->at == NULL) {
        fail(rows, column, "is null");
        return NULL;
    }
    return value;
}

bool rows_has(const rows_t *rows, const char *column)
{
    for (size_t c = 0; c < rows->n_columns; c++)
        if (strcmp(rows->names[c], column) == 0)
            return true;
    return false;
}

bool row_is_null(rows_t *rows, const char *column)
{
    const value_t *value = find(rows, column);
    return value != NULL && value->at == NULL;
}

static int64_t number(rows_t *rows, const char *column, int64_t least, int64_t most)
{
    const value_t *value = find_given(rows, column);
    if (value == NULL)
        return 0;
    char *end;
    errno = 0;
    long long n = strtoll(value->at, &end, 10);
    if (errno != 0 || end == value->at || *end != '\0' || n < least || n > most) {
        fail(rows, column, "is not a number that fits");
        return 0;
    }
    return n;
}

int32_t row_i32(rows_t *rows, const char *column)
{
    return (int32_t)number(rows, column, INT32_MIN, INT32_MAX);
}

int64_t row_i64(rows_t *rows, const char *column)
{
    return number(rows, column, INT64_MIN, INT64_MAX);
}

bool row_bool(rows_t *rows, const char *column)
{
    const value_t *value = find_given(rows, column);
    if (value == NULL)
        return false;
    if (strcmp(value->at, "t") != 0 && strcmp(value->at, "f") != 0)
        fail(rows, column, "is not true or false");
    return value->at[0] == 't';
}

text_t row_text(rows_t *rows, const char *column)
{
    const value_t *value = find_given(rows, column);
    return value == NULL ? TEXT("") : (text_t){value->at, value->bytes};
}

text_t row_text_or_none(rows_t *rows, const char *column)
{
    const value_t *value = find(rows, column);
    return value == NULL || value->at == NULL ? TEXT_NONE : (text_t){value->at, value->bytes};
}

int row_end(rows_t *rows)
{
    return rows->failed ? -1 : 0;
}
