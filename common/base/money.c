/* money.c - sums without floating point, rounded half away from zero. */
#include "money.h"

#include <inttypes.h>
#include <stdlib.h>

#include "arena.h"
#include "memory.h"

#include "banned.h"

/* 1/1,000 unit × 1/10,000 yuan, in fen */
#define PER_FEN 100000

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 wide_unsigned;

bool money_add(int64_t a, int64_t b, int64_t *sum)
{
    int64_t result;

    if (__builtin_add_overflow(a, b, &result))
        return false;
    *sum = result;
    return true;
}

bool money_subtract(int64_t a, int64_t b, int64_t *difference)
{
    int64_t result;

    if (__builtin_sub_overflow(a, b, &result))
        return false;
    *difference = result;
    return true;
}

bool money_multiply(int64_t a, int64_t b, int64_t *product)
{
    int64_t result;

    if (__builtin_mul_overflow(a, b, &result))
        return false;
    *product = result;
    return true;
}

/* a / b, half away from zero; |a| < 2^126, so that nothing here overflows. */
static bool divide_rounded(wide a, wide b, int64_t *quotient)
{
    bool negative = (a < 0) != (b < 0);
    wide result;

    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    result = a / b;
    if (a % b >= b - a % b)
        result++;
    result = negative ? -result : result;
    if (result < INT64_MIN || result > INT64_MAX)
        return false;
    *quotient = (int64_t)result;
    return true;
}

bool money_of(int64_t quantity, int64_t price, int64_t *fen)
{
    return divide_rounded((wide)quantity * price, PER_FEN, fen);
}

bool money_part(int64_t fen, int64_t numerator, int64_t denominator, int64_t *part)
{
    return denominator != 0 && divide_rounded((wide)fen * numerator, denominator, part);
}

struct remainder {
    wide_unsigned left;
    size_t index;
};

static int largest_first(const void *a, const void *b)
{
    const struct remainder *x = a;
    const struct remainder *y = b;

    if (x->left != y->left)
        return x->left > y->left ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

bool money_split(int64_t total, const int64_t *weights, size_t n, int64_t *parts)
{
    uint64_t size = total < 0 ? -(uint64_t)total : (uint64_t)total;
    uint64_t left = size;
    int64_t one = total < 0 ? -1 : 1;
    wide_unsigned sum = 0;
    struct remainder *remainders;

    for (size_t i = 0; i < n; i++) {
        if (weights[i] < 0)
            return false;
        sum += (uint64_t)weights[i];
    }
    if (sum == 0 && total != 0)
        return false;
    remainders = memory_array(struct remainder, n);
    for (size_t i = 0; i < n; i++) {
        wide_unsigned share = (wide_unsigned)size * (uint64_t)weights[i];
        uint64_t part = sum ? (uint64_t)(share / sum) : 0;

        remainders[i] = (struct remainder){.left = sum ? share % sum : 0, .index = i};
        parts[i] = total < 0 ? (int64_t)-part : (int64_t)part;
        left -= part;
    }
    if (n)
        qsort(remainders, n, sizeof(*remainders), largest_first);
    for (uint64_t i = 0; i < left; i++)
        parts[remainders[i].index] += one;
    memory_free(&remainders);
    return true;
}

char *money_print(struct arena *arena, int64_t fen)
{
    uint64_t size = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;

    return arena_print(arena, "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", size / 100,
                       size % 100);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Appends a digit to a figure that is kept negative, because INT64_MIN has no opposite. */
static bool append_digit(int64_t *negative, char digit)
{
    return money_multiply(*negative, 10, negative) &&
           money_subtract(*negative, digit - '0', negative);
}

bool money_parse(const char *text, int64_t *fen)
{
    int64_t figure = 0;
    int decimals = 0;
    bool is_negative;

    if (!text)
        return false;
    is_negative = *text == '-';
    text += is_negative;
    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++)
        if (!append_digit(&figure, *text))
            return false;
    if (*text == '.') {
        for (text++; is_digit(*text) && decimals < 2; text++, decimals++)
            if (!append_digit(&figure, *text))
                return false;
        if (decimals == 0)
            return false;
    }
    if (*text)
        return false;
    for (; decimals < 2; decimals++)
        if (!append_digit(&figure, '0'))
            return false;
    return is_negative ? (*fen = figure, true) : money_subtract(0, figure, fen);
}
