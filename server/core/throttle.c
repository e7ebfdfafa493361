#include "server/core/throttle.h"

#include <pthread.h>
#include <time.h>

/* Five tries are free; then 2, 4, 8 ... up to 300 seconds apart. An hour without failure begins anew. */
enum { PLACES = 4096, FREE_TRIES = 5, WAIT_FIRST_S = 2, WAIT_MOST_S = 300, MEMORY_S = 3600 };

static struct {
    int64_t failed_s; /* monotonic */
    unsigned failures;
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int64_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static size_t place_of(text_t login)
{
    return text_hash(login, 0) % PLACES;
}

static int64_t wait_after(unsigned failures)
{
    if (failures < FREE_TRIES)
        return 0;
    unsigned doublings = failures - FREE_TRIES;
    int64_t wait = doublings > 8 ? WAIT_MOST_S : (int64_t)WAIT_FIRST_S << doublings;
    return wait < WAIT_MOST_S ? wait : WAIT_MOST_S;
}

int throttle_check(text_t login, err_t *err)
{
    size_t place = place_of(login);
    pthread_mutex_lock(&lock);
    int64_t left = places[place].failed_s + wait_after(places[place].failures) - now_s();
    if (places[place].failures < FREE_TRIES)
        left = 0;
    pthread_mutex_unlock(&lock);
    if (left <= 0)
        return 0;
    return err_set(err, ERR_RATE_LIMITED, "Too many attempts with a wrong password; wait %lld seconds",
                   (long long)left);
}

void throttle_failed(text_t login)
{
    size_t place = place_of(login);
    int64_t now = now_s();
    pthread_mutex_lock(&lock);
    if (now - places[place].failed_s > MEMORY_S)
        places[place].failures = 0;
    places[place].failed_s = now;
    places[place].failures++;
    pthread_mutex_unlock(&lock);
}

void throttle_forget(text_t login)
{
    size_t place = place_of(login);
    pthread_mutex_lock(&lock);
    places[place].failures = 0;
    pthread_mutex_unlock(&lock);
}
