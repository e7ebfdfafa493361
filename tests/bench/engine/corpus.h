/* corpus.h - schemas with histories: a real corpus from a folder, or one that is generated, always the same.
 *
 * A folder that holds *.avsc or *.json files is a subject; its files, in the order of their version numbers, are its versions. What cannot be
 * parsed by itself (it needs references) is counted and left out.
 */
#ifndef AVOW_TESTS_BENCH_ENGINE_CORPUS_H
#define AVOW_TESTS_BENCH_ENGINE_CORPUS_H

#include "compat/compat.h"

typedef struct {
    text_t text;
    schema_t *schema;
    size_t subject;
} version_t;

typedef struct {
    uint32_t reader, writer;
} pair_t;

typedef struct {
    const char *from; /* "generated histories", or the folder */
    format_id_t format;
    version_t *at;
    size_t n, n_refused, bytes;
    size_t n_subjects;
    pair_t *pairs; /* consecutive versions, in both directions */
    size_t n_pairs;
    arena_t *arena;
} corpus_t;

corpus_t *corpus_load(format_id_t format, const char *folder);
corpus_t *corpus_generate(format_id_t format, size_t n_subjects, size_t n_versions);
void corpus_free(corpus_t *corpus);

/* Takes out the versions that `refused` marks: somebody we are compared with cannot read them. */
void corpus_drop(corpus_t *corpus, const bool *refused);

schema_t *bench_parse(format_id_t format, text_t text); /* NULL if it is refused */

/* The same generator, for anything random: splitmix64. */
uint64_t bench_random(uint64_t *state);
uint32_t bench_below(uint64_t *state, uint32_t n);

#endif
