/* log.h - one line for each event, with fields, as text or JSON.
 *
 *     log_info("database is back", LOG_TEXT("after_ms", ...), LOG_INT("workers", 16));
 *
 * The event is a constant sentence without values; values are fields. Control characters are escaped and invalid UTF-8 is
 * replaced, so that what a client sends cannot forge a line. Never logged: schema texts, credentials, connection strings.
 * A failure is logged once, where it becomes a reply.
 *
 * Threads  any; a line is one write(2).
 * Memory   nothing is kept; lines longer than a few kilobytes are cut.
 */
#ifndef AVOW_SERVER_CORE_LOG_H
#define AVOW_SERVER_CORE_LOG_H

#include "compat/core/text.h"

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } log_level_t;
typedef enum { LOG_FORMAT_TEXT, LOG_FORMAT_JSON } log_format_t;

typedef struct {
    const char *name; /* NULL ends the fields */
    enum { LOG_FIELD_TEXT, LOG_FIELD_INT, LOG_FIELD_BOOL } kind;
    text_t text; /* TEXT_NONE: the field is left out */
    int64_t number;
} log_field_t;

#define LOG_TEXT(field, value) ((log_field_t){.name = (field), .kind = LOG_FIELD_TEXT, .text = (value)})
#define LOG_S(field, string)   LOG_TEXT((field), text_of(string))
#define LOG_INT(field, value) \
    ((log_field_t){.name = (field), .kind = LOG_FIELD_INT, .number = (int64_t)(value)})
#define LOG_BOOL(field, value) ((log_field_t){.name = (field), .kind = LOG_FIELD_BOOL, .number = (value)})

#define log_event(level, event, ...)                                                                \
    do {                                                                                            \
        if (log_is_on(level))                                                                       \
            log_write((level), (event), (log_field_t[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}}); \
    } while (0)
#define log_debug(event, ...) log_event(LOG_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...)  log_event(LOG_INFO, event, __VA_ARGS__)
#define log_warn(event, ...)  log_event(LOG_WARN, event, __VA_ARGS__)
#define log_error(event, ...) log_event(LOG_ERROR, event, __VA_ARGS__)

/* Before other threads exist. Until then: level info, text, standard error. */
void log_setup(log_level_t level, log_format_t format, int fd);

bool log_is_on(log_level_t level);
void log_write(log_level_t level, const char *event, const log_field_t *fields);

/* One line, without its end, into `out`; used by log_write and by tests. `time` is printed as it is. */
size_t log_line(char *out, size_t room, log_format_t format, const char *time, log_level_t level,
                const char *event, const log_field_t *fields);

#endif
