/* shape_message.h - for the codec itself: the head of each MessagePack value, read without trusting it. */
#ifndef SONGDA_WIRE_SHAPE_MESSAGE_H
#define SONGDA_WIRE_SHAPE_MESSAGE_H

#include "wire/shape_rules.h"

enum head_kind {
    HEAD_NIL = 1,
    HEAD_BOOL,
    HEAD_INT,
    HEAD_UINT_LARGE, /* above INT64_MAX */
    HEAD_FLOAT,
    HEAD_STR,
    HEAD_BIN,
    HEAD_ARRAY,
    HEAD_MAP,
};

struct head {
    enum head_kind kind;
    int64_t number;      /* ints; bool: 0 or 1 */
    uint32_t count;      /* str, bin: bytes; array: items; map: pairs */
    const uint8_t *data; /* str, bin */
};

struct cursor {
    const uint8_t *at, *end;
};

/* Reads a head, and the bytes of a str or bin. NULL: fine; else why not ("truncated", "ext"). */
const char *shape_head_read(struct cursor *cursor, struct head *head);

/* Scans with a limit of its own on nodes. */
bool shape_scan_up_to(struct bytes packed, size_t nodes_max, struct shape_error *error);

#endif
