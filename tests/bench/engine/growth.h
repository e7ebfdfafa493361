/* growth.h - the curve over size: how the cost of reading and checking grows with fields, depth and branches. */
#ifndef AVOW_TESTS_BENCH_ENGINE_GROWTH_H
#define AVOW_TESTS_BENCH_ENGINE_GROWTH_H

void growth_print(void);

#endif
