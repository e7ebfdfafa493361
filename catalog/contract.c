#include "catalog/contract.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "compat/core/digest.h"

enum { TERMS_BYTES_MAX = 64 << 10, WORDS_MAX = 6, LIST_MAX = 64 };

/* --- the terms --------------------------------------------------------------------------------------------------------------- */

typedef enum {
    TERM_RANK,     /* one of a few words, the weaker ones first */
    TERM_DURATION, /* ISO 8601; "forever" */
    TERM_NUMBER,
    TERM_WORDS, /* a list of texts, their order without meaning */
    TERM_TEXT,
} term_kind_t;

typedef enum {
    MORE_IS_STRONGER,
    LESS_IS_STRONGER,
    SAME_ONLY,     /* any other value breaks who relies on it */
    CANNOT_TELL,   /* another value may be weaker */
    ONLY_INFORMS,  /* nobody relies on it */
    MORE_IS_BURDEN /* what it demands of readers: more of it weakens, and so does beginning to demand */
} term_sense_t;

typedef struct {
    const char *group, *name; /* group NULL: a term on its own */
    const char *alias;        /* another name that it is known by */
    term_kind_t kind;
    term_sense_t sense;
    const char *rule; /* when it is weaker */
    const char *said; /* of people: "the ordering" */
    const char *words[WORDS_MAX];
} term_t;

static const term_t terms_known[] = {
    {"ordering",
     "scope",
     NULL,
     TERM_RANK,
     MORE_IS_STRONGER,
     "ordering-weakened",
     "The ordering guarantee",
     {"none", "key", "partition", "global"}},
    {"ordering", "key_fields", NULL, TERM_WORDS, SAME_ONLY, "ordering-key-changed", "The ordering key", {0}},
    {"delivery",
     "semantics",
     NULL,
     TERM_RANK,
     MORE_IS_STRONGER,
     "delivery-weakened",
     "The delivery guarantee",
     {"at_most_once", "at_least_once", "exactly_once"}},
    {"delivery",
     "dedup",
     NULL,
     TERM_TEXT,
     SAME_ONLY,
     "dedup-key-changed",
     "The key by which duplicates are known",
     {0}},
    {"sla",
     "freshness",
     NULL,
     TERM_DURATION,
     LESS_IS_STRONGER,
     "freshness-weakened",
     "The promised freshness",
     {0}},
    {"sla",
     "latency_p99",
     "latency",
     TERM_DURATION,
     LESS_IS_STRONGER,
     "latency-weakened",
     "The promised latency",
     {0}},
    {"sla",
     "availability",
     NULL,
     TERM_NUMBER,
     MORE_IS_STRONGER,
     "availability-weakened",
     "The promised availability",
     {0}},
    {"sla",
     "support_hours",
     "support",
     TERM_TEXT,
     CANNOT_TELL,
     "support-changed",
     "The hours of support",
     {0}},
    {NULL, "retention", NULL, TERM_DURATION, MORE_IS_STRONGER, "retention-shortened", "The retention", {0}},
    {NULL, "volume", NULL, TERM_TEXT, ONLY_INFORMS, "volume-changed", "The expected volume", {0}},
    {"envelope",
     "kind",
     NULL,
     TERM_RANK,
     SAME_ONLY,
     "envelope-changed",
     "The envelope",
     {"none", "cloudevents-structured", "cloudevents-binary"}},
    {"envelope", "ce_type", "type", TERM_TEXT, SAME_ONLY, "ce-type-changed", "The CloudEvents type", {0}},
    {"envelope",
     "ce_source",
     "source",
     TERM_TEXT,
     SAME_ONLY,
     "ce-source-changed",
     "The CloudEvents source",
     {0}},
    {NULL,
     "audience",
     NULL,
     TERM_RANK,
     MORE_IS_STRONGER,
     "audience-narrowed",
     "The audience",
     {"team", "domain", "company", "partner", "public"}},
    {"classification",
     "level",
     NULL,
     TERM_RANK,
     MORE_IS_BURDEN,
     "classification-raised",
     "The classification",
     {"public", "internal", "confidential", "restricted"}},
    {"classification",
     "regulations",
     NULL,
     TERM_WORDS,
     MORE_IS_BURDEN,
     "regulation-added",
     "The list of regulations",
     {0}},
    {NULL, "channel", NULL, TERM_TEXT, SAME_ONLY, "channel-moved", "The channel", {0}},
};
#define N_TERMS (sizeof terms_known / sizeof *terms_known)

static const char *attribute_of(const term_t *term)
{
    return term->group != NULL ? term->group : term->name;
}

static text_t path_of(const term_t *term, arena_t *arena)
{
    return term->group == NULL ? text_printf(arena, "contract.%s", term->name)
                               : text_printf(arena, "contract.%s.%s", term->group, term->name);
}

/* Terms of one contract, by index of terms_known; NULL where there is none. */
typedef struct {
    const jv_t *at[N_TERMS];
} terms_t;

/* --- values --------------------------------------------------------------------------------------------------------------------- */

/* Seconds of "P1DT2H30M"; months have 30 days and years 365, which is enough to say which of two is longer. */
static bool duration_read(text_t text, double *out)
{
    static const struct {
        char unit;
        bool time;
        double seconds;
    } units[] = {{'Y', false, 31536000}, {'M', false, 2592000}, {'W', false, 604800}, {'D', false, 86400},
                 {'H', true, 3600},      {'M', true, 60},       {'S', true, 1}};
    const char *at = text.at;
    size_t next = 0;
    bool in_time = false, any = false;
    *out = 0;
    if (text_is(text, "forever")) {
        *out = INFINITY;
        return true;
    }
    if (text.bytes < 3 || text.bytes > 40 || *at++ != 'P')
        return false;
    while (at < text.at + text.bytes) {
        if (*at == 'T' && !in_time) {
            in_time = true;
            at++;
        }
        size_t digits = strspn(at, "0123456789"),
               point = at[digits] == '.' ? 1 + strspn(at + digits + 1, "0123456789") : 0;
        if (digits == 0 || digits > 12 || point == 1)
            return false;
        double amount = strtod(at, NULL);
        at += digits + point;
        while (next < sizeof units / sizeof *units &&
               (units[next].unit != *at || units[next].time != in_time))
            next++;
        if (next == sizeof units / sizeof *units)
            return false;
        *out += amount * units[next++].seconds;
        any = true;
        at++;
    }
    return any;
}

static int rank_of(const term_t *term, const jv_t *value)
{
    for (int i = 0; i < WORDS_MAX && term->words[i] != NULL; i++)
        if (jv_is_string(value, term->words[i]))
            return i;
    return -1;
}

static double number_of(const jv_t *value)
{
    return strtod(value->text.at, NULL);
}

static bool words_have(const jv_t *list, text_t word)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (text_eq(list->items[i].text, word))
            return true;
    return false;
}

static bool words_within(const jv_t *list, const jv_t *other)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (!words_have(other, list->items[i].text))
            return false;
    return true;
}

/* --- reading -------------------------------------------------------------------------------------------------------------------- */

static int invalid(err_t *err, arena_t *arena, text_t place, const char *what)
{
    err->place = arena_copy(arena, place.at, place.bytes);
    return err_set(err, ERR_FIELD_INVALID, TEXT_FMT ": %s", TEXT_ARG(place), what);
}

static const char *words_listed(const term_t *term, arena_t *arena)
{
    const char *list = term->words[0];
    for (int i = 1; i < WORDS_MAX && term->words[i] != NULL; i++)
        list = arena_printf(arena, "%s, %s", list, term->words[i]);
    return arena_printf(arena, "must be one of %s", list);
}

static bool is_plain_text(const jv_t *value)
{
    return value->kind == JV_STRING && value->text.bytes > 0 && value->text.bytes <= 1000 &&
           memchr(value->text.at, '\0', value->text.bytes) == NULL;
}

static int value_check(const term_t *term, const jv_t *value, arena_t *arena, err_t *err)
{
    text_t place = path_of(term, arena);
    double seconds;
    switch (term->kind) {
    case TERM_RANK:
        return rank_of(term, value) >= 0 ? 0 : invalid(err, arena, place, words_listed(term, arena));
    case TERM_DURATION:
        if (value->kind == JV_STRING && duration_read(text_copy(arena, value->text), &seconds))
            return 0;
        return invalid(err, arena, place, "must be a duration as ISO 8601 writes it, such as PT5S or P7D");
    case TERM_NUMBER:
        if (value->kind == JV_NUMBER && value->text.bytes < 32 && number_of(value) >= 0 &&
            number_of(value) <= 1)
            return 0;
        return invalid(err, arena, place, "must be a number from 0 to 1");
    case TERM_WORDS:
        for (uint32_t i = 0; value->kind == JV_ARRAY && i < value->n; i++)
            if (!is_plain_text(&value->items[i]))
                return invalid(err, arena, place, "must be a list of texts");
        return value->kind == JV_ARRAY && value->n <= LIST_MAX
                   ? 0
                   : invalid(err, arena, place, "must be a list of texts");
    case TERM_TEXT:
        return is_plain_text(value) ? 0 : invalid(err, arena, place, "must be a text of at most 1000 bytes");
    }
    return -1;
}

static bool term_is(const term_t *term, text_t group, text_t name)
{
    bool of_group =
        group.at == NULL ? term->group == NULL : term->group != NULL && text_is(group, term->group);
    return of_group && (text_is(name, term->name) || (term->alias != NULL && text_is(name, term->alias)));
}

static bool is_group(text_t name)
{
    for (size_t i = 0; i < N_TERMS; i++)
        if (terms_known[i].group != NULL && text_is(name, terms_known[i].group))
            return true;
    return false;
}

/* A null takes the term away. */
static int take(text_t group, const jv_member_t *member, arena_t *arena, terms_t *out, err_t *err)
{
    for (size_t i = 0; i < N_TERMS; i++) {
        if (!term_is(&terms_known[i], group, member->name))
            continue;
        out->at[i] = member->value.kind == JV_NULL ? NULL : &member->value;
        return member->value.kind == JV_NULL ? 0 : value_check(&terms_known[i], &member->value, arena, err);
    }
    text_t place = group.at == NULL ? text_printf(arena, "contract." TEXT_FMT, TEXT_ARG(member->name))
                                    : text_printf(arena, "contract." TEXT_FMT "." TEXT_FMT, TEXT_ARG(group),
                                                  TEXT_ARG(member->name));
    return invalid(
        err, arena, place,
        "there is no such term; there are ordering, delivery, sla, retention, volume, envelope, audience, "
        "classification, channel");
}

static void forget_group(terms_t *terms, text_t group)
{
    for (size_t i = 0; i < N_TERMS; i++)
        if (terms_known[i].group != NULL && text_is(group, terms_known[i].group))
            terms->at[i] = NULL;
}

/* Adds what `text` names to what is in `out` already. A group that is named is replaced as a whole. */
static int terms_add(text_t text, arena_t *arena, terms_t *out, err_t *err)
{
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    jv_t *root;
    if (text.bytes > TERMS_BYTES_MAX)
        return invalid(err, arena, TEXT("contract"), "is too large");
    if (jv_read(text, JV_STRICT, &limits, arena, &root, &fault) != 0 || root->kind != JV_OBJECT)
        return invalid(err, arena, TEXT("contract"), "must be an object");
    for (uint32_t i = 0; i < root->n; i++) {
        const jv_member_t *member = &root->members[i];
        if (!is_group(member->name)) {
            if (take(TEXT_NONE, member, arena, out, err) != 0)
                return -1;
            continue;
        }
        forget_group(out, member->name);
        if (member->value.kind == JV_NULL)
            continue;
        if (member->value.kind != JV_OBJECT)
            return invalid(err, arena, text_printf(arena, "contract." TEXT_FMT, TEXT_ARG(member->name)),
                           "must be an object");
        for (uint32_t k = 0; k < member->value.n; k++)
            if (take(member->name, &member->value.members[k], arena, out, err) != 0)
                return -1;
    }
    return 0;
}

static text_t terms_print(const terms_t *terms, arena_t *arena)
{
    const char *group = NULL;
    bool first = true;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '{');
    for (size_t i = 0; i < N_TERMS; i++) {
        const term_t *term = &terms_known[i];
        if (terms->at[i] == NULL)
            continue;
        bool same_group = group != NULL && term->group != NULL && strcmp(group, term->group) == 0;
        if (group != NULL && !same_group)
            buf_add_char(&out, '}');
        if (!first)
            buf_add_char(&out, ',');
        if (term->group != NULL && !same_group)
            buf_printf(&out, "\"%s\":{", term->group);
        buf_printf(&out, "\"%s\":", term->name);
        jv_print(&out, terms->at[i]);
        group = term->group;
        first = false;
    }
    buf_add_s(&out, group != NULL ? "}}" : "}");
    return buf_end(&out, arena);
}

int contract_read(text_t terms, arena_t *arena, text_t *out, err_t *err)
{
    terms_t read = {0};
    if (terms_add(terms, arena, &read, err) != 0)
        return -1;
    *out = terms_print(&read, arena);
    return 0;
}

int contract_merge(text_t base, text_t over, arena_t *arena, text_t *out, err_t *err)
{
    terms_t read = {0};
    if (terms_add(base, arena, &read, err) != 0 || terms_add(over, arena, &read, err) != 0)
        return -1;
    *out = terms_print(&read, arena);
    return 0;
}

/* --- comparing ------------------------------------------------------------------------------------------------------------------- */

typedef enum { MOVE_NONE, MOVE_WEAKER, MOVE_STRONGER, MOVE_UNCLEAR, MOVE_INFORMS } move_t;

static move_t by_order(double before, double after)
{
    return after < before ? MOVE_WEAKER : after > before ? MOVE_STRONGER : MOVE_NONE;
}

static move_t opposite(move_t move)
{
    return move == MOVE_WEAKER ? MOVE_STRONGER : move == MOVE_STRONGER ? MOVE_WEAKER : move;
}

/* How much of it there is, as less or more; words are compared as sets. */
static move_t amount_moved(const term_t *term, const jv_t *before, const jv_t *after, arena_t *arena)
{
    double from = 0, to = 0;
    switch (term->kind) {
    case TERM_RANK:
        return by_order(rank_of(term, before), rank_of(term, after));
    case TERM_DURATION:
        duration_read(text_copy(arena, before->text), &from);
        duration_read(text_copy(arena, after->text), &to);
        return by_order(from, to);
    case TERM_NUMBER:
        return by_order(number_of(before), number_of(after));
    case TERM_WORDS:
        if (words_within(after, before))
            return words_within(before, after) ? MOVE_NONE : MOVE_WEAKER;
        return MOVE_STRONGER;
    case TERM_TEXT:
        return text_eq(before->text, after->text) ? MOVE_NONE : MOVE_UNCLEAR;
    }
    return MOVE_NONE;
}

static move_t moved(const term_t *term, const jv_t *before, const jv_t *after, arena_t *arena)
{
    bool informs = term->sense == ONLY_INFORMS;
    if (before == NULL && after == NULL)
        return MOVE_NONE;
    if (informs)
        return before != NULL && after != NULL && text_eq(before->text, after->text) ? MOVE_NONE
                                                                                     : MOVE_INFORMS;
    if (before == NULL)
        return term->sense == MORE_IS_BURDEN ? MOVE_UNCLEAR : MOVE_STRONGER;
    if (after == NULL)
        return term->sense == MORE_IS_BURDEN ? MOVE_STRONGER : MOVE_WEAKER;
    move_t amount = amount_moved(term, before, after, arena);
    switch (term->sense) {
    case MORE_IS_STRONGER:
        return amount;
    case LESS_IS_STRONGER:
    case MORE_IS_BURDEN:
        return opposite(amount);
    case SAME_ONLY:
        return amount == MOVE_NONE ? MOVE_NONE : MOVE_WEAKER;
    case CANNOT_TELL:
    case ONLY_INFORMS:
        return amount;
    }
    return amount;
}

static finding_class_t class_of(move_t move)
{
    static const finding_class_t classes[] = {[MOVE_WEAKER] = CLASS_BREAKING,
                                              [MOVE_STRONGER] = CLASS_SAFE,
                                              [MOVE_UNCLEAR] = CLASS_RISKY,
                                              [MOVE_INFORMS] = CLASS_DOCUMENTATION};
    return classes[move];
}

static void sign(contract_finding_t *finding, arena_t *arena)
{
    uint8_t digest[32];
    digest_sha256(text_printf(arena, "contract\n%s\n%s\n" TEXT_FMT, finding->rule,
                              finding_class_name(finding->class), TEXT_ARG(finding->path)),
                  digest);
    for (size_t i = 0; i < 8; i++)
        snprintf(finding->fingerprint + 2 * i, 3, "%02x", digest[i]);
}

static text_t told(const term_t *term, text_t from, text_t to, move_t move, arena_t *arena)
{
    if (from.at == NULL)
        return text_printf(arena, "%s is promised now: " TEXT_FMT ".", term->said, TEXT_ARG(to));
    if (to.at == NULL)
        return text_printf(arena, "%s is promised no longer; it was " TEXT_FMT ".", term->said,
                           TEXT_ARG(from));
    static const char *const how[] = {[MOVE_WEAKER] = " Whoever relies on it breaks.",
                                      [MOVE_STRONGER] = "",
                                      [MOVE_UNCLEAR] = " Whether it is less cannot be told.",
                                      [MOVE_INFORMS] = ""};
    return text_printf(arena, "%s goes from " TEXT_FMT " to " TEXT_FMT ".%s", term->said, TEXT_ARG(from),
                       TEXT_ARG(to), how[move]);
}

static contract_finding_t finding_of(const term_t *term, move_t move, const jv_t *before, const jv_t *after,
                                     arena_t *arena)
{
    contract_finding_t finding = {
        .rule = term->rule,
        .attribute = attribute_of(term),
        .class = class_of(move),
        .path = path_of(term, arena),
        .from = before == NULL ? TEXT_NONE : jv_text(before, arena),
        .to = after == NULL ? TEXT_NONE : jv_text(after, arena),
    };
    finding.message = told(term, finding.from, finding.to, move, arena);
    finding.hint = move == MOVE_WEAKER ? text_printf(arena, "Keep " TEXT_FMT ", or publish a new line.",
                                                     TEXT_ARG(finding.path))
                                       : TEXT("");
    sign(&finding, arena);
    return finding;
}

int contract_compare(text_t before, text_t after, arena_t *arena, contract_finding_t **out, size_t *n,
                     err_t *err)
{
    terms_t from = {0}, to = {0};
    move_t moves[N_TERMS];
    *n = 0;
    *out = ARENA_ARRAY(arena, contract_finding_t, N_TERMS);
    if ((before.at != NULL && terms_add(before, arena, &from, err) != 0) ||
        terms_add(after, arena, &to, err) != 0)
        return -1;
    for (size_t i = 0; i < N_TERMS; i++)
        moves[i] = before.at == NULL && to.at[i] != NULL
                       ? MOVE_STRONGER
                       : moved(&terms_known[i], from.at[i], to.at[i], arena);
    for (int breaking = 1; breaking >= 0; breaking--)
        for (size_t i = 0; i < N_TERMS; i++)
            if (moves[i] != MOVE_NONE && (moves[i] == MOVE_WEAKER) == breaking)
                (*out)[(*n)++] = finding_of(&terms_known[i], moves[i], from.at[i], to.at[i], arena);
    return 0;
}

/* --- rows ---------------------------------------------------------------------------------------------------------------------------- */

int contract_get(tx_t *tx, int64_t line_id, contract_t *out)
{
    rows_t *rows;
    *out = (contract_t){.terms = TEXT("{}")};
    if (tx_query(tx, STMT_CONTRACT_GET, &rows, sql_i64(line_id)) != 0)
        return -1;
    if (rows_next(rows))
        *out = (contract_t){
            .id = row_i64(rows, "id"), .n = row_i32(rows, "n"), .terms = row_text(rows, "terms")};
    return row_end(rows);
}

int contract_put(tx_t *tx, const who_t *who, const line_t *line, text_t terms, int64_t change_id,
                 contract_t *out)
{
    arena_t *arena = tx_arena(tx);
    contract_t before;
    rows_t *rows;
    text_t read, there;
    if (contract_read(terms, arena, &read, tx_err(tx)) != 0 || contract_get(tx, line->id, &before) != 0 ||
        contract_read(before.terms, arena, &there, tx_err(tx)) != 0)
        return -1;
    *out = before;
    if (before.n > 0 && text_eq(read, there))
        return 0;
    if (tx_query(tx, STMT_CONTRACT_PUT, &rows, sql_i64(line->id), sql_text(read),
                 change_id == 0 ? sql_null() : sql_i64(change_id), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    *out = (contract_t){.id = row_i64(rows, "id"), .n = row_i32(rows, "n"), .terms = read};
    if (row_end(rows) != 0)
        return -1;
    return audit_note(
        tx, &(audit_t){.kind = AUDIT_CONTRACT_CHANGED,
                       .object = text_printf(arena, "line:" TEXT_FMT, TEXT_ARG(line->name)),
                       .about = line->name,
                       .detail = text_printf(arena, "{\"n\":%d,\"from\":" TEXT_FMT ",\"to\":" TEXT_FMT "}",
                                             out->n, TEXT_ARG(before.terms), TEXT_ARG(read)),
                       .actor = who->actor,
                       .request_id = who->request_id});
}
