/* permission.h - the permissions of all services with their words (made of schemas/<service>/permissions.json by permission_gen.py). */
#ifndef SONGDA_STAFF_PERMISSION_H
#define SONGDA_STAFF_PERMISSION_H

#include <stdint.h>

struct permission_words {
    const char *name;    /* staff.person.manage; of every service: *.number.lease */
    const char *service; /* "common" for those of every service */
    const char *zh, *en;
    uint64_t functions; /* bit = enum function */
};

/* By service and name; ends with a name of NULL. */
extern const struct permission_words all_permissions[];

#endif
