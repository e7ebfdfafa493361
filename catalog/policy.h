/* policy.h - what an organisation has decided about its catalog: days of notice, what must be documented, who may override.
 *
 * Policies are kept for three scopes, each as the members that are set there: "org", "domain:<slug>", "event:<name>". Of each member the
 * nearest setting counts: the event's, its domain's, the organisation's, the one built in here.
 *
 * Owns     table policy.
 * Memory   the transaction's arena.
 * Spec     docs/people.md, "Policies".
 */
#ifndef AVOW_CATALOG_POLICY_H
#define AVOW_CATALOG_POLICY_H

#include "catalog/who.h"

/* XX(member, kind, built in) - numbers and truths; the rest is in policy.c. */
#define POLICY_NUMBER_MAP(XX)                                            \
    XX(notice_days, 30)          /* after notice was given */            \
    XX(deprecation_min_days, 90) /* from deprecation to sunset */        \
    XX(sunset_quiet_days, 14)    /* without a read before removal */     \
    XX(stale_days, 90)           /* of silence, then a party is stale */ \
    XX(reminders_before_stale, 2)                                        \
    XX(change_expires_days, 180) /* without anybody doing anything */

#define POLICY_TRUTH_MAP(XX)                                                              \
    XX(acknowledge_blocks, false) /* a change waits for acknowledgements */               \
    XX(members_decide, true)      /* else maintainers only */                             \
    XX(pii_needs_agreement, true) /* the owner agrees to consumptions of tagged fields */ \
    XX(auto_draft_change, false)  /* a refused registration opens a draft change */

/* What holds for one event. Named apart from the registry's policy_t (settings.h). */
typedef struct {
#define XX(name, value) int32_t name;
    POLICY_NUMBER_MAP(XX)
#undef XX
#define XX(name, value) bool name;
    POLICY_TRUTH_MAP(XX)
#undef XX
    bool silence_consents; /* of blocking consumers, when their time is over; else it is escalated */
    bool silence_consents_informational; /* of the others */
    text_t name_pattern;                 /* POSIX, of event names; TEXT_NONE: any */
    const text_t *pii_tags;
    size_t n_pii_tags;
    const text_t *required_documentation; /* owner, contact, reason_to_exist, schema, ordering, sla, oncall */
    size_t n_required_documentation;
    const text_t *override_roles;
    size_t n_override_roles;
    text_t freeze_windows; /* JSON: [{"from": instant, "until": instant, "reason": text}] */
    text_t json;           /* all of it */
} rules_t;

/* What holds for the event; 0: for an event that is not there yet, of no domain. */
int rules_get(tx_t *tx, int64_t event_id, rules_t *out);

bool rules_lists(const text_t *list, size_t n, text_t word);

/* The policy of the scope: columns `body` and `rev` (0: nothing is set there yet). ERR_NOT_FOUND without such a domain or event. */
int policy_get(tx_t *tx, text_t scope, rows_t **rows, err_t *err);

/* Sets what holds at the scope: `settings` is a JSON object whose members were found right (server/api/policies.c). */
int policy_put(tx_t *tx, const who_t *who, text_t scope, text_t settings, text_t reason, err_t *err);

#endif
