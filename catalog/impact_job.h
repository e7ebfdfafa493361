/* impact_job.h - one question of impact.h on its way, as impact.c, impact_rows.c and impact_json.c share it. Private to these. */
#ifndef AVOW_CATALOG_IMPACT_JOB_H
#define AVOW_CATALOG_IMPACT_JOB_H

#include "catalog/candidate.h"
#include "catalog/impact.h"

#define IMPACT_FINDINGS_MAX 64 /* of one comparison */

typedef struct {
    text_t path;
    bool required, exhaustive;
} declared_t;

typedef struct {
    declared_t *fields;
    size_t n_fields;
    text_t reader, reader_name; /* TEXT_NONE: none declared */
    format_id_t reader_format;
    int32_t reader_context, reader_schema; /* where the registry has it; 0: it stands by itself */
    text_t not_relied_on;                  /* "ordering,sla" */
} testimony_t;

typedef struct {
    tx_t *tx;
    arena_t *arena;
    const proposal_t *proposal;
    impact_t *out;
    size_t findings_room;

    /* The line. */
    int32_t base_context, base_schema, base_major, base_minor, base_patch;
    format_id_t base_format;
    text_t base_text, base_name, base_terms;
    int64_t checkpoint, stale_days, reminders;

    schema_t *base, *candidate; /* counted; NULL: none */
    schema_t **readers;         /* of consumers, counted */
    size_t n_readers;
    candidate_t read; /* holds the candidate when it was a text */
} impact_job_t;

check_options_t impact_options(fix_side_t fix);

/* Adds one of the engine's findings, or gives the one that is there. Index into out->findings. */
size_t impact_add_finding(impact_job_t *job, const finding_t *finding, direction_t direction,
                          text_t rejected_by);

/* The finding of this rule and path for old readers, or -1. */
ssize_t impact_same_finding(const impact_job_t *job, const finding_t *finding);

/* {"encoding":...}: TEXT_NONE without a witness. */
text_t impact_counterexample(impact_job_t *job, const witness_t *witness, text_t rejected_by);

/* Judges every consumption of the line (impact_rows.c). */
int impact_rows(impact_job_t *job);

#endif
