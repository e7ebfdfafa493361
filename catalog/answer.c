#include "catalog/answer.h"

#include <stdarg.h>
#include <stdio.h>

#include "compat/core/json_text.h"

static const char *const words[] = {"yes", "pending", "unknown", "no"};

void answer_begin(answer_t *answer, tx_t *tx)
{
    *answer = (answer_t){.tx = tx, .arena = tx_arena(tx), .kind = ANSWER_YES, .evidence = TEXT_NONE};
    buf_init(&answer->because, BUF_NO_MAX);
    buf_init(&answer->next, BUF_NO_MAX);
}

/* A sentence that is too long for people ends where it has to. */
__attribute__((format(printf, 3, 0))) static void add_sentence(buf_t *out, const char *name, const char *fmt,
                                                               va_list args)
{
    char sentence[2048];
    int bytes = vsnprintf(sentence, sizeof sentence, fmt, args);
    size_t kept = bytes < 0 ? 0 : (size_t)bytes >= sizeof sentence ? sizeof sentence - 1 : (size_t)bytes;
    text_t text = {sentence, kept};
    text.bytes = text_utf8_valid(text);
    buf_printf(out, "\"%s\":", name);
    jv_print_string(out, text_trim(text));
}

void answer_because(answer_t *answer, verdict_kind_t gives, const char *code, text_t members, const char *fmt,
                    ...)
{
    va_list args;
    if (gives > answer->kind)
        answer->kind = gives;
    buf_add_s(&answer->because, buf_text(&answer->because).bytes > 0 ? ",{" : "{");
    if (code != NULL)
        buf_printf(&answer->because, "\"code\":\"%s\",", code);
    va_start(args, fmt);
    add_sentence(&answer->because, "detail", fmt, args);
    va_end(args);
    if (members.bytes > 0)
        buf_add_char(&answer->because, ',');
    buf_add(&answer->because, members);
    buf_add_char(&answer->because, '}');
}

void answer_next(answer_t *answer, text_t href, const char *fmt, ...)
{
    va_list args;
    buf_add_s(&answer->next, buf_text(&answer->next).bytes > 0 ? ",{" : "{");
    va_start(args, fmt);
    add_sentence(&answer->next, "do", fmt, args);
    va_end(args);
    buf_add_s(&answer->next, ",\"href\":");
    jv_print_string(&answer->next, href);
    buf_add_char(&answer->next, '}');
}

int answer_end(answer_t *answer, text_t *out)
{
    rows_t *rows;
    buf_t body;
    if (tx_query(answer->tx, STMT_CATALOG_TIME, &rows) != 0) {
        answer_dispose(answer);
        return -1;
    }
    rows_next(rows);
    buf_init(&body, BUF_NO_MAX);
    buf_add_s(&body, "{\"question\":");
    jv_print_string(&body, answer->question);
    buf_printf(&body, ",\"answer\":\"%s\",\"because\":[", words[answer->kind]);
    buf_add(&body, buf_text(&answer->because));
    buf_add_s(&body, "],\"evidence\":");
    buf_add(&body, answer->evidence.at == NULL ? TEXT("{}") : answer->evidence);
    buf_add_s(&body, ",\"next\":[");
    buf_add(&body, buf_text(&answer->next));
    buf_printf(&body, "],\"evaluated_at\":\"" TEXT_FMT "\"}", TEXT_ARG(row_text(rows, "now")));
    *out = buf_end(&body, answer->arena);
    answer_dispose(answer);
    return row_end(rows);
}

void answer_dispose(answer_t *answer)
{
    buf_dispose(&answer->because);
    buf_dispose(&answer->next);
}
