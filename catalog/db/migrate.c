#include "catalog/db/migrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/db/wire.h"
#include "compat/core/digest.h"

#define LOCK_KEY "1635151735" /* "avow" as a number; any number will do that nobody else takes */

typedef struct {
    PGconn *pg;
    const migration_t *list;
    size_t n;
    err_t *err;
} run_t;

static int fail(run_t *run, const char *doing)
{
    const char *why = PQerrorMessage(run->pg);
    if (strncmp(why, "ERROR:  ", 8) == 0)
        why += 8;
    return err_set(run->err, ERR_STORE, "%s failed: %.*s", doing, (int)strcspn(why, "\n"), why);
}

/* Several statements may be in one text; they are then one transaction if they are not in one already. */
static int execute(run_t *run, const char *sql, const char *doing)
{
    PGresult *result = PQexec(run->pg, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? 0 : fail(run, doing);
}

static void checksum(const char *sql, char out[65])
{
    uint8_t digest[32];
    digest_sha256(text_of(sql), digest);
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* One row of schema_migration against the migration of the same place. */
static int check_applied(run_t *run, size_t i, const char *version_text, const char *name, const char *sum)
{
    unsigned long version = strtoul(version_text, NULL, 10);
    if (version != i + 1)
        return err_set(run->err, ERR_STORE,
                       "The database has migration %lu (%s) but not %zu, which comes before it: its table "
                       "schema_migration was changed by hand, or it belongs to another program",
                       version, name, i + 1);
    if (i >= run->n)
        return err_set(
            run->err, ERR_STORE,
            "The database is newer than this program: it has migration %lu (%s), and this program knows "
            "them up to %zu. Start the version of Avow that it was last used with, or a newer one",
            version, name, run->n);
    char expected[65];
    checksum(run->list[i].sql, expected);
    if (strcmp(sum, expected) != 0)
        return err_set(
            run->err, ERR_STORE,
            "Migration %lu (%s) was applied to this database with another text than it has in this "
            "program. Migrations are never edited: this database was made by another build of Avow",
            version, name);
    return 0;
}

/* How many migrations the database has; -1 when it is not one that this program can go on from. */
static int count_applied(run_t *run)
{
    if (execute(run,
                "CREATE TABLE IF NOT EXISTS schema_migration ("
                " version integer PRIMARY KEY,"
                " name text NOT NULL,"
                " checksum text NOT NULL,"
                " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
                "Making the table schema_migration") != 0)
        return -1;
    PGresult *rows = PQexec(run->pg, "SELECT version, name, checksum FROM schema_migration ORDER BY version");
    int n = PQntuples(rows), status = 0;
    if (PQresultStatus(rows) != PGRES_TUPLES_OK)
        status = fail(run, "Reading the table schema_migration");
    /* The newest first: a newer database is the likelier reason, and the better one to give. */
    if (status == 0 && n > 0 && (size_t)n > run->n)
        status =
            check_applied(run, (size_t)n - 1, PQgetvalue(rows, n - 1, 0), PQgetvalue(rows, n - 1, 1), "");
    for (int i = 0; status == 0 && i < n; i++)
        status = check_applied(run, (size_t)i, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1),
                               PQgetvalue(rows, i, 2));
    PQclear(rows);
    return status == 0 ? n : -1;
}

static int note(run_t *run, const migration_t *migration, const char *doing)
{
    char version[12], sum[65];
    snprintf(version, sizeof version, "%d", migration->version);
    checksum(migration->sql, sum);
    const char *values[] = {version, migration->name, sum};
    PGresult *result =
        PQexecParams(run->pg, "INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)", 3,
                     NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK ? 0 : fail(run, doing);
}

static int apply(run_t *run, const migration_t *migration)
{
    char doing[128];
    snprintf(doing, sizeof doing, "Migration %04d_%s", migration->version, migration->name);
    if (execute(run, "BEGIN", doing) != 0 || execute(run, migration->sql, doing) != 0)
        return -1;
    if (PQtransactionStatus(run->pg) != PQTRANS_INTRANS)
        return err_set(run->err, ERR_STORE, "%s ended its transaction, which is not its to end", doing);
    if (note(run, migration, doing) != 0)
        return -1;
    return execute(run, "COMMIT", doing);
}

static int apply_missing(run_t *run, int *n_applied)
{
    /* Held until the connection closes. Another server that is at it is waited for, however long that takes. */
    if (execute(run, "SELECT pg_advisory_lock(" LOCK_KEY ")", "Waiting for other servers' migrations") != 0)
        return -1;
    int n = count_applied(run);
    if (n < 0)
        return -1;
    for (size_t i = (size_t)n; i < run->n; i++) {
        if (apply(run, &run->list[i]) != 0)
            return -1;
        ++*n_applied;
    }
    return 0;
}

int migrate_with(const db_options_t *options, const migration_t *list, size_t n, int *n_applied, err_t *err)
{
    db_options_t patient = *options;
    patient.statement_timeout_ms = 0;
    int ignored, *count = n_applied == NULL ? &ignored : n_applied;
    *count = 0;
    wire_t wire;
    if (wire_open(&wire, &patient, false, err) != 0)
        return -1;
    int status = -1;
    run_t run = {.pg = wire.pg, .list = list, .n = n, .err = err};
    if (PQexitPipelineMode(wire.pg) != 1 || PQsetnonblocking(wire.pg, 0) != 0)
        err_set(err, ERR_STORE, "The connection to the database was lost");
    else
        status = apply_missing(&run, count);
    wire_close(&wire);
    return status;
}

int migrate(const db_options_t *options, int *n_applied, err_t *err)
{
    return migrate_with(options, migrations, n_migrations, n_applied, err);
}

int migrate_latest(void)
{
    return (int)n_migrations;
}
