/* id.h - identifiers: UUIDs of version 7 (RFC 9562, in order of time) and, derived from a name, of
 * version 8.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* In the order of the RFC; all zero = none. */
struct id {
    uint8_t bytes[16];
};

#define ID_TEXT_SIZE 37 /* 36 characters and NUL */

/* A new version 7 id for the instant (microseconds since 1970 UTC). Ids made by one process with
 * equal or rising instants rise strictly, also within one millisecond (RFC 9562, 6.2, method 2); a
 * clock that steps back by up to 10 s does not break the order, one that steps back further does.
 * Safe in several threads. */
struct id id_make(int64_t now_us);

/* The 36 characters 8-4-4-4-12, hexadecimal digits of either case, of any version. Leaves *id
 * alone when it is not that. */
bool id_parse(const char *text, struct id *id);

bool id_is_none(struct id id);
bool id_equal(struct id a, struct id b);

/* By bytes, as PostgreSQL orders uuid: negative, 0, positive. */
int id_compare(struct id a, struct id b);

/* Lower case. */
void id_format(struct id id, char out[ID_TEXT_SIZE]);
char *id_print(struct arena *arena, struct id id);

/* The same id for the same namespace and name, everywhere and always: version 8 from SHA-256 of
 * both. */
struct id id_derive(struct id namespace, const char *name);

#endif
