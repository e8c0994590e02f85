/* papers.c - the papers that are being made: each asks, waits for its turn, sends, and is answered or refused in time. */
#include "papers.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "gateway.h"

#include "base/banned.h"

#define AHEAD_MAX                                                                                  \
    ((size_t)1 << 20) /* bytes that may wait for the process before more is asked for */
#define PATH_MAX_BYTES 4096

/* songda-paper lies beside the gateway, or, in a build folder, in paper/. */
static char *find_program(void)
{
    static const char *const places[] = {"songda-paper", "paper/songda-paper"};
    char own[PATH_MAX_BYTES], path[PATH_MAX_BYTES + 32];
    ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);
    char *slash;

    own[len > 0 ? len : 0] = '\0';
    slash = strrchr(own, '/');
    if (!slash)
        return memory_text("songda-paper");
    slash[1] = '\0';
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(path, sizeof(path), "%s%s", own, places[i]);
        if (access(path, X_OK) == 0)
            break;
    }
    return memory_text(path);
}

void papers_init(struct papers *papers)
{
    link_init(&papers->all);
    papers->program = find_program();
}

void papers_release(struct papers *papers)
{
    memory_free(&papers->program);
}

static void stop_process(struct paper *paper)
{
    struct papers *papers = &paper->gateway->papers;

    if (paper->process.pid_fd >= 0) {
        papers->running--;
        papers->lists -= paper->kind == NULL;
        papers->has_work = true; /* for who waits */
    }
    paper_process_release(&paper->process);
}

void paper_free(struct paper **address_of_paper)
{
    struct paper *paper = *address_of_paper;

    if (!paper)
        return;
    stop_process(paper);
    link_remove(&paper->link);
    paper->gateway->papers.count--;
    buffer_release(&paper->lines);
    arena_release(&paper->arena);
    memory_free(address_of_paper);
}

size_t papers_poll_items(const struct papers *papers, struct pollfd items[PAPERS_POLL_MAX])
{
    size_t count = 0;

    link_each (&papers->all, at) {
        const struct paper *paper = link_entry(at, struct paper, link);

        if (paper->process.pid_fd < 0 || count + 2 > PAPERS_POLL_MAX)
            continue;
        items[count++] = (struct pollfd){.fd = paper->process.pid_fd, .events = POLLIN};
        if (paper->lines.len > paper->sent && paper->process.input >= 0)
            items[count++] = (struct pollfd){.fd = paper->process.input, .events = POLLOUT};
    }
    return count;
}

/* The visitor is told: the file, or why there is none. */
static void end(struct paper *paper)
{
    struct visit *visit = paper->visit;

    paper->is_ended = true;
    if (paper->is_asking) { /* nobody waits for the answer any more */
        request_abandon(visit->r);
        request_free(&visit->r);
    }
    paper->is_asking = false;
    log_event(LOG_INFO, "paper", log_text("kind", paper->kind ? paper->kind->name : paper->form),
              log_text("operation", paper->list ? paper->list->operation : NULL),
              log_int("ms", (clock_monotonic() - paper->started) / 1000),
              log_text("error", paper->error));
    http_wake(visit);
}

static void fail(struct paper *paper, const char *error, const char *value)
{
    paper->error = error;
    paper->error_value = value;
    end(paper);
}

static bool may_start(const struct paper *paper)
{
    const struct papers *papers = &paper->gateway->papers;

    return papers->running < PAPERS_RUNNING_MAX &&
           (paper->kind || papers->lists < PAPERS_LISTS_MAX);
}

/* False: it could not be started, and the paper has ended. */
static bool start_process(struct paper *paper)
{
    struct papers *papers = &paper->gateway->papers;

    if (!paper_process_start(&paper->process, papers->program)) {
        log_error("paper_program", log_text("file", papers->program));
        fail(paper, "paper_failed", NULL);
        return false;
    }
    papers->running++;
    papers->lists += paper->kind == NULL;
    return true;
}

/* Makes room: a process that is slower than the asking never leaves nothing to send. */
static void drop_sent(struct paper *paper)
{
    struct buffer *lines = &paper->lines;

    memmove(lines->data, lines->data + paper->sent, lines->len - paper->sent);
    lines->len -= paper->sent;
    paper->sent = 0;
}

static void send_lines(struct paper *paper)
{
    struct buffer *lines = &paper->lines;

    paper->sent +=
        paper_process_send(&paper->process, lines->data + paper->sent, lines->len - paper->sent);
    if (paper->sent > 0 && (paper->sent == lines->len || paper->sent > AHEAD_MAX))
        drop_sent(paper);
    if (lines->len == 0 && paper->is_all)
        paper_process_send_end(&paper->process);
}

static void look_at_process(struct paper *paper)
{
    char complaint[120];
    bool is_good = false;

    if (!paper_process_ended(&paper->process, &is_good))
        return;
    if (is_good && paper->is_all && paper->lines.len == 0)
        return end(paper);
    paper_process_complaint(&paper->process, complaint, sizeof(complaint));
    log_warn("paper_process", log_text("detail", complaint));
    fail(paper, "paper_failed", NULL);
}

static void ask_more(struct paper *paper)
{
    if (paper->is_all || paper->is_asking || paper->is_answered ||
        paper->lines.len - paper->sent > AHEAD_MAX)
        return;
    paper->is_all = !paper_ask_next(paper);
    if (paper->is_all)
        paper->gateway->papers.has_work = true; /* the end is to be sent */
}

static void advance(struct paper *paper)
{
    int seconds = paper->kind ? PAPER_SECONDS : PAPER_LIST_SECONDS;

    if (clock_monotonic() > paper->deadline)
        return fail(paper, "paper_late", arena_print(&paper->arena, "%d", seconds));
    if (paper->is_answered && !paper_take_answer(paper)) {
        paper->is_refused = paper->error == NULL;
        return end(paper);
    }
    ask_more(paper);
    if (paper->process.pid_fd < 0 && paper->has_answers && may_start(paper) &&
        !start_process(paper))
        return;
    if (paper->process.pid_fd < 0)
        return;
    send_lines(paper);
    look_at_process(paper);
}

void papers_tick(struct gateway *gateway)
{
    gateway->papers.has_work = false;
    link_each (&gateway->papers.all, at) {
        struct paper *paper = link_entry(at, struct paper, link);

        if (!paper->is_ended)
            advance(paper);
    }
}
