/* contract.c - a contract as it stands: parties, goods and prices, terms, clauses, seals, and where to sign. */
#include <string.h>

#include "figures.h"
#include "papers.h"
#include "words.h"

#include "base/banned.h"

static const struct sheet_column goods[] = {
    {"序号", "No.", 0.07, SHEET_CENTRE},
    {"产品", "Product", 0.30, SHEET_LEFT},
    {"单位", "Unit", 0.09, SHEET_CENTRE},
    {"数量", "Quantity", 0.13, SHEET_RIGHT},
    {"单价（元）", "Price (yuan)", 0.14, SHEET_RIGHT},
    {"税率", "Tax", 0.09, SHEET_RIGHT},
    {"金额（元）", "Amount (yuan)", 0.18, SHEET_RIGHT},
};

static const struct sheet_table goods_table = {goods, sizeof(goods) / sizeof(goods[0])};

static const struct sheet_column equipment[] = {
    {"序号", "No.", 0.10, SHEET_CENTRE},
    {"设备", "Equipment", 0.50, SHEET_LEFT},
    {"数量", "Quantity", 0.16, SHEET_RIGHT},
    {"押金（元）", "Deposit (yuan)", 0.24, SHEET_RIGHT},
};

static const struct sheet_table equipment_table = {equipment,
                                                   sizeof(equipment) / sizeof(equipment[0])};

static void draw_values(struct sheet *sheet, const struct input *input)
{
    char from[FIGURE_SIZE], until[FIGURE_SIZE], limit[FIGURE_SIZE] = "", days[FIGURE_SIZE] = "";
    const char *term =
        words_of("payment_term", input_text(input, "contract.payment_term"), sheet->english);

    figure_date(input_text(input, "contract.valid_from"), sheet->english, from);
    figure_date(input_text(input, "contract.valid_until"), sheet->english, until);
    if (input_at(input, "contract.credit_limit"))
        figure_money(input_number(input, "contract.credit_limit"), limit);
    if (input_number(input, "contract.payment_days") > 0)
        snprintf(days, sizeof(days), "%lld",
                 (long long)input_number(input, "contract.payment_days"));
    sheet_values(
        sheet,
        (struct sheet_value[]){
            {"合同编号", "Contract", input_text(input, "contract.number"), false},
            {"状态", "State",
             words_of("contracts_version_status", input_text(input, "contract.version_status"),
                      sheet->english),
             false},
            {"甲方（供方）", "Supplier", sheet->company, true},
            {"乙方（需方）", "Customer", input_text(input, "contract.customer_name"), true},
            {"营业执照号", "Licence", input_text(input, "customer.licence_number"), false},
            {"联系人", "Contact", input_text(input, "customer.contact"), false},
            {"电话", "Telephone", input_text(input, "customer.phone"), false},
            {"经办人", "Handled by", input_text(input, "contract.owner_name"), false},
            {"生效日期", "Valid from", from, false},
            {"有效期至", "Valid until", until, false},
            {"付款条件", "Payment", term, false},
            {"账期（天）", "Days to pay", days, false},
            {"信用额度（元）", "Credit limit (yuan)", limit, false},
            {"档案号", "Archive no.", input_text(input, "contract.archive_number"), false},
        },
        14);
}

static void draw_goods(struct sheet *sheet, const struct input *input)
{
    json_t *rows = input_rows(input, "lines", "items", ROWS_MAX), *row;
    char number[FIGURE_SIZE], quantity[FIGURE_SIZE], price[FIGURE_SIZE], tax[FIGURE_SIZE],
        amount[FIGURE_SIZE];
    size_t i;

    sheet_heading(sheet, "产品与价格", "Products and prices");
    sheet_table_open(sheet, &goods_table);
    json_array_foreach(rows, i, row)
    {
        snprintf(number, sizeof(number), "%zu", i + 1);
        figure_quantity(row_number(row, "quantity"), quantity);
        figure_price(row_number(row, "price"), price);
        figure_quantity(row_number(row, "tax_permille") * 100, tax);
        snprintf(tax + strlen(tax), 2, "%%");
        figure_money(row_number(row, "amount"), amount);
        sheet_table_row(sheet,
                        (const char *const[]){number, row_text(row, "name"), row_text(row, "unit"),
                                              quantity, price, tax, amount},
                        false);
    }
    figure_money(input_number(input, "contract.amount"), amount);
    sheet_table_row(
        sheet, (const char *const[]){"", sheet_say(sheet, "合计", "Total"), "", "", "", "", amount},
        true);
    sheet_table_close(sheet);
    json_decref(rows);
}

static void draw_capitals(struct sheet *sheet, const struct input *input)
{
    char capitals[CAPITALS_SIZE], text[CAPITALS_SIZE + 80];

    figure_capitals(input_number(input, "contract.amount"), capitals);
    snprintf(text, sizeof(text),
             sheet_say(sheet, "合计金额大写（人民币）：%s", "Total in capitals (RMB): %s"),
             capitals);
    sheet_paragraph(sheet, text, 10, true, SHEET_LEFT);
}

/* Each product was asked for by itself. */
static const char *product_name(const struct input *input, const char *id)
{
    json_t *products = json_object_get(input->replies, "products"), *product;
    size_t i;

    json_array_foreach(products, i, product)
    {
        if (strcmp(row_text(product, "product_id"), id) == 0)
            return row_text(product, "name");
    }
    return id;
}

static void draw_equipment(struct sheet *sheet, const struct input *input)
{
    json_t *rows = input_rows(input, "contract", "equipment", ROWS_MAX), *row;
    char number[FIGURE_SIZE], quantity[FIGURE_SIZE], deposit[FIGURE_SIZE];
    size_t i;

    if (json_array_size(rows) > 0) {
        sheet_heading(sheet, "设备", "Equipment");
        sheet_table_open(sheet, &equipment_table);
    }
    json_array_foreach(rows, i, row)
    {
        snprintf(number, sizeof(number), "%zu", i + 1);
        figure_quantity(row_number(row, "quantity"), quantity);
        figure_money(row_number(row, "deposit"), deposit);
        sheet_table_row(sheet,
                        (const char *const[]){number,
                                              product_name(input, row_text(row, "product_id")),
                                              quantity, deposit},
                        false);
    }
    if (json_array_size(rows) > 0)
        sheet_table_close(sheet);
    json_decref(rows);
}

static void draw_clauses(struct sheet *sheet, const struct input *input)
{
    json_t *rows = input_rows(input, "contract", "clauses", ROWS_MAX), *row;
    char title[400];
    size_t i;

    if (json_array_size(rows) > 0)
        sheet_heading(sheet, "合同条款", "Clauses");
    json_array_foreach(rows, i, row)
    {
        snprintf(title, sizeof(title),
                 sheet_say(sheet, "第 %lld 条　%.300s", "Clause %lld  %.300s"),
                 (long long)row_number(row, "clause"), row_text(row, "title"));
        sheet_need(sheet, 46);
        sheet_paragraph(sheet, title, 10, true, SHEET_LEFT);
        sheet_paragraph(sheet, row_text(row, "text"), 10, false, SHEET_LEFT);
        sheet_skip(sheet, 4);
    }
    json_decref(rows);
}

static void draw_seals(struct sheet *sheet, const struct input *input)
{
    json_t *rows = input_rows(input, "contract", "seals", ROWS_MAX), *row;
    char text[200], at[FIGURE_SIZE];
    size_t i;

    if (json_array_size(rows) > 0)
        sheet_heading(sheet, "用印记录", "Seals");
    json_array_foreach(rows, i, row)
    {
        figure_time(row_text(row, "at"), at);
        snprintf(text, sizeof(text), "%s  %s",
                 words_of("contracts_seal_kind", row_text(row, "seal"), sheet->english), at);
        sheet_paragraph(sheet, text, 9, false, SHEET_LEFT);
    }
    json_decref(rows);
}

void contract_draw(struct sheet *sheet, const struct input *input)
{
    if (strcmp(input_text(input, "contract.version_status"), "in_force") != 0)
        sheet_paragraph(sheet,
                        sheet_say(sheet, "未生效文本，仅供审阅", "Not in force: for reading only"),
                        11, true, SHEET_CENTRE);
    draw_values(sheet, input);
    draw_goods(sheet, input);
    draw_capitals(sheet, input);
    draw_equipment(sheet, input);
    draw_clauses(sheet, input);
    draw_seals(sheet, input);
    sheet_skip(sheet, 8);
    sheet_signatures(sheet,
                     (const char *const[][2]){{"甲方（盖章）", "Supplier (seal)"},
                                              {"乙方（盖章）", "Customer (seal)"}},
                     2);
    sheet_signatures(sheet,
                     (const char *const[][2]){{"授权代表", "For the supplier"},
                                              {"授权代表", "For the customer"}},
                     2);
    sheet_signatures(sheet, (const char *const[][2]){{"日期", "Date"}, {"日期", "Date"}}, 2);
}
