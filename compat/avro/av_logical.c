/* av_logical.c - logical types: which names count where. Avro 1.12, "Logical Types". */
#include "compat/avro/av_parse.h"

bool av_int32(const jv_t *value, int32_t *out)
{
    int64_t wide;
    if (!value || value->kind != JV_NUMBER || !jv_to_i64(value, &wide) || wide < INT32_MIN ||
        wide > INT32_MAX)
        return false;
    for (size_t i = 0; i < value->text.bytes; i++)
        if (value->text.at[i] == '.' || value->text.at[i] == 'e' || value->text.at[i] == 'E')
            return false;
    *out = (int32_t)wide;
    return true;
}

#define ON(kind) (1u << (kind))
static const struct {
    const char *name;
    unsigned kinds;
    uint32_t fixed_size; /* 0: any */
} logicals[AV_LOGICAL_N] = {
    [AV_PLAIN] = {"", 0, 0},
    [AV_DECIMAL] = {"decimal", ON(AV_BYTES) | ON(AV_FIXED), 0},
    [AV_BIG_DECIMAL] = {"big-decimal", ON(AV_BYTES), 0},
    [AV_UUID] = {"uuid", ON(AV_STRING) | ON(AV_FIXED), 16},
    [AV_DATE] = {"date", ON(AV_INT), 0},
    [AV_TIME_MILLIS] = {"time-millis", ON(AV_INT), 0},
    [AV_TIME_MICROS] = {"time-micros", ON(AV_LONG), 0},
    [AV_TIMESTAMP_MILLIS] = {"timestamp-millis", ON(AV_LONG), 0},
    [AV_TIMESTAMP_MICROS] = {"timestamp-micros", ON(AV_LONG), 0},
    [AV_TIMESTAMP_NANOS] = {"timestamp-nanos", ON(AV_LONG), 0},
    [AV_LOCAL_TIMESTAMP_MILLIS] = {"local-timestamp-millis", ON(AV_LONG), 0},
    [AV_LOCAL_TIMESTAMP_MICROS] = {"local-timestamp-micros", ON(AV_LONG), 0},
    [AV_LOCAL_TIMESTAMP_NANOS] = {"local-timestamp-nanos", ON(AV_LONG), 0},
    [AV_DURATION] = {"duration", ON(AV_FIXED), 12},
};

const char *av_logical_name(av_logical_t logical)
{
    return logicals[logical].name;
}

static const jv_t *property(const av_type_t *type, const char *name)
{
    for (uint32_t i = 0; i < type->n_props; i++)
        if (text_is(type->props[i]->name, name))
            return &type->props[i]->value;
    return NULL;
}

/* Avro 1.12, "Decimal": 0 <= scale <= precision, and a fixed must be able to hold that many digits. */
static bool read_decimal(av_type_t *type)
{
    const jv_t *scale = property(type, "scale");
    type->scale = 0;
    if (!av_int32(property(type, "precision"), &type->precision) || (scale && !av_int32(scale, &type->scale)))
        return false;
    if (type->precision <= 0 || type->scale < 0 || type->scale > type->precision)
        return false;
    if (type->kind == AV_BYTES)
        return true;
    double digits = 0.301029995663981195213738894724493026768 * (8.0 * type->n - 1);
    return digits > 0 && type->precision <= (int64_t)digits;
}

void av_logical_read(av_type_t *type)
{
    const jv_t *name = property(type, "logicalType");
    if (!name || name->kind != JV_STRING)
        return;
    /* Avro Java takes a logical type for invalid beside one of its own class hints. */
    static const char *const hints[] = {"avro.java.string", "java-class", "java-key-class",
                                        "java-element-class"};
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        const jv_t *hint = property(type, hints[i]);
        if (hint && hint->kind == JV_STRING)
            return;
    }
    for (int i = 1; i < AV_LOGICAL_N; i++) {
        if (!text_is(name->text, logicals[i].name) || !(logicals[i].kinds & ON(type->kind)))
            continue;
        if (type->kind == AV_FIXED && logicals[i].fixed_size && type->n != logicals[i].fixed_size)
            continue;
        if (i == AV_DECIMAL && !read_decimal(type))
            continue;
        type->logical = (av_logical_t)i;
    }
}
