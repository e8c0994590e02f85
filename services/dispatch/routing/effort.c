/* effort.c - the effort that fits in a time, by the problem's size and kind. */
#include "plain.h"

/* Steps per millisecond, measured on one core of a 2.6 GHz server with others at work on it. */
#define RATE_SMALL 165000 /* plain, population */
#define RATE_PLAIN 215000 /* plain, annealed */
#define RATE_TIMED 150000 /* the same with windows, while the matrices fit the cache */
#define RATE_RICH 64000
#define TIMED_HALF 900    /* stops at which the cache has halved the rate */
#define SETUP_SQUARE 8000 /* a millisecond of reading and neighbour lists for so many arcs */

static int64_t timed_rate(int64_t n)
{
    int64_t cube = n * n * n / TIMED_HALF * 1000 / TIMED_HALF / TIMED_HALF;

    return (int64_t)RATE_TIMED * 1000 / (1000 + cube);
}

int64_t routing_effort(const struct routing_problem *p, int64_t milliseconds)
{
    int64_t n = p->stop_count, setup = n * n / SETUP_SQUARE;
    int64_t left = milliseconds > setup * 2 ? milliseconds - setup : milliseconds / 2;
    bool timed;

    if (!plain_fits(p, &timed))
        return left * RATE_RICH;
    if (n < PLAIN_SMALL)
        return left * RATE_SMALL;
    return left * (timed ? timed_rate(n) : RATE_PLAIN);
}
