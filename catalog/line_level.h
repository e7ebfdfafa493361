/* line_level.h - what a line promises of its next versions is not taken back while somebody reads it.
 *
 * The gate judges by the line's level alone, whatever the registry's settings of its subjects say (gate.h). So that nobody is told otherwise,
 * and nobody led around it, settings that would be weaker than the line's promise are refused for as long as it is read.
 *
 * Errors   ERR_STATE_CONFLICT with err.extra: what may be done in its place. Of the registry: ERR_OPERATION_NOT_PERMITTED.
 * Spec     docs/catalog.md, "Lines".
 */
#ifndef AVOW_CATALOG_LINE_LEVEL_H
#define AVOW_CATALOG_LINE_LEVEL_H

#include "catalog/line.h"
#include "catalog/settings.h"

/* Whether something is admitted at `to` that is not at `from`. */
bool level_weakens(level_t from, level_t to);

/* `readers`: in words; TEXT_NONE: nobody. */
int line_level_check(tx_t *tx, const line_t *line, level_t to, text_t readers);

/* Of a subject's own config: its level, and an alias, by which its readers would get what nobody judged. */
int line_config_check(tx_t *tx, const subject_name_t *name, const config_t *wanted);

/* Versions that are imported are not judged: where somebody reads, nothing is imported. */
int line_import_check(tx_t *tx, const subject_name_t *scope);

#endif
