#include "compat/core/fault.h"

#include <stdarg.h>
#include <stdio.h>

/* A sentence that did not fit ends with "..." at a whole UTF-8 sequence. */
static void cut_text(char *text, size_t room)
{
    size_t end = room - 1 - 3;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    snprintf(text + end, 4, "...");
}

int fault_set(fault_t *fault, fault_code_t code, uint32_t line, uint32_t column, const char *fmt, ...)
{
    if (fault == NULL || fault->code != FAULT_NONE)
        return -1;
    fault->code = code;
    fault->line = line;
    fault->column = column;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(fault->text, sizeof fault->text, fmt, args);
    va_end(args);
    if (n >= (int)sizeof fault->text)
        cut_text(fault->text, sizeof fault->text);
    return -1;
}

void fault_set_pointer(fault_t *fault, text_t pointer)
{
    if (fault == NULL || fault->pointer[0] != '\0')
        return;
    size_t room = sizeof fault->pointer;
    snprintf(fault->pointer, room, TEXT_FMT, (int)(pointer.bytes < room ? pointer.bytes : room), pointer.at);
    if (pointer.bytes >= room)
        cut_text(fault->pointer, room);
}

text_t fault_sentence(const fault_t *fault, arena_t *arena)
{
    if (fault->line == 0)
        return fault->pointer[0] == '\0' ? text_printf(arena, "%s", fault->text)
                                         : text_printf(arena, "%s: %s", fault->pointer, fault->text);
    if (fault->pointer[0] == '\0')
        return text_printf(arena, "line %u, column %u: %s", fault->line, fault->column, fault->text);
    return text_printf(arena, "line %u, column %u (%s): %s", fault->line, fault->column, fault->pointer,
                       fault->text);
}
