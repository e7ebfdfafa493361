#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void run_child(const char *const *argv, int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("LSAN_OPTIONS", "suppressions=" AVOW_LSAN_SUPPRESSIONS ":print_suppressions=0", 0);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execvp(argv[0], (char *const *)argv);
    perror(argv[0]);
    _exit(127);
}

void program_run(program_t *program, const char *const *argv, const char *input, int timeout_ms)
{
    int in[2], out[2], status = 0;
    size_t n = 0;
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        abort();
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        abort();
    if (pid == 0)
        run_child(argv, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    if (input != NULL && write(in[1], input, strlen(input)) < 0)
        perror("program_run");
    close(in[1]);

    program->code = 0;
    for (long end = now_ms() + timeout_ms;;) {
        long left = end - now_ms();
        struct pollfd fd = {.fd = out[0], .events = POLLIN};
        if (left <= 0 || poll(&fd, 1, (int)left) == 0) {
            kill(pid, SIGKILL);
            program->code = -1;
            break;
        }
        char *at = program->said + n;
        ssize_t got = read(out[0], at, n + 1 < sizeof program->said ? sizeof program->said - n - 1 : 0);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    program->said[n] = '\0';
    close(out[0]);
    waitpid(pid, &status, 0);
    if (program->code == 0)
        program->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
