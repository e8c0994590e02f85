/* allowed.h - whose keys may connect: a file with a line for each key, read again when it changes.
 *
 *   # who    name      public key (wire/curve.h)
 *   service  dispatch  ]bg…
 *   client   erp       Yne…
 *
 * A service may have several keys, one for each host; a key has one line. Only the file's owner may write it. What cannot be read or
 * understood changes nothing: the keys of before stay in force, the log says so and *_stale is 1. Removing a line revokes its key.
 */
#ifndef GATEWAY_ALLOWED_H
#define GATEWAY_ALLOWED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/map.h"
#include "wire/curve.h"

#define ALLOWED_MAX 4096             /* keys */
#define ALLOWED_LOOK INT64_C(200000) /* microseconds between two looks at the file */
#define ALLOWED_NAME 64

enum allowed_role { ALLOWED_SERVICE = 1, ALLOWED_CLIENT };

struct allowed {
    enum allowed_role role;
    char name[ALLOWED_NAME];
};

/* Another one is another content. */
struct allowed_stamp {
    ino_t inode;
    off_t size;
    struct timespec written, changed;
};

struct allowed_list {
    const char *path;
    struct map keys; /* public key → struct allowed */
    struct allowed_stamp loaded, seen;
    int64_t next_look; /* monotonic */
    bool is_stale;     /* the file says something else than what is in force */
};

/* False: a line says what is wrong. The path outlives the list. */
bool allowed_init(struct allowed_list *list, const char *path);
void allowed_release(struct allowed_list *list);

/* Looks whether the file changed, at most every ALLOWED_LOOK; a change counts when two looks found the same, so that nothing half written
 * is read. True: some key that was there is not, or is another's: see who has to go. */
bool allowed_look(struct allowed_list *list, int64_t now);

/* The name of the key's owner; NULL: it is not allowed in this role. */
const char *allowed_name(const struct allowed_list *list, enum allowed_role role, const char *key);

#endif
