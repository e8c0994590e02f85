/* shape_walk.h - for the codec itself: walks JSON text without allocating, to bound what a parser will make of it. */
#ifndef SONGDA_WIRE_SHAPE_WALK_H
#define SONGDA_WIRE_SHAPE_WALK_H

#include "wire/shape_rules.h"

/* An object or list that is open where the walk stopped. */
struct walk_frame {
    bool is_list;
    const char *key; /* the last key, raw; NULL before the first */
    size_t len, index;
};

struct walk {
    struct walk_frame frames[SHAPE_DEPTH_MAX];
    size_t depth, values;
};

/* Walks until the end or until byte `stop`. NULL: depth and number of values are within limits; else why not. It does not check the
 * syntax beyond that. */
const char *shape_walk(struct walk *walk, const char *json, size_t len, size_t stop);

/* The way to where the walk stopped, in places[0…depth-1]; NULL at the top. */
const struct place *shape_walk_place(const struct walk *walk, struct place places[SHAPE_DEPTH_MAX]);

#endif
