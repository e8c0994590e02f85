/* compute.c - two threads that think while the lane goes on. */
#include "service/compute.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "service/lane.h"

#include "base/banned.h"

enum { STACK_SIZE = 512 * 1024 };

void compute_init(struct compute *compute)
{
    *compute = (struct compute){.event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (compute->event_fd < 0)
        die("eventfd", "%s", strerror(errno));
    pthread_mutex_init(&compute->mutex, NULL);
    pthread_cond_init(&compute->has_questions, NULL);
    link_init(&compute->questions);
    link_init(&compute->answers);
}

/* The next question, or NULL: it is over. The mutex is held. */
static struct computation *take_question(struct compute *compute)
{
    struct computation *computation;

    compute->idle++;
    while (link_is_empty(&compute->questions) && !compute->is_ending)
        pthread_cond_wait(&compute->has_questions, &compute->mutex);
    compute->idle--;
    if (compute->is_ending)
        return NULL;
    computation = link_entry(compute->questions.next, struct computation, link);
    link_remove(&computation->link);
    return computation;
}

static void give_answer(struct compute *compute, struct computation *computation)
{
    const uint64_t one = 1;

    link_append(&compute->answers, &computation->link);
    if (write(compute->event_fd, &one, sizeof(one)) != sizeof(one))
        die("eventfd", "%s", strerror(errno));
}

static void *think(void *argument)
{
    struct compute *compute = argument;
    struct computation *computation;

    pthread_mutex_lock(&compute->mutex);
    while ((computation = take_question(compute)) != NULL) {
        pthread_mutex_unlock(&compute->mutex);
        if (computation->deadline == 0 || computation->deadline > clock_monotonic()) {
            computation->run(computation->task);
            computation->is_done = true;
        }
        pthread_mutex_lock(&compute->mutex);
        give_answer(compute, computation);
    }
    pthread_mutex_unlock(&compute->mutex);
    return NULL;
}

static void start_thread(struct compute *compute)
{
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    if (pthread_create(&compute->threads[compute->thread_count], &attributes, think, compute) != 0)
        die("compute", "no thread");
    compute->thread_count++;
    pthread_attr_destroy(&attributes);
}

void compute_release(struct compute *compute)
{
    pthread_mutex_lock(&compute->mutex);
    compute->is_ending = true;
    pthread_cond_broadcast(&compute->has_questions);
    pthread_mutex_unlock(&compute->mutex);
    for (size_t i = 0; i < compute->thread_count; i++)
        pthread_join(compute->threads[i], NULL);
    pthread_cond_destroy(&compute->has_questions);
    pthread_mutex_destroy(&compute->mutex);
    close(compute->event_fd);
}

void compute_ask(struct compute *compute, struct computation *computation)
{
    pthread_mutex_lock(&compute->mutex);
    link_append(&compute->questions, &computation->link);
    if (compute->idle == 0 && compute->thread_count < COMPUTE_THREADS)
        start_thread(compute);
    pthread_cond_signal(&compute->has_questions);
    pthread_mutex_unlock(&compute->mutex);
}

struct computation *compute_answered(struct compute *compute)
{
    struct computation *computation = NULL;
    uint64_t count;

    pthread_mutex_lock(&compute->mutex);
    if (!link_is_empty(&compute->answers)) {
        computation = link_entry(compute->answers.next, struct computation, link);
        link_remove(&computation->link);
    } else if (read(compute->event_fd, &count, sizeof(count)) < 0 && errno != EAGAIN) {
        die("eventfd", "%s", strerror(errno));
    }
    pthread_mutex_unlock(&compute->mutex);
    return computation;
}

static struct computation *known(const struct work *work, void (*run)(void *task), const void *task,
                                 size_t asked)
{
    struct computation *c = work->computations;

    while (c != NULL && (c->run != run || c->asked != asked || memcmp(c->task, task, asked) != 0))
        c = c->next;
    return c;
}

static struct computation *note(struct work *work, void (*run)(void *task), const void *task,
                                size_t asked, size_t size)
{
    struct computation *computation = arena_new(&work->arena, struct computation);

    *computation = (struct computation){
        .next = work->computations,
        .work = work,
        .run = run,
        .task = arena_copy(&work->arena, task, size),
        .asked = asked,
        .size = size,
        .deadline = work->deadline,
    };
    link_init(&computation->link);
    work->computations = computation;
    return computation;
}

bool call_compute(struct call *c, void (*run)(void *task), void *task, size_t asked, size_t size)
{
    static const struct error unknown_yet = {.name = "unknown_yet", .class = ERROR_CLASS_RETRY};
    struct work *work = c->work;
    struct computation *computation;

    if (has_failed(c))
        return false;
    computation = known(work, run, task, asked);
    if (computation != NULL && computation->is_done) {
        memcpy(task, computation->task, size);
        return true;
    }
    if (work->lane->compute == NULL || work->is_touching) { /* it cannot leave the batch */
        run(task);
        return true;
    }
    work->asked = computation != NULL ? computation : note(work, run, task, asked, size);
    c->failure.error = &unknown_yet; /* the handler comes to its end, and nothing of it is kept */
    return false;
}
