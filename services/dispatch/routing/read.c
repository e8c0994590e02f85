/* read.c - tells the format of a problem file and keeps the memory of what was read. */
#include "read.h"

#include "memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct read_problem *read_new(void)
{
    return memory_new(1, sizeof(struct read_problem));
}

void *read_array(struct read_problem *read, size_t count, size_t size)
{
    void *block = memory_new(count, size);

    read->blocks = memory_grow(read->blocks, (size_t)read->block_count + 1, sizeof(void *));
    read->blocks[read->block_count++] = block;
    return block;
}

void read_free(struct read_problem **read)
{
    if (!*read)
        return;
    for (int b = 0; b < (*read)->block_count; b++)
        memory_free((*read)->blocks[b]);
    memory_free((*read)->blocks);
    memory_free(*read);
    *read = NULL;
}

bool read_fail(struct routing_error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    return false;
}

void read_benchmark(struct read_problem *read, int stops, int vehicles, int capacity)
{
    struct routing_problem *p = &read->problem;
    struct routing_stop *s = read_array(read, (size_t)stops, sizeof(*s));
    struct routing_vehicle *v = read_array(read, (size_t)vehicles, sizeof(*v));

    for (int i = 0; i < stops; i++) {
        s[i].site = i + 1;
        s[i].leave_out_price = s[i].locked_vehicle = s[i].locked_position = ROUTING_NONE;
        s[i].announced_vehicle = ROUTING_NONE;
    }
    for (int i = 0; i < vehicles; i++) {
        v[i].capacity[0] = capacity;
        v[i].shift.close = ROUTING_AMOUNT_MAX;
        v[i].max_duration = v[i].max_distance = v[i].max_stops = ROUTING_NO_LIMIT;
        v[i].reload_time = v[i].frozen_until = ROUTING_NONE;
        v[i].cost_per_km = 1000;
    }
    p->products = 1;
    p->stops = s;
    p->stop_count = stops;
    p->vehicles = v;
    p->vehicle_count = vehicles;
    read->has_depot_node = true;
}

/* JSON begins with a brace, CVRPLIB has "KEY : value" lines, Solomon says VEHICLE. */
struct read_problem *read_text(const char *text, size_t size, struct routing_error *error)
{
    struct read_problem *read = read_new();
    size_t at = 0;
    bool ok;

    error->text[0] = '\0';
    while (at < size && strchr(" \t\r\n", text[at]) && text[at])
        at++;
    if (at < size && text[at] == '{')
        ok = read_json(read, text, size, error);
    else if (memmem(text, size, "NODE_COORD_SECTION", 18) ||
             memmem(text, size, "EDGE_WEIGHT", 11) || memmem(text, size, "DIMENSION", 9))
        ok = read_cvrplib(read, text, size, error);
    else if (memmem(text, size, "VEHICLE", 7))
        ok = read_solomon(read, text, size, error);
    else
        ok = read_fail(error, "neither CVRPLIB nor Solomon nor JSON");
    if (!ok || !routing_problem_check(&read->problem, error))
        read_free(&read);
    return read;
}

struct read_problem *read_file(const char *path, struct routing_error *error)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, got;
    struct read_problem *read = NULL;

    if (!file) {
        read_fail(error, "%s: %s", path, strerror(errno));
        return NULL;
    }
    do {
        text = memory_grow(text, size + 65536, 1);
        got = fread(text + size, 1, 65536, file);
        size += got;
    } while (got && size <= READ_BYTES_MAX);
    if (ferror(file) || size > READ_BYTES_MAX)
        read_fail(error, "%s: cannot be read, or is larger than 64 MiB", path);
    else
        read = read_text(text, size, error);
    memory_free(text);
    fclose(file);
    return read;
}
