#include "server/core/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 4096

static struct {
    log_level_t level;
    log_format_t format;
    int fd;
} out_to = {LOG_INFO, LOG_FORMAT_TEXT, STDERR_FILENO};

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

void log_setup(log_level_t level, log_format_t format, int fd)
{
    out_to.level = level;
    out_to.format = format;
    out_to.fd = fd;
}

bool log_is_on(log_level_t level)
{
    return level >= out_to.level;
}

/* A line under construction: stops at its room and stays whole. */
typedef struct {
    char *at;
    size_t used, room;
} line_t;

static void line_add(line_t *line, const char *at, size_t bytes)
{
    size_t left = line->room - line->used;
    if (bytes > left)
        bytes = left;
    memcpy(line->at + line->used, at, bytes);
    line->used += bytes;
}

static void line_add_s(line_t *line, const char *s)
{
    line_add(line, s, strlen(s));
}

static void line_add_int(line_t *line, int64_t number)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRId64, number);
    line_add(line, digits, (size_t)n);
}

/* How many bytes of the text are one well-formed code point that may stand as it is; 0 when the first byte must be escaped. */
static size_t plain_bytes(text_t text)
{
    unsigned char first = (unsigned char)text.at[0];
    if (first < 0x80)
        return first >= 0x20 && first != 0x7f && first != '"' && first != '\\' ? 1 : 0;
    size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (bytes > text.bytes || text_utf8_valid((text_t){text.at, bytes}) != bytes)
        return 0;
    if (first == 0xc2 && (unsigned char)text.at[1] < 0xa0) /* C1 controls */
        return 0;
    return bytes;
}

static void line_add_escaped(line_t *line, text_t text)
{
    while (text.bytes > 0 && line->used + 12 < line->room) {
        size_t bytes = plain_bytes(text);
        if (bytes > 0) {
            line_add(line, text.at, bytes);
        } else {
            unsigned char byte = (unsigned char)text.at[0];
            char escape[8];
            int n = byte == '"' || byte == '\\' ? snprintf(escape, sizeof escape, "\\%c", byte)
                    : byte < 0x80               ? snprintf(escape, sizeof escape, "\\u%04x", byte)
                                                : snprintf(escape, sizeof escape, "\\ufffd");
            line_add(line, escape, (size_t)n);
            bytes = 1;
        }
        text = text_from(text, bytes);
    }
    if (text.bytes > 0)
        line_add_s(line, "...");
}

static void line_add_quoted(line_t *line, text_t text)
{
    line_add_s(line, "\"");
    line_add_escaped(line, text);
    line_add_s(line, "\"");
}

static bool needs_quotes(text_t text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=')
            return true;
    }
    return text.bytes == 0;
}

static void line_add_value(line_t *line, log_format_t format, const log_field_t *field)
{
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        if (format == LOG_FORMAT_JSON || needs_quotes(field->text))
            line_add_quoted(line, field->text);
        else
            line_add(line, field->text.at, field->text.bytes);
        break;
    case LOG_FIELD_INT:
        line_add_int(line, field->number);
        break;
    case LOG_FIELD_BOOL:
        line_add_s(line, field->number ? "true" : "false");
        break;
    }
}

size_t log_line(char *out, size_t room, log_format_t format, const char *time, log_level_t level,
                const char *event, const log_field_t *fields)
{
    line_t line = {out, 0, room - 1}; /* room for the closing brace of a cut line */
    if (format == LOG_FORMAT_JSON) {
        line_add_s(&line, "{\"time\":\"");
        line_add_s(&line, time);
        line_add_s(&line, "\",\"level\":\"");
        line_add_s(&line, level_names[level]);
        line_add_s(&line, "\",\"event\":");
        line_add_quoted(&line, text_of(event));
    } else {
        line_add_s(&line, time);
        line_add_s(&line, " ");
        line_add_s(&line, level_names[level]);
        line_add(&line, "      ", 6 - strlen(level_names[level]));
        line_add_s(&line, event);
    }
    for (const log_field_t *field = fields; field->name != NULL; field++) {
        if (field->kind == LOG_FIELD_TEXT && field->text.at == NULL)
            continue;
        if (line.used + strlen(field->name) + 40 > line.room)
            break; /* a line is never cut inside a field's name or a number */
        line_add_s(&line, format == LOG_FORMAT_JSON ? ",\"" : " ");
        line_add_s(&line, field->name);
        line_add_s(&line, format == LOG_FORMAT_JSON ? "\":" : "=");
        line_add_value(&line, format, field);
    }
    if (format == LOG_FORMAT_JSON) {
        line.room++;
        line_add_s(&line, "}");
    }
    return line.used;
}

void log_write(log_level_t level, const char *event, const log_field_t *fields)
{
    struct timespec now;
    struct tm utc;
    char time[40], line[LINE_BYTES];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t n = strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(time + n, sizeof time - n, ".%03ldZ", now.tv_nsec / 1000000);
    size_t bytes = log_line(line, sizeof line - 1, out_to.format, time, level, event, fields);
    line[bytes++] = '\n';
    while (write(out_to.fd, line, bytes) < 0 && errno == EINTR)
        continue; /* a log that cannot be written has nowhere to complain */
}
