/* impact.h - what a proposal does to those who read a line: what it breaks, whom, how we know, and what each has to say about it.
 *
 * Findings come from compat, strict mode, in two directions. An old reader of new messages decides about live consumers; a new reader
 * of old messages tells whether history can be replayed. Each live consumption is then judged by the evidence that it gave:
 *
 *   reader schema     it is the reader, the candidate the writer: refused, with a message that proves it, is broken; values that it now
 *                     fills in by itself are a risk. What it cannot read today already is not held against the proposal.
 *   declared fields   a breaking finding at a required path, above it or below it is broken, at an optional one a risk; an enum that
 *                     grew breaks who handles it exhaustively
 *   nothing           what breaks somebody may break it: unknown
 *
 * Findings that are safe never make a row. Nothing is written: the gate and can-i ask the same question.
 *
 * Memory   the transaction's arena; nothing of the result is counted.
 * Errors   ERR_SCHEMA_INVALID, ERR_FIELD_INVALID, ERR_NOT_FOUND, with err.place.
 * Spec     docs/catalog.md, "What a change does".
 */
#ifndef AVOW_CATALOG_IMPACT_H
#define AVOW_CATALOG_IMPACT_H

#include "catalog/db/db.h"
#include "catalog/reference.h"
#include "compat/diff.h"
#include "compat/edits.h"

/* XX(name, word) */
#define PROPOSAL_MAP(XX)     \
    XX(SCHEMA, "schema")     \
    XX(CONTRACT, "contract") \
    XX(LIFECYCLE, "lifecycle")

typedef enum {
#define XX(name, word) PROPOSAL_##name,
    PROPOSAL_MAP(XX)
#undef XX
        PROPOSAL_N
} proposal_kind_t;

const char *proposal_word(proposal_kind_t kind);
bool proposal_find(text_t word, proposal_kind_t *out);

/* What somebody wants of a line. Texts that were not given are TEXT_NONE. */
typedef struct {
    proposal_kind_t kind;

    /* SCHEMA: a text with its references, or edits of the current version. */
    text_t subject; /* which of the line's, qualified; TEXT_NONE: the one that holds its values */
    format_id_t format;
    text_t text;
    const reference_t *references; /* subject and version in the registry */
    size_t n_references;
    const edit_t *edits; /* counts when there is no text */
    size_t n_edits;

    text_t
        terms; /* CONTRACT: a JSON object (catalog/contract.h); terms that it does not name stay as they are */
    text_t target; /* LIFECYCLE: {"state": "deprecated", "sunset_at": ..., "replacement": ...} */

    int64_t change_id; /* consumptions that accepted this change are not asked again; 0 */
} proposal_t;

/* XX(name, word) */
#define DIRECTION_MAP(XX)        \
    XX(OLD_READER, "reader-old") \
    XX(NEW_READER, "reader-new") \
    XX(BOTH, "both")             \
    XX(CONTRACT, "contract")

typedef enum {
#define XX(name, word) DIRECTION_##name,
    DIRECTION_MAP(XX)
#undef XX
        DIRECTION_N
} direction_t;

#define FINGERPRINT_BYTES 16 /* hexadecimal digits */

typedef struct {
    text_t
        fingerprint; /* the same for the same thing, whatever else the proposal changes; reader-old and both: the engine's */
    text_t rule; /* of compat/rules.def, of the diff, or of the contract */
    finding_class_t class;
    direction_t direction;
    text_t path;         /* the first of `paths`; "" is the whole message */
    const text_t *paths; /* every field that it is about: a type may be used in several places */
    size_t n_paths;
    text_t attribute; /* of the contract: "ordering"; TEXT_NONE */
    text_t message, hint;
    uint32_t line,
        column; /* in the candidate, or in the base where it is about what the candidate lacks; 0: none */
    text_t
        counterexample; /* a JSON object: encoding, value, accepted_by, rejected_by, reader_error, verified; TEXT_NONE */
    bool enum_grew;
    bool undecided; /* it could not be told: nobody is said to be broken by it, and nobody to be safe */
} impact_finding_t;

/* XX(name, word) */
#define IMPACT_VERDICT_MAP(XX)   \
    XX(UNAFFECTED, "unaffected") \
    XX(AT_RISK, "at_risk")       \
    XX(UNKNOWN, "unknown")       \
    XX(BROKEN, "broken")

typedef enum { /* from good to bad */
#define XX(name, word) IMPACT_##name,
               IMPACT_VERDICT_MAP(XX)
#undef XX
                   IMPACT_VERDICT_N
} impact_verdict_t;

#define EVIDENCE_MAP(XX)          \
    XX(NONE, "none")              \
    XX(FIELDS, "declared_fields") \
    XX(READER, "reader_schema")

typedef enum {
#define XX(name, word) EVIDENCE_##name,
    EVIDENCE_MAP(XX)
#undef XX
        EVIDENCE_N
} evidence_t;

#define ACT_MAP(XX)                \
    XX(NONE, "none")               \
    XX(ACKNOWLEDGE, "acknowledge") \
    XX(APPROVE, "approve")

typedef enum {
#define XX(name, word) ACT_##name,
    ACT_MAP(XX)
#undef XX
        ACT_N
} act_t;

const char *direction_word(direction_t direction);
const char *impact_verdict_word(impact_verdict_t verdict);
const char *evidence_word(evidence_t evidence);
const char *act_word(act_t act);

/* One for each live consumption of the line. */
typedef struct {
    int64_t consumption_id, service_id, team_id;
    text_t consumption; /* cns_… */
    text_t service, team;
    bool blocking;
    bool stale;    /* told, never asked */
    bool accepted; /* it was begun knowing the change: told, never asked */
    bool produces; /* the service also writes the line */
    impact_verdict_t verdict;
    evidence_t evidence;
    act_t act;
    const text_t *because; /* fingerprints of the findings that apply to it */
    size_t n_because;
    text_t
        counterexample; /* as in a finding, refused by this consumer's own reader; TEXT_NONE: that of the finding */
    text_t environments; /* JSON array */
    text_t last_seen;    /* JSON object: environment to date */
    text_t note;         /* what else is to be said; TEXT_NONE */
} impact_row_t;

/* XX(name, word) */
#define IMPACT_CLASS_MAP(XX)           \
    XX(DOCUMENTATION, "documentation") \
    XX(COMPATIBLE, "compatible")       \
    XX(BREAKING, "breaking")

typedef enum {
#define XX(name, word) IMPACT_CLASS_##name,
    IMPACT_CLASS_MAP(XX)
#undef XX
        IMPACT_CLASS_N
} impact_class_t;

const char *impact_class_word(impact_class_t class);

typedef struct {
    int64_t line_id, event_id, owner_id; /* owner: the team of the event */
    text_t line, event;                  /* "orders.order_placed@2", "orders.order_placed" */
    int32_t major;
    text_t state; /* of the line */
    text_t level; /* of the line */
    text_t subject,
        role; /* SCHEMA: the subject it is for, "key" or "value"; TEXT_NONE: the line has none yet */

    impact_class_t class; /* breaking: somebody is broken or unknown, or the level of the line is not kept */
    bool violates_level;
    bool same; /* the candidate is what the line has already */
    semver_t step;
    text_t semver_from, semver_to; /* numbers; from is TEXT_NONE for the first version */
    text_t semver_in_line; /* what it gets when it stays on the line: a break takes a minor number then */

    impact_finding_t *findings; /* those that break come first */
    size_t n_findings;
    impact_row_t *rows; /* by verdict, the worst first, then service */
    size_t n_rows;
    size_t n_of[IMPACT_VERDICT_N]; /* rows by verdict, without the stale ones */
    size_t n_stale;

    const text_t *alternatives; /* sentences: what else could be done; fixes were applied and checked again */
    size_t n_alternatives;
    text_t
        checks; /* JSON array of {"code", "detail"}: what forbids it however many agree, such as a field's name that was used before */

    int64_t base_version; /* line_version it was compared with; 0: none */
    int32_t base_terms;   /* contract it was compared with; 0: none */
    format_id_t format;
    text_t text;         /* SCHEMA: the candidate as it would be registered */
    text_t references;   /* JSON, as references_text writes them, or TEXT_NONE */
    text_t terms;        /* CONTRACT: all terms as they would be */
    text_t content_hash; /* of what is proposed: 64 hexadecimal digits */
} impact_t;

int impact_compute(tx_t *tx, int64_t line_id, const proposal_t *proposal, impact_t *out);

/* The line of a name, "orders.order_placed@2"; without a major the newest that is active, else the newest. ERR_NOT_FOUND. */
int impact_line_find(tx_t *tx, text_t name, int64_t *line_id);

/* Of a schema, by which the change that proposes it is found: impact_t.content_hash. It is the same for what normalize=true makes the
 * same. `references` as references_text writes them. */
text_t impact_content_hash(const schema_t *schema, text_t references, arena_t *arena);

/* As POST /api/v1/impact replies: class, semver, findings, impact, summary, alternatives. */
text_t impact_json(const impact_t *impact, arena_t *arena);

/* Parts of it, as arrays: for the tables finding and impact. */
text_t impact_findings_json(const impact_t *impact, arena_t *arena);
text_t impact_rows_json(const impact_t *impact, arena_t *arena);

/* One sentence: "1 of your services would stop decoding: billing-service (currency)". For the rows of one team, or of all (0). */
text_t impact_sentence(const impact_t *impact, int64_t team_id, arena_t *arena);

#endif
