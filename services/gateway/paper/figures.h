/* figures.h - money, prices, quantities, days and instants as a paper shows them. Integers only; no figure passes a float. */
#ifndef PAPER_FIGURES_H
#define PAPER_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIGURE_SIZE 48
#define CAPITALS_SIZE 256
#define CAPITALS_MAX INT64_C(99999999999999) /* fen: below 一万亿 yuan */

/* Fen as yuan with two decimals and commas: -1,234.50 */
void figure_money(int64_t fen, char out[FIGURE_SIZE]);

/* 1/10,000 yuan with two to four decimals: 6.80, 6.8125 */
void figure_price(int64_t price, char out[FIGURE_SIZE]);

/* 1/1,000 of the unit with as many decimals as there are: 50, 12.5 */
void figure_quantity(int64_t quantity, char out[FIGURE_SIZE]);

/* 人民币大写 as the banks want it: 壹仟零伍拾元零伍分, 壹佰元整; "" beyond CAPITALS_MAX. */
void figure_capitals(int64_t fen, char out[CAPITALS_SIZE]);

/* 2026-11-20 → 2026年11月20日 or 20 November 2026; what is no date stays as it is. */
void figure_date(const char *date, bool english, char out[FIGURE_SIZE]);

/* RFC 3339 → 2026-11-20 09:30 in Shanghai; what is no instant stays as it is. */
void figure_time(const char *instant, char out[FIGURE_SIZE]);

#endif
