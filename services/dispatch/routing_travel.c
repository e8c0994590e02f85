/* routing_travel.c - asks an OSRM-compatible server how far it is from everywhere to everywhere. */
#include "routing_travel.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <jansson.h>

#include "base/bytes.h"
#include "base/text.h"

#include "base/banned.h"

enum {
    BLOCK = 50, /* sites of a side; servers take 100 in a request if nobody told them otherwise */
    CONNECT_SECONDS = 2,
    ANSWER_SECONDS = 10,
    ANSWER_MOST = 4 * 1024 * 1024,
    CELL_MOST = 1 << 27
};

/* A cell of the answer; the old value stays where the server has none. */
static bool take_cell(const json_t *value, int32_t *cell)
{
    double number = json_number_value(value);

    if (json_is_null(value))
        return true;
    if (!json_is_number(value) || !(number >= 0 && number < CELL_MOST))
        return false;
    *cell = (int32_t)(number + 0.5);
    return true;
}

static bool take_matrix(const json_t *matrix, const size_t *rows, size_t row_count,
                        const size_t *columns, size_t column_count, size_t sites, int32_t *cells)
{
    if (json_array_size(matrix) != row_count)
        return false;
    for (size_t i = 0; i < row_count; i++) {
        const json_t *row = json_array_get(matrix, i);

        if (json_array_size(row) != column_count)
            return false;
        for (size_t k = 0; k < column_count; k++)
            if (rows[i] != columns[k] &&
                !take_cell(json_array_get(row, k), &cells[rows[i] * sites + columns[k]]))
                return false;
    }
    return true;
}

bool travel_take(const char *answer, size_t len, const size_t *rows, size_t row_count,
                 const size_t *columns, size_t column_count, size_t sites, int32_t *metres,
                 int32_t *seconds)
{
    json_t *root = json_loadb(answer, len, 0, NULL);
    bool is_right = text_equal(json_string_value(json_object_get(root, "code")), "Ok") &&
                    take_matrix(json_object_get(root, "distances"), rows, row_count, columns,
                                column_count, sites, metres) &&
                    take_matrix(json_object_get(root, "durations"), rows, row_count, columns,
                                column_count, sites, seconds);

    json_decref(root);
    return is_right;
}

static void append_degrees(struct buffer *url, int64_t e7)
{
    buffer_print(url, "%s%" PRId64 ".%07" PRId64, e7 < 0 ? "-" : "", (e7 < 0 ? -e7 : e7) / 10000000,
                 (e7 < 0 ? -e7 : e7) % 10000000);
}

static void append_sites(struct buffer *url, const struct plan_problem *problem,
                         const size_t *sites, size_t count, bool is_first)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_first || i > 0)
            buffer_append_byte(url, ';');
        append_degrees(url, plan_site(problem, sites[i])->longitude_e7);
        buffer_append_byte(url, ',');
        append_degrees(url, plan_site(problem, sites[i])->latitude_e7);
    }
}

static void append_numbers(struct buffer *url, const char *name, size_t from, size_t count)
{
    buffer_print(url, "&%s=", name);
    for (size_t i = 0; i < count; i++)
        buffer_print(url, "%s%zu", i == 0 ? "" : ";", from + i);
}

static size_t receive(char *data, size_t size, size_t count, void *context)
{
    struct buffer *answer = context;

    if (answer->len + size * count > ANSWER_MOST)
        return 0;
    buffer_append(answer, data, size * count);
    return size * count;
}

static bool fetch(CURL *curl, const char *url, struct buffer *answer)
{
    long status = 0;

    buffer_clear(answer);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    return curl_easy_perform(curl) == CURLE_OK &&
           curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200;
}

/* A block of the matrices: sites by their index. */
struct block {
    const size_t *rows, *columns;
    size_t row_count, column_count;
};

/* The ways from some sites to some others: both lists go into the request, one behind the other. */
static bool ask_block(CURL *curl, const char *server, const struct plan_problem *problem,
                      const struct block *block, struct travel_cells *cells)
{
    struct buffer url = {0}, answer = {0};
    bool is_right;

    buffer_print(&url, "%s/table/v1/driving/", server);
    append_sites(&url, problem, block->rows, block->row_count, true);
    append_sites(&url, problem, block->columns, block->column_count, false);
    buffer_append_text(&url, "?annotations=distance,duration");
    append_numbers(&url, "sources", 0, block->row_count);
    append_numbers(&url, "destinations", block->row_count, block->column_count);
    is_right = fetch(curl, buffer_text(&url), &answer) &&
               travel_take((const char *)answer.data, answer.len, block->rows, block->row_count,
                           block->columns, block->column_count, plan_sites(problem), cells->metres,
                           cells->seconds);
    buffer_release(&url);
    buffer_release(&answer);
    return is_right;
}

static bool is_wanted(const struct block *block, size_t sites, const struct travel_cells *cells)
{
    for (size_t i = 0; i < block->row_count; i++)
        for (size_t k = 0; k < block->column_count; k++)
            if (block->rows[i] != block->columns[k] &&
                !cells->is_asked[block->rows[i] * sites + block->columns[k]])
                return true;
    return false;
}

static void set_asked(const struct block *block, size_t sites, struct travel_cells *cells)
{
    for (size_t i = 0; i < block->row_count; i++)
        for (size_t k = 0; k < block->column_count; k++)
            cells->is_asked[block->rows[i] * sites + block->columns[k]] = true;
}

bool travel_ask(struct arena *arena, const char *server, const struct plan_problem *problem,
                bool (*goes_on)(void *context), void *context, struct travel_cells *cells)
{
    size_t all = plan_sites(problem), count = 0;
    size_t *sites = arena_array(arena, size_t, all);
    CURL *curl = curl_easy_init();
    bool is_right = curl != NULL;

    for (size_t i = 0; i < all; i++)
        if (plan_site(problem, i)->is_known)
            sites[count++] = i;
    for (size_t i = 0; is_right && i < count; i += BLOCK)
        for (size_t k = 0; is_right && k < count; k += BLOCK) {
            const struct block block = {&sites[i], &sites[k], count - i < BLOCK ? count - i : BLOCK,
                                        count - k < BLOCK ? count - k : BLOCK};

            if (!is_wanted(&block, all, cells))
                continue;
            is_right = goes_on(context) && ask_block(curl, server, problem, &block, cells);
            if (is_right)
                set_asked(&block, all, cells);
        }
    if (curl != NULL)
        curl_easy_cleanup(curl);
    return is_right;
}
