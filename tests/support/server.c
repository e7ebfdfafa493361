#include "tests/support/server.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#define READY_TIMEOUT_MS 60000
#define LSAN_DEFAULTS    "suppressions=" AVOW_LSAN_SUPPRESSIONS ":print_suppressions=0"

static void nap(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000L}, NULL);
}

int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, bytes) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &bytes) != 0) {
        perror("free_port");
        exit(2);
    }
    close(fd);
    return ntohs(address.sin_port);
}

void temporary_folder(char *path, size_t bytes)
{
    snprintf(path, bytes, "/tmp/avow-test-XXXXXX"); /* short: a PostgreSQL socket has to fit below it */
    if (mkdtemp(path) == NULL || chmod(path, 0755) != 0) {
        perror(path);
        exit(2);
    }
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    remove(path);
    return 0;
}

void remove_folder(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void run_child(const char *log, char *const argv[])
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("LSAN_OPTIONS", LSAN_DEFAULTS, 0);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    int null = open("/dev/null", O_RDONLY);
    if (fd < 0 || null < 0)
        _exit(126);
    dup2(null, STDIN_FILENO);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    execv(argv[0], argv);
    perror(argv[0]);
    _exit(127);
}

int server_start(server_t *server, const server_options_t *options)
{
    static int number;
    char listen[64];
    char *argv[SERVER_ARGS_MAX + 10];
    size_t n = 0;

    *server = (server_t){.port = options->port != 0 ? options->port : free_port()};
    snprintf(server->url, sizeof server->url, "%s://127.0.0.1:%d", options->tls ? "https" : "http",
             server->port);
    if (options->log != NULL)
        snprintf(server->log, sizeof server->log, "%s", options->log);
    else
        snprintf(server->log, sizeof server->log, "/tmp/avow-test-%d-%d.log", (int)getpid(), number++);
    server->log_is_ours = options->log == NULL;
    snprintf(listen, sizeof listen, "127.0.0.1:%d", server->port);

    const char *fixed[] = {AVOW_BINARY,
                           "serve",
                           "--listen",
                           listen,
                           options->data_dir != NULL ? "--data-dir" : NULL,
                           options->data_dir,
                           options->database != NULL ? "--database" : NULL,
                           options->database};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (fixed[i] != NULL)
            argv[n++] = (char *)fixed[i];
    for (size_t i = 0; options->args != NULL && options->args[i] != NULL && n < SERVER_ARGS_MAX + 9; i++)
        argv[n++] = (char *)options->args[i];
    argv[n] = NULL;

    fflush(NULL);
    server->pid = fork();
    if (server->pid == 0)
        run_child(server->log, argv);
    if (server->pid < 0)
        return -1;
    if (options->no_wait || server_wait_ready(server, options->tls, READY_TIMEOUT_MS) == 0)
        return 0;
    server_show_log(server);
    server_stop(server, SIGKILL, 1000);
    return -1;
}

static size_t ignore_body(char *at, size_t size, size_t n, void *arg)
{
    (void)at, (void)arg;
    return size * n;
}

int server_wait_ready(const server_t *server, bool tls, int timeout_ms)
{
    char url[96];
    snprintf(url, sizeof url, "%s/readyz", server->url);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 5000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_body);
    if (tls) {
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    int result = -1;
    for (int waited = 0; waited < timeout_ms; waited += 20) {
        long status = 0;
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)server->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0)
            break; /* it has ended already */
        if (curl_easy_perform(curl) == CURLE_OK)
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        if (status == 200) {
            result = 0;
            break;
        }
        nap(20);
    }
    curl_easy_cleanup(curl);
    return result;
}

int server_stop(server_t *server, int signal, int timeout_ms)
{
    int status = 0;
    bool late = false;
    if (server->pid <= 0)
        return -1;
    if (signal != 0)
        kill(server->pid, signal);
    for (int waited = 0; waitpid(server->pid, &status, WNOHANG) == 0; waited += 5) {
        if (waited >= timeout_ms) {
            kill(server->pid, SIGKILL);
            waitpid(server->pid, &status, 0);
            late = true;
            break;
        }
        nap(5);
    }
    server->pid = 0;
    if (late)
        return -1;
    if (status == 0 && server->log_is_ours)
        remove(server->log);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void server_show_log(const server_t *server)
{
    char text[8192];
    int fd = open(server->log, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    off_t end = lseek(fd, 0, SEEK_END);
    off_t start = end > (off_t)sizeof text ? end - (off_t)sizeof text : 0;
    ssize_t n = pread(fd, text, sizeof text, start);
    close(fd);
    if (n > 0)
        fprintf(stderr, "--- the end of %s\n%.*s---\n", server->log, (int)n, text);
}
