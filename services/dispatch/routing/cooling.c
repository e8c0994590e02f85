/* cooling.c - exponential cooling in integers. */
#include "cooling.h"

#define STEPS 1024

/* 2^-x with 32 fraction bits for x with 16 fraction bits: by squaring roots of a half. */
static uint64_t power_of_half(uint64_t x)
{
    static const uint64_t roots[16] = {/* 2^(-2^-(k+1)), 32 fraction bits */
                                       3037000500u, 3611622603u, 3938502376u, 4112874773u,
                                       4202935003u, 4248701965u, 4271772348u, 4283353973u,
                                       4289156690u, 4292061010u, 4293513907u, 4294240540u,
                                       4294603903u, 4294785596u, 4294876445u, 4294921870u};
    uint64_t result = 1ull << 32;

    for (int k = 0; k < 16; k++)
        if (x & (1u << (15 - k)))
            result = (result * roots[k]) >> 32;
    return x >> 16 >= 32 ? 0 : result >> (x >> 16);
}

/* a * 2^-x without overflow for a below 2^60. */
static int64_t scaled(int64_t a, uint64_t x)
{
    uint64_t power = power_of_half(x);

    return (int64_t)(((uint64_t)a >> 32) * power + ((((uint64_t)a & 0xffffffffu) * power) >> 32));
}

/* log2(a / b) with 16 fraction bits, a >= b > 0, by halving a. */
static uint64_t log2_of_ratio(int64_t a, int64_t b)
{
    uint64_t low = 0, high = 31ull << 16;

    while (low < high) {
        uint64_t middle = (low + high) / 2;

        if (scaled(a, middle) <= b)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void cooling_init(struct cooling *c, int64_t hot, int64_t cold, int64_t from, int64_t total)
{
    c->cold = cold < 256 ? 256 : cold;
    c->hot = hot < c->cold * 2 ? c->cold * 2 : hot;
    c->from = from;
    c->total = total > 0 ? total : 1;
    c->step = -1;
    cooling_update(c, from);
}

void cooling_update(struct cooling *c, int64_t spent)
{
    int64_t step = (spent - c->from) * STEPS / c->total;

    if (step == c->step)
        return;
    c->step = step;
    c->temperature = scaled(c->hot, log2_of_ratio(c->hot, c->cold) * (uint64_t)step / STEPS);
}
