/* import.c - brings a CSV file in by the import operations: in portions the service takes, with a result for every row.
 *
 * The key of each portion comes from who imports what, so that the same command, run again after a failure, does nothing twice.
 */
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "songda.h"

#include "base/banned.h"

#define PORTION_ROWS 500
#define PORTION_BYTES 60000

struct portion {
    struct buffer csv;
    size_t header_len;    /* the header stands at the beginning of every portion */
    int64_t rows, before; /* in it, and in all portions before it */
    int64_t number;
};

struct totals {
    int64_t good, taken, invalid;
};

static void append_field(struct buffer *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        buffer_append_text(out, text);
        return;
    }
    buffer_append_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_append_byte(out, '"');
        buffer_append_byte(out, (uint8_t)*text);
    }
    buffer_append_byte(out, '"');
}

static void append_row(struct buffer *out, const struct text_list *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        append_field(out, row->items[i]);
    }
    buffer_append_byte(out, '\n');
}

/* The same person with the same rows gets the same key; --key makes it another import. */
static struct id portion_key(const struct songda *songda, const struct portion *portion)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof(hash) + 1], name[256];
    struct id space = {{0}};

    if (songda->key)
        id_parse(songda->key, &space);
    crypto_hash_sha256(hash, portion->csv.data, portion->csv.len);
    sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    snprintf(name, sizeof(name), "import %s %" PRId64 " %.64s %s", songda->source, portion->number,
             songda->person ? songda->person : "", hex);
    return id_derive(space, name);
}

static void print_row(const struct songda *songda, const struct leads_import_row *row,
                      int64_t before)
{
    char customer[ID_TEXT_SIZE] = "";

    if (!id_is_none(row->customer_id))
        id_format(row->customer_id, customer);
    if (songda->as_json) {
        struct leads_import_row shown = *row;
        struct buffer json = {0};

        shown.row += before;
        shape_json(&leads_import_row_shape, &shown, false, &json);
        printf("%s\n", buffer_text(&json));
        buffer_release(&json);
        return;
    }
    printf("%6" PRId64 "  %-8s  %-36s  %s", row->row + before,
           leads_import_outcome_text(row->outcome), customer, row->name ? row->name : "");
    if (row->field || row->rule)
        printf("  %s: %s", row->field ? row->field : "", row->rule ? row->rule : "");
    printf("\n");
}

/* preview and run answer alike but for the name of what went well. */
static bool take_reply(struct songda *songda, struct bytes body, const struct portion *portion,
                       struct totals *totals)
{
    struct leads_import_preview_reply *seen =
        arena_new(&songda->arena, struct leads_import_preview_reply);
    struct leads_import_run_reply *done = arena_new(&songda->arena, struct leads_import_run_reply);
    const struct leads_import_row_list *rows = songda->preview ? &seen->rows : &done->rows;
    struct shape_error error;
    bool is_good = songda->preview ? shape_unpack(&leads_import_preview_reply_shape, SHAPE_LENIENT,
                                                  body, &songda->arena, seen, &error)
                                   : shape_unpack(&leads_import_run_reply_shape, SHAPE_LENIENT,
                                                  body, &songda->arena, done, &error);

    if (!is_good) {
        complain("the answer cannot be read: %s", error.path);
        return false;
    }
    for (size_t i = 0; i < rows->count; i++)
        print_row(songda, &rows->items[i], portion->before);
    totals->good += songda->preview ? seen->ready : done->created;
    totals->taken += songda->preview ? seen->taken : done->taken;
    totals->invalid += songda->preview ? seen->invalid : done->invalid;
    return true;
}

static int send_portion(struct songda *songda, struct portion *portion, struct totals *totals)
{
    const struct contract_operation *route = routes_operation(
        &songda->routes, songda->preview ? "leads.import.preview" : "leads.import.run");
    struct leads_import_run_request request = {.csv = buffer_text(&portion->csv)};
    struct buffer packed = {0};
    struct envelope reply;
    int code;

    request.source = (enum leads_lead_source)enumeration_value(
        &leads_lead_source_enumeration, songda->source, strlen(songda->source));
    if (!request.source)
        return complain("--source: '%s'? See songda describe leads.import.run", songda->source);
    shape_pack(route->operation.request, &request, false, &packed);
    code = ask(songda, route, buffer_bytes(&packed),
               songda->preview ? (struct id){{0}} : portion_key(songda, portion), &reply);
    buffer_release(&packed);
    if (code == EXIT_DONE && !take_reply(songda, reply.body, portion, totals))
        code = EXIT_USAGE;
    portion->before += portion->rows;
    portion->rows = 0;
    portion->number++;
    portion->csv.len = portion->header_len;
    portion->csv.data[portion->csv.len] = '\0';
    return code;
}

static int send_file(struct songda *songda, struct csv *csv, struct portion *portion,
                     struct totals *totals)
{
    struct buffer line = {0};
    struct text_list row;
    int code = EXIT_DONE, found;

    while (code == EXIT_DONE && (found = csv_next(csv, &songda->arena, &row)) > 0) {
        buffer_clear(&line);
        append_row(&line, &row);
        if (portion->header_len == 0) {
            buffer_append(&portion->csv, line.data, line.len);
            portion->header_len = line.len;
            continue;
        }
        if (portion->rows > 0 &&
            (portion->rows == PORTION_ROWS || portion->csv.len + line.len > PORTION_BYTES))
            code = send_portion(songda, portion, totals);
        buffer_append(&portion->csv, line.data, line.len);
        portion->rows++;
    }
    buffer_release(&line);
    if (code == EXIT_DONE && found < 0)
        return complain("line %zu: %s", csv->line, csv->error);
    if (code == EXIT_DONE && portion->rows > 0)
        code = send_portion(songda, portion, totals);
    return code;
}

int command_import(struct songda *songda, char **words, int count)
{
    struct portion portion = {.number = 1};
    struct totals totals = {0};
    struct csv csv;
    size_t len = 0;
    char *text;
    int code;

    if (count != 1)
        return complain("import FILE.csv --source SOURCE [--preview]");
    text = read_all(&songda->arena, words[0], &len);
    if (!text)
        return EXIT_USAGE;
    csv_init(&csv, text, len);
    code = send_file(songda, &csv, &portion, &totals);
    buffer_release(&portion.csv);
    fprintf(stderr, "%s %" PRId64 ", taken %" PRId64 ", invalid %" PRId64 "\n",
            songda->preview ? "ready" : "created", totals.good, totals.taken, totals.invalid);
    return code == EXIT_DONE && totals.invalid > 0 ? EXIT_REFUSED : code;
}
