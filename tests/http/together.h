/* together.h - requests that many clients send at the same moment. */
#ifndef AVOW_TESTS_HTTP_TOGETHER_H
#define AVOW_TESTS_HTTP_TOGETHER_H

#include <stddef.h>

typedef struct {
    const char *url; /* of the server */
    const char *method;
    char path[256];
    char body[1024]; /* "": none */
    /* what came back */
    long status;
    long long id, error_code; /* -1: not in the reply */
    char text[512];           /* the beginning of the reply */
} job_t;

/* Sends all of them at once, each from a thread and a connection of its own, and waits for the replies. */
void together(job_t *jobs, size_t n);

/* One request; the reply's status. `job` may be NULL. */
long ask(const char *url, const char *method, const char *path, const char *body, job_t *job);

#endif
