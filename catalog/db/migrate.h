/* migrate.h - brings a database to the tables that this binary knows.
 *
 * The files of migrations/ are part of the binary. Each is applied once, in order, in a transaction of its own, and noted in
 * schema_migration with the SHA-256 of its text. An advisory lock lets one server at a time do this; the others
 * wait for it and find the work done.
 *
 * Errors   ERR_STORE with a sentence for the operator when the database is newer than the binary, when an applied
 *          migration has been edited since, when one is missing in the middle, or when one fails; the
 *          database is then as the last whole migration left it.
 */
#ifndef AVOW_CATALOG_DB_MIGRATE_H
#define AVOW_CATALOG_DB_MIGRATE_H

#include "catalog/db/db.h"

/* 0, and how many were applied in *n_applied (may be NULL). ERR_STORE at once when the database cannot be reached. */
int migrate(const db_options_t *options, int *n_applied, err_t *err);

int migrate_latest(void); /* the version of the newest migration in this binary */

typedef struct {
    int version;
    const char *name; /* "changes" */
    const char *sql;
} migration_t;

extern const migration_t migrations[]; /* the binary's */
extern const size_t n_migrations;

/* As migrate, with other migrations than the binary's; for tests. */
int migrate_with(const db_options_t *options, const migration_t *list, size_t n, int *n_applied, err_t *err);

#endif
