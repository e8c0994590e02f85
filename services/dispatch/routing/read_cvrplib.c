/* read_cvrplib.c - CVRPLIB's and TSPLIB's .vrp files.
 *
 * EUC_2D is rounded to the nearest whole number, CEIL_2D up; EXPLICIT matrices come full or as a
 * triangle. The fleet is not limited by the name (-k25): as many vehicles as stops may be used.
 */
#include "read.h"
#include "read_words.h"

/* Four times the square of a distance in thousandths fits into 64 bits. */
#define COORDINATE_MAX 500000

enum weights { WEIGHTS_NONE, WEIGHTS_EUC, WEIGHTS_CEIL, WEIGHTS_EXPLICIT };

struct cvrplib {
    struct read_problem *read;
    struct words words;
    struct routing_error *error;
    int64_t dimension, capacity, vehicles, depot, max_distance, service;
    enum weights weights;
    struct word format;
    int64_t *x, *y, *demand;
    int32_t *matrix;
};

/* The value after "KEY :" or "KEY:"; the colon may stand alone. */
static bool header_value(struct cvrplib *c, int64_t limit, int64_t *value)
{
    struct words ahead = c->words;
    struct word word;

    if (words_next(&ahead, &word) && word_is(&word, ":"))
        c->words = ahead;
    return words_whole(&c->words, limit, value) && *value >= 0;
}

static bool header_word(struct cvrplib *c, struct word *word)
{
    return words_next(&c->words, word) && (!word_is(word, ":") || words_next(&c->words, word));
}

static bool read_node(struct cvrplib *c, int64_t *node)
{
    return words_whole(&c->words, ROUTING_STOPS_MAX + 1, node) && *node >= 1 &&
           *node <= c->dimension;
}

static bool read_coordinates(struct cvrplib *c)
{
    c->x = read_array(c->read, (size_t)c->dimension, sizeof(*c->x));
    c->y = read_array(c->read, (size_t)c->dimension, sizeof(*c->y));
    for (int64_t k = 0; k < c->dimension; k++) {
        int64_t node;

        if (!read_node(c, &node) ||
            !words_thousandths(&c->words, COORDINATE_MAX, &c->x[node - 1]) ||
            !words_thousandths(&c->words, COORDINATE_MAX, &c->y[node - 1]))
            return read_fail(c->error, "line %d: not a node with two coordinates",
                             c->words.line + 1);
    }
    return true;
}

static bool read_demands(struct cvrplib *c)
{
    bool *seen = read_array(c->read, (size_t)c->dimension, sizeof(*seen));

    c->demand = read_array(c->read, (size_t)c->dimension, sizeof(*c->demand));
    for (int64_t k = 0; k < c->dimension; k++) {
        int64_t node;

        if (!read_node(c, &node) || seen[node - 1] ||
            !words_whole(&c->words, ROUTING_AMOUNT_MAX, &c->demand[node - 1]))
            return read_fail(c->error, "line %d: not a node with its demand", c->words.line + 1);
        seen[node - 1] = true;
    }
    return true;
}

static bool read_weights(struct cvrplib *c)
{
    bool lower = word_is(&c->format, "LOWER_ROW") || word_is(&c->format, "LOWER_DIAG_ROW");
    bool diagonal = word_is(&c->format, "LOWER_DIAG_ROW") || word_is(&c->format, "UPPER_DIAG_ROW");
    bool full = word_is(&c->format, "FULL_MATRIX");
    int64_t n = c->dimension;

    if (!lower && !full && !diagonal && !word_is(&c->format, "UPPER_ROW"))
        return read_fail(c->error, "EDGE_WEIGHT_FORMAT is not known");
    c->matrix = read_array(c->read, (size_t)(n * n), sizeof(*c->matrix));
    for (int64_t i = 0; i < n; i++) {
        int64_t from = full || lower ? 0 : diagonal ? i : i + 1;
        int64_t to = full || !lower ? n : diagonal ? i + 1 : i;

        for (int64_t j = from; j < to; j++) {
            int64_t weight;

            if (!words_whole(&c->words, ROUTING_AMOUNT_MAX, &weight))
                return read_fail(c->error, "EDGE_WEIGHT_SECTION: row %d is not whole numbers",
                                 (int)i);
            c->matrix[i * n + j] = (int32_t)weight;
            if (!full)
                c->matrix[j * n + i] = (int32_t)weight;
        }
    }
    return true;
}

static bool read_depot(struct cvrplib *c)
{
    int64_t end;

    if (!read_node(c, &c->depot) || !words_whole(&c->words, 1, &end) || end != -1)
        return read_fail(c->error, "DEPOT_SECTION: one depot and -1 expected");
    return true;
}

static bool read_weight_type(struct cvrplib *c)
{
    struct word word;

    if (!header_word(c, &word))
        return false;
    c->weights = word_is(&word, "EUC_2D")     ? WEIGHTS_EUC
                 : word_is(&word, "CEIL_2D")  ? WEIGHTS_CEIL
                 : word_is(&word, "EXPLICIT") ? WEIGHTS_EXPLICIT
                                              : WEIGHTS_NONE;
    return c->weights != WEIGHTS_NONE || read_fail(c->error, "EDGE_WEIGHT_TYPE is not known");
}

static bool key_is(const struct word *word, const char *key)
{
    struct word bare = *word;

    if (bare.length && bare.text[bare.length - 1] == ':')
        bare.length--;
    return word_is(&bare, key);
}

/* One key with its value or section. */
static bool read_key(struct cvrplib *c, const struct word *key)
{
    static const char *const sections[] = {"NODE_COORD_SECTION", "DEMAND_SECTION",
                                           "EDGE_WEIGHT_SECTION", "DEPOT_SECTION"};
    static bool (*const readers[])(struct cvrplib *) = {read_coordinates, read_demands,
                                                        read_weights, read_depot};

    for (size_t k = 0; k < sizeof(readers) / sizeof(*readers); k++) {
        if (!key_is(key, sections[k]))
            continue;
        if (c->dimension < 2)
            return read_fail(c->error, "%s before a DIMENSION of 2 or more", sections[k]);
        return readers[k](c);
    }
    if (key_is(key, "DIMENSION"))
        return (!c->dimension && header_value(c, ROUTING_STOPS_MAX, &c->dimension) &&
                c->dimension > 0) ||
               read_fail(c->error, "DIMENSION is not a number from 1 to %d", ROUTING_STOPS_MAX);
    if (key_is(key, "CAPACITY"))
        return header_value(c, ROUTING_AMOUNT_MAX, &c->capacity) ||
               read_fail(c->error, "CAPACITY is not a whole number");
    if (key_is(key, "VEHICLES"))
        return header_value(c, ROUTING_VEHICLES_MAX, &c->vehicles) ||
               read_fail(c->error, "VEHICLES is not a whole number");
    if (key_is(key, "DISTANCE"))
        return header_value(c, ROUTING_AMOUNT_MAX, &c->max_distance) ||
               read_fail(c->error, "DISTANCE is not a whole number");
    if (key_is(key, "SERVICE_TIME"))
        return header_value(c, ROUTING_AMOUNT_MAX, &c->service) ||
               read_fail(c->error, "SERVICE_TIME is not a whole number");
    if (key_is(key, "EDGE_WEIGHT_TYPE"))
        return read_weight_type(c);
    if (key_is(key, "EDGE_WEIGHT_FORMAT"))
        return header_word(c, &c->format);
    words_skip_line(&c->words);
    return true;
}

static int32_t rounded(const struct cvrplib *c, int64_t i, int64_t j)
{
    int64_t dx = c->x[i] - c->x[j], dy = c->y[i] - c->y[j];
    uint64_t square = (uint64_t)(dx * dx + dy * dy), root;

    if (c->weights == WEIGHTS_CEIL) {
        root = whole_root(square);
        return (int32_t)((root + (root * root < square) + 999) / 1000);
    }
    return (int32_t)((whole_root(square * 4) + 1000) / 2000);
}

/* Node numbers with the depot moved to the front: the stops keep their order. */
static int64_t place_of(const struct cvrplib *c, int64_t node)
{
    return node == c->depot - 1 ? 0 : node < c->depot - 1 ? node + 1 : node;
}

static void build(struct cvrplib *c)
{
    int64_t n = c->dimension;
    int32_t *matrix = read_array(c->read, (size_t)(n * n), sizeof(*matrix));
    struct routing_stop *stops;
    struct routing_vehicle *fleet;

    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            matrix[place_of(c, i) * n + place_of(c, j)] = c->matrix ? c->matrix[i * n + j]
                                                          : i == j  ? 0
                                                                    : rounded(c, i, j);
    c->read->problem.travel =
        (struct routing_travel){(int32_t)n, matrix, matrix, (size_t)(n * n), (size_t)(n * n)};
    read_benchmark(c->read, (int)n - 1, c->vehicles ? (int)c->vehicles : (int)n - 1,
                   (int)c->capacity);
    stops = c->read->blocks[c->read->block_count - 2];
    fleet = c->read->blocks[c->read->block_count - 1];
    for (int64_t i = 0; i < n; i++) {
        if (i == c->depot - 1)
            continue;
        stops[place_of(c, i) - 1].demand[0] = (int32_t)c->demand[i];
        stops[place_of(c, i) - 1].service = (int32_t)c->service;
    }
    for (int v = 0; c->max_distance && v < c->read->problem.vehicle_count; v++)
        fleet[v].max_duration = (int32_t)c->max_distance;
}

bool read_cvrplib(struct read_problem *read, const char *text, size_t size,
                  struct routing_error *error)
{
    struct cvrplib c = {.read = read,
                        .words = {.text = text, .size = size},
                        .error = error,
                        .capacity = -1,
                        .depot = 1};
    struct word key;

    while (words_next(&c.words, &key) && !word_is(&key, "EOF"))
        if (!read_key(&c, &key))
            return error->text[0] ? false : read_fail(error, "line %d: wrong", c.words.line + 1);
    if (c.capacity < 0 || !c.demand)
        return read_fail(error, "CAPACITY and DEMAND_SECTION are needed");
    if (c.weights == WEIGHTS_EXPLICIT ? !c.matrix : !c.x || c.weights == WEIGHTS_NONE)
        return read_fail(error, "coordinates or a matrix with their EDGE_WEIGHT_TYPE are needed");
    build(&c);
    return true;
}
