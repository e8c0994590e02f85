/* shape_rules.h - for the codec itself: where in a message one is, how a value is refused, how one is set. */
#ifndef SONGDA_WIRE_SHAPE_RULES_H
#define SONGDA_WIRE_SHAPE_RULES_H

#include <string.h>

#include "wire/shape.h"

#define SHAPE_DEPTH_MAX 8
#define SHAPE_NODES_MAX 4096      /* of what comes from outside */
#define SHAPE_NODES_OWN_MAX 65536 /* of what our own programs say: a page of 200 rows */
#define SHAPE_STRING_MAX 65536    /* bytes */
#define SHAPE_KEYS_MAX 256        /* in one map */

/* One step of the way to a value: a field's name, or a place in a list. Lives on the stack; made a text only when refused. */
struct place {
    const struct place *outer; /* NULL at the top */
    const char *name;          /* NULL: index */
    size_t len, index;
};

struct reading {
    struct arena *arena;
    struct shape_error *error;
    bool is_lenient; /* no limits, unknown fields are passed over */
};

/* Fills the error (unless NULL) and returns false. */
bool shape_refuse(struct shape_error *error, const struct place *place, const char *rule,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
bool shape_refuse_type(const struct reading *reading, const struct place *place,
                       const struct field *field);

/* Refuses the first required field whose bit is not in `seen`. */
bool shape_check_seen(const struct reading *reading, const struct place *place,
                      const struct shape *shape, const uint64_t seen[SHAPE_KEYS_MAX / 64]);

/* Whether the field has a value in the struct at `value`. */
bool field_is_present(const struct field *field, const void *value);

/* The field called so, looking at fields[*next] first; *next becomes the one behind it. NULL: none. */
const struct field *shape_next_field(const struct shape *shape, const char *name, size_t len,
                                     size_t *next);

/* Bytes of one item of the field's type. */
size_t field_item_size(const struct field *field);

/* Makes room for a list of `count` items in the member at `at`; NULL and refused when there are too many or too few. */
bool field_set_list(const struct reading *reading, const struct place *place,
                    const struct field *field, size_t count, void *at, void **items);

/* Set one value (or item) at `at` by its field's rules; false: refused. */
bool field_set_number(const struct reading *reading, const struct place *place,
                      const struct field *field, int64_t number, void *at);
bool field_set_bool(const struct reading *reading, const struct place *place,
                    const struct field *field, bool flag, void *at);
bool field_set_id(const struct reading *reading, const struct place *place, struct id id, void *at);
bool field_set_bytes(const struct reading *reading, const struct place *place,
                     const struct field *field, struct bytes bytes, void *at);
bool field_set_text(const struct reading *reading, const struct place *place,
                    const struct field *field, const char *text, size_t len, void *at);
bool field_set_enum(const struct reading *reading, const struct place *place,
                    const struct field *field, const char *text, size_t len, void *at);

/* What JSON and addresses write as text: texts, enums, ids, dates, times, bytes. */
bool field_set_written(const struct reading *reading, const struct place *place,
                       const struct field *field, const char *text, size_t len, void *at);

/* Sets the flag beside an optional field. */
static inline void field_set_has(const struct field *field, void *value)
{
    if (field->has_offset != SIZE_MAX)
        *(bool *)((char *)value + field->has_offset) = true;
}

bool shape_base64_decode(struct arena *arena, const char *text, size_t len, struct bytes *bytes);
void shape_base64_append(struct buffer *out, struct bytes bytes);

/* Any list, for reading and writing the member without knowing its type. */
struct any_list {
    void *items;
    size_t count;
};

static inline struct any_list list_at(const void *at)
{
    struct any_list list;

    memcpy(&list, at, sizeof(list));
    return list;
}

/* How a text with a privacy class leaves. The arena holds what is returned. */
const char *field_masked_text(struct arena *arena, enum privacy privacy, const char *text);

#endif
