/* contest.h - several programs do the same work; they take turns, and the medians of many short rounds are compared.
 *
 * The time is CPU time of the working thread, so that what else the machine does disturbs little; what it still disturbs, it disturbs for
 * everybody alike.
 */
#ifndef AVOW_TESTS_BENCH_ENGINE_CONTEST_H
#define AVOW_TESTS_BENCH_ENGINE_CONTEST_H

#include <stdbool.h>
#include <stddef.h>

#define ROUNDS_MAX 101

typedef struct {
    const char *name;
    double (*round)(void *context,
                    unsigned times); /* seconds for doing everything `times` times; negative: it died */
    void *context;
    unsigned times;                     /* filled in */
    double seconds[ROUNDS_MAX], median; /* for doing everything once; filled in */
} contestant_t;

/* Runs the rounds (BENCH_ROUNDS, 15) and fills in the times. */
void contest_run(contestant_t *contestants, size_t n);

/* Prints a line for each, `per` operations each, and how many times faster `ours` (a contestant) is than it. */
void contest_print(const contestant_t *contestants, size_t n, const contestant_t *ours, double per);

/* How often slower `other` is than `one`: the median of the rounds' own ratios. */
double contest_ratio(const contestant_t *other, const contestant_t *one);

/* Prints whether a bar is met, and remembers if one is missed; `contest_missed` is for the exit code. */
void bar_at_most(const char *what, double figure, double bar);
void bar_at_least(const char *what, double figure, double bar);
bool contest_missed(void);

double clock_now(void);                                      /* CPU seconds of this thread */
double median_of(double *values, size_t n, double fraction); /* sorts; fraction 0.5 is the median */

#endif
