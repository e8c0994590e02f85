/* read.h - problems from files: CVRPLIB .vrp, Solomon .txt, the product's JSON. */
#ifndef SONGDA_ROUTING_READ_H
#define SONGDA_ROUTING_READ_H

#include "routing.h"

/* A problem and everything it points to, owned together; read_free() frees all. */
struct read_problem {
    struct routing_problem problem;
    struct routing_start start; /* of JSON's "start"; stops NULL: none */
    int decimals;               /* of the cost when printed: Solomon 1, else 0 */
    bool has_depot_node;        /* benchmark files: node 0 is the depot, stop s is printed s + 1 */
    char **stop_names, **vehicle_names; /* JSON ids; NULL in benchmark files */
    void **blocks;                      /* memory of the arrays above */
    int block_count;
};

#define READ_BYTES_MAX (64 << 20)

/* NULL with a sentence in `error`: the file cannot be read, is of no known format or is wrong. */
struct read_problem *read_file(const char *path, struct routing_error *error);

/* The same from memory; the format is told from the text itself. */
struct read_problem *read_text(const char *text, size_t size, struct routing_error *error);
void read_free(struct read_problem **read);

/* For the readers of the single formats. */
struct read_problem *read_new(void);
void *read_array(struct read_problem *read, size_t count, size_t size);
bool read_fail(struct routing_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool read_cvrplib(struct read_problem *read, const char *text, size_t size,
                  struct routing_error *error);
bool read_solomon(struct read_problem *read, const char *text, size_t size,
                  struct routing_error *error);
bool read_json(struct read_problem *read, const char *text, size_t size,
               struct routing_error *error);

/* Stops and vehicles of a benchmark: depot 0, `vehicles` equal vehicles, cost = distance. */
void read_benchmark(struct read_problem *read, int stops, int vehicles, int capacity);

#endif
