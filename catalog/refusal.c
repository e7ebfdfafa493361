#include "catalog/refusal.h"

#include "compat/core/buf.h"
#include "compat/core/json_text.h"

int refuse_subject_not_found(err_t *err, text_t subject)
{
    return err_set(err, ERR_SUBJECT_NOT_FOUND, "Subject '" TEXT_FMT "' not found.", TEXT_ARG(subject));
}

int refuse_version_not_found(err_t *err, int32_t version)
{
    return err_set(err, ERR_VERSION_NOT_FOUND, "Version %d not found.", version);
}

int refuse_schema_not_found(err_t *err, text_t id)
{
    if (id.at == NULL)
        return err_set(err, ERR_SCHEMA_NOT_FOUND, "Schema not found");
    return err_set(err, ERR_SCHEMA_NOT_FOUND, "Schema " TEXT_FMT " not found", TEXT_ARG(id));
}

int refuse_subject_soft_deleted(err_t *err, text_t subject)
{
    return err_set(err, ERR_SUBJECT_SOFT_DELETED,
                   "Subject '" TEXT_FMT "' was soft deleted.Set permanent=true to delete permanently",
                   TEXT_ARG(subject));
}

int refuse_subject_not_soft_deleted(err_t *err, text_t subject)
{
    return err_set(err, ERR_SUBJECT_NOT_SOFT_DELETED,
                   "Subject '" TEXT_FMT "' was not deleted first before being permanently deleted",
                   TEXT_ARG(subject));
}

int refuse_version_soft_deleted(err_t *err, text_t subject, int32_t version)
{
    return err_set(err, ERR_VERSION_SOFT_DELETED,
                   "Subject '" TEXT_FMT
                   "' Version %d was soft deleted.Set permanent=true to delete permanently",
                   TEXT_ARG(subject), version);
}

int refuse_version_not_soft_deleted(err_t *err, text_t subject, int32_t version)
{
    return err_set(err, ERR_VERSION_NOT_SOFT_DELETED,
                   "Subject '" TEXT_FMT "' Version %d was not deleted first before being permanently deleted",
                   TEXT_ARG(subject), version);
}

int refuse_config_not_set(err_t *err, text_t subject)
{
    return err_set(err, ERR_CONFIG_NOT_SET,
                   "Subject '" TEXT_FMT "' does not have subject-level compatibility configured",
                   TEXT_ARG(subject));
}

int refuse_mode_not_set(err_t *err, text_t subject)
{
    return err_set(err, ERR_MODE_NOT_SET,
                   "Subject '" TEXT_FMT "' does not have subject-level mode configured", TEXT_ARG(subject));
}

int refuse_version_token(err_t *err, text_t token)
{
    return err_set(err, ERR_VERSION_INVALID,
                   "The specified version '" TEXT_FMT
                   "' is not a valid version id. Allowed values are between "
                   "[1, 2^31-1] and the string \"latest\"",
                   TEXT_ARG(token));
}

int refuse_reference_exists(err_t *err, text_t subject, int32_t version)
{
    return err_set(err, ERR_REFERENCE_EXISTS,
                   "One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=" TEXT_FMT
                   ",version=%d}.",
                   TEXT_ARG(subject), version);
}

int refuse_context_not_empty(err_t *err, text_t context)
{
    return err_set(err, ERR_CONTEXT_NOT_EMPTY, "The specified context '" TEXT_FMT "' is not empty.",
                   TEXT_ARG(context));
}

int refuse_in_mode(err_t *err, const subject_name_t *name, const char *is, bool names_context)
{
    if (names_context)
        return err_set(err, ERR_OPERATION_NOT_PERMITTED, "Subject " TEXT_FMT " in context " TEXT_FMT " is %s",
                       TEXT_ARG(name->qualified), TEXT_ARG(name->context), is);
    return err_set(err, ERR_OPERATION_NOT_PERMITTED, "Subject " TEXT_FMT " is %s", TEXT_ARG(name->qualified),
                   is);
}

int refuse_overwrite(err_t *err, int32_t id, text_t context, bool names_context)
{
    if (names_context)
        return err_set(err, ERR_OPERATION_NOT_PERMITTED,
                       "Overwrite new schema with id %d in context " TEXT_FMT " is not permitted.", id,
                       TEXT_ARG(context));
    return err_set(err, ERR_OPERATION_NOT_PERMITTED, "Overwrite new schema with id %d is not permitted.", id);
}

int refuse_schema_type(err_t *err, text_t type)
{
    return err_set(err, ERR_SCHEMA_INVALID, "Invalid schema type " TEXT_FMT, TEXT_ARG(type));
}

/* {"line":3,"column":14,"pointer":"/fields/2/type"}; TEXT_NONE where there is no place */
static text_t place_of(const fault_t *fault, arena_t *arena)
{
    buf_t out;
    if (fault->line == 0)
        return TEXT_NONE;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"line\":%u,\"column\":%u,\"pointer\":", fault->line, fault->column);
    jv_print_string(&out, text_of(fault->pointer));
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

int refuse_schema(err_t *err, const char *type, const fault_t *because, arena_t *arena)
{
    err->extra = place_of(because, arena);
    return err_set_text(err, ERR_SCHEMA_INVALID,
                        text_printf(arena, "Invalid schema of type %s, details: " TEXT_FMT, type,
                                    TEXT_ARG(fault_sentence(because, arena))));
}

int refuse_text(err_t *err, const char *place, const fault_t *because, arena_t *arena)
{
    err->place = place;
    err->extra = place_of(because, arena);
    return err_set(err, ERR_SCHEMA_INVALID, "%s: " TEXT_FMT, place, TEXT_ARG(fault_sentence(because, arena)));
}

int refuse_reference(err_t *err, text_t subject, int32_t version)
{
    return err_set(err, ERR_SCHEMA_INVALID,
                   "Invalid schema, details: No schema reference found for subject \"" TEXT_FMT
                   "\" and version %d",
                   TEXT_ARG(subject), version);
}

int refuse_incompatible(err_t *err, text_t subject, const text_t *messages, size_t n, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_s(&out, "Schema being registered is incompatible with an earlier schema for subject \"");
    buf_add(&out, subject);
    buf_add_s(&out, "\", details: [");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_s(&out, ", ");
        buf_add(&out, messages[i]);
    }
    buf_add_char(&out, ']');
    return err_set_text(err, ERR_INCOMPATIBLE, buf_end(&out, arena));
}
