/* main.c - songda-paper: makes one paper or list of what it reads, writes it to standard output, and knows nothing else.
 *
 * It has no network, no database and few rights: a hostile name can at worst end it.
 */
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "figures.h"
#include "papers.h"

#include "base/banned.h"

#define ANSWERS_MAX 2000

static const struct {
    const char *name;
    const char *number; /* what stands in the foot of every page */
    void (*draw)(struct sheet *sheet, const struct input *input);
} papers[] = {
    {"outbound-slip", "slip.number", slip_draw},
    {"confirmation", "delivery.order_number", confirmation_draw},
    {"receipt", "receipt.number", receipt_draw},
    {"contract", "contract.number", contract_draw},
    {"statement", "account.account.name", statement_draw},
};

static int draw(struct sheet *sheet, const struct input *input, size_t which, int pages)
{
    sheet_open(sheet, input->english, pages);
    sheet_head(sheet);
    papers[which].draw(sheet, input);
    return sheet_close(sheet);
}

static void make_paper(struct input *input, size_t which)
{
    struct sheet sheet = {0};
    char printed[FIGURE_SIZE];
    int pages;

    input_read_all(input, ANSWERS_MAX);
    figure_time(input_head(input, "at"), printed);
    sheet.company = input_text(input, "company.branch.name");
    sheet.branch = input_text(input, "branch.branch.name");
    sheet.title = input_head(input, "title");
    sheet.number = input_text(input, papers[which].number);
    sheet.printed = printed;
    pages = draw(&sheet, input, which, 0);
    draw(&sheet, input, which, pages);
}

int main(void)
{
    struct input input;
    const char *kind;

    confine();
    input_init(&input, STDIN_FILENO);
    kind = input_head(&input, "kind");
    if (strcmp(kind, "xlsx") == 0) {
        xlsx_write(&input);
    } else if (strcmp(kind, "csv") == 0) {
        csv_write(&input);
    } else {
        size_t which = 0;

        while (which < sizeof(papers) / sizeof(papers[0]) && strcmp(papers[which].name, kind) != 0)
            which++;
        if (which == sizeof(papers) / sizeof(papers[0]))
            give_up("there is no such paper");
        make_paper(&input, which);
    }
    input_release(&input);
    return 0;
}
