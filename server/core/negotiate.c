#include "server/core/negotiate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char *const offered[MEDIA_N] = {
    [MEDIA_V1_JSON] = "application/vnd.schemaregistry.v1+json",
    [MEDIA_JSON_0] = "application/vnd.schemaregistry+json",
    [MEDIA_JSON] = "application/json",
};

const char *media_name(media_t media)
{
    return offered[media];
}

/* --- lists of header elements -------------------------------------------------------------------------------------- */

/* Takes the part of `list` before the next `separator` off it, trimmed. */
static bool list_next(text_t *list, char separator, text_t *part)
{
    if (list->bytes == 0)
        return false;
    const char *end = memchr(list->at, separator, list->bytes);
    size_t bytes = end == NULL ? list->bytes : (size_t)(end - list->at);
    *part = text_trim((text_t){list->at, bytes});
    *list = text_from(*list, end == NULL ? bytes : bytes + 1);
    return true;
}

/* "0.25", ".2", "1" in thousandths; -1 when it is no weight. Java sends ".2". */
static int weight_read(text_t text)
{
    int value = 0;
    size_t i = 0;
    for (; i < text.bytes && text.at[i] >= '0' && text.at[i] <= '9' && value < 10; i++)
        value = value * 10 + (text.at[i] - '0');
    value *= 1000;
    if (i < text.bytes && text.at[i] == '.') {
        int unit = 100;
        for (i++; i < text.bytes && text.at[i] >= '0' && text.at[i] <= '9'; i++, unit /= 10)
            value += (text.at[i] - '0') * unit;
    }
    if (i < text.bytes || text.bytes == 0)
        return -1;
    return value > 1000 ? 1000 : value;
}

/* The weight among the parameters of an element; 1000 when none is readable. */
static int weight_of(text_t parameters)
{
    text_t parameter;
    while (list_next(&parameters, ';', &parameter)) {
        text_t name, rest = parameter;
        if (!list_next(&rest, '=', &name) || !text_is_nocase(name, "q"))
            continue;
        int weight = weight_read(text_trim(rest));
        return weight < 0 ? 1000 : weight;
    }
    return 1000;
}

/* --- Accept ----------------------------------------------------------------------------------------------------------- */

typedef struct {
    int specificity[MEDIA_N], weight[MEDIA_N];
    bool lenient;
    bool readable; /* at least one media range was found */
} wish_t;

/* How closely a media range names an offered type: 3 exactly, 2 the major type, 1 everything, 0 not. A bare "*" is everything. */
static int range_specificity(text_t range, media_t media)
{
    if (text_is(range, "*") || text_is(range, "*/*"))
        return 1;
    if (text_is_nocase(range, "application/*"))
        return 2;
    return text_is_nocase(range, offered[media]) ? 3 : 0;
}

static void wish_add(wish_t *wish, text_t element)
{
    text_t range, parameters = element;
    if (!list_next(&parameters, ';', &range) || range.bytes == 0)
        return;
    if (!text_is(range, "*") && memchr(range.at, '/', range.bytes) == NULL)
        return; /* no media range at all */
    wish->readable = true;
    int weight = weight_of(parameters);
    if (weight > 0 && (text_is_nocase(range, "text/plain") || text_is_nocase(range, "text/html") ||
                       text_is_nocase(range, "text/*")))
        wish->lenient = true;
    for (int m = 0; m < MEDIA_N; m++) {
        int specificity = range_specificity(range, (media_t)m);
        if (specificity > wish->specificity[m] ||
            (specificity == wish->specificity[m] && specificity > 0 && weight > wish->weight[m])) {
            wish->specificity[m] = specificity;
            wish->weight[m] = weight;
        }
    }
}

media_t negotiate_accept(text_t accept)
{
    accept = text_trim(accept);
    if (accept.bytes == 0 || text_is(accept, "*/*") || text_is(accept, offered[MEDIA_V1_JSON]))
        return MEDIA_V1_JSON;
    wish_t wish = {0};
    text_t element;
    while (list_next(&accept, ',', &element))
        wish_add(&wish, element);
    /* The largest weight; among equals what was named over what a wildcard takes; then our own order. */
    media_t best = MEDIA_NONE;
    int best_score = 0;
    for (int m = 0; m < MEDIA_N; m++) {
        int score = wish.weight[m] == 0 ? 0 : wish.weight[m] * 4 + wish.specificity[m];
        if (score > best_score) {
            best = (media_t)m;
            best_score = score;
        }
    }
    return best == MEDIA_NONE && (wish.lenient || !wish.readable) ? MEDIA_V1_JSON : best;
}

bool negotiate_content_type(text_t content_type)
{
    text_t type;
    content_type = text_trim(content_type);
    if (!list_next(&content_type, ';', &type) || type.bytes == 0)
        return true;
    for (int m = 0; m < MEDIA_N; m++)
        if (text_is_nocase(type, offered[m]))
            return true;
    return text_is_nocase(type, "application/octet-stream");
}

bool negotiate_gzip(text_t accept_encoding)
{
    text_t element;
    bool every = false;
    while (list_next(&accept_encoding, ',', &element)) {
        text_t coding, parameters = element;
        if (!list_next(&parameters, ';', &coding))
            continue;
        bool wanted = weight_of(parameters) > 0;
        if (text_is_nocase(coding, "gzip") || text_is_nocase(coding, "x-gzip"))
            return wanted;
        if (text_is(coding, "*"))
            every = wanted;
    }
    return every;
}

bool negotiate_html(text_t accept)
{
    text_t element;
    while (list_next(&accept, ',', &element)) {
        text_t range, parameters = element;
        if (list_next(&parameters, ';', &range) && text_is_nocase(range, "text/html"))
            return weight_of(parameters) > 0;
    }
    return false;
}

/* --- request ids --------------------------------------------------------------------------------------------------------- */

bool request_id_valid(text_t id)
{
    if (id.bytes == 0 || id.bytes > 128)
        return false;
    for (size_t i = 0; i < id.bytes; i++) {
        char c = id.at[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!word && (c == '\0' || strchr("-_.:/+=@,", c) == NULL))
            return false;
    }
    return true;
}

void request_id_make(char out[REQUEST_ID_BYTES])
{
    static __thread struct {
        unsigned char bytes[2048];
        size_t used;
        bool filled;
    } supply;
    static const char digits[] = "0123456789abcdef";
    if (!supply.filled || supply.used == sizeof supply.bytes) {
        if (getrandom(supply.bytes, sizeof supply.bytes, 0) != (ssize_t)sizeof supply.bytes)
            abort(); /* the system has no random bytes: nothing here would be safe */
        supply.used = 0;
        supply.filled = true;
    }
    unsigned char *random = supply.bytes + supply.used;
    supply.used += 16;
    random[6] = (unsigned char)((random[6] & 0x0f) | 0x40);
    random[8] = (unsigned char)((random[8] & 0x3f) | 0x80);
    for (size_t i = 0, at = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[at++] = '-';
        out[at++] = digits[random[i] >> 4];
        out[at++] = digits[random[i] & 15];
    }
}
