/* slip.c - the outbound slip: what goes onto a vehicle, for the warehouse to hand out and the driver to sign for. */
#include <string.h>

#include "figures.h"
#include "papers.h"
#include "words.h"

#include "base/banned.h"

static const struct sheet_column columns[] = {
    {"序号", "No.", 0.08, SHEET_CENTRE},
    {"产品", "Product", 0.34, SHEET_LEFT},
    {"单位", "Unit", 0.10, SHEET_CENTRE},
    {"出库数量", "Quantity", 0.16, SHEET_RIGHT},
    {"其中备货", "Of it extra", 0.14, SHEET_RIGHT},
    {"实点", "Counted", 0.18, SHEET_LEFT},
};

static const struct sheet_table table = {columns, sizeof(columns) / sizeof(columns[0])};

static void draw_values(struct sheet *sheet, const struct input *input)
{
    json_t *depots = input_index(input, "depots", "items", "depot_id");
    const json_t *depot = json_object_get(depots, input_text(input, "slip.depot_id"));
    char made[FIGURE_SIZE], checked[FIGURE_SIZE], day[FIGURE_SIZE];
    const char *status =
        words_of("dispatch_slip_status", input_text(input, "slip.status"), sheet->english);

    figure_time(input_text(input, "slip.made_at"), made);
    figure_time(input_text(input, "slip.checked_out_at"), checked);
    figure_date(input_text(input, "route.delivery_date"), sheet->english, day);
    sheet_values(sheet,
                 (struct sheet_value[]){
                     {"出库单号", "Slip", input_text(input, "slip.number"), false},
                     {"状态", "State", status, false},
                     {"路线", "Route", input_text(input, "route.number"), false},
                     {"配送日期", "Delivery date", day, false},
                     {"车牌", "Plate", input_text(input, "route.plate"), false},
                     {"配送员", "Driver", input_text(input, "route.driver"), false},
                     {"仓库", "Depot", row_text(depot, "name"), false},
                     {"开单时间", "Made at", made, false},
                     {"出库时间", "Checked out", checked, false},
                     {"出库人", "Checked out by", input_text(input, "checker.person.name"), false},
                     {"原因", "Reason", input_text(input, "slip.reason"), true},
                 },
                 11);
    json_decref(depots);
}

enum { NAME_SIZE = 2048 };

static void draw_rows(struct sheet *sheet, const json_t *rows)
{
    char number[FIGURE_SIZE], quantity[FIGURE_SIZE], extra[FIGURE_SIZE];
    char product[NAME_SIZE]; /* with its specification: bottles of two sizes may have one name */
    const char *specification;
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
    {
        snprintf(number, sizeof(number), "%zu", i + 1);
        figure_quantity(row_number(row, "quantity"), quantity);
        figure_quantity(row_number(row, "extra"), extra);
        specification = row_text(row, "specification");
        snprintf(product, sizeof(product), "%s%s%s", row_text(row, "product"),
                 *specification == '\0' ? "" : " ", specification);
        sheet_table_row(
            sheet,
            (const char *const[]){number, product, row_text(row, "unit"), quantity, extra, ""},
            false);
    }
}

void slip_draw(struct sheet *sheet, const struct input *input)
{
    json_t *rows = input_rows(input, "slip", "items", ROWS_MAX);
    char note[200];

    draw_values(sheet, input);
    sheet_table_open(sheet, &table);
    draw_rows(sheet, rows);
    sheet_table_close(sheet);
    snprintf(note, sizeof(note),
             sheet_say(sheet, "共 %zu 个品种。货物已当面点清，数量以实点为准。",
                       "%zu products. The goods were counted by both; what was counted holds."),
             json_array_size(rows));
    sheet_paragraph(sheet, note, 9, false, SHEET_LEFT);
    sheet_signatures(
        sheet,
        (const char *const[][2]){
            {"制单", "Made by"}, {"仓管员", "Warehouse"}, {"配送员", "Driver"}, {"日期", "Date"}},
        4);
    json_decref(rows);
}
