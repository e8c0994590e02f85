/* papers.h - papers and lists as files: the gateway asks for what is in them as the visitor, and songda-paper draws them.
 *
 * A paper is asked for operation by operation, with the visitor's own session, permission, branches and masking, so it shows nothing that its
 * reader could not read. What it is made of (papers.json) goes line by line to a process of its own; what that writes is the answer. At most two
 * run at a time, one of them a list, and sixteen wait; who waits too long gets 504.
 */
#ifndef GATEWAY_PAPERS_H
#define GATEWAY_PAPERS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/list.h"
#include "papers.gen.h"

#define PAPERS_RUNNING_MAX 2
#define PAPERS_LISTS_MAX 1 /* of those that run: a list may take long */
#define PAPERS_MAX 18      /* running and waiting */
#define PAPERS_POLL_MAX ((size_t)2 * PAPERS_RUNNING_MAX)
#define PAPER_SECONDS 10
#define PAPER_LIST_SECONDS 120
#define PAPER_REPLIES_MAX 16
#define PAPER_QUERY_MAX 24

struct gateway;
struct request;
struct shape;
struct visit;

/* The program that draws: its pipe, its files in memory. */
struct paper_process {
    pid_t pid; /* 0: none */
    int pid_fd, input, output, complaint;
};

/* A file's address, and what stands behind its question mark. */
struct paper_pair {
    const char *name, *text;
};

struct paper_reply {
    const char *ask;
    const struct shape *shape;
    const void *value;
};

struct paper {
    struct link link;
    struct gateway *gateway;
    struct visit *visit;
    struct arena arena;
    int64_t started, deadline;
    const struct paper_kind *kind; /* NULL: a list */
    const struct paper_list *list;
    const char *form; /* pdf, xlsx, csv */
    const char *parameter;
    struct paper_pair query[PAPER_QUERY_MAX];
    size_t query_count;

    const struct paper_ask *ask;
    size_t each;
    const char *cursor;
    int pages;
    bool is_asking, is_answered, has_answers, is_all, is_refused, is_ended;
    struct paper_reply replies[PAPER_REPLIES_MAX];
    size_t reply_count;

    struct paper_process process;
    struct buffer lines; /* on their way to the process */
    size_t sent;
    const char *error,
        *error_value; /* why there is none; NULL: it is there, or visit->r says why */
};

struct papers {
    struct link all;
    size_t count, running, lists;
    bool has_work;
    char *program;
};

void papers_init(struct papers *papers);
void papers_release(struct papers *papers);

/* Adds what the processes are waited on by; returns how many. */
size_t papers_poll_items(const struct papers *papers, struct pollfd items[PAPERS_POLL_MAX]);

/* Lets every paper take its next step. */
void papers_tick(struct gateway *gateway);

/* papers_http.c: GET /papers/…: begins a paper, or refuses. */
void papers_visit(struct visit *visit);
void papers_reply(struct visit *visit);

/* The visitor has left, or has got the paper. */
void paper_free(struct paper **paper);

/* papers_ask.c: asks for the next of what the paper needs. False: that was all. */
bool paper_ask_next(struct paper *paper);

/* Takes the answer that is there. False: the paper cannot be made; visit->r or error says why. */
bool paper_take_answer(struct paper *paper);

/* papers_process.c */
bool paper_process_start(struct paper_process *process, const char *program);

/* Sends what the pipe takes; returns how much. The end of the process is told by paper_process_ended. */
size_t paper_process_send(struct paper_process *process, const uint8_t *data, size_t len);
void paper_process_send_end(struct paper_process *process);

/* True: it has ended, and *is_good when it wrote a whole file. */
bool paper_process_ended(struct paper_process *process, bool *is_good);

/* Its one line of complaint, "" when it has none. */
void paper_process_complaint(const struct paper_process *process, char *text, size_t size);

/* Ends it, when it is still there, and closes its files. */
void paper_process_release(struct paper_process *process);

#endif
