/* err.h - every way a call can be refused, once: name, HTTP status, wire code, default sentence.
 *
 * The list makes the enum, the status, the registry's error_code and docs/errors.md; a test checks that each is documented.
 * Rows up to `REGISTRY` follow the registry API's code table; the rest serve /api/v1 as application/problem+json, where the
 * name in lower case words is the `code`.
 *
 * Memory   err_t is owned by the caller, fixed in size, never on the heap. The first failure wins.
 */
#ifndef AVOW_CATALOG_ERR_H
#define AVOW_CATALOG_ERR_H

#include "compat/core/fault.h"

/*  XX(name,                        http, wire,  default text) */
#define ERR_MAP(XX)                                                                                         \
    XX(NONE, 200, 0, "")                                                                                    \
    XX(BODY_MALFORMED, 400, 400, "Malformed request")                                                       \
    XX(UNAUTHENTICATED, 401, 401, "Unauthorized")                                                           \
    XX(FORBIDDEN, 403, 403, "Forbidden")                                                                    \
    XX(ROUTE_UNKNOWN, 404, 404, "HTTP 404 Not Found")                                                       \
    XX(SUBJECT_NOT_FOUND, 404, 40401, "Subject not found.")                                                 \
    XX(VERSION_NOT_FOUND, 404, 40402, "Version not found.")                                                 \
    XX(SCHEMA_NOT_FOUND, 404, 40403, "Schema not found")                                                    \
    XX(SUBJECT_SOFT_DELETED, 404, 40404,                                                                    \
       "Subject was soft deleted.Set permanent=true to delete permanently")                                 \
    XX(SUBJECT_NOT_SOFT_DELETED, 404, 40405,                                                                \
       "Subject was not deleted first before being permanently deleted")                                    \
    XX(VERSION_SOFT_DELETED, 404, 40406,                                                                    \
       "Version was soft deleted.Set permanent=true to delete permanently")                                 \
    XX(VERSION_NOT_SOFT_DELETED, 404, 40407,                                                                \
       "Version was not deleted first before being permanently deleted")                                    \
    XX(CONFIG_NOT_SET, 404, 40408, "Subject does not have subject-level compatibility configured")          \
    XX(MODE_NOT_SET, 404, 40409, "Subject does not have subject-level mode configured")                     \
    XX(METHOD_NOT_ALLOWED, 405, 405, "HTTP 405 Method Not Allowed")                                         \
    XX(NOT_ACCEPTABLE, 406, 406, "HTTP 406 Not Acceptable")                                                 \
    XX(TIMEOUT_REQUEST, 408, 408, "The request did not arrive in time")                                     \
    XX(INCOMPATIBLE, 409, 409, "Schema being registered is incompatible with an earlier schema")            \
    XX(BODY_TOO_LARGE, 413, 413, "The request body is too large")                                           \
    XX(MEDIA_UNSUPPORTED, 415, 415, "HTTP 415 Unsupported Media Type")                                      \
    XX(BODY_INVALID, 422, 422, "The request body is missing")                                               \
    XX(SCHEMA_INVALID, 422, 42201, "Invalid schema")                                                        \
    XX(VERSION_INVALID, 422, 42202, "The specified version is not a valid version id")                      \
    XX(LEVEL_INVALID, 422, 42203,                                                                           \
       "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, " \
       "forward_transitive, and full_transitive")                                                           \
    XX(MODE_INVALID, 422, 42204, "Invalid mode. Valid values are READWRITE, READONLY, and IMPORT.")         \
    XX(OPERATION_NOT_PERMITTED, 422, 42205, "Operation not permitted")                                      \
    XX(REFERENCE_EXISTS, 422, 42206, "One or more references exist to the schema")                          \
    XX(ID_MISMATCH, 422, 42207, "The schema at this id is another one")                                     \
    XX(SUBJECT_INVALID, 422, 42208, "The specified subject is not a valid.")                                \
    XX(SCHEMA_TOO_LARGE, 422, 42209, "Register operation failed because schema is too large")               \
    XX(RULE_SET_INVALID, 422, 42210, "Invalid rule set")                                                    \
    XX(CONTEXT_NOT_EMPTY, 422, 42211, "The specified context is not empty.")                                \
    XX(INTERNAL, 500, 500, "Internal Server Error")                                                         \
    XX(STORE, 500, 50001, "The database is not reachable; the server keeps trying and resumes by itself")   \
    XX(STORE_TIMEOUT, 500, 50002, "The database did not answer in time")                                    \
    XX(BUSY, 503, 503, "The server has as many calls waiting as it takes; try again in a moment")           \
    /* /api/v1 alone */                                                                                     \
    XX(NOT_FOUND, 404, 404, "There is nothing of this name")                                                \
    XX(CHANGE_REQUIRED, 409, 409, "This would break consumers and needs an approved change")                \
    XX(CHANGE_BLOCKED, 409, 409, "The change cannot be applied yet")                                        \
    XX(CHANGE_CONFLICT, 409, 409, "The line has moved, or another breaking change is open")                 \
    XX(CHANGE_STALE_REVISION, 409, 409, "The change has a newer revision")                                  \
    XX(CHANGE_CLOSED, 409, 409, "The change is closed")                                                     \
    XX(LINE_DEPRECATED, 409, 409, "The line is deprecated and takes no new consumers or producers")         \
    XX(LINE_SUNSET, 409, 409, "The line has reached its sunset")                                            \
    XX(LINE_REMOVED, 410, 410, "The line is removed")                                                       \
    XX(TRANSITION_NOT_ALLOWED, 409, 409, "The line cannot go from its state to that one")                   \
    XX(SUNSET_TOO_SOON, 422, 422, "The sunset is earlier than the policy allows")                           \
    XX(SUNSET_SHORTENED, 422, 422, "A sunset is never moved earlier")                                       \
    XX(STILL_CONSUMED, 409, 409, "Somebody still reads or writes this line")                                \
    XX(EVIDENCE_MISSING, 409, 409, "There is not enough evidence to say yes")                               \
    XX(DOC_INCOMPLETE, 422, 422, "Something that the policy requires is missing")                           \
    XX(NAME_TAKEN, 409, 409, "The name is taken")                                                           \
    XX(NAME_RESERVED, 409, 409, "The name was used before and is never given again")                        \
    XX(NAME_PATTERN, 422, 422, "The name does not fit the pattern")                                         \
    XX(FIELD_NAME_TOMBSTONED, 409, 409, "The field's name was used in this line with another type")         \
    XX(PENDING_BREAKING_CHANGE, 409, 409, "A breaking change of this line is open")                         \
    XX(PII_APPROVAL_REQUIRED, 202, 202, "The owner has to agree to this consumption")                       \
    XX(NOT_TEAM_MEMBER, 403, 403, "Only members of the team may do this")                                   \
    XX(SELF_APPROVAL, 403, 403, "Nobody approves their own change for another team")                        \
    XX(OVERRIDE_REASON_REQUIRED, 422, 422, "An override needs a reason")                                    \
    XX(OWNER_INACTIVE, 409, 409, "The owner team has no active member")                                     \
    XX(PRECONDITION_FAILED, 412, 412, "It was changed by somebody else since it was read")                  \
    XX(PRECONDITION_REQUIRED, 428, 428, "Send If-Match with the ETag of what was read")                     \
    XX(IDEMPOTENCY_MISMATCH, 422, 422, "The idempotency key was used with another request")                 \
    XX(MANAGED_ELSEWHERE, 409, 409, "This is kept in a repository and synchronised from there")             \
    XX(AS_OF_OUT_OF_RANGE, 422, 422, "There is no catalog at that moment")                                  \
    XX(CURSOR_EXPIRED, 422, 422, "The cursor belongs to another listing")                                   \
    XX(LIMIT_TOO_LARGE, 422, 422, "The limit is too large")                                                 \
    XX(FIELD_INVALID, 422, 422, "A member of the body is not what it has to be")                            \
    XX(STATE_CONFLICT, 409, 409, "It is not in a state that allows this")                                   \
    XX(RATE_LIMITED, 429, 429, "Too many attempts; wait a moment")                                          \
    XX(PASSWORD_CHANGE_REQUIRED, 403, 403, "The password was given to be replaced: do that first")

typedef enum {
#define XX(name, http, wire, text) ERR_##name,
    ERR_MAP(XX)
#undef XX
        ERR_N
} err_code_t;

typedef struct {
    err_code_t code;
    char text[2048]; /* UTF-8; cut at a code point */
    const char *
        place; /* /api/v1: the JSON path of what is wrong in the request, "fields[2].path"; NULL: none; in the call's arena */
    text_t
        extra; /* /api/v1: members for the problem, a JSON object in the call's arena: who, until when, what to do next */
    text_t long_text; /* replaces `text` when it is longer than that; lives in the call's arena */
} err_t;

/* Notes the first failure; is -1 so that callers can `return err_set(...)`. A NULL fmt takes the default text. */
#define err_set(err, code, ...) (err_note((err), (code), __VA_ARGS__), err_noted())
void err_note(err_t *err, err_code_t code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Inline, so that compilers know: after a failure nothing is filled in, and nobody reads it. */
static inline int err_noted(void)
{
    return -1;
}

int err_set_text(err_t *err, err_code_t code,
                 text_t text); /* `text` is borrowed and must outlive the reply */
void err_clear(err_t *err);

int err_http(err_code_t code);
int err_wire(err_code_t code);
const char *err_name(err_code_t code);  /* "SUBJECT_NOT_FOUND" */
const char *err_title(err_code_t code); /* the default sentence */
text_t err_text(const err_t *err);

#endif
