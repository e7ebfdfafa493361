#include "catalog/audit_chain.h"

#include "compat/core/buf.h"
#include "compat/core/digest.h"

enum { BATCH = 2000 };

void seal_next(seal_t *seal, text_t entry)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    buf_add(&buf, (text_t){(const char *)seal->bytes, sizeof seal->bytes});
    buf_add_char(&buf, '\n');
    buf_add(&buf, entry);
    digest_sha256(buf_text(&buf), seal->bytes);
    buf_dispose(&buf);
}

text_t seal_hex(const seal_t *seal, arena_t *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(arena, 2 * sizeof seal->bytes + 1);
    for (size_t i = 0; i < sizeof seal->bytes; i++) {
        out[2 * i] = digits[seal->bytes[i] >> 4];
        out[2 * i + 1] = digits[seal->bytes[i] & 15];
    }
    return (text_t){out, 2 * sizeof seal->bytes};
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool seal_from_hex(text_t hex, seal_t *out)
{
    if (hex.bytes != 2 * sizeof out->bytes)
        return false;
    for (size_t i = 0; i < sizeof out->bytes; i++) {
        int high = digit_of(hex.at[2 * i]), low = digit_of(hex.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* --- sealing ------------------------------------------------------------------------------------------------------------------ */

int audit_seal(tx_t *tx, int32_t leader, int32_t at_most, int32_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query(tx, STMT_AUDIT_SEAL_NEXT, &rows, sql_i64(leader), sql_i64(at_most)) != 0)
        return -1;
    arena_t *arena = tx_arena(tx);
    size_t room = rows_n(rows);
    int64_t *seqs = ARENA_ARRAY(arena, int64_t, room), first = 0;
    text_t *hashes = ARENA_ARRAY(arena, text_t, room);
    seal_t seal = {{0}};
    while (rows_next(rows)) {
        if (*n == 0) {
            first = row_i64(rows, "position");
            if (!row_is_null(rows, "head") && !seal_from_hex(row_text(rows, "head"), &seal))
                return err_set(tx_err(tx), ERR_INTERNAL, "a seal of the audit trail is not a hash");
        }
        seal_next(&seal, row_text(rows, "entry"));
        seqs[*n] = row_i64(rows, "seq");
        hashes[(*n)++] = seal_hex(&seal, arena);
    }
    if (row_end(rows) != 0 || *n == 0)
        return row_end(rows);
    return tx_send(tx, STMT_AUDIT_SEAL_PUT, sql_i64(first), sql_i64_array(seqs, (size_t)*n, arena),
                   sql_text_array(hashes, (size_t)*n, arena));
}

/* --- verifying ---------------------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t position, entries;
    seal_t seal;
} walk_t;

static void broken(chain_report_t *out, int64_t seq, const char *reason)
{
    out->intact = false;
    out->broken_seq = seq;
    out->reason = text_of(reason);
}

static int walk_batch(tx_t *tx, walk_t *walk, chain_report_t *out, bool *more)
{
    rows_t *rows;
    if (tx_query(tx, STMT_AUDIT_SEALED, &rows, sql_i64(walk->position), sql_i64(BATCH)) != 0)
        return -1;
    *more = rows_n(rows) == BATCH;
    while (out->intact && rows_next(rows)) {
        int64_t seq = row_i64(rows, "seq");
        text_t entry = row_text_or_none(rows, "entry");
        seal_t given;
        seal_next(&walk->seal, entry);
        if (row_i64(rows, "position") != walk->position + 1)
            broken(out, seq, "a seal before this entry is missing");
        else if (entry.at == NULL)
            broken(out, seq, "the entry is gone");
        else if (!seal_from_hex(row_text(rows, "hash"), &given) ||
                 memcmp(given.bytes, walk->seal.bytes, sizeof given.bytes) != 0)
            broken(out, seq, "the entry is not what was sealed");
        walk->position++;
        out->entries++;
    }
    return row_end(rows);
}

int audit_verify(tx_t *tx, chain_report_t *out)
{
    *out = (chain_report_t){.intact = true, .reason = TEXT_NONE};
    walk_t walk = {.position = 0};
    bool more = true;
    rows_t *rows;
    while (more && out->intact) {
        arena_mark_t mark = arena_mark(tx_arena(tx));
        if (walk_batch(tx, &walk, out, &more) != 0)
            return -1;
        arena_rewind(tx_arena(tx), mark);
    }
    if (tx_query(tx, STMT_AUDIT_UNSEALED, &rows) != 0)
        return -1;
    rows_next(rows);
    out->unsealed = row_i64(rows, "n");
    if (out->intact && !row_is_null(rows, "lost"))
        broken(out, row_i64(rows, "lost"), "the entry has no seal although later ones do");
    out->head = seal_hex(&walk.seal, tx_arena(tx));
    return row_end(rows);
}
