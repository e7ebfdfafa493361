/* proposal.h - what somebody wants of a line, read from a body: the same for POST /impact, /changes and its revisions. */
#ifndef AVOW_SERVER_API_PROPOSAL_H
#define AVOW_SERVER_API_PROPOSAL_H

#include "catalog/impact.h"
#include "server/api/shape.h"

/* Members schema {format, text, references}, edits, contract, target, subject; kind, where it does not follow from them. */
int api_proposal(call_t *c, proposal_t *out);

/* Finds the line that the body names at `line`. */
int api_proposal_line(call_t *c, tx_t *tx, int64_t *line_id);

extern const shape_t impact_shape[], change_shape[], revision_shape[], decision_shape[];

#endif
