#include "tests/support/cluster.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "catalog/db/migrate.h"

/* The program that starts the cluster has a keeper: a child that owns the postmaster, starts it when it reads a byte from
 * `commands`, and ends it and removes the folder when nobody holds the other end any more. */
static struct {
    char folder[64], data[80], bin[128], conninfo[160];
    const char *outside; /* AVOW_TEST_DATABASE */
    pid_t owner, keeper;
    int commands;
    uid_t uid;
    gid_t gid;
    bool drop; /* run it as another user */
} cluster = {.commands = -1};

static void die(const char *why)
{
    fprintf(stderr, "cluster: %s\n", why);
    exit(1);
}

static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

/* --- processes ------------------------------------------------------------------------------------------------------- */

static void become_cluster_user(void)
{
    if (!cluster.drop)
        return;
    if (setgroups(0, NULL) != 0 || setgid(cluster.gid) != 0 || setuid(cluster.uid) != 0)
        _exit(126);
}

static pid_t spawn(char *const *argv)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    become_cluster_user();
    char log[96];
    snprintf(log, sizeof log, "%s/log", cluster.folder);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int none = open("/dev/null", O_RDONLY);
    if (fd < 0 || none < 0 || dup2(none, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || chdir("/") != 0)
        _exit(126);
    for (int i = 3; i < 256; i++)
        close(i);
    setsid();
    execv(argv[0], argv);
    _exit(127);
}

static pid_t spawn_postgres(void)
{
    char program[160], sockets[128];
    snprintf(program, sizeof program, "%s/postgres", cluster.bin);
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", cluster.folder);
    char *argv[] = {program, "-F",
                    "-D",    cluster.data,
                    "-c",    "listen_addresses=",
                    "-c",    sockets,
                    "-c",    "shared_buffers=32MB",
                    "-c",    "max_connections=60",
                    "-c",    "autovacuum=off",
                    "-c",    "full_page_writes=off",
                    NULL};
    return spawn(argv);
}

static int unlink_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    remove(path);
    return 0;
}

static void keep(int commands)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    pid_t postmaster = 0;
    for (;;) {
        struct pollfd fd = {.fd = commands, .events = POLLIN};
        poll(&fd, 1, 20);
        int status = 0;
        if (postmaster > 0 && waitpid(postmaster, &status, WNOHANG) == postmaster) {
            postmaster = 0;
            if (WIFEXITED(status) &&
                WEXITSTATUS(status) != 0) { /* refused to start: the last one's backends are still there */
                pause_ms(100);
                postmaster = spawn_postgres();
            }
        }
        if (fd.revents == 0)
            continue;
        char command;
        if (read(commands, &command, 1) != 1)
            break;
        for (int i = 0; postmaster > 0 && i < 200; i++) { /* the last one may still be going */
            if (waitpid(postmaster, NULL, WNOHANG) == postmaster)
                postmaster = 0;
            pause_ms(10);
        }
        postmaster = spawn_postgres();
    }
    if (postmaster > 0) {
        kill(postmaster, SIGQUIT);
        waitpid(postmaster, NULL, 0);
    }
    nftw(cluster.folder, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

/* --- asking ---------------------------------------------------------------------------------------------------------- */

static PGconn *connect_patiently(const char *conninfo)
{
    for (int i = 0;; i++) {
        PGconn *pg = PQconnectdb(conninfo);
        if (PQstatus(pg) == CONNECTION_OK)
            return pg;
        if (i == 1500) {
            fprintf(stderr, "%s", PQerrorMessage(pg));
            die("PostgreSQL does not answer; its log is in the folder of the test cluster");
        }
        PQfinish(pg);
        pause_ms(10);
    }
}

static void keep_quiet(void *arg, const PGresult *notice)
{
    (void)arg, (void)notice;
}

const char *cluster_ask(const char *conninfo, const char *sql)
{
    static char value[4096];
    PGconn *pg = connect_patiently(conninfo);
    PQsetNoticeReceiver(pg, keep_quiet, NULL);
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s\n%s", sql, PQerrorMessage(pg));
        abort();
    }
    snprintf(value, sizeof value, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(pg);
    return value;
}

/* --- the cluster ----------------------------------------------------------------------------------------------------- */

const char *cluster_bin_dir(void)
{
    if (cluster.bin[0] != '\0')
        return cluster.bin;
    long newest = 0;
    DIR *versions = opendir("/usr/lib/postgresql");
    for (struct dirent *entry; versions != NULL && (entry = readdir(versions)) != NULL;)
        if (strtol(entry->d_name, NULL, 10) > newest)
            newest = strtol(entry->d_name, NULL, 10);
    if (versions != NULL)
        closedir(versions);
    if (newest == 0)
        die("there is no PostgreSQL in /usr/lib/postgresql: install the package postgresql-15");
    snprintf(cluster.bin, sizeof cluster.bin, "/usr/lib/postgresql/%ld/bin", newest);
    return cluster.bin;
}

static void find_user(void)
{
    if (geteuid() != 0)
        return;
    struct passwd *user = getpwnam("postgres");
    if (user == NULL)
        user = getpwnam("nobody");
    if (user == NULL)
        die("started as root, and there is neither a user postgres nor nobody");
    cluster.uid = user->pw_uid;
    cluster.gid = user->pw_gid;
    cluster.drop = true;
}

static void make_cluster(void)
{
    snprintf(cluster.folder, sizeof cluster.folder, "/tmp/avow-pg-XXXXXX");
    if (mkdtemp(cluster.folder) == NULL)
        die("no temporary folder");
    if (cluster.drop && chown(cluster.folder, cluster.uid, cluster.gid) != 0)
        die("chown of the temporary folder failed");
    snprintf(cluster.data, sizeof cluster.data, "%s/data", cluster.folder);
    char program[160];
    snprintf(program, sizeof program, "%s/initdb", cluster_bin_dir());
    char *argv[] = {program,      "-D",
                    cluster.data, "-A",
                    "trust",      "-U",
                    "avow",       "-E",
                    "UTF8",       "--locale=C.UTF-8",
                    "--no-sync",  "--no-instructions",
                    NULL};
    pid_t pid = spawn(argv);
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        die("initdb failed");
    snprintf(cluster.conninfo, sizeof cluster.conninfo, "host=%s user=avow", cluster.folder);
}

static void start_keeper(void)
{
    int fds[2];
    if (pipe(fds) != 0)
        die("no pipe");
    fflush(NULL);
    cluster.keeper = fork();
    if (cluster.keeper < 0)
        die("no process");
    if (cluster.keeper == 0) {
        close(fds[1]);
        keep(fds[0]);
    }
    close(fds[0]);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    cluster.commands = fds[1];
}

static void conninfo_of(const char *database, char *conninfo, size_t bytes)
{
    if (cluster.outside == NULL)
        snprintf(conninfo, bytes, "%s dbname=%s", cluster.conninfo, database);
    else
        snprintf(conninfo, bytes, "%s dbname=%s", cluster.outside, database);
}

static void make_template(void)
{
    char postgres[256], conninfo[256];
    conninfo_of("postgres", postgres, sizeof postgres);
    cluster_ask(postgres, "DROP DATABASE IF EXISTS avow_test_template");
    cluster_ask(postgres, "CREATE DATABASE avow_test_template");
    conninfo_of("avow_test_template", conninfo, sizeof conninfo);
    db_options_t options = {.conninfo = conninfo, .connect_timeout_ms = 5000, .application = "test"};
    err_t err = {.code = ERR_NONE};
    if (migrate(&options, NULL, &err) != 0)
        die(err.text);
}

void cluster_start(void)
{
    cluster.outside = getenv("AVOW_TEST_DATABASE");
    cluster.owner = getpid();
    if (cluster.outside == NULL) {
        find_user();
        make_cluster();
        start_keeper();
        atexit(cluster_stop);
        cluster_start_again();
    }
    make_template();
}

void cluster_stop(void)
{
    if (cluster.commands < 0 || getpid() != cluster.owner)
        return;
    close(cluster.commands);
    cluster.commands = -1;
    waitpid(cluster.keeper, NULL, 0);
}

static void make_database(const char *template, char *conninfo, size_t bytes)
{
    static int n;
    char postgres[256], name[64], sql[256];
    conninfo_of("postgres", postgres, sizeof postgres);
    snprintf(name, sizeof name, "test_%ld_%d", (long)getpid(), ++n);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s", name, template);
    cluster_ask(postgres, sql);
    conninfo_of(name, conninfo, bytes);
}

void cluster_database(char *conninfo, size_t bytes)
{
    make_database("avow_test_template", conninfo, bytes);
}

void cluster_database_empty(char *conninfo, size_t bytes)
{
    make_database("template0", conninfo, bytes);
}

const char *cluster_socket_dir(void)
{
    return cluster.folder;
}

long cluster_pid(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/postmaster.pid", cluster.data);
    FILE *file = fopen(path, "r");
    long pid = 0;
    if (file != NULL) {
        if (fscanf(file, "%ld", &pid) != 1)
            pid = 0;
        fclose(file);
    }
    return pid;
}

static void end_postmaster(int signal_number)
{
    long pid = cluster_pid();
    if (pid <= 1)
        die("PostgreSQL is not running");
    kill((pid_t)pid, signal_number);
    for (int i = 0; kill((pid_t)pid, 0) == 0; i++) {
        if (i == 2000)
            die("PostgreSQL does not end");
        pause_ms(10);
    }
}

void cluster_kill(void)
{
    end_postmaster(SIGKILL);
}

void cluster_shut_down(void)
{
    end_postmaster(SIGINT);
}

void cluster_start_again(void)
{
    if (write(cluster.commands, "s", 1) != 1)
        die("the keeper of the cluster is gone");
    char postgres[256];
    conninfo_of("postgres", postgres, sizeof postgres);
    PQfinish(connect_patiently(postgres));
}
