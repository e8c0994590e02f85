/* confirmation.c - the delivery confirmation: what the customer got, for how much, and the customer's own signature. */
#include <sodium.h>
#include <string.h>

#include "base/memory.h"
#include "figures.h"
#include "papers.h"
#include "words.h"

#include "base/banned.h"

static const struct sheet_column columns[] = {
    {"序号", "No.", 0.07, SHEET_CENTRE},
    {"产品", "Product", 0.27, SHEET_LEFT},
    {"订购", "Ordered", 0.12, SHEET_RIGHT},
    {"实送", "Delivered", 0.12, SHEET_RIGHT},
    {"退货", "Returned", 0.11, SHEET_RIGHT},
    {"单价（元）", "Price (yuan)", 0.14, SHEET_RIGHT},
    {"金额（元）", "Amount (yuan)", 0.17, SHEET_RIGHT},
};

static const struct sheet_table table = {columns, sizeof(columns) / sizeof(columns[0])};

static void draw_values(struct sheet *sheet, const struct input *input)
{
    char day[FIGURE_SIZE], confirmed[FIGURE_SIZE];
    const char *term =
        words_of("payment_term", input_text(input, "delivery.payment_term"), sheet->english);

    figure_date(input_text(input, "delivery.delivered_on"), sheet->english, day);
    figure_time(input_text(input, "delivery.confirmed_at"), confirmed);
    sheet_values(sheet,
                 (struct sheet_value[]){
                     {"客户", "Customer", input_text(input, "delivery.customer"), true},
                     {"地址", "Address", input_text(input, "order.address"), true},
                     {"联系人", "Contact", input_text(input, "order.contact"), false},
                     {"电话", "Telephone", input_text(input, "order.phone"), false},
                     {"订单编号", "Order", input_text(input, "delivery.order_number"), false},
                     {"送达日期", "Delivered on", day, false},
                     {"路线", "Route", input_text(input, "route.number"), false},
                     {"配送员", "Driver", input_text(input, "route.driver"), false},
                     {"付款条件", "Payment", term, false},
                     {"确认时间", "Confirmed at", confirmed, false},
                     {"备注", "Note", input_text(input, "delivery.note"), true},
                 },
                 11);
}

static void draw_rows(struct sheet *sheet, const json_t *rows)
{
    char number[FIGURE_SIZE], ordered[FIGURE_SIZE], delivered[FIGURE_SIZE], returned[FIGURE_SIZE],
        price[FIGURE_SIZE], amount[FIGURE_SIZE];
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
    {
        snprintf(number, sizeof(number), "%zu", i + 1);
        figure_quantity(row_number(row, "ordered"), ordered);
        figure_quantity(row_number(row, "quantity"), delivered);
        figure_quantity(row_number(row, "returned"), returned);
        figure_price(row_number(row, "price"), price);
        figure_money(row_number(row, "amount"), amount);
        sheet_table_row(sheet,
                        (const char *const[]){number, row_text(row, "product"), ordered, delivered,
                                              returned, price, amount},
                        false);
    }
}

static void draw_total(struct sheet *sheet, int64_t fen)
{
    char amount[FIGURE_SIZE], capitals[CAPITALS_SIZE], text[CAPITALS_SIZE + 120];

    figure_money(fen, amount);
    sheet_table_row(
        sheet, (const char *const[]){"", sheet_say(sheet, "合计", "Total"), "", "", "", "", amount},
        true);
    sheet_table_close(sheet);
    figure_capitals(fen, capitals);
    snprintf(text, sizeof(text),
             sheet_say(sheet, "金额大写（人民币）：%s", "In capitals (RMB): %s"), capitals);
    sheet_paragraph(sheet, text, 10, true, SHEET_LEFT);
}

/* The signature as it was given; false: there is none that can be drawn. */
static bool draw_signature(struct sheet *sheet, const struct input *input)
{
    const char *text = input_text(input, "delivery.proof.data");
    size_t max = strlen(text), len = 0;
    uint8_t *bytes = memory_new(max + 1);
    bool is_drawn = max > 0 &&
                    sodium_base642bin(bytes, max, text, max, "\r\n", &len, NULL,
                                      sodium_base64_VARIANT_ORIGINAL) == 0 &&
                    sheet_picture(sheet, (struct bytes){bytes, len}, 220, 90);

    memory_free(&bytes);
    return is_drawn;
}

static void draw_proof(struct sheet *sheet, const struct input *input)
{
    const char *kind =
        words_of("dispatch_proof_kind", input_text(input, "delivery.proof.kind"), sheet->english);

    sheet_heading(sheet, "客户确认", "The customer's confirmation");
    sheet_values(sheet,
                 (struct sheet_value[]){
                     {"确认方式", "By", kind, false},
                     {"签收人", "Signed by", input_text(input, "delivery.proof.signer"), false},
                     {"验证码", "Code", input_text(input, "delivery.proof.code"), false},
                 },
                 3);
    if (draw_signature(sheet, input))
        return;
    sheet_paragraph(sheet,
                    sheet_say(sheet, "上述货物已收到，数量与金额无误。",
                              "The goods above were received; quantities and amounts are right."),
                    9, false, SHEET_LEFT);
    sheet_signatures(sheet, (const char *const[][2]){{"客户签收", "Customer"}, {"日期", "Date"}},
                     2);
}

void confirmation_draw(struct sheet *sheet, const struct input *input)
{
    json_t *rows = input_rows(input, "delivery", "lines", ROWS_MAX);

    draw_values(sheet, input);
    sheet_table_open(sheet, &table);
    draw_rows(sheet, rows);
    draw_total(sheet, input_number(input, "delivery.amount"));
    draw_proof(sheet, input);
    json_decref(rows);
}
