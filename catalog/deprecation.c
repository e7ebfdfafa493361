#include "catalog/deprecation.h"

size_t deprecation_headers(text_t headers, deprecation_header_t out[DEPRECATION_HEADERS_MAX])
{
    static const char *const names[DEPRECATION_HEADERS_MAX] = {"deprecation", "sunset", "link"};
    size_t n = 0;
    for (size_t i = 0; i < DEPRECATION_HEADERS_MAX && headers.bytes > 0; i++) {
        const char *end = memchr(headers.at, '\n', headers.bytes);
        size_t bytes = end == NULL ? headers.bytes : (size_t)(end - headers.at);
        if (bytes > 0)
            out[n++] = (deprecation_header_t){names[i], {headers.at, bytes}};
        headers = text_from(headers, end == NULL ? bytes : bytes + 1);
    }
    return n;
}
