/* papers.h - the papers that songda-paper makes. */
#ifndef PAPER_PAPERS_H
#define PAPER_PAPERS_H

#include "input.h"
#include "sheet.h"

#define ROWS_MAX 20000 /* of a table on paper */

/* Draws a paper from what was read; `sheet` is open and has its head. */
void slip_draw(struct sheet *sheet, const struct input *input);
void confirmation_draw(struct sheet *sheet, const struct input *input);
void receipt_draw(struct sheet *sheet, const struct input *input);
void contract_draw(struct sheet *sheet, const struct input *input);
void statement_draw(struct sheet *sheet, const struct input *input);

/* Rows as they come, until the input ends: a workbook or comma-separated values on standard output. */
void xlsx_write(struct input *input);
void csv_write(struct input *input);

#endif
