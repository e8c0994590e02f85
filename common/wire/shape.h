/* shape.h - what a value looks like, and the one codec that reads and writes values by it.
 *
 * The generator makes a shape of every request, reply, event and object type in schemas/. From it one codec reads and writes
 * MessagePack and JSON; no program of songda encodes or decodes by hand. Values live in C structs; everything a decoder makes
 * is in the caller's arena.
 */
#ifndef SONGDA_WIRE_SHAPE_H
#define SONGDA_WIRE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/id.h"
#include "base/list.h"

enum field_type {
    FIELD_ID = 1,   /* struct id;     MessagePack bin 16, JSON 36 characters */
    FIELD_TEXT,     /* const char *;  str; min/max count code points */
    FIELD_INT,      /* int64_t;       int */
    FIELD_BOOL,     /* bool;          bool */
    FIELD_MONEY,    /* int64_t fen;   int */
    FIELD_PRICE,    /* int64_t 1/10,000 yuan; int */
    FIELD_QUANTITY, /* int64_t 1/1,000 unit; int */
    FIELD_TIME,     /* int64_t microseconds UTC; int, JSON RFC 3339 */
    FIELD_DATE,     /* int32_t days since 1970; int, JSON YYYY-MM-DD */
    FIELD_BYTES,    /* struct bytes;  bin, JSON base64 */
    FIELD_ENUM,     /* int (an enum); str */
    FIELD_OBJECT,   /* the struct itself, embedded; absent optional: its has_ flag is false */
};

enum privacy { PRIVACY_NONE, PRIVACY_PHONE, PRIVACY_ADDRESS, PRIVACY_AMOUNT };

struct enumeration {
    const char *name;
    const char *const *values; /* values[0] is the text of enum value 1 */
    size_t count;
};

struct shape;

struct field {
    const char *name;
    enum field_type type;
    bool is_list; /* the member is { T *items; size_t count; } */
    bool is_optional;
    enum privacy privacy;
    size_t offset;
    size_t has_offset; /* of the bool has_<name>; SIZE_MAX where absence is NULL, 0 or none */
    bool has_limits;
    int64_t min,
        max; /* numbers: value; text: code points; bytes: bytes (defaults are filled in by the generator) */
    size_t min_items, max_items;      /* lists */
    const struct enumeration *values; /* FIELD_ENUM */
    const struct shape *shape;        /* FIELD_OBJECT */
};

struct shape {
    const char *name;
    const struct field *fields;
    size_t count;
    size_t size; /* sizeof the struct */
};

/* Where and why a value was refused. `path` like `lines[3].quantity`, "" for the whole. `rule` is an error name of schemas/errors.json
 * (field_unknown, field_missing, field_doubled, field_type, field_range, field_length, field_value, text_invalid, malformed); `value` the limit. */
struct shape_error {
    char path[128];
    const char *rule;
    char value[64];
};

/* Walks MessagePack bytes without allocating: one whole value and nothing behind it, counts not larger than the bytes left, depth
 * <= 8, <= 4,096 nodes, strings and bins <= 64 KiB, no ext types, only string keys, no doubled keys in a map. false: error filled. */
bool shape_scan(struct bytes packed, struct shape_error *error);

enum shape_mode {
    SHAPE_STRICT, /* unknown fields are refused: requests */
    SHAPE_LENIENT /* unknown fields are passed over, limits are not looked at, up to 65,536 nodes: events and replies of a newer program */
};

/* Reads a MessagePack map into *value (zeroed here), a struct of shape->size bytes. Scans first. Text must be UTF-8 without NUL and is brought to NFC. */
bool shape_unpack(const struct shape *shape, enum shape_mode mode, struct bytes packed,
                  struct arena *arena, void *value, struct shape_error *error);

/* Appends *value as a MessagePack map. Absent optional fields are left out. With `masked`, text fields with a privacy class leave as phone_mask() /
 * the first six code points and "***". */
void shape_pack(const struct shape *shape, const void *value, bool masked, struct buffer *out);

/* Appends *value, or MessagePack bytes of that shape, as JSON. */
void shape_json(const struct shape *shape, const void *value, bool masked, struct buffer *out);
bool shape_json_of_packed(const struct shape *shape, struct bytes packed, bool masked,
                          struct arena *arena, struct buffer *out);

/* Reads JSON text (strict UTF-8, no doubled keys, depth <= 8) into *value by the same rules as shape_unpack. */
bool shape_parse_json(const struct shape *shape, const char *json, size_t len, struct arena *arena,
                      void *value, struct shape_error *error);

/* One parameter of a path or a query string. */
struct shape_text {
    const char *name, *text;
};

/* Reads a whole request: the parameters of its address and, unless NULL, the JSON of its body. A field given twice, also once in each, is
 * refused, and so is a missing one. (shape_set_text with shape_check cannot tell that a required number or bool is missing.) */
bool shape_parse_request(const struct shape *shape, const struct shape_text *texts, size_t count,
                         const char *json, size_t len, struct arena *arena, void *value,
                         struct shape_error *error);

/* Sets the field called name from text (a path or query parameter): false and error as above. Lists are given comma-separated. */
bool shape_set_text(const struct shape *shape, void *value, const char *name, const char *text,
                    struct arena *arena, struct shape_error *error);

/* Checks that required fields are there after shape_set_text filled some of them. */
bool shape_check(const struct shape *shape, const void *value, struct shape_error *error);

const char *enumeration_text(const struct enumeration *values,
                             int value); /* NULL for 0 or out of range */
int enumeration_value(const struct enumeration *values, const char *text,
                      size_t len); /* 0 when unknown */

/* Finds a field by name; NULL when there is none. */
const struct field *shape_field(const struct shape *shape, const char *name);

/* What a field's type is called where people read it: id, text, … enum, object. */
const char *field_type_name(enum field_type type);

#endif
