/* confluent_difference.c - what the table of differences says. */
#include "compat/json/confluent_difference.h"

#include <string.h>

#include "compat/core/buf.h"

typedef enum {
#define SENTENCE(name, finding_class, text) SENTENCE_##name,
#include "compat/json/confluent_differences.def"
} sentence_t;

static const struct {
    finding_class_t class;
    const char *text;
} sentences[] = {
#define SENTENCE(name, finding_class, text) [SENTENCE_##name] = {finding_class, text},
#include "compat/json/confluent_differences.def"
};

enum { no, yes }; /* as the table writes them */

static const struct {
    const char *name;
    bool compatible[2]; /* by json_policy_t */
    sentence_t sentence;
} differences[CF_DIFFERENCE_N] = {
#define DIFFERENCE(name, strict, lenient, sentence) {#name, {strict, lenient}, SENTENCE_##sentence},
#include "compat/json/confluent_differences.def"
};

const char *cf_difference_name(cf_difference_t difference)
{
    return differences[difference].name;
}

bool cf_difference_find(const char *name, cf_difference_t *out)
{
    for (cf_difference_t difference = 0; difference < CF_DIFFERENCE_N; difference++) {
        if (differences[difference].name == name || strcmp(differences[difference].name, name) == 0) {
            *out = difference;
            return true;
        }
    }
    return false;
}

bool cf_difference_compatible(cf_difference_t difference, json_policy_t policy)
{
    return differences[difference].compatible[policy];
}

finding_class_t cf_difference_class(cf_difference_t difference, json_policy_t policy)
{
    finding_class_t class = sentences[differences[difference].sentence].class;

    if (!differences[difference].compatible[policy])
        return CLASS_BREAKING;
    return class == CLASS_BREAKING ? CLASS_RISKY : class; /* it breaks under the other policy */
}

text_t cf_difference_sentence(cf_difference_t difference, text_t path, const char *reader, const char *writer,
                              arena_t *arena)
{
    buf_t out;

    buf_init(&out, BUF_NO_MAX);
    for (const char *at = sentences[differences[difference].sentence].text; *at != '\0'; at++) {
        if (*at != '%') {
            buf_add_char(&out, *at);
            continue;
        }
        at++;
        if (*at == 'p')
            buf_add(&out, path);
        else
            buf_add_s(&out, *at == 'r' ? reader : writer);
    }
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}
