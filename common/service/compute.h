/* compute.h - long computing that needs no database, by threads beside the lane (design 7: passwords, two at a time; private to
 * common/service).
 *
 * call_compute() (call.h) asks. The first time its call leaves the batch: nothing of it was written, what it had locked is let go with the
 * batch, and no transaction waits for it. When the answer is there the call comes back and its handler runs again from the beginning; this
 * time call_compute() knows. The threads begin with the first question.
 */
#ifndef SONGDA_SERVICE_COMPUTE_H
#define SONGDA_SERVICE_COMPUTE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

enum { COMPUTE_THREADS = 2 };

struct work;

/* A question of a call and, once it is done, its answer; in the work's arena. */
struct computation {
    struct link link;         /* in the pool */
    struct computation *next; /* of its call */
    struct work *work;
    void (*run)(void *task);
    void *task; /* the handler's struct: question, then answer */
    size_t asked, size;
    int64_t deadline; /* monotonic, 0: none; later nobody wants to know */
    bool is_done;
};

struct compute {
    pthread_mutex_t mutex;
    pthread_cond_t has_questions;
    struct link questions, answers;
    pthread_t threads[COMPUTE_THREADS];
    size_t thread_count, idle;
    int event_fd; /* readable while there are answers */
    bool is_ending;
};

void compute_init(struct compute *compute);
void compute_release(struct compute *compute); /* waits for what is being computed */

void compute_ask(struct compute *compute, struct computation *computation);

/* The next that came back, done or too late; NULL: none. */
struct computation *compute_answered(struct compute *compute);

#endif
