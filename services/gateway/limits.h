/* limits.h - token buckets, one for each client address. */
#ifndef GATEWAY_LIMITS_H
#define GATEWAY_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"

#define LIMITS_ADDRESSES_MAX 16384

struct limits {
    struct map buckets; /* address → struct bucket */
    int64_t interval;   /* microseconds in which one token grows */
    int64_t burst;      /* tokens a bucket holds */
};

/* `tokens` grow in `period` microseconds. */
void limits_init(struct limits *limits, int64_t tokens, int64_t period, int64_t burst);
void limits_release(struct limits *limits);

/* Takes a token from the address's bucket. False: it is empty; *wait is how many microseconds until there is one. Loopback
 * addresses (the machine's own programs, and a proxy that forwards nobody's address) are not limited. */
bool limits_take(struct limits *limits, const char *address, int64_t now, int64_t *wait);

/* 127.0.0.0/8, ::1, and what is not an IP address at all (a local socket). */
bool address_is_local(const char *address);

#endif
