/* rich_clock.h - a vehicle's clock on its way: windows, breaks, how much later it could have left. */
#ifndef SONGDA_ROUTING_RICH_CLOCK_H
#define SONGDA_ROUTING_RICH_CLOCK_H

#include "routing.h"

#define RICH_NEVER ((int64_t)1 << 60) /* violation of what cannot be */

/* The vehicle's clock somewhere on its way, when it left the depot as early as it may. */
struct rich_clock {
    int64_t time, wait; /* now; waited so far */
    int64_t slack;      /* by how much the start can be later with everything so far in time */
    int64_t over;       /* seconds late so far */
};

static inline bool rich_clock_is_better(const struct rich_clock *a, const struct rich_clock *b)
{
    int64_t delay_a = a->slack < a->wait ? a->slack : a->wait;
    int64_t delay_b = b->slack < b->wait ? b->slack : b->wait;

    if (a->over != b->over)
        return a->over < b->over;
    if (a->time != b->time)
        return a->time < b->time;
    return delay_a > delay_b;
}

/* Work that begins within a window: waits for it, or is late. */
static inline void rich_begin_within(struct rich_clock *c, int64_t open, int64_t close)
{
    if (c->time < open) {
        c->wait += open - c->time;
        c->time = open;
    }
    if (c->time > close)
        c->over += c->time - close;
    if (c->slack > c->wait + close - c->time)
        c->slack = c->wait + close - c->time;
}

static inline struct rich_clock rich_rest(struct rich_clock c, const struct routing_break *rest)
{
    if (c.over >= RICH_NEVER)
        return c;
    rich_begin_within(&c, rest->from, rest->to);
    c.time += rest->length;
    return c;
}

static inline struct rich_clock rich_serve(struct rich_clock c, const struct routing_stop *stop)
{
    if (stop->window_count) {
        int w = 0;

        while (w + 1 < stop->window_count && c.time > stop->windows[w].close)
            w++;
        rich_begin_within(&c, stop->windows[w].open, stop->windows[w].close);
    }
    c.time += stop->service;
    return c;
}

#endif
