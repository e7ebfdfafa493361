#include "compat/json/format.h"

#include <string.h>

#include "compat/json/pattern.h"

/* --- small parts ------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* The first n characters as a number, cut off `text`. False if they are not digits. */
static bool take_digits(text_t *text, size_t n, int *out)
{
    int value = 0;
    if (text->bytes < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(text->at[i]))
            return false;
        value = value * 10 + (text->at[i] - '0');
    }
    *text = text_from(*text, n);
    *out = value;
    return true;
}

static bool take_char(text_t *text, char c)
{
    if (text->bytes == 0 || text->at[0] != c)
        return false;
    *text = text_from(*text, 1);
    return true;
}

/* What comes before the next `c`, which is cut off too; all of it if there is none. */
static text_t take_until(text_t *text, char c)
{
    const char *found = text->bytes == 0 ? NULL : memchr(text->at, c, text->bytes);
    text_t part = {text->at, found == NULL ? text->bytes : (size_t)(found - text->at)};
    *text = text_from(*text, part.bytes + (found != NULL));
    return part;
}

static size_t count_char(text_t text, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < text.bytes; i++)
        n += text.at[i] == c;
    return n;
}

/* --- dates and times: RFC 3339, 5.6; durations: its appendix A ----------------------------------------------------- */

static bool take_date(text_t *text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!take_digits(text, 4, &year) || !take_char(text, '-') || !take_digits(text, 2, &month) ||
        !take_char(text, '-') || !take_digits(text, 2, &day))
        return false;
    if (month < 1 || month > 12)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

/* Minutes that the local time is ahead of UTC. */
static bool take_offset(text_t *text, int *minutes)
{
    int hour, minute;
    *minutes = 0;
    if (take_char(text, 'Z') || take_char(text, 'z'))
        return true;
    bool behind = text->bytes > 0 && text->at[0] == '-';
    if (!take_char(text, '+') && !take_char(text, '-'))
        return false;
    if (!take_digits(text, 2, &hour) || !take_char(text, ':') || !take_digits(text, 2, &minute))
        return false;
    *minutes = (hour * 60 + minute) * (behind ? -1 : 1);
    return hour <= 23 && minute <= 59;
}

static bool take_time(text_t *text)
{
    int hour, minute, second, digit, offset;
    if (!take_digits(text, 2, &hour) || !take_char(text, ':') || !take_digits(text, 2, &minute) ||
        !take_char(text, ':') || !take_digits(text, 2, &second))
        return false;
    if (take_char(text, '.')) {
        if (!take_digits(text, 1, &digit))
            return false;
        while (text->bytes > 0 && take_digits(text, 1, &digit))
            ;
    }
    if (!take_offset(text, &offset) || hour > 23 || minute > 59 || second > 60)
        return false;
    /* Leap seconds are the last of a UTC day. */
    int utc = (hour * 60 + minute - offset + 2 * 1440) % 1440;
    return second < 60 || utc == 1439;
}

static bool check_date(text_t text)
{
    return take_date(&text) && text.bytes == 0;
}

static bool check_time(text_t text)
{
    return take_time(&text) && text.bytes == 0;
}

static bool check_date_time(text_t text)
{
    return take_date(&text) && (take_char(&text, 'T') || take_char(&text, 't')) && take_time(&text) &&
           text.bytes == 0;
}

/* Numbers followed by units, which must come in the order of `units` and, but for the last, without a gap. */
static bool take_amounts(text_t *text, const char *units, size_t *n)
{
    const char *next = units;
    *n = 0;
    while (text->bytes > 0 && is_digit(text->at[0])) {
        int digit;
        while (text->bytes > 0 && take_digits(text, 1, &digit))
            ;
        if (text->bytes == 0)
            return false;
        const char *unit = text->at[0] == '\0' ? NULL : strchr(next, text->at[0]);
        if (unit == NULL || (*n > 0 && unit != next))
            return false;
        *text = text_from(*text, 1);
        next = unit + 1;
        ++*n;
    }
    return true;
}

static bool check_duration(text_t text)
{
    size_t dates, times = 0, weeks;
    if (!take_char(&text, 'P'))
        return false;
    text_t rest = text;
    if (take_amounts(&rest, "W", &weeks) && weeks == 1 && rest.bytes == 0)
        return true;
    if (!take_amounts(&text, "YMD", &dates))
        return false;
    if (take_char(&text, 'T') && (!take_amounts(&text, "HMS", &times) || times == 0))
        return false;
    return text.bytes == 0 && dates + times > 0;
}

/* --- addresses --------------------------------------------------------------------------------------------------- */

/* RFC 2673, 3.2: four decimal numbers without leading zeros. */
static bool check_ipv4(text_t text)
{
    if (count_char(text, '.') != 3)
        return false;
    for (int i = 0; i < 4; i++) {
        text_t part = take_until(&text, '.');
        int value = 0;
        if (part.bytes == 0 || part.bytes > 3 || (part.at[0] == '0' && part.bytes > 1) ||
            !take_digits(&(text_t){part.at, part.bytes}, part.bytes, &value) || value > 255)
            return false;
    }
    return true;
}

/* RFC 4291, 2.2: eight groups, one run of which may be left out; the last two may be an IPv4 address. No zone. */
static bool check_ipv6(text_t text)
{
    int groups = 0;
    bool gap = false;
    if (text_starts(text, TEXT("::"))) {
        gap = true;
        text = text_from(text, 2);
    }
    while (text.bytes > 0) {
        size_t n = 0;
        while (n < text.bytes && is_hex(text.at[n]))
            n++;
        if (n < text.bytes && text.at[n] == '.') {
            groups += 2;
            return check_ipv4(text) && (gap ? groups < 8 : groups == 8);
        }
        if (n == 0 || n > 4 || ++groups > 8)
            return false;
        text = text_from(text, n);
        if (text.bytes == 0)
            break;
        if (!take_char(&text, ':') || text.bytes == 0)
            return false;
        if (take_char(&text, ':')) {
            if (gap)
                return false;
            gap = true;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

/* RFC 1123, 2.1 and RFC 1034, 3.1: labels of letters, digits and inner hyphens. */
static bool check_hostname(text_t text)
{
    if (text.bytes == 0 || text.bytes > 253)
        return false;
    for (size_t labels = count_char(text, '.') + 1; labels > 0; labels--) {
        text_t label = take_until(&text, '.');
        if (label.bytes == 0 || label.bytes > 63 || label.at[0] == '-' || label.at[label.bytes - 1] == '-')
            return false;
        /* RFC 5891, 4.2.3.1: "--" in third place announces an encoding, of which "xn" is the only one. */
        if (label.bytes > 3 && label.at[2] == '-' && label.at[3] == '-' &&
            !text_is_nocase((text_t){label.at, 2}, "xn"))
            return false;
        for (size_t i = 0; i < label.bytes; i++)
            if (!is_letter(label.at[i]) && !is_digit(label.at[i]) && label.at[i] != '-')
                return false;
    }
    return true;
}

static bool is_atom_char(char c, bool international)
{
    return is_letter(c) || is_digit(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL) ||
           (international && (unsigned char)c >= 0x80);
}

/* RFC 5321, 4.1.2: Dot-string or Quoted-string. */
static bool check_local_part(text_t local, bool international)
{
    if (local.bytes >= 2 && local.at[0] == '"' && local.at[local.bytes - 1] == '"') {
        for (size_t i = 1; i < local.bytes - 1; i++) {
            unsigned char c = (unsigned char)local.at[i];
            if (c == '"' || c < 0x20 || c == 0x7F || (c >= 0x80 && !international))
                return false;
            if (c == '\\' && (++i == local.bytes - 1 || (unsigned char)local.at[i] < 0x20))
                return false;
        }
        return true;
    }
    for (size_t atoms = count_char(local, '.') + 1; atoms > 0; atoms--) {
        text_t atom = take_until(&local, '.');
        if (atom.bytes == 0)
            return false;
        for (size_t i = 0; i < atom.bytes; i++)
            if (!is_atom_char(atom.at[i], international))
                return false;
    }
    return true;
}

/* RFC 5321, 4.1.3: [127.0.0.1] or [IPv6:::1]. */
static bool check_address_literal(text_t text)
{
    text = (text_t){text.at + 1, text.bytes - 2};
    if (text.bytes > 5 && text_is_nocase((text_t){text.at, 5}, "IPv6:"))
        return check_ipv6(text_from(text, 5));
    return check_ipv4(text);
}

static bool check_mailbox(text_t text, bool international)
{
    const char *at = text.bytes == 0 ? NULL : memrchr(text.at, '@', text.bytes);
    if (at == NULL || at == text.at)
        return false;
    text_t local = {text.at, (size_t)(at - text.at)}, domain = text_from(text, local.bytes + 1);
    if (!check_local_part(local, international))
        return false;
    if (domain.bytes >= 2 && domain.at[0] == '[' && domain.at[domain.bytes - 1] == ']')
        return check_address_literal(domain);
    if (!international)
        return check_hostname(domain);
    for (size_t i = 0; i < domain.bytes; i++)
        if ((unsigned char)domain.at[i] < 0x80 && !is_letter(domain.at[i]) && !is_digit(domain.at[i]) &&
            domain.at[i] != '-' && domain.at[i] != '.')
            return false;
    return domain.bytes > 0 && domain.at[0] != '.' && domain.at[domain.bytes - 1] != '.';
}

static bool check_email(text_t text)
{
    return check_mailbox(text, false);
}

static bool check_idn_email(text_t text)
{
    return check_mailbox(text, true);
}

/* --- URIs: RFC 3986; IRIs: RFC 3987 ------------------------------------------------------------------------------- */

static bool is_unreserved(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static bool is_sub_delimiter(char c)
{
    return c != '\0' && strchr("!$&'()*+,;=", c) != NULL;
}

/* RFC 3987, 2.2: ucschar, and iprivate in queries. */
static bool is_iri_char(uint32_t c, bool query)
{
    if (query &&
        ((c >= 0xE000 && c <= 0xF8FF) || (c >= 0xF0000 && c <= 0xFFFFD) || (c >= 0x100000 && c <= 0x10FFFD)))
        return true;
    if (c >= 0x10000)
        return c <= 0xEFFFD && (c & 0xFFFF) <= 0xFFFD && !(c >= 0xE0000 && c < 0xE1000);
    return (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFEF);
}

/* Unreserved, sub-delims, percent-encoded, and the characters of `also`. */
static bool check_uri_part(text_t part, const char *also, bool iri, bool query)
{
    const char *at = part.at, *end = part.at + part.bytes;
    while (at < end) {
        char c = *at;
        if ((unsigned char)c >= 0x80) {
            if (!iri || !is_iri_char(text_code_point(&at), query))
                return false;
            continue;
        }
        if (c == '%') {
            if (end - at < 3 || !is_hex(at[1]) || !is_hex(at[2]))
                return false;
            at += 3;
            continue;
        }
        if (!is_unreserved(c) && !is_sub_delimiter(c) && (c == '\0' || strchr(also, c) == NULL))
            return false;
        at++;
    }
    return true;
}

/* RFC 3986, 3.2.2: "[" ( IPv6address / IPvFuture ) "]". */
static bool check_ip_literal(text_t text)
{
    if (text.bytes > 0 && (text.at[0] | 0x20) == 'v') {
        text = text_from(text, 1);
        text_t version = take_until(&text, '.');
        for (size_t i = 0; i < version.bytes; i++)
            if (!is_hex(version.at[i]))
                return false;
        for (size_t i = 0; i < text.bytes; i++)
            if (text.at[i] == '%')
                return false;
        return version.bytes > 0 && text.bytes > 0 && check_uri_part(text, ":", false, false);
    }
    return check_ipv6(text);
}

static bool check_authority(text_t authority, bool iri)
{
    const char *user_end = authority.bytes == 0 ? NULL : memchr(authority.at, '@', authority.bytes);
    if (user_end != NULL) {
        text_t user = {authority.at, (size_t)(user_end - authority.at)};
        if (!check_uri_part(user, ":", iri, false))
            return false;
        authority = text_from(authority, user.bytes + 1);
    }
    text_t host = authority;
    if (host.bytes > 0 && host.at[0] == '[') {
        const char *close = memchr(host.at, ']', host.bytes);
        if (close == NULL || !check_ip_literal((text_t){host.at + 1, (size_t)(close - host.at) - 1}))
            return false;
        authority = text_from(authority, (size_t)(close - host.at) + 1);
        if (authority.bytes > 0 && authority.at[0] != ':')
            return false;
        take_char(&authority, ':');
    } else {
        host = take_until(&authority, ':');
        if (!check_uri_part(host, "", iri, false))
            return false;
    }
    for (size_t i = 0; i < authority.bytes; i++)
        if (!is_digit(authority.at[i]))
            return false;
    return true;
}

static bool is_scheme(text_t text)
{
    if (text.bytes == 0 || !is_letter(text.at[0]))
        return false;
    for (size_t i = 0; i < text.bytes; i++)
        if (!is_letter(text.at[i]) && !is_digit(text.at[i]) &&
            (text.at[i] == '\0' || strchr("+-.", text.at[i]) == NULL))
            return false;
    return true;
}

/* Section 4.1: a URI, or with `relative` also a relative reference. */
static bool check_reference(text_t text, bool iri, bool relative)
{
    text_t rest = text;
    text_t before_fragment = take_until(&rest, '#');
    if (!check_uri_part(rest, ":@/?", iri, false))
        return false;
    rest = before_fragment;
    text_t hierarchy = take_until(&rest, '?');
    if (!check_uri_part(rest, ":@/?", iri, true))
        return false;
    const char *colon = hierarchy.bytes == 0 ? NULL : memchr(hierarchy.at, ':', hierarchy.bytes);
    bool has_scheme = colon != NULL && is_scheme((text_t){hierarchy.at, (size_t)(colon - hierarchy.at)});
    if (has_scheme)
        hierarchy = text_from(hierarchy, (size_t)(colon - hierarchy.at) + 1);
    else if (!relative)
        return false;
    bool has_authority = text_starts(hierarchy, TEXT("//"));
    if (has_authority) {
        hierarchy = text_from(hierarchy, 2);
        const char *slash = hierarchy.bytes == 0 ? NULL : memchr(hierarchy.at, '/', hierarchy.bytes);
        text_t authority = {hierarchy.at, slash == NULL ? hierarchy.bytes : (size_t)(slash - hierarchy.at)};
        hierarchy = text_from(hierarchy, authority.bytes);
        if (!check_authority(authority, iri))
            return false;
    }
    if (!has_scheme && !has_authority) { /* path-noscheme: no colon in the first segment */
        const char *slash = hierarchy.bytes == 0 ? NULL : memchr(hierarchy.at, '/', hierarchy.bytes);
        if (colon != NULL && (slash == NULL || colon < slash))
            return false;
    }
    return check_uri_part(hierarchy, ":@/", iri, false);
}

static bool check_uri(text_t text)
{
    return check_reference(text, false, false);
}

static bool check_uri_reference(text_t text)
{
    return check_reference(text, false, true);
}

static bool check_iri(text_t text)
{
    return check_reference(text, true, false);
}

static bool check_iri_reference(text_t text)
{
    return check_reference(text, true, true);
}

/* RFC 6570, 2.3: names of letters, digits, '_', percent-encoded, with single dots between. */
static bool check_variable_name(text_t name)
{
    bool after_dot = true;
    for (size_t i = 0; i < name.bytes; i++) {
        char c = name.at[i];
        if (c == '.') {
            if (after_dot)
                return false;
            after_dot = true;
            continue;
        }
        after_dot = false;
        if (c == '%') {
            if (name.bytes - i < 3 || !is_hex(name.at[i + 1]) || !is_hex(name.at[i + 2]))
                return false;
            i += 2;
        } else if (!is_letter(c) && !is_digit(c) && c != '_') {
            return false;
        }
    }
    return !after_dot;
}

/* One variable with its modifier: name, name:3, name*. */
static bool check_variable(text_t variable)
{
    if (variable.bytes > 0 && variable.at[variable.bytes - 1] == '*') {
        variable.bytes--;
        return check_variable_name(variable);
    }
    text_t name = take_until(&variable, ':');
    if (name.bytes + variable.bytes > 0 && variable.at != NULL && variable.at > name.at + name.bytes) {
        if (variable.bytes == 0 || variable.bytes > 4 || variable.at[0] == '0')
            return false;
        for (size_t i = 0; i < variable.bytes; i++)
            if (!is_digit(variable.at[i]))
                return false;
    }
    return check_variable_name(name);
}

static bool check_expression(text_t expression)
{
    if (expression.bytes > 0 && expression.at[0] != '\0' && strchr("+#./;?&=,!@|", expression.at[0]) != NULL)
        expression = text_from(expression, 1);
    for (size_t variables = count_char(expression, ',') + 1; variables > 0; variables--)
        if (!check_variable(take_until(&expression, ',')))
            return false;
    return true;
}

static bool check_uri_template(text_t text)
{
    while (text.bytes > 0) {
        unsigned char c = (unsigned char)text.at[0];
        if (c == '{') {
            text = text_from(text, 1);
            if (text.bytes == 0 || memchr(text.at, '}', text.bytes) == NULL ||
                !check_expression(take_until(&text, '}')))
                return false;
            continue;
        }
        if (c <= 0x20 || c == 0x7F || strchr("\"'<>\\^`|}", (char)c) != NULL)
            return false;
        if (c == '%' && (text.bytes < 3 || !is_hex(text.at[1]) || !is_hex(text.at[2])))
            return false;
        text = text_from(text, 1);
    }
    return true;
}

/* --- others ------------------------------------------------------------------------------------------------------ */

/* RFC 4122, 3. */
static bool check_uuid(text_t text)
{
    if (text.bytes != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text.at[i] != '-' : !is_hex(text.at[i]))
            return false;
    }
    return true;
}

/* RFC 6901, 3. */
static bool check_json_pointer(text_t text)
{
    if (text.bytes > 0 && text.at[0] != '/')
        return false;
    for (size_t i = 0; i < text.bytes; i++)
        if (text.at[i] == '~' && (i + 1 == text.bytes || (text.at[i + 1] != '0' && text.at[i + 1] != '1')))
            return false;
    return true;
}

/* draft-bhutton-relative-json-pointer-00, 3: a number, then an index change, then '#' or a pointer. */
static bool check_relative_json_pointer(text_t text)
{
    size_t n = 0;
    while (n < text.bytes && is_digit(text.at[n]))
        n++;
    if (n == 0 || (n > 1 && text.at[0] == '0'))
        return false;
    text = text_from(text, n);
    if (text.bytes > 1 && (text.at[0] == '+' || text.at[0] == '-') && is_digit(text.at[1])) {
        text = text_from(text, 1);
        while (text.bytes > 0 && is_digit(text.at[0]))
            text = text_from(text, 1);
    }
    return text_is(text, "#") || check_json_pointer(text);
}

js_format_check_t *js_format_find(text_t name)
{
    static const struct {
        const char *name;
        js_format_check_t *check;
    } formats[] = {
        {"date", check_date},
        {"date-time", check_date_time},
        {"duration", check_duration},
        {"email", check_email},
        {"hostname", check_hostname},
        {"idn-email", check_idn_email},
        {"ipv4", check_ipv4},
        {"ipv6", check_ipv6},
        {"iri", check_iri},
        {"iri-reference", check_iri_reference},
        {"json-pointer", check_json_pointer},
        {"regex", js_pattern_is_syntax},
        {"relative-json-pointer", check_relative_json_pointer},
        {"time", check_time},
        {"uri", check_uri},
        {"uri-reference", check_uri_reference},
        {"uri-template", check_uri_template},
        {"uuid", check_uuid},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (text_is(name, formats[i].name))
            return formats[i].check;
    return NULL;
}
