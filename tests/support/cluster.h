/* cluster.h - a throw-away PostgreSQL for a test program: started once, a database for each test, gone at the end.
 *
 * The cluster lives in a temporary folder, on a Unix socket only, without fsync. As root it runs as the user `postgres`. It dies with
 * the program that started it, however that ends; a child forked by Check uses its parent's.
 *
 * With AVOW_TEST_DATABASE (a connection string of a superuser) that server is used instead.
 */
#ifndef AVOW_TESTS_SUPPORT_CLUSTER_H
#define AVOW_TESTS_SUPPORT_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>

/* Call before srunner_run_all. Ends the program with a message when there is no PostgreSQL to be had. */
void cluster_start(void);
void cluster_stop(void); /* also runs at exit of the program that started it */

/* A new database with the migrations applied (or an empty one), copied from a template. The connection string is written
 * to `conninfo`. */
void cluster_database(char *conninfo, size_t bytes);
void cluster_database_empty(char *conninfo, size_t bytes);

/* Runs one statement in that database and gives the first value, or "" ; aborts the test when it fails. */
const char *cluster_ask(const char *conninfo, const char *sql); /* static; copy it */

/* kill -9 of the whole cluster, clean stop, and start. */
void cluster_kill(void);
void cluster_shut_down(void);
void cluster_start_again(void);

const char *cluster_socket_dir(void);
long cluster_pid(void);

/* Where postgres and initdb are: "/usr/lib/postgresql/15/bin". */
const char *cluster_bin_dir(void);

#endif
