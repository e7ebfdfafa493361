#include "catalog/blocker.h"

#include "catalog/change.h"

static const struct {
    const char *code;
    bool hard;
} blockers[BLOCKER_N] = {
#define XX(name, code, hard) [BLOCKER_##name] = {code, hard},
    BLOCKER_MAP(XX)
#undef XX
};

const char *blocker_code(blocker_t blocker)
{
    return blockers[blocker].code;
}

static void mark(blockers_t *out, text_t code)
{
    for (int i = 0; i < BLOCKER_N; i++)
        if (text_is(code, blockers[i].code)) {
            out->set |= 1u << i;
            out->hard |= blockers[i].hard ? 1u << i : 0;
        }
}

int change_blockers(tx_t *tx, int64_t change_id, blockers_t *out)
{
    rows_t *rows;
    *out = (blockers_t){.set = 0};
    if (tx_query(tx, STMT_CHANGE_OUTLOOK, &rows, sql_i64(change_id)) != 0)
        return -1;
    rows_next(rows);
    out->json = row_text(rows, "blockers");
    out->you_can = row_text(rows, "you_can");
    text_t codes = row_is_null(rows, "codes") ? TEXT("") : row_text(rows, "codes");
    while (codes.bytes > 0) {
        const char *comma = memchr(codes.at, ',', codes.bytes);
        text_t first = {codes.at, comma != NULL ? (size_t)(comma - codes.at) : codes.bytes};
        mark(out, first);
        codes = comma != NULL ? text_from(codes, first.bytes + 1) : TEXT("");
    }
    return row_end(rows);
}
