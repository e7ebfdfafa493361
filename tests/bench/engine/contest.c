#include "contest.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static bool missed;

double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median_of(double *values, size_t n, double fraction)
{
    if (n == 0)
        return 0;
    qsort(values, n, sizeof *values, by_size);
    size_t at = (size_t)((double)n * fraction);
    return values[at < n ? at : n - 1];
}

static size_t rounds(void)
{
    const char *given = getenv("BENCH_ROUNDS");
    unsigned long n = given != NULL ? strtoul(given, NULL, 10) : 0;
    return n == 0 ? 15 : n > ROUNDS_MAX ? ROUNDS_MAX : n;
}

/* So many repetitions that a round takes a twentieth of a second. */
static void calibrate(contestant_t *contestant)
{
    contestant->round(contestant->context, 1);
    double once = contestant->round(contestant->context, 1);
    double times = once > 0 ? 0.05 / once : 1000;
    contestant->times = times < 1 ? 1 : times > 1000 ? 1000 : (unsigned)times;
}

void contest_run(contestant_t *contestants, size_t n)
{
    size_t n_rounds = rounds();
    double values[ROUNDS_MAX];
    for (size_t i = 0; i < n; i++)
        calibrate(&contestants[i]);
    for (size_t round = 0; round < n_rounds; round++)
        for (size_t i = 0; i < n; i++)
            contestants[i].seconds[round] =
                contestants[i].round(contestants[i].context, contestants[i].times) / contestants[i].times;
    for (size_t i = 0; i < n; i++) {
        for (size_t round = 0; round < n_rounds; round++)
            values[round] = contestants[i].seconds[round];
        contestants[i].median = median_of(values, n_rounds, 0.5);
    }
}

double contest_ratio(const contestant_t *other, const contestant_t *one)
{
    double ratios[ROUNDS_MAX];
    size_t n_rounds = rounds();
    for (size_t round = 0; round < n_rounds; round++)
        ratios[round] = other->seconds[round] / one->seconds[round];
    return median_of(ratios, n_rounds, 0.5);
}

void contest_print(const contestant_t *contestants, size_t n, const contestant_t *ours, double per)
{
    for (size_t i = 0; i < n; i++)
        printf("  %-44s %10.3f us   %6.2f of ours\n", contestants[i].name, contestants[i].median * 1e6 / per,
               contest_ratio(&contestants[i], ours));
}

static void verdict(const char *what, double figure, const char *relation, double bar, bool met)
{
    printf("  %-44s %10.2f      (bar: %s %g) %s\n", what, figure, relation, bar, met ? "met" : "MISSED");
    missed = missed || !met;
}

void bar_at_most(const char *what, double figure, double bar)
{
    verdict(what, figure, "at most", bar, figure <= bar);
}

void bar_at_least(const char *what, double figure, double bar)
{
    verdict(what, figure, "at least", bar, figure >= bar);
}

bool contest_missed(void)
{
    return missed;
}
