/* random.h - the same pseudo-random numbers on every machine, in integers. */
#ifndef SONGDA_ROUTING_RANDOM_H
#define SONGDA_ROUTING_RANDOM_H

#include <stdint.h>

#define LOGARITHMS 4096

struct random {
    uint64_t state;
    int32_t minus_ln[LOGARITHMS]; /* -ln((i + 1/2) / LOGARITHMS), 16 fraction bits */
};

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static inline uint64_t random_next(struct random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Uniform in 0 .. n - 1; n >= 1. */
static inline int32_t random_below(struct random *r, int32_t n)
{
    return (int32_t)(((random_next(r) >> 32) * (uint64_t)n) >> 32);
}

/* Exponential with mean 1, 16 fraction bits. */
static inline int32_t random_exponential(struct random *r)
{
    return r->minus_ln[random_next(r) >> 52];
}

void random_init(struct random *r, uint64_t seed);

/* A temperature with 16 fraction bits, times an exponential variate: how much worse is accepted. */
static inline int64_t random_tolerance(struct random *r, int64_t temperature)
{
    return ((temperature >> 8) * random_exponential(r)) >> 24;
}

#endif
