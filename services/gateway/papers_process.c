/* papers_process.c - one run of songda-paper: started with nothing but a pipe and two files in memory, watched, ended. */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "papers.h"

#include "base/banned.h"

static void close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The ends that only the process has; ours are closed on exec. */
static bool set_files(posix_spawn_file_actions_t *actions, const struct paper_process *process,
                      int input)
{
    return posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, process->output, STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, process->complaint, STDERR_FILENO) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1) == 0;
}

/* The gateway's signals are blocked or ignored; the process has them as usual. */
static bool set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) ==
               0;
}

static bool spawn(struct paper_process *process, const char *program, int input)
{
    char name[] = "songda-paper", language[] = "LANG=C.UTF-8", path[] = "PATH=/usr/bin:/bin",
         home[] = "HOME=/nonexistent";
    char *arguments[] = {name, NULL}, *environment[] = {language, path, home, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    bool is_good;

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    is_good =
        set_files(&actions, process, input) && set_signals(&attributes) &&
        posix_spawn(&process->pid, program, &actions, &attributes, arguments, environment) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (!is_good)
        process->pid = 0;
    return is_good;
}

bool paper_process_start(struct paper_process *process, const char *program)
{
    int ends[2] = {-1, -1};

    process->output = memfd_create("paper", MFD_CLOEXEC);
    process->complaint = memfd_create("complaint", MFD_CLOEXEC);
    if (process->output < 0 || process->complaint < 0 || pipe2(ends, O_CLOEXEC) != 0 ||
        fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0 || !spawn(process, program, ends[0])) {
        close_file(&ends[0]);
        close_file(&ends[1]);
        return false;
    }
    close_file(&ends[0]);
    process->input = ends[1];
    process->pid_fd = pidfd_open(process->pid, 0);
    return process->pid_fd >= 0;
}

size_t paper_process_send(struct paper_process *process, const uint8_t *data, size_t len)
{
    ssize_t sent = process->input >= 0 ? write(process->input, data, len) : 0;

    return sent > 0 ? (size_t)sent : 0;
}

void paper_process_send_end(struct paper_process *process)
{
    close_file(&process->input);
}

bool paper_process_ended(struct paper_process *process, bool *is_good)
{
    siginfo_t info = {0};
    struct stat status;

    if (waitid(P_PIDFD, (id_t)process->pid_fd, &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0)
        return false;
    process->pid = 0;
    *is_good = info.si_code == CLD_EXITED && info.si_status == 0 &&
               fstat(process->output, &status) == 0 && status.st_size > 0;
    return true;
}

void paper_process_complaint(const struct paper_process *process, char *text, size_t size)
{
    ssize_t len = pread(process->complaint, text, size - 1, 0);

    text[len > 0 ? len : 0] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
}

void paper_process_release(struct paper_process *process)
{
    if (process->pid > 0) {
        kill(process->pid, SIGKILL);
        waitpid(process->pid, NULL, 0);
    }
    process->pid = 0;
    close_file(&process->pid_fd);
    close_file(&process->input);
    close_file(&process->output);
    close_file(&process->complaint);
}
