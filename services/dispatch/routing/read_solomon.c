/* read_solomon.c - Solomon's and Gehring and Homberger's files.
 *
 * Convention of the DIMACS challenge: distance and travel time are the Euclidean distance cut to
 * one decimal; everything is kept in tenths and the cost is printed with one decimal.
 */
#include "read.h"
#include "read_words.h"

#define COORDINATE_MAX 100000
#define ROW 7

static bool find_word(struct words *w, const char *text)
{
    struct word word;

    while (words_next(w, &word))
        if (word_is(&word, text))
            return true;
    return false;
}

/* Rows of number, x, y, demand, ready, due, service: thousandths. */
static int read_rows(struct words *w, int64_t *rows, struct routing_error *error)
{
    int count = 0;
    struct words ahead = *w;
    struct word word;

    for (; words_next(&ahead, &word); ahead = *w, count++) {
        if (count > ROUTING_STOPS_MAX) {
            read_fail(error, "more than %d stops", ROUTING_STOPS_MAX);
            return -1;
        }
        for (int k = 0; k < ROW; k++) {
            if (!words_thousandths(w, k == 1 || k == 2 ? COORDINATE_MAX : ROUTING_AMOUNT_MAX / 10,
                                   &rows[count * ROW + k])) {
                read_fail(error, "line %d: not a row of seven numbers", w->line + 1);
                return -1;
            }
        }
    }
    return count;
}

static bool check_rows(const int64_t *rows, int count, struct routing_error *error)
{
    if (count < 2)
        return read_fail(error, "no customers");
    for (int i = 0; i < count; i++) {
        const int64_t *row = &rows[i * ROW];

        if (row[0] != (int64_t)i * 1000)
            return read_fail(error, "customer %d: numbers must count up from 0", i);
        if (row[3] % 1000)
            return read_fail(error, "customer %d: demand is not a whole number", i);
        for (int k = 4; k < ROW; k++)
            if (row[k] % 100)
                return read_fail(error, "customer %d: times have at most one decimal", i);
    }
    return true;
}

static void build_travel(struct read_problem *read, const int64_t *rows, int count)
{
    int32_t *matrix = read_array(read, (size_t)count * (size_t)count, sizeof(*matrix));
    struct routing_travel *travel = &read->problem.travel;

    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            int64_t dx = rows[i * ROW + 1] - rows[j * ROW + 1];
            int64_t dy = rows[i * ROW + 2] - rows[j * ROW + 2];

            /* thousandths to tenths, cut */
            matrix[i * count + j] = (int32_t)(whole_root((uint64_t)(dx * dx + dy * dy)) / 100);
        }
    }
    *travel = (struct routing_travel){count, matrix, matrix, (size_t)count * (size_t)count,
                                      (size_t)count * (size_t)count};
}

static void build_stops(struct read_problem *read, const int64_t *rows, int count, int vehicles,
                        int capacity)
{
    struct routing_window *windows = read_array(read, (size_t)count, sizeof(*windows));
    struct routing_stop *stops;
    struct routing_vehicle *fleet;

    read_benchmark(read, count - 1, vehicles, capacity);
    stops = read->blocks[read->block_count - 2];
    fleet = read->blocks[read->block_count - 1];
    for (int i = 1; i < count; i++) {
        const int64_t *row = &rows[i * ROW];

        windows[i] = (struct routing_window){(int32_t)(row[4] / 100), (int32_t)(row[5] / 100)};
        stops[i - 1].demand[0] = (int32_t)(row[3] / 1000);
        stops[i - 1].service = (int32_t)(row[6] / 100);
        stops[i - 1].windows = &windows[i];
        stops[i - 1].window_count = 1;
    }
    windows[0] = (struct routing_window){(int32_t)(rows[4] / 100), (int32_t)(rows[5] / 100)};
    for (int v = 0; v < vehicles; v++)
        fleet[v].shift = windows[0];
    read->decimals = 1;
}

bool read_solomon(struct read_problem *read, const char *text, size_t size,
                  struct routing_error *error)
{
    struct words w = {.text = text, .size = size};
    int64_t vehicles, capacity, *rows;
    int count;

    if (!find_word(&w, "CAPACITY") || !words_whole(&w, ROUTING_VEHICLES_MAX, &vehicles) ||
        !words_whole(&w, ROUTING_AMOUNT_MAX, &capacity) || vehicles < 1 || capacity < 0)
        return read_fail(error, "no number and capacity of vehicles");
    if (!find_word(&w, "CUSTOMER") || !find_word(&w, "CUST"))
        return read_fail(error, "no CUSTOMER section");
    words_skip_line(&w);
    rows = read_array(read, (size_t)ROW * (ROUTING_STOPS_MAX + 2), sizeof(*rows));
    count = read_rows(&w, rows, error);
    if (count < 0 || !check_rows(rows, count, error))
        return false;
    build_travel(read, rows, count);
    build_stops(read, rows, count, (int)vehicles, (int)capacity);
    return true;
}
