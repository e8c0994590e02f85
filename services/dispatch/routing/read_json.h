/* read_json.h - pieces of the JSON reader. */
#ifndef SONGDA_ROUTING_READ_JSON_H
#define SONGDA_ROUTING_READ_JSON_H

#include "read.h"

#include <jansson.h>

#define PROPERTIES_MAX 64

struct json_reader {
    struct read_problem *read;
    struct routing_error *error;
    json_t *properties; /* name -> bit */
    json_t *stops;      /* id -> index */
    json_t *vehicles;
};

/* A member that is a whole number; `offset` into the struct it is read into. */
struct json_field {
    const char *name;
    size_t offset, size; /* size 4: int32_t, 8: int64_t */
    int64_t otherwise;   /* when missing */
};

/* All members of `object` must be in `fields` or in the NULL-ended list `others`. */
bool json_fields(struct json_reader *r, const json_t *object, const char *where, int index,
                 const struct json_field *fields, const char *const *others, void *into);
bool json_int32(const json_t *value, int32_t *number);
bool json_amounts(struct json_reader *r, const json_t *list, const char *where, int index,
                  int32_t *amounts);
bool json_properties(struct json_reader *r, const json_t *list, const char *where, int index,
                     uint64_t *set);
/* The index of an id (or whole number) in `ids`; missing: ROUTING_NONE. */
bool json_reference(struct json_reader *r, const json_t *value, const json_t *ids,
                    const char *where, int index, int32_t *to);
bool json_travel(struct json_reader *r, const json_t *root);

#endif
