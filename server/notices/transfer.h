/* transfer.h - inside notices: one delivery on its way to one receiver.
 *
 * A receiver that was not asked yet is asked first (OPTIONS), then the same transfer goes on with the delivery itself.
 *
 * Memory   a transfer owns an arena with copies of all that it needs.
 */
#ifndef AVOW_SERVER_NOTICES_TRANSFER_H
#define AVOW_SERVER_NOTICES_TRANSFER_H

#include <curl/curl.h>

#include "catalog/delivery.h"
#include "server/notices/address.h"

typedef struct transfer transfer_t;
struct transfer {
    transfer_t *next;
    CURL *easy;
    arena_t *arena;
    due_t due;
    const allow_t *allow;
    enum { TRANSFER_ASKS, TRANSFER_SENDS } step;
    const char *host, *origin;

    /* of the step under way */
    struct curl_slist *headers;
    int64_t started_ns;
    size_t read_bytes;
    bool address_refused;
    text_t allowed_origin; /* WebHook-Allowed-Origin */
    char curl_says[CURL_ERROR_SIZE];
};

transfer_t *transfer_new(const due_t *due, const allow_t *allow, const char *source);
void transfer_free(transfer_t *transfer);

/* Prepares transfer->easy for its step. */
void transfer_ask(transfer_t *transfer);
void transfer_send(transfer_t *transfer);

/* What the receiver answered to OPTIONS, in one word and in several. */
asked_t transfer_asked(const transfer_t *transfer, CURLcode code, text_t *words);

/* What came of the step. `status` 2xx is success; else error, again_s and gone are set. Texts live in the transfer's arena. */
attempt_t transfer_attempt(transfer_t *transfer, CURLcode code);

#endif
