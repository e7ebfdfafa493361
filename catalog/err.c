#include "catalog/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int http, wire;
    const char *text;
} rows[ERR_N] = {
#define XX(name, http, wire, text) [ERR_##name] = {#name, http, wire, text},
    ERR_MAP(XX)
#undef XX
};

void err_note(err_t *err, err_code_t code, const char *fmt, ...)
{
    if (err->code != ERR_NONE)
        return;
    err->code = code;
    err->long_text = TEXT_NONE;
    if (fmt == NULL) {
        snprintf(err->text, sizeof err->text, "%s", rows[code].text);
        return;
    }
    va_list args;
    va_start(args, fmt);
    int bytes = vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    if (bytes < 0)
        snprintf(err->text, sizeof err->text, "%s", rows[code].text);
    else if ((size_t)bytes >= sizeof err->text) /* cut where a code point ends */
        err->text[text_utf8_valid((text_t){err->text, sizeof err->text - 1})] = '\0';
}

int err_set_text(err_t *err, err_code_t code, text_t text)
{
    if (err->code != ERR_NONE)
        return -1;
    err->code = code;
    err->text[0] = '\0';
    err->long_text = text;
    return -1;
}

void err_clear(err_t *err)
{
    err->code = ERR_NONE;
    err->text[0] = '\0';
    err->place = NULL;
    err->extra = TEXT_NONE;
    err->long_text = TEXT_NONE;
}

int err_http(err_code_t code)
{
    return rows[code].http;
}

const char *err_title(err_code_t code)
{
    return rows[code].text;
}

int err_wire(err_code_t code)
{
    return rows[code].wire;
}

const char *err_name(err_code_t code)
{
    return rows[code].name;
}

text_t err_text(const err_t *err)
{
    return err->long_text.at != NULL ? err->long_text : text_of(err->text);
}
