/* allowed.c - reads who may connect, and notices who may not any more. */
#include "allowed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

#define LINE_SIZE 256

static void release_keys(struct map *keys)
{
    for (size_t i = 0; i < map_count(keys); i++) {
        struct allowed *allowed = map_at(keys, i)->value;

        memory_free(&allowed);
    }
    map_release(keys);
}

static bool complain(const struct allowed_list *list, int line, const char *detail)
{
    log_error("allowed_keys", log_text("file", list->path), log_int("line", line),
              log_text("detail", detail));
    return false;
}

static bool stamp_equal(const struct allowed_stamp *a, const struct allowed_stamp *b)
{
    return a->inode == b->inode && a->size == b->size && a->written.tv_sec == b->written.tv_sec &&
           a->written.tv_nsec == b->written.tv_nsec && a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec;
}

static struct allowed_stamp stamp_of(const struct stat *status)
{
    return (struct allowed_stamp){.inode = status->st_ino,
                                  .size = status->st_size,
                                  .written = status->st_mtim,
                                  .changed = status->st_ctim};
}

/* NULL: understood. Otherwise what is wrong with the line. */
static const char *take_line(struct map *keys, char *line)
{
    char *rest = NULL, *role = strtok_r(line, " \t\r\n", &rest);
    char *name = role && *role != '#' ? strtok_r(NULL, " \t\r\n", &rest) : NULL;
    char *key = name ? strtok_r(NULL, " \t\r\n", &rest) : NULL;
    struct allowed *allowed;

    if (!role || *role == '#')
        return NULL;
    if (!key || strtok_r(NULL, " \t\r\n", &rest))
        return "not `service NAME KEY` or `client NAME KEY`";
    if (!text_equal(role, "service") && !text_equal(role, "client"))
        return "neither service nor client";
    if (strlen(name) >= ALLOWED_NAME)
        return "a name of more than 63 bytes";
    if (!curve_is_key(key))
        return "not a key of 40 characters";
    if (map_get_text(keys, key))
        return "a key that another line has";
    if (map_count(keys) == ALLOWED_MAX)
        return "more than 4,096 keys";
    allowed = memory_new(sizeof(*allowed));
    allowed->role = text_equal(role, "service") ? ALLOWED_SERVICE : ALLOWED_CLIENT;
    memcpy(allowed->name, name, strlen(name) + 1);
    map_put_text(keys, key, allowed);
    return NULL;
}

static bool read_lines(const struct allowed_list *list, FILE *file, struct map *keys)
{
    const char *problem = NULL;
    char line[LINE_SIZE];
    int number = 0;

    while (!problem && fgets(line, sizeof(line), file)) {
        number++;
        problem = strchr(line, '\n') || strlen(line) < sizeof(line) - 1 ? take_line(keys, line)
                                                                        : "too long a line";
    }
    return !problem ? !ferror(file) || complain(list, number, strerror(errno))
                    : complain(list, number, problem);
}

/* Reads the file into `keys`, and which one it was into the list. False: a line says why not. */
static bool load(struct allowed_list *list, struct map *keys)
{
    FILE *file = fopen(list->path, "re");
    struct stat status;
    bool is_good;

    map_init(keys);
    if (!file || fstat(fileno(file), &status) != 0) {
        is_good = complain(list, 0, strerror(errno));
    } else {
        list->loaded = stamp_of(&status);
        is_good = status.st_mode & (S_IWGRP | S_IWOTH) ? complain(list, 0, "others may write it")
                                                       : read_lines(list, file, keys);
    }
    if (file)
        fclose(file);
    return is_good;
}

bool allowed_init(struct allowed_list *list, const char *path)
{
    *list = (struct allowed_list){.path = path};
    if (!load(list, &list->keys))
        return false;
    list->seen = list->loaded;
    log_info("allowed_keys", log_text("file", path),
             log_int("keys", (int64_t)map_count(&list->keys)));
    return true;
}

void allowed_release(struct allowed_list *list)
{
    release_keys(&list->keys);
}

/* Somebody of `before` is not in the list, or not as the same. */
static bool has_lost(const struct map *before, const struct map *now)
{
    for (size_t i = 0; i < map_count(before); i++) {
        const struct map_entry *entry = map_at(before, i);
        const struct allowed *was = entry->value, *is = map_get(now, entry->key, entry->key_len);

        if (!is || is->role != was->role || !text_equal(is->name, was->name))
            return true;
    }
    return false;
}

static bool reload(struct allowed_list *list)
{
    struct map before = list->keys, keys;
    bool is_lost;

    list->is_stale = !load(list, &keys);
    if (list->is_stale) {
        release_keys(&keys);
        return false;
    }
    list->keys = keys;
    is_lost = has_lost(&before, &keys);
    release_keys(&before);
    log_info("allowed_keys", log_text("file", list->path),
             log_int("keys", (int64_t)map_count(&keys)));
    return is_lost;
}

bool allowed_look(struct allowed_list *list, int64_t now)
{
    struct allowed_stamp stamp, before = list->seen;
    struct stat status;

    if (now < list->next_look)
        return false;
    list->next_look = now + ALLOWED_LOOK;
    if (stat(list->path, &status) != 0)
        status = (struct stat){.st_size = -1}; /* not there: a stamp too */
    stamp = stamp_of(&status);
    list->seen = stamp;
    if (!stamp_equal(&stamp, &before) || stamp_equal(&stamp, &list->loaded))
        return false;
    list->loaded = stamp; /* when it cannot be opened, this was it all the same */
    return reload(list);
}

const char *allowed_name(const struct allowed_list *list, enum allowed_role role, const char *key)
{
    const struct allowed *allowed = map_get_text(&list->keys, key);

    return allowed && allowed->role == role ? allowed->name : NULL;
}
