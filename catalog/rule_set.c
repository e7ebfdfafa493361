#include "catalog/rule_set.h"

#include <stddef.h>
#include <stdlib.h>

static const char *const list_names[RULES_N] = {
    [RULES_MIGRATION] = "migrationRules",
    [RULES_DOMAIN] = "domainRules",
    [RULES_ENCODING] = "encodingRules",
};

/* The texts of a rule in the order in which they are printed; tags and params come after `type`. */
static const struct {
    const char *name;
    size_t at;
} texts[] = {
    {"name", offsetof(rule_t, name)},
    {"doc", offsetof(rule_t, doc)},
    {"kind", offsetof(rule_t, kind)},
    {"mode", offsetof(rule_t, mode)},
    {"type", offsetof(rule_t, type)},
    {"expr", offsetof(rule_t, expr)},
    {"onSuccess", offsetof(rule_t, on_success)},
    {"onFailure", offsetof(rule_t, on_failure)},
};
#define N_TEXTS         (sizeof texts / sizeof *texts)
#define N_TEXTS_TO_TYPE 5

static text_t *text_field(rule_t *rule, size_t i)
{
    return (text_t *)(void *)((char *)rule + texts[i].at);
}

static text_t text_value(const rule_t *rule, size_t i)
{
    return *(const text_t *)(const void *)((const char *)rule + texts[i].at);
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

static int optional_text(const jv_t *object, const char *name, const char *at, text_t *out, err_t *err)
{
    const jv_t *value = jv_get(object, name);
    if (value == NULL || value->kind == JV_NULL)
        return 0;
    if (value->kind != JV_STRING)
        return err_set(err, ERR_BODY_MALFORMED, "%s/%s: a string is expected", at, name);
    *out = value->text;
    return 0;
}

static int rule_read(const jv_t *object, const char *at, arena_t *arena, rule_t *rule, err_t *err)
{
    if (object->kind != JV_OBJECT)
        return err_set(err, ERR_BODY_MALFORMED, "%s: a rule is an object", at);
    for (size_t i = 0; i < N_TEXTS; i++)
        if (optional_text(object, texts[i].name, at, text_field(rule, i), err) != 0)
            return -1;
    const jv_t *disabled = jv_get(object, "disabled");
    if (disabled != NULL && disabled->kind != JV_TRUE && disabled->kind != JV_FALSE &&
        disabled->kind != JV_NULL)
        return err_set(err, ERR_BODY_MALFORMED, "%s/disabled: true or false is expected", at);
    rule->disabled = disabled != NULL && disabled->kind == JV_TRUE;
    if (rule->kind.at == NULL)
        rule->kind = TEXT("TRANSFORM");
    if (rule->mode.at == NULL)
        rule->mode = TEXT("WRITEREAD");
    if (text_set_read(jv_get(object, "tags"), arena_printf(arena, "%s/tags", at), arena, &rule->tags,
                      &rule->n_tags, err) != 0)
        return -1;
    return text_map_read(jv_get(object, "params"), arena_printf(arena, "%s/params", at), arena, &rule->params,
                         &rule->n_params, err);
}

static int list_read(const jv_t *array, const char *at, arena_t *arena, rule_t **out, size_t *n, err_t *err)
{
    if (array == NULL || array->kind == JV_NULL)
        return 0;
    if (array->kind != JV_ARRAY)
        return err_set(err, ERR_BODY_MALFORMED, "%s: an array of rules is expected", at);
    *out = ARENA_ARRAY(arena, rule_t, array->n);
    for (uint32_t i = 0; i < array->n; i++)
        if (rule_read(&array->items[i], arena_printf(arena, "%s/%u", at, i), arena, &(*out)[i], err) != 0)
            return -1;
    *n = array->n;
    return 0;
}

int rule_set_read(text_t json, const char *at, arena_t *arena, const rule_set_t **out, err_t *err)
{
    *out = NULL;
    if (json.at == NULL)
        return 0;
    limits_t limits = LIMITS_DEFAULT;
    jv_t *tree;
    fault_t fault = {0};
    if (jv_read(json, JV_STRICT, &limits, arena, &tree, &fault) != 0)
        return err_set(err, ERR_BODY_MALFORMED, "%s: %s", at, fault.text);
    if (tree->kind == JV_NULL)
        return 0;
    if (tree->kind != JV_OBJECT)
        return err_set(err, ERR_BODY_MALFORMED, "%s: an object is expected", at);
    rule_set_t *set = ARENA_NEW(arena, rule_set_t);
    for (size_t i = 0; i < RULES_N; i++)
        if (list_read(jv_get(tree, list_names[i]), arena_printf(arena, "%s/%s", at, list_names[i]), arena,
                      &set->lists[i].rules, &set->lists[i].n, err) != 0)
            return -1;
    if (optional_text(tree, "enableAt", at, &set->enable_at, err) != 0)
        return -1;
    *out = set;
    return 0;
}

/* --- checking ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    bool migrates, pair; /* for migration rules; takes an action for writing and one for reading */
} modes[] = {
    {"WRITEREAD", false, true}, {"WRITE", false, false},    {"READ", false, false},
    {"UPGRADE", true, false},   {"DOWNGRADE", true, false}, {"UPDOWN", true, true},
};

static bool name_is_good(text_t name)
{
    if (name.bytes == 0 || name.bytes > 256)
        return false;
    for (size_t i = 0; i < name.bytes; i++) {
        char c = name.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        bool other = (c >= '0' && c <= '9') || c == '-';
        if (!letter && (i == 0 || !other))
            return false;
    }
    return true;
}

static size_t count_commas(text_t text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.bytes; i++)
        n += text.at[i] == ',';
    return n;
}

static int rule_check(const rule_t *rule, bool migrates, err_t *err)
{
    if (!name_is_good(rule->name))
        return err_set(err, ERR_RULE_SET_INVALID,
                       "Rule name '" TEXT_FMT "' is not valid: it begins with a letter or _, goes on with "
                       "letters, digits, _ and -, and has at most 256 characters",
                       TEXT_ARG(rule->name));
    if (rule->type.bytes == 0)
        return err_set(err, ERR_RULE_SET_INVALID, "Rule '" TEXT_FMT "' has no type", TEXT_ARG(rule->name));
    if (!text_is(rule->kind, "TRANSFORM") && !text_is(rule->kind, "CONDITION"))
        return err_set(err, ERR_RULE_SET_INVALID,
                       "Rule '" TEXT_FMT "' is of kind '" TEXT_FMT "'; TRANSFORM and CONDITION are known",
                       TEXT_ARG(rule->name), TEXT_ARG(rule->kind));
    size_t i = 0;
    while (i < sizeof modes / sizeof *modes && !text_is(rule->mode, modes[i].name))
        i++;
    if (i == sizeof modes / sizeof *modes || modes[i].migrates != migrates)
        return err_set(err, ERR_RULE_SET_INVALID, "Rule '" TEXT_FMT "' has the mode '" TEXT_FMT "'; %s",
                       TEXT_ARG(rule->name), TEXT_ARG(rule->mode),
                       migrates ? "migration rules have UPGRADE, DOWNGRADE or UPDOWN"
                                : "domain and encoding rules have WRITE, READ or WRITEREAD");
    size_t most = modes[i].pair ? 1 : 0;
    if (count_commas(rule->on_success) > most || count_commas(rule->on_failure) > most)
        return err_set(err, ERR_RULE_SET_INVALID,
                       "Rule '" TEXT_FMT "' has more actions than its mode " TEXT_FMT
                       " takes in onSuccess or onFailure",
                       TEXT_ARG(rule->name), TEXT_ARG(rule->mode));
    return 0;
}

static bool name_came_before(const rule_set_t *set, size_t list, size_t at)
{
    text_t name = set->lists[list].rules[at].name;
    for (size_t i = 0; i <= list; i++)
        for (size_t k = 0; k < (i == list ? at : set->lists[i].n); k++)
            if (text_eq(set->lists[i].rules[k].name, name))
                return true;
    return false;
}

#define RULES_MAX 1000

int rule_set_check(const rule_set_t *set, err_t *err)
{
    if (set == NULL)
        return 0;
    size_t n = 0;
    for (size_t i = 0; i < RULES_N; i++)
        n += set->lists[i].n;
    if (n > RULES_MAX)
        return err_set(err, ERR_RULE_SET_INVALID, "There are %zu rules; at most %d are taken", n, RULES_MAX);
    for (size_t i = 0; i < RULES_N; i++) {
        for (size_t k = 0; k < set->lists[i].n; k++) {
            const rule_t *rule = &set->lists[i].rules[k];
            if (rule_check(rule, i == RULES_MIGRATION, err) != 0)
                return -1;
            if (name_came_before(set, i, k))
                return err_set(err, ERR_RULE_SET_INVALID, "There are two rules named '" TEXT_FMT "'",
                               TEXT_ARG(rule->name));
        }
    }
    return 0;
}

/* --- printing ------------------------------------------------------------------------------------------------------------ */

static void print_key(buf_t *out, const char *key)
{
    text_t so_far = buf_text(out);
    if (so_far.at[so_far.bytes - 1] != '{')
        buf_add_char(out, ',');
    buf_printf(out, "\"%s\":", key);
}

static void rule_print(buf_t *out, const rule_t *rule)
{
    buf_add_char(out, '{');
    for (size_t i = 0; i < N_TEXTS; i++) {
        if (i == N_TEXTS_TO_TYPE && rule->n_tags > 0) {
            print_key(out, "tags");
            text_set_print(out, rule->tags, rule->n_tags);
        }
        if (i == N_TEXTS_TO_TYPE && rule->n_params > 0) {
            print_key(out, "params");
            text_map_print(out, rule->params, rule->n_params);
        }
        if (text_value(rule, i).bytes == 0)
            continue;
        print_key(out, texts[i].name);
        jv_print_string(out, text_value(rule, i));
    }
    print_key(out, "disabled");
    buf_add_s(out, rule->disabled ? "true" : "false");
    buf_add_char(out, '}');
}

text_t rule_set_text(const rule_set_t *set, arena_t *arena)
{
    if (set == NULL)
        return TEXT_NONE;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '{');
    for (size_t i = 0; i < RULES_N; i++) {
        if (set->lists[i].n == 0)
            continue;
        print_key(&out, list_names[i]);
        for (size_t k = 0; k < set->lists[i].n; k++) {
            buf_add_char(&out, k == 0 ? '[' : ',');
            rule_print(&out, &set->lists[i].rules[k]);
        }
        buf_add_char(&out, ']');
    }
    if (set->enable_at.bytes > 0) {
        print_key(&out, "enableAt");
        jv_print_string(&out, set->enable_at);
    }
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

/* --- merging ------------------------------------------------------------------------------------------------------------- */

static bool list_has(const rule_t *rules, size_t n, text_t name)
{
    for (size_t i = 0; i < n; i++)
        if (text_eq(rules[i].name, name))
            return true;
    return false;
}

const rule_set_t *rule_set_merge(const rule_set_t *base, const rule_set_t *over, arena_t *arena)
{
    if (base == NULL || over == NULL)
        return base == NULL ? over : base;
    rule_set_t *merged = ARENA_NEW(arena, rule_set_t);
    for (size_t i = 0; i < RULES_N; i++) {
        const rule_t *later = over->lists[i].rules;
        size_t n_later = over->lists[i].n, n = 0;
        rule_t *rules = ARENA_ARRAY(arena, rule_t, base->lists[i].n + n_later);
        for (size_t k = 0; k < base->lists[i].n; k++)
            if (!list_has(later, n_later, base->lists[i].rules[k].name))
                rules[n++] = base->lists[i].rules[k];
        for (size_t k = 0; k < n_later; k++)
            rules[n++] = later[k];
        merged->lists[i].rules = rules;
        merged->lists[i].n = n;
    }
    merged->enable_at = over->enable_at.at != NULL ? over->enable_at : base->enable_at;
    return merged;
}

void rule_set_digest(const rule_set_t *set, buf_t *out)
{
    if (set == NULL)
        return;
    buf_add_char(out, 1);
    for (size_t i = 0; i < RULES_N; i++) {
        for (size_t k = 0; k < set->lists[i].n; k++) {
            const rule_t *rule = &set->lists[i].rules[k];
            for (size_t t = 0; t < N_TEXTS_TO_TYPE; t++)
                buf_add(out, text_value(rule, t));
            for (size_t t = 0; t < rule->n_tags; t++)
                buf_add(out, rule->tags[t]);
            for (size_t t = 0; t < rule->n_params; t++) {
                buf_add(out, rule->params[t].key);
                buf_add(out, rule->params[t].value);
            }
            for (size_t t = N_TEXTS_TO_TYPE; t < N_TEXTS; t++)
                buf_add(out, text_value(rule, t));
            if (rule->disabled)
                buf_add_char(out, 1);
        }
    }
    buf_add(out, set->enable_at);
}
