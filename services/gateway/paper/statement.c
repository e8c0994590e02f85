/* statement.c - a customer's account over a time: what was owed before, each delivery, payment and return, what is owed now. */
#include <string.h>

#include "figures.h"
#include "papers.h"
#include "words.h"

#include "base/banned.h"

static const struct sheet_column columns[] = {
    {"日期", "Date", 0.15, SHEET_CENTRE},
    {"摘要", "What", 0.15, SHEET_LEFT},
    {"单据编号", "Document", 0.25, SHEET_LEFT},
    {"应收（元）", "Owed (yuan)", 0.15, SHEET_RIGHT},
    {"已付（元）", "Paid (yuan)", 0.15, SHEET_RIGHT},
    {"余额（元）", "Balance (yuan)", 0.15, SHEET_RIGHT},
};

static const struct sheet_table table = {columns, sizeof(columns) / sizeof(columns[0])};

static const struct {
    const char *kind, *zh, *en;
} kinds[] = {
    {"delivery", "送货", "delivery"},
    {"receipt", "收款", "payment"},
    {"receipt_reversal", "收款冲销", "payment reversed"},
    {"credit_note", "退货", "return"},
    {"credit_use", "使用预存", "credit used"},
};

static const char *kind_word(const struct sheet *sheet, const char *kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return sheet_say(sheet, kinds[i].zh, kinds[i].en);
    }
    return kind;
}

/* What a posting changes of what the customer owes: receivable less what the company owes the customer. */
static bool is_customers(const json_t *row)
{
    const char *account = row_text(row, "account");

    return strcmp(account, "receivable") == 0 || strcmp(account, "customer_credit") == 0;
}

struct account {
    int64_t owed, paid, balance;
    json_t *receipts, *deliveries; /* by id */
};

struct period {
    const char *from, *to; /* "" : open */
};

static bool is_before(const json_t *row, const struct period *period)
{
    return strcmp(row_text(row, "business_date"), period->from) < 0;
}

static bool is_after(const json_t *row, const struct period *period)
{
    return *period->to && strcmp(row_text(row, "business_date"), period->to) > 0;
}

static void add(int64_t *sum, int64_t amount)
{
    if (__builtin_add_overflow(*sum, amount, sum) || *sum == INT64_MIN)
        give_up("an amount beyond all bounds");
}

/* The postings of one journal that are the customer's, added up: the rows of a journal stand together. */
static int64_t journal_amount(const json_t *rows, size_t *i)
{
    const char *journal = row_text(json_array_get(rows, *i), "journal_id");
    int64_t amount = 0;

    for (; *i < json_array_size(rows); (*i)++) {
        const json_t *row = json_array_get(rows, *i);

        if (strcmp(row_text(row, "journal_id"), journal) != 0)
            break;
        if (is_customers(row))
            add(&amount, row_number(row, "amount"));
    }
    return amount;
}

static const char *document_number(const struct account *account, const json_t *row)
{
    const char *id = row_text(row, "document_id");
    const json_t *receipt = json_object_get(account->receipts, id);

    return receipt ? row_text(receipt, "number")
                   : row_text(json_object_get(account->deliveries, id), "order_number");
}

static void draw_movement(struct sheet *sheet, struct account *account, const json_t *row,
                          int64_t amount)
{
    char owed[FIGURE_SIZE] = "", paid[FIGURE_SIZE] = "", balance[FIGURE_SIZE];

    if (amount > 0)
        figure_money(amount, owed);
    else
        figure_money(-amount, paid);
    add(amount > 0 ? &account->owed : &account->paid, amount > 0 ? amount : -amount);
    add(&account->balance, amount);
    figure_money(account->balance, balance);
    sheet_table_row(sheet,
                    (const char *const[]){row_text(row, "business_date"),
                                          kind_word(sheet, row_text(row, "kind")),
                                          document_number(account, row), owed, paid, balance},
                    false);
}

static void draw_opening(struct sheet *sheet, const struct period *period, int64_t before)
{
    char balance[FIGURE_SIZE];

    figure_money(before, balance);
    sheet_table_row(sheet,
                    (const char *const[]){period->from,
                                          sheet_say(sheet, "期初余额", "brought forward"), "", "",
                                          "", balance},
                    true);
}

static void draw_movements(struct sheet *sheet, const struct input *input,
                           const struct period *period, struct account *account)
{
    json_t *rows = input_rows(input, "ledger", "items", (size_t)2 * ROWS_MAX);
    bool is_open = false;

    for (size_t i = 0; i < json_array_size(rows);) {
        const json_t *row = json_array_get(rows, i);
        int64_t amount = journal_amount(rows, &i);

        if (is_before(row, period)) {
            add(&account->balance, amount);
            continue;
        }
        if (!is_open)
            draw_opening(sheet, period, account->balance);
        is_open = true;
        if (!is_after(row, period) && amount != 0)
            draw_movement(sheet, account, row, amount);
    }
    if (!is_open)
        draw_opening(sheet, period, account->balance);
    json_decref(rows);
}

static void draw_values(struct sheet *sheet, const struct input *input, const struct period *period)
{
    char time[FIGURE_SIZE * 2 + 8], from[FIGURE_SIZE] = "", to[FIGURE_SIZE], limit[FIGURE_SIZE],
                                    due[FIGURE_SIZE];

    if (*period->from)
        figure_date(period->from, sheet->english, from);
    figure_date(*period->to ? period->to : sheet_say(sheet, "今", "today"), sheet->english, to);
    snprintf(time, sizeof(time), sheet_say(sheet, "%s 至 %s", "%s to %s"),
             *from ? from : sheet_say(sheet, "开户", "the beginning"), to);
    figure_money(input_number(input, "account.account.credit_limit"), limit);
    figure_money(input_number(input, "account.account.due"), due);
    sheet_values(sheet,
                 (struct sheet_value[]){
                     {"客户", "Customer", input_text(input, "account.account.name"), true},
                     {"对账期间", "Period", time, true},
                     {"信用额度（元）", "Credit limit (yuan)", limit, false},
                     {"现到期应付（元）", "Due now (yuan)", due, false},
                 },
                 4);
}

void statement_draw(struct sheet *sheet, const struct input *input)
{
    struct period period = {input_head(input, "from"), input_head(input, "to")};
    char owed[FIGURE_SIZE], paid[FIGURE_SIZE], balance[FIGURE_SIZE], capitals[CAPITALS_SIZE],
        text[CAPITALS_SIZE + 80];
    struct account account = {
        .receipts = input_index(input, "receipts", "items", "receipt_id"),
        .deliveries = input_index(input, "deliveries", "items", "delivery_id"),
    };

    draw_values(sheet, input, &period);
    sheet_table_open(sheet, &table);
    draw_movements(sheet, input, &period, &account);
    figure_money(account.owed, owed);
    figure_money(account.paid, paid);
    figure_money(account.balance, balance);
    sheet_table_row(sheet,
                    (const char *const[]){
                        period.to, sheet_say(sheet, "本期合计及期末余额", "total and balance"), "",
                        owed, paid, balance},
                    true);
    sheet_table_close(sheet);
    figure_capitals(account.balance, capitals);
    snprintf(text, sizeof(text),
             sheet_say(sheet, "期末余额大写（人民币）：%s", "Balance in capitals (RMB): %s"),
             capitals);
    sheet_paragraph(sheet, text, 10, true, SHEET_LEFT);
    sheet_paragraph(sheet,
                    sheet_say(sheet,
                              "余额为正数表示贵方尚欠我方款项，负数表示我方预收贵方款项。如有不符，"
                              "请在收到后七日内告知。",
                              "A positive balance is owed to us, a negative one is kept for you. "
                              "Please tell us within seven days of anything that is not right."),
                    9, false, SHEET_LEFT);
    sheet_signatures(sheet,
                     (const char *const[][2]){{"我方经办", "For us"},
                                              {"客户确认（盖章）", "Customer (seal)"},
                                              {"日期", "Date"}},
                     3);
    json_decref(account.receipts);
    json_decref(account.deliveries);
}
