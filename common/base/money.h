/* money.h - sums without floating point.
 *
 * Money is int64_t fen (CNY). A price is int64_t 1/10,000 yuan per unit. A quantity is int64_t
 * 1/1,000 of the unit. One rounding for all: half away from zero. A function that returns false
 * leaves its result alone.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* False on overflow. */
bool money_add(int64_t a, int64_t b, int64_t *sum);
bool money_subtract(int64_t a, int64_t b, int64_t *difference);
bool money_multiply(int64_t a, int64_t b, int64_t *product);

/* quantity × price in fen, rounded once. False on overflow. */
bool money_of(int64_t quantity, int64_t price, int64_t *fen);

/* fen × numerator / denominator, rounded once. False when the denominator is 0 or on overflow. */
bool money_part(int64_t fen, int64_t numerator, int64_t denominator, int64_t *part);

/* Splits a total by weights so that the parts add up to it exactly: each gets its share rounded
 * towards zero, what is left goes fen by fen to the largest remainders, the lower index first
 * (Hamilton's method). False when a weight is negative, or when all are 0 (or n is 0) and the
 * total is not. */
bool money_split(int64_t total, const int64_t *weights, size_t n, int64_t *parts);

/* "1234.50", "-0.05" */
char *money_print(struct arena *arena, int64_t fen);

/* "1234", "1234.5", "-1234.50"; no sign +, spaces or thousands; at most two decimals. */
bool money_parse(const char *text, int64_t *fen);

#endif
