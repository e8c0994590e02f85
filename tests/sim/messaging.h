/* messaging.h - the simulation of what goes between gateway, services, keys and positions. */
#ifndef SIM_MESSAGING_H
#define SIM_MESSAGING_H

#include <stdbool.h>
#include <stdint.h>

/* What is done wrong on purpose, to see that it is noticed. */
struct flaws {
    bool forgets_keys, ignores_position, skips_effects, ignores_deadlines;
};

struct outcome {
    uint64_t hash;     /* of everything that happened, in order */
    const char *wrong; /* NULL: nothing */
    int64_t redispatched;
};

struct outcome simulate(uint64_t seed, struct flaws flaws);

#endif
