#include "tests/http/together.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http.h"

typedef struct {
    job_t *job;
    pthread_barrier_t *start;
} runner_t;

static void *run(void *arg)
{
    runner_t *runner = arg;
    job_t *job = runner->job;
    arena_t *arena = arena_new();
    http_client_t *client = http_client_new(job->url);
    http_reply_t reply;
    if (runner->start != NULL)
        pthread_barrier_wait(runner->start);
    const char *body = job->body[0] != '\0' ? job->body : NULL;
    job->status = http_call(client, job->method, job->path, body, arena, &reply);
    job->id = http_member(&reply, "id");
    job->error_code = http_member(&reply, "error_code");
    snprintf(job->text, sizeof job->text, "%s", reply.failure != NULL ? reply.failure : reply.body.at);
    http_client_free(client);
    arena_free(arena);
    return NULL;
}

void together(job_t *jobs, size_t n)
{
    pthread_t *threads = calloc(n, sizeof *threads);
    runner_t *runners = calloc(n, sizeof *runners);
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)n);
    for (size_t i = 0; i < n; i++) {
        runners[i] = (runner_t){&jobs[i], &start};
        if (pthread_create(&threads[i], NULL, run, &runners[i]) != 0)
            abort();
    }
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    free(threads);
    free(runners);
}

long ask(const char *url, const char *method, const char *path, const char *body, job_t *job)
{
    job_t own = {.url = url, .method = method};
    snprintf(own.path, sizeof own.path, "%s", path);
    snprintf(own.body, sizeof own.body, "%s", body != NULL ? body : "");
    run(&(runner_t){&own, NULL});
    if (job != NULL)
        *job = own;
    return own.status;
}
