/* Exact numbers of the strict engine: pooled, so that equal numbers are equal ids. Most are small integers and stay so. */
#include <string.h>

#include "compat/core/number.h"
#include "compat/json/strict_ir.h"
#include "compat/json/strict_table.h"

#define SMALL_MAX ((int64_t)1 << 60)

static ir_number_t number_add(ir_t *ir, uint32_t hash, ir_number_entry_t entry)
{
    if (ir->n_numbers == ir->number_room)
        ir->numbers = table_grow(ir->numbers, &ir->number_room, sizeof *ir->numbers);
    ir->numbers[ir->n_numbers] = entry;
    table_add(&ir->number_table, hash, ir->n_numbers);
    return ir->n_numbers++;
}

ir_number_t ir_number_of(ir_t *ir, int64_t value)
{
    if (value > SMALL_MAX || value < -SMALL_MAX)
        return ir_number_from(ir, decimal_of_i64(value, ir->arena));
    uint32_t hash = table_mix((uint32_t)value, (uint32_t)((uint64_t)value >> 32));
    for (table_probe_t probe = table_probe(&ir->number_table, hash); table_next(&probe);) {
        const ir_number_entry_t *entry = &ir->numbers[probe.number];
        if (entry->small && entry->value == value)
            return probe.number;
    }
    return number_add(ir, hash, (ir_number_entry_t){.value = value, .small = true, .integral = true});
}

ir_number_t ir_number_from(ir_t *ir, const decimal_t *decimal)
{
    int64_t value;
    if (decimal_to_i64(decimal, &value) && value <= SMALL_MAX && value >= -SMALL_MAX)
        return ir_number_of(ir, value);
    uint64_t wide = text_hash(decimal_text(decimal, ir->arena), 1);
    uint32_t hash = (uint32_t)(wide ^ (wide >> 32));
    for (table_probe_t probe = table_probe(&ir->number_table, hash); table_next(&probe);) {
        const ir_number_entry_t *entry = &ir->numbers[probe.number];
        if (!entry->small && decimal_compare(entry->decimal, decimal) == 0)
            return probe.number;
    }
    return number_add(ir, hash,
                      (ir_number_entry_t){.decimal = decimal, .integral = decimal_is_integer(decimal)});
}

static bool read_small(text_t lexeme, int64_t *out)
{
    bool negative = lexeme.bytes > 0 && lexeme.at[0] == '-';
    if (lexeme.bytes - negative > 17 || lexeme.bytes == (size_t)negative)
        return false;
    int64_t value = 0;
    for (size_t i = negative; i < lexeme.bytes; i++) {
        if (lexeme.at[i] < '0' || lexeme.at[i] > '9')
            return false;
        value = value * 10 + (lexeme.at[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

ir_number_t ir_number(ir_t *ir, text_t lexeme)
{
    int64_t value;
    if (read_small(lexeme, &value))
        return ir_number_of(ir, value);
    const decimal_t *decimal;
    if (!decimal_read(lexeme, &ir->limits, ir->arena, &decimal)) {
        ir_fail(ir, "number-size");
        return IR_INFINITE;
    }
    return ir_number_from(ir, decimal);
}

const decimal_t *ir_decimal(ir_t *ir, ir_number_t number)
{
    ir_number_entry_t *entry = &ir->numbers[number];
    if (entry->decimal == NULL)
        entry->decimal = decimal_of_i64(entry->value, ir->arena);
    return entry->decimal;
}

int ir_number_compare(ir_t *ir, ir_number_t a, ir_number_t b)
{
    if (a == b)
        return 0;
    if (ir->numbers[a].small && ir->numbers[b].small)
        return ir->numbers[a].value < ir->numbers[b].value ? -1 : 1;
    return decimal_compare(ir_decimal(ir, a), ir_decimal(ir, b));
}

bool ir_number_integral(const ir_t *ir, ir_number_t number)
{
    return ir->numbers[number].integral;
}

bool ir_number_i64(ir_t *ir, ir_number_t number, int64_t *out)
{
    if (!ir->numbers[number].small)
        return false;
    *out = ir->numbers[number].value;
    return true;
}

/* --- arithmetic: small where both are small, else decimals ------------------------------------------------------------- */

typedef bool decimal_op_t(const decimal_t *, const decimal_t *, const limits_t *, arena_t *,
                          const decimal_t **);

static ir_number_t slowly(ir_t *ir, decimal_op_t *op, ir_number_t a, ir_number_t b)
{
    const decimal_t *result;
    ir_spend(ir, 16);
    if (!op(ir_decimal(ir, a), ir_decimal(ir, b), &ir->limits, ir->arena, &result)) {
        ir_fail(ir, "number-size");
        return a;
    }
    return ir_number_from(ir, result);
}

ir_number_t ir_number_sum(ir_t *ir, ir_number_t a, ir_number_t b)
{
    if (ir->numbers[a].small && ir->numbers[b].small)
        return ir_number_of(ir, ir->numbers[a].value + ir->numbers[b].value);
    return slowly(ir, decimal_add, a, b);
}

ir_number_t ir_number_plus(ir_t *ir, ir_number_t number, int64_t add)
{
    return ir_number_sum(ir, number, ir_number_of(ir, add));
}

ir_number_t ir_number_product(ir_t *ir, ir_number_t a, ir_number_t b)
{
    int64_t product;
    if (ir->numbers[a].small && ir->numbers[b].small &&
        !__builtin_mul_overflow(ir->numbers[a].value, ir->numbers[b].value, &product))
        return ir_number_of(ir, product);
    return slowly(ir, decimal_multiply, a, b);
}

ir_number_t ir_number_quotient(ir_t *ir, ir_number_t a, ir_number_t b)
{
    if (ir->numbers[a].small && ir->numbers[b].small && ir->numbers[b].value > 0) {
        int64_t n = ir->numbers[a].value, d = ir->numbers[b].value;
        return ir_number_of(ir, n / d - (n % d < 0));
    }
    return slowly(ir, decimal_floor_divide, a, b);
}

ir_number_t ir_number_floor(ir_t *ir, ir_number_t number)
{
    return ir->numbers[number].integral ? number
                                        : slowly(ir, decimal_floor_divide, number, ir_number_of(ir, 1));
}

ir_number_t ir_number_lcm(ir_t *ir, ir_number_t a, ir_number_t b)
{
    const decimal_t *result;
    if (a == b)
        return a;
    ir_spend(ir, 16);
    if (!decimal_lcm(ir_decimal(ir, a), ir_decimal(ir, b), &ir->limits, ir->arena, &result))
        return IR_INFINITE;
    return ir_number_from(ir, result);
}

bool ir_number_divides(ir_t *ir, ir_number_t of, ir_number_t number)
{
    const ir_number_entry_t *divisor = &ir->numbers[of], *entry = &ir->numbers[number];
    if (divisor->small && entry->small && divisor->value != 0)
        return entry->value % divisor->value == 0;
    bool result = false;
    ir_spend(ir, 16);
    if (!decimal_is_multiple(ir_decimal(ir, number), ir_decimal(ir, of), &ir->limits, ir->arena, &result))
        ir_fail(ir, "number-size");
    return result;
}

uint32_t ir_number_places(ir_t *ir, ir_number_t number)
{
    number_t parts;
    if (ir->numbers[number].integral || !number_parse(ir_number_text(ir, number), &parts))
        return 0;
    int64_t places = (int64_t)parts.digits - parts.exponent;
    return places > 0 ? (uint32_t)places : 0;
}

text_t ir_number_text(ir_t *ir, ir_number_t number)
{
    if (ir->numbers[number].small)
        return text_printf(ir->arena, "%lld", (long long)ir->numbers[number].value);
    return decimal_text(ir->numbers[number].decimal, ir->arena);
}
