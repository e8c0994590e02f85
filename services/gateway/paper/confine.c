/* confine.c - takes from the program everything that drawing a paper does not need. */
#include "confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "input.h"

#include "base/banned.h"

static void limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limits = {most, most};

    if (setrlimit(what, &limits) != 0)
        give_up("cannot limit itself");
}

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE(call)                                                                               \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), ANSWER(SECCOMP_RET_ERRNO | EPERM)

/* Calls that reach other programs, other machines or other rights answer that they are not permitted. */
static void refuse_calls(void)
{
    struct sock_filter rules[] = {
        LOAD(nr),
        REFUSE(__NR_socket),
        REFUSE(__NR_socketpair),
        REFUSE(__NR_connect),
        REFUSE(__NR_bind),
        REFUSE(__NR_execve),
        REFUSE(__NR_execveat),
        REFUSE(__NR_ptrace),
        REFUSE(__NR_process_vm_readv),
        REFUSE(__NR_process_vm_writev),
        REFUSE(__NR_io_uring_setup),
        REFUSE(__NR_bpf),
        REFUSE(__NR_kill),
        REFUSE(__NR_tkill),
        REFUSE(__NR_unshare),
        REFUSE(__NR_setns),
        REFUSE(__NR_mount),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(rules) / sizeof(rules[0]), .filter = rules};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        give_up("cannot confine itself");
}

#ifdef __SANITIZE_ADDRESS__
/* Libraries keep what they once looked up, and looking for leaks needs the calls that are refused. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

void confine(void)
{
#ifndef __SANITIZE_ADDRESS__
    limit(RLIMIT_AS, (rlim_t)1 << 30);
#endif
    limit(RLIMIT_CPU, 60);
    limit(RLIMIT_FSIZE, (rlim_t)256 << 20);
    limit(RLIMIT_NOFILE, 64);
    limit(RLIMIT_CORE, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    refuse_calls();
}
