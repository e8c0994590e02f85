/* receipt.c - the receipt: money taken from a customer, in figures and in capitals, and what it paid. */
#include <string.h>

#include "figures.h"
#include "papers.h"
#include "words.h"

#include "base/banned.h"

static const struct sheet_column columns[] = {
    {"序号", "No.", 0.08, SHEET_CENTRE},
    {"业务日期", "Date", 0.22, SHEET_CENTRE},
    {"订单编号", "Order", 0.28, SHEET_LEFT},
    {"应收金额（元）", "Receivable (yuan)", 0.21, SHEET_RIGHT},
    {"本次核销（元）", "Paid by this (yuan)", 0.21, SHEET_RIGHT},
};

static const struct sheet_table table = {columns, sizeof(columns) / sizeof(columns[0])};

static void draw_values(struct sheet *sheet, const struct input *input)
{
    char day[FIGURE_SIZE], at[FIGURE_SIZE], amount[FIGURE_SIZE + 8], capitals[CAPITALS_SIZE];
    char figure[FIGURE_SIZE];
    int64_t fen = input_number(input, "receipt.amount");
    const char *method =
        words_of("payment_method", input_text(input, "receipt.method"), sheet->english);

    figure_date(input_text(input, "receipt.business_date"), sheet->english, day);
    figure_time(input_text(input, "receipt.recorded_at"), at);
    figure_money(fen, figure);
    snprintf(amount, sizeof(amount), "¥ %s", figure);
    figure_capitals(fen, capitals);
    sheet_values(sheet,
                 (struct sheet_value[]){
                     {"收据编号", "Receipt", input_text(input, "receipt.number"), false},
                     {"日期", "Date", day, false},
                     {"今收到", "Received from", input_text(input, "account.account.name"), true},
                     {"金额", "Amount", amount, false},
                     {"付款方式", "Method", method, false},
                     {"人民币大写", "In capitals", capitals, true},
                     {"凭证号", "Reference", input_text(input, "receipt.reference"), false},
                     {"登记时间", "Recorded at", at, false},
                     {"收款人", "Taken by", input_text(input, "collector.person.name"), false},
                     {"备注", "Note", input_text(input, "receipt.note"), true},
                 },
                 10);
}

static void draw_allocations(struct sheet *sheet, const struct input *input, const json_t *rows)
{
    json_t *debts = input_index(input, "receivables", "items", "receivable_id");
    json_t *deliveries = input_index(input, "deliveries", "items", "delivery_id"), *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        const json_t *debt = json_object_get(debts, row_text(row, "receivable_id"));
        const json_t *delivery = json_object_get(deliveries, row_text(debt, "delivery_id"));
        char number[FIGURE_SIZE], owed[FIGURE_SIZE] = "", paid[FIGURE_SIZE];

        snprintf(number, sizeof(number), "%zu", i + 1);
        if (debt)
            figure_money(row_number(debt, "amount"), owed);
        figure_money(row_number(row, "amount"), paid);
        sheet_table_row(sheet,
                        (const char *const[]){number, row_text(debt, "business_date"),
                                              row_text(delivery, "order_number"), owed, paid},
                        false);
    }
    json_decref(debts);
    json_decref(deliveries);
}

static void draw_reversed(struct sheet *sheet, const struct input *input)
{
    if (strcmp(input_text(input, "receipt.status"), "reversed") != 0)
        return;
    sheet_paragraph(sheet,
                    sheet_say(sheet, "本收据已冲销，不作付款凭证。",
                              "This receipt was reversed and proves no payment."),
                    12, true, SHEET_CENTRE);
}

void receipt_draw(struct sheet *sheet, const struct input *input)
{
    json_t *rows = input_rows(input, "receipt", "allocations", ROWS_MAX);
    int64_t credit = input_number(input, "receipt.credit");
    char text[200], figure[FIGURE_SIZE];

    draw_reversed(sheet, input);
    draw_values(sheet, input);
    if (json_array_size(rows) > 0) {
        sheet_table_open(sheet, &table);
        draw_allocations(sheet, input, rows);
        sheet_table_close(sheet);
    }
    if (credit > 0) {
        figure_money(credit, figure);
        snprintf(text, sizeof(text),
                 sheet_say(sheet, "其中 %s 元转入预存余额。", "Of it %s yuan is kept as credit."),
                 figure);
        sheet_paragraph(sheet, text, 9, false, SHEET_LEFT);
    }
    sheet_signatures(sheet,
                     (const char *const[][2]){{"收款人", "Taken by"},
                                              {"收款单位（盖章）", "Company (seal)"},
                                              {"付款人", "Paid by"}},
                     3);
    json_decref(rows);
}
