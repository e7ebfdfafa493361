#include "server/cluster.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define OTHERS_SESSIONS 24
#define VERSIONS        "/usr/lib/postgresql"
#define SOCKET          "/.s.PGSQL.5432"
#define FRESH           "postgres.new."
#define HERE            "/proc/self/fd/3"
enum { OLDEST_VERSION = 15, DEPTH_MAX = 32, ARGS_MAX = 64 };

/* --- children -------------------------------------------------------------------------------------------------------- */

/* What a child needs, made before fork: after it, in a program with threads, only system calls are safe. */
typedef struct {
    const cluster_t *cluster;
    const char *folder; /* its data */
    const char *input;  /* for its standard input; NULL: none */
    int words_fd;
    pid_t parent;
    char *argv[ARGS_MAX];
} child_t;

/* Threads share their credentials by a signal to each other in libc's functions; a child has one thread, and libc may
 * hold a lock that will never be released here. Hence the bare system calls. */
static bool become(const cluster_t *cluster)
{
    return !cluster->drop || (syscall(SYS_setgroups, 0, NULL) == 0 &&
                              syscall(SYS_setresgid, cluster->gid, cluster->gid, cluster->gid) == 0 &&
                              syscall(SYS_setresuid, cluster->uid, cluster->uid, cluster->uid) == 0);
}

static void close_from(unsigned first)
{
    if (syscall(SYS_close_range, first, ~0U, 0) == 0)
        return;
    for (int fd = (int)first; fd < 65536; fd++)
        close(fd);
}

static _Noreturn void run_child(const child_t *child, int input_fd, int folder_fd)
{
    static char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", NULL};
    sigset_t none;
    sigemptyset(&none);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid(); /* Ctrl-C is for the server, which then stops its PostgreSQL in order */
    if (dup2(input_fd, 0) < 0 || dup2(child->words_fd, 1) < 0 || dup2(child->words_fd, 2) < 0 ||
        dup2(folder_fd, 3) < 0 || fcntl(3, F_SETFD, 0) < 0 || chdir("/") != 0 || !become(child->cluster))
        _exit(126);
    close_from(4);
    umask(077);
    /* After the change of user, which clears it. SIGINT is PostgreSQL's fast shutdown. */
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (getppid() != child->parent)
        _exit(126); /* too late to be told */
    execve(child->argv[0], child->argv, environment);
    _exit(127);
}

static pid_t spawn(child_t *child, err_t *err)
{
    int input[2] = {-1, -1};
    int folder_fd = open(child->folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (child->input == NULL)
        input[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    else if (pipe2(input, O_CLOEXEC) == 0 && write(input[1], child->input, strlen(child->input)) < 0)
        err_set(err, ERR_STORE, "Writing to %s failed: %s", child->argv[0], strerror(errno));
    child->parent = getpid();
    pid_t pid = input[0] < 0 || folder_fd < 0 ? -1 : fork();
    if (pid == 0)
        run_child(child, input[0], folder_fd);
    if (pid < 0)
        err_set(err, ERR_STORE, "Starting %s failed: %s", child->argv[0], strerror(errno));
    for (int i = 0; i < 2; i++)
        if (input[i] >= 0)
            close(input[i]);
    if (folder_fd >= 0)
        close(folder_fd);
    return pid;
}

/* Whether the cluster's user can walk to a folder by its path. */
static bool can_reach(const cluster_t *cluster, const char *folder)
{
    if (!cluster->drop)
        return true;
    pid_t pid = fork();
    if (pid == 0)
        _exit(become(cluster) && chdir(folder) == 0 ? 0 : 1);
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return pid > 0 && status == 0;
}

int cluster_words_fd(void)
{
    return memfd_create("postgres", MFD_CLOEXEC);
}

/* The reason among the last lines of a file: what follows FATAL or error in the last start it tells of. Without one, the
 * last line, and false. */
static bool find_reason(int fd, char *text, size_t bytes)
{
    char said[8192];
    off_t end = lseek(fd, 0, SEEK_END);
    off_t from = end > (off_t)sizeof said - 1 ? end - (off_t)sizeof said + 1 : 0;
    ssize_t n = pread(fd, said, sizeof said - 1, from);
    said[n < 0 ? 0 : n] = '\0';
    const char *best = "";
    bool found = false;
    for (char *line = said, *next; *line != '\0'; line = next) {
        size_t length = strcspn(line, "\n");
        next = line + length + (line[length] == '\n');
        line[length] = '\0';
        const char *reason =
            strstr(line, "FATAL: ") != NULL ? strstr(line, "FATAL: ") : strstr(line, "error: ");
        if (strstr(line, "LOG:  starting PostgreSQL") != NULL)
            found = false;
        else if (reason != NULL)
            best = strchr(reason, ' ') + strspn(strchr(reason, ' '), " ");
        else if (length > 0 && !found)
            best = line;
        found = found || reason != NULL;
    }
    snprintf(text, bytes, "%s", best);
    return found;
}

/* The file that PostgreSQL logs to once it has begun to: named in current_logfiles as "stderr log/postgres-Mon.log". */
static int open_log(const cluster_t *cluster)
{
    char path[2 * CLUSTER_PATH_MAX], name[128] = "";
    snprintf(path, sizeof path, "%s/current_logfiles", cluster->data);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, name, sizeof name - 1);
    close(fd);
    name[n < 0 ? 0 : n] = '\0';
    name[strcspn(name, "\n")] = '\0';
    const char *at = strchr(name, ' ');
    if (at == NULL || strstr(at, "..") != NULL)
        return -1;
    snprintf(path, sizeof path, "%s/%s", cluster->data, at + 1);
    return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

void cluster_last_words(const cluster_t *cluster, int fd, char *text, size_t bytes)
{
    if (find_reason(fd, text, bytes))
        return;
    char logged[512];
    int log_fd = open_log(cluster);
    if (log_fd >= 0) {
        if (find_reason(log_fd, logged, sizeof logged))
            snprintf(text, bytes, "%s", logged);
        close(log_fd);
    }
    if (text[0] == '\0')
        snprintf(text, bytes, "it said nothing");
}

/* --- opening --------------------------------------------------------------------------------------------------------- */

static int refuse(err_t *err, const char *what, const char *path)
{
    return err_set(err, ERR_STORE, "%s %s: %s", what, path, strerror(errno));
}

static int make_parents(const char *path, err_t *err)
{
    char part[PATH_MAX];
    if (strlen(path) >= sizeof part)
        return err_set(err, ERR_STORE, "The data directory's path is longer than %d bytes", PATH_MAX - 1);
    for (size_t i = 1; path[i - 1] != '\0'; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        /* Root's is passed through by the cluster's user on the way to its own folder. */
        if (mkdir(part, geteuid() == 0 ? 0711 : 0700) != 0 && errno != EEXIST)
            return refuse(err, "Making the data directory", part);
    }
    return 0;
}

static int take_dir(cluster_t *cluster, const char *dir, err_t *err)
{
    if (dir == NULL || dir[0] == '\0')
        return err_set(err, ERR_STORE, "The data directory has no name");
    if (make_parents(dir, err) != 0)
        return -1;
    if (realpath(dir, cluster->dir) == NULL)
        return refuse(err, "The data directory", dir);
    snprintf(cluster->data, sizeof cluster->data, "%s/postgres", cluster->dir);
    return 0;
}

static int take_lock(cluster_t *cluster, err_t *err)
{
    char path[CLUSTER_PATH_MAX], holder[32] = "";
    snprintf(path, sizeof path, "%s/avow.lock", cluster->dir);
    cluster->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (cluster->lock_fd < 0)
        return refuse(err, "Opening", path);
    if (flock(cluster->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return refuse(err, "Locking", path);
        if (pread(cluster->lock_fd, holder, sizeof holder - 1, 0) <= 0)
            snprintf(holder, sizeof holder, "unknown");
        return err_set(
            err, ERR_STORE,
            "The data directory %s is in use by another avow serve (process %.*s). Stop that one, or give "
            "this one another --data-dir",
            cluster->dir, (int)strcspn(holder, "\n"), holder);
    }
    int bytes = snprintf(holder, sizeof holder, "%ld\n", (long)getpid());
    if (ftruncate(cluster->lock_fd, 0) != 0 || pwrite(cluster->lock_fd, holder, (size_t)bytes, 0) != bytes)
        return refuse(err, "Writing", path);
    return 0;
}

bool cluster_exists(const cluster_t *cluster)
{
    struct stat status;
    return lstat(cluster->data, &status) == 0;
}

/* Who runs PostgreSQL: never root, and always the owner of an existing cluster. */
static int find_user(cluster_t *cluster, err_t *err)
{
    struct stat status;
    bool exists = lstat(cluster->data, &status) == 0;
    cluster->uid = geteuid();
    cluster->gid = getegid();
    if (geteuid() != 0) {
        if (exists && status.st_uid != cluster->uid)
            return err_set(
                err, ERR_STORE,
                "The cluster in %s belongs to another user (%ld): start the server as that user, or as root",
                cluster->data, (long)status.st_uid);
        return 0;
    }
    cluster->drop = true;
    struct passwd *user;
    if (exists)
        user = getpwuid(status.st_uid);
    else if ((user = getpwnam("postgres")) == NULL) {
        bool owned = stat(cluster->dir, &status) == 0 && status.st_uid != 0;
        user = owned ? getpwuid(status.st_uid) : getpwnam("nobody");
    }
    if (user == NULL && !exists)
        return err_set(err, ERR_STORE,
                       "PostgreSQL does not run as root, and there is no user postgres to run it as: install "
                       "the package "
                       "postgresql-15, or start the server as another user");
    cluster->uid = user == NULL ? status.st_uid : user->pw_uid;
    cluster->gid = user == NULL ? status.st_gid : user->pw_gid;
    if (cluster->uid == 0)
        return err_set(err, ERR_STORE, "The cluster in %s belongs to root, as whom PostgreSQL does not run",
                       cluster->data);
    return 0;
}

static long newest_version(void)
{
    long newest = 0;
    DIR *versions = opendir(VERSIONS);
    for (struct dirent *entry; versions != NULL && (entry = readdir(versions)) != NULL;) {
        char program[512];
        snprintf(program, sizeof program, VERSIONS "/%s/bin/initdb", entry->d_name);
        long version = strtol(entry->d_name, NULL, 10);
        if (version > newest && access(program, X_OK) == 0)
            newest = version;
    }
    if (versions != NULL)
        closedir(versions);
    return newest;
}

static long cluster_version(const cluster_t *cluster)
{
    char path[CLUSTER_PATH_MAX + 32], text[16] = "";
    snprintf(path, sizeof path, "%s/PG_VERSION", cluster->data);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    return n <= 0 ? 0 : strtol(text, NULL, 10);
}

/* A cluster is only run by the version that made it. */
static int find_bin(cluster_t *cluster, const char *bin_dir, err_t *err)
{
    long newest = newest_version();
    long version = newest;
    if (cluster_exists(cluster) && (version = cluster_version(cluster)) == 0)
        return err_set(err, ERR_STORE, "%s is there but is no PostgreSQL cluster: move it away",
                       cluster->data);
    if (bin_dir != NULL)
        snprintf(cluster->bin, sizeof cluster->bin, "%s", bin_dir);
    else
        snprintf(cluster->bin, sizeof cluster->bin, VERSIONS "/%ld/bin", version);
    char program[CLUSTER_PATH_MAX + 32];
    snprintf(program, sizeof program, "%s/postgres", cluster->bin);
    if (access(program, X_OK) == 0 && (bin_dir != NULL || version >= OLDEST_VERSION))
        return 0;
    if (bin_dir != NULL)
        return err_set(err, ERR_STORE, "There is no PostgreSQL in %s", bin_dir);
    if (newest == 0)
        return err_set(err, ERR_STORE,
                       "There is no PostgreSQL on this machine (in " VERSIONS
                       "): install the package postgresql-15, or give --database");
    if (version < OLDEST_VERSION)
        return err_set(err, ERR_STORE, "PostgreSQL %ld is too old: %d or newer is needed", version,
                       OLDEST_VERSION);
    return err_set(
        err, ERR_STORE,
        "The data in %s was written by PostgreSQL %ld, and this machine has %ld: install the package "
        "postgresql-%ld, or bring the data to %ld with pg_upgrade",
        cluster->data, version, newest, version, newest);
}

/* --- the folder of the socket ---------------------------------------------------------------------------------------- */

/* To libpq, a comma ends the name of a host. */
static bool fits(const char *folder)
{
    return strlen(folder) + strlen(SOCKET) < sizeof((struct sockaddr_un *)NULL)->sun_path &&
           strchr(folder, ',') == NULL;
}

/* A folder of the cluster's user that nobody else may enter: what "trust" rests on. Made by somebody else, it is refused. */
static int make_private(const cluster_t *cluster, const char *folder, err_t *err)
{
    bool made = mkdir(folder, 0700) == 0;
    if (!made && errno != EEXIST)
        return refuse(err, "Making the folder of the socket", folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    int done = -1;
    if (fd < 0 || fstat(fd, &status) != 0)
        refuse(err, "The folder of the socket", folder);
    else if (status.st_uid != cluster->uid && status.st_uid != geteuid())
        err_set(err, ERR_STORE, "The folder of the socket, %s, belongs to another user: remove it", folder);
    else if (fchown(fd, cluster->uid, cluster->gid) != 0 || fchmod(fd, 0700) != 0)
        refuse(err, "The folder of the socket", folder);
    else
        done = 0;
    if (fd >= 0)
        close(fd);
    return done;
}

static const char *run_folder(const cluster_t *cluster)
{
    struct stat status;
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (!cluster->drop && runtime != NULL && runtime[0] == '/' && strlen(runtime) < 64 &&
        stat(runtime, &status) == 0 && status.st_uid == geteuid())
        return runtime;
    return cluster->drop && access("/run", W_OK) == 0 ? "/run" : "/tmp";
}

static int place_socket(cluster_t *cluster, err_t *err)
{
    snprintf(cluster->sockets, sizeof cluster->sockets, "%s/run", cluster->dir);
    if (fits(cluster->sockets)) {
        if (make_private(cluster, cluster->sockets, err) != 0)
            return -1;
        if (can_reach(cluster, cluster->sockets))
            return 0;
    }
    struct stat status;
    if (stat(cluster->dir, &status) != 0)
        return refuse(err, "The data directory", cluster->dir);
    /* The same for the same data directory, so that a killed server leaves nothing that the next does not use again. */
    snprintf(cluster->sockets, sizeof cluster->sockets, "%s/avow-%" PRIx64 "-%" PRIx64, run_folder(cluster),
             (uint64_t)status.st_dev, (uint64_t)status.st_ino);
    cluster->own_sockets = true;
    return make_private(cluster, cluster->sockets, err);
}

int cluster_open(cluster_t *cluster, const postgres_options_t *options, err_t *err)
{
    *cluster = (cluster_t){.lock_fd = -1};
    cluster->max_connections = options->max_connections > 0 ? options->max_connections : 64;
    cluster->shared_buffers_mb = options->shared_buffers_mb > 0 ? options->shared_buffers_mb : 128;
    if (take_dir(cluster, options->data_dir, err) == 0 && take_lock(cluster, err) == 0 &&
        find_user(cluster, err) == 0 && find_bin(cluster, options->bin_dir, err) == 0 &&
        place_socket(cluster, err) == 0)
        return 0;
    cluster_close(cluster);
    return -1;
}

void cluster_close(cluster_t *cluster)
{
    if (cluster->own_sockets)
        rmdir(cluster->sockets);
    if (cluster->lock_fd >= 0)
        close(cluster->lock_fd);
    cluster->lock_fd = -1;
}

/* --- making a cluster ------------------------------------------------------------------------------------------------ */

/* Everything in a folder, itself excepted; symbolic links are not followed. */
static int empty_folder(int fd, int depth)
{
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        close(fd);
        return -1;
    }
    int status = depth > DEPTH_MAX ? -1 : 0;
    for (struct dirent *entry; status == 0 && (entry = readdir(folder)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || unlinkat(fd, name, 0) == 0)
            continue;
        int inner = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner < 0 && errno == ENOENT)
            continue; /* somebody else removed it */
        if (inner < 0 || empty_folder(inner, depth + 1) != 0 || unlinkat(fd, name, AT_REMOVEDIR) != 0)
            status = -1;
    }
    closedir(folder);
    return status;
}

/* Each has a name of its own: the initdb of a server that was just killed may still be at work in one, and removes it itself. */
void cluster_forget_unfinished(const cluster_t *cluster)
{
    DIR *folder = opendir(cluster->dir);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (strncmp(entry->d_name, FRESH, strlen(FRESH)) != 0)
            continue;
        int fd = openat(dirfd(folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && empty_folder(fd, 0) == 0)
            unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
    }
    if (folder != NULL)
        closedir(folder);
}

static char *data_argument(const cluster_t *cluster, const char *folder)
{
    return can_reach(cluster, folder) ? (char *)folder : HERE;
}

/* To the cluster's user, by a descriptor: whoever else may write in the data directory cannot put another in its place. */
static int give_away(const cluster_t *cluster, const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int status = fd < 0 ? -1 : cluster->drop ? fchown(fd, cluster->uid, cluster->gid) : 0;
    if (fd >= 0)
        close(fd);
    return status;
}

static pid_t spawn_initdb(cluster_t *cluster, int words_fd, err_t *err)
{
    cluster_forget_unfinished(cluster);
    snprintf(cluster->fresh, sizeof cluster->fresh, "%s/" FRESH "XXXXXX", cluster->dir);
    if (mkdtemp(cluster->fresh) == NULL || give_away(cluster, cluster->fresh) != 0) {
        refuse(err, "Making", cluster->fresh);
        return -1;
    }
    char program[CLUSTER_PATH_MAX + 32];
    snprintf(program, sizeof program, "%s/initdb", cluster->bin);
    child_t child = {.cluster = cluster,
                     .folder = cluster->fresh,
                     .words_fd = words_fd,
                     .argv = {program, "-D", data_argument(cluster, cluster->fresh), "-U", "avow", "-A",
                              "trust", "-E", "UTF8", "--locale=C.UTF-8", "--lc-messages=C",
                              "--data-checksums", "--no-instructions", NULL}};
    return spawn(&child, err);
}

static pid_t spawn_single(const cluster_t *cluster, int words_fd, err_t *err)
{
    char program[CLUSTER_PATH_MAX + 32];
    snprintf(program, sizeof program, "%s/postgres", cluster->bin);
    child_t child = {.cluster = cluster,
                     .folder = cluster->fresh,
                     .input = "CREATE DATABASE avow\n",
                     .words_fd = words_fd,
                     .argv = {program, "--single", "-D", data_argument(cluster, cluster->fresh), "-c",
                              "exit_on_error=on", "postgres", NULL}};
    return spawn(&child, err);
}

pid_t cluster_spawn_step(cluster_t *cluster, int step, int words_fd, err_t *err)
{
    return step == 0 ? spawn_initdb(cluster, words_fd, err) : spawn_single(cluster, words_fd, err);
}

/* Whole, and only then under its name: a cluster that was not finished is never started. */
int cluster_finish_making(const cluster_t *cluster, err_t *err)
{
    if (rename(cluster->fresh, cluster->data) != 0)
        return refuse(err, "Renaming to", cluster->data);
    int fd = open(cluster->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        refuse(err, "Writing", cluster->dir);
    if (fd >= 0)
        close(fd);
    cluster_forget_unfinished(cluster); /* again: by now nobody is at work in another */
    return err->code == ERR_NONE ? 0 : -1;
}

/* --- running --------------------------------------------------------------------------------------------------------- */

/* In this order on the command line, where they win over the cluster's own files. */
static const char *const settings[] = {
    "--listen_addresses=",
    "--port=5432",
    "--unix_socket_permissions=0700",
    "--cluster_name=avow",
    /* durable */
    "--fsync=on",
    "--synchronous_commit=on",
    "--full_page_writes=on",
    /* small: no parallel plans, no compiler; room for a pg_basebackup */
    "--max_worker_processes=1",
    "--max_parallel_workers=0",
    "--max_parallel_workers_per_gather=0",
    "--max_logical_replication_workers=0",
    "--max_wal_senders=2",
    "--max_replication_slots=2",
    "--jit=off",
    "--huge_pages=off",
    "--random_page_cost=1.1",
    "--max_wal_size=512MB",
    "--wal_compression=on",
    /* The server logs what it is told; this log is for PostgreSQL itself: a file for each day of the week. */
    "--logging_collector=on",
    "--log_destination=stderr",
    "--log_directory=log",
    "--log_filename=postgres-%a.log",
    "--log_file_mode=0600",
    "--log_rotation_age=1d",
    "--log_rotation_size=0",
    "--log_truncate_on_rotation=on",
    "--log_min_messages=log",
    "--log_min_error_statement=panic",
    "--log_checkpoints=off",
    "--log_autovacuum_min_duration=-1",
    "--log_timezone=UTC",
    "--timezone=UTC",
};
enum { N_SETTINGS = sizeof settings / sizeof settings[0] };

/* The setting is a list: a name in double quotes may hold commas, and quotes when doubled. */
static void quote_folder(char *setting, size_t bytes, const char *folder)
{
    size_t n = (size_t)snprintf(setting, bytes, "unix_socket_directories=\"");
    for (; *folder != '\0' && n + 4 < bytes; folder++) {
        if (*folder == '"')
            setting[n++] = '"';
        setting[n++] = *folder;
    }
    setting[n++] = '"';
    setting[n] = '\0';
}

pid_t cluster_spawn_postgres(const cluster_t *cluster, int words_fd, err_t *err)
{
    char program[CLUSTER_PATH_MAX + 32], sockets[256], connections[64], buffers[64];
    snprintf(program, sizeof program, "%s/postgres", cluster->bin);
    quote_folder(sockets, sizeof sockets, cluster->sockets);
    /* Beside the server's own: for whoever looks inside, a backup, a second small server; PostgreSQL keeps three back. */
    snprintf(connections, sizeof connections, "max_connections=%d",
             cluster->max_connections + OTHERS_SESSIONS);
    snprintf(buffers, sizeof buffers, "shared_buffers=%" PRId64 "MB", cluster->shared_buffers_mb);
    child_t child = {.cluster = cluster,
                     .folder = cluster->data,
                     .words_fd = words_fd,
                     .argv = {program, "-D", data_argument(cluster, cluster->data), "-c", sockets, "-c",
                              connections, "-c", buffers}};
    int n = 9;
    _Static_assert(N_SETTINGS + 10 < ARGS_MAX, "the arguments fit");
    for (int i = 0; i < N_SETTINGS; i++)
        child.argv[n++] = (char *)settings[i];
    return spawn(&child, err);
}

/* The process works in this cluster's folder, as every PostgreSQL does in its own. */
static bool works_here(const cluster_t *cluster, pid_t pid)
{
    char path[64];
    struct stat its, ours;
    snprintf(path, sizeof path, "/proc/%ld/cwd", (long)pid);
    return stat(path, &its) == 0 && stat(cluster->data, &ours) == 0 && its.st_dev == ours.st_dev &&
           its.st_ino == ours.st_ino;
}

cluster_status_t cluster_status(const cluster_t *cluster)
{
    char path[CLUSTER_PATH_MAX + 32], text[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/postmaster.pid", cluster->data);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return (cluster_status_t){0};
    text[n] = '\0';
    cluster_status_t status = {.pid = (pid_t)strtol(text, NULL, 10)};
    /* Line 1 is the process, line 8 its state. */
    const char *line = text;
    for (int i = 1; i < 8 && line != NULL; i++)
        line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1;
    status.ready = line != NULL && strncmp(line, "ready", 5) == 0;
    status.alive = status.pid > 0 && works_here(cluster, status.pid);
    return status;
}

static bool is_taken(pid_t pid)
{
    return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

void cluster_remove_stale(const cluster_t *cluster)
{
    char path[CLUSTER_PATH_MAX + 32];
    cluster_status_t status = cluster_status(cluster);
    if (status.alive)
        return;
    snprintf(path, sizeof path, "%s/postmaster.pid", cluster->data);
    if (is_taken(status.pid)) /* one that is gone, PostgreSQL deals with, and looks what it left in memory */
        unlink(path);
    snprintf(path, sizeof path, "%s" SOCKET ".lock", cluster->sockets);
    unlink(path);
}
