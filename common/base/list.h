/* list.h - counted lists as messages carry them, and a doubly linked list whose links live in its
 * members.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "id.h"

struct id_list {
    struct id *items;
    size_t count;
};

struct text_list {
    const char **items;
    size_t count;
};

struct int_list {
    int64_t *items;
    size_t count;
};

/* A list is a link that is nobody's member (the head); a member is found from its link by
 * link_entry. */
struct link {
    struct link *next, *prev;
};

/* Makes an empty list, or a member of none. */
static inline void link_init(struct link *link)
{
    link->next = link;
    link->prev = link;
}

/* Puts a member at the end. It must be in no list. */
static inline void link_append(struct link *list, struct link *member)
{
    member->prev = list->prev;
    member->next = list;
    list->prev->next = member;
    list->prev = member;
}

/* Takes a member out of its list; of none is fine too, so it may be done twice. */
static inline void link_remove(struct link *member)
{
    member->prev->next = member->next;
    member->next->prev = member->prev;
    link_init(member);
}

static inline bool link_is_empty(const struct link *list)
{
    return list->next == list;
}

/* The struct of `type` whose `member` this link is. */
#define link_entry(at, type, member) ((type *)(void *)((char *)(at)-offsetof(type, member)))

/* Every link of the list; `at` itself may be removed in the body. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared cannot stand in brackets */
#define link_each(list, at)                                                                        \
    for (struct link *at = (list)->next, *at##_next = at->next; at != (list);                      \
         at = at##_next, at##_next = at->next)
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
