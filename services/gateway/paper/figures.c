/* figures.c - money, prices, quantities, days and instants as a paper shows them. */
#include "figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#include "base/banned.h"

/* The absolute value, which INT64_MIN has, too. */
static uint64_t magnitude(int64_t value)
{
    return value < 0 ? UINT64_C(0) - (uint64_t)value : (uint64_t)value;
}

/* Whole numbers with a comma before every third digit from the right. */
static void print_grouped(uint64_t value, const char *sign, char *out, size_t size)
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, value);
    size_t used = (size_t)snprintf(out, size, "%s", sign);

    for (size_t i = 0; i < len && used + 2 < size; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

/* value / 10^places, with at least `least` decimals. */
static void print_decimal(int64_t value, int places, int least, char out[FIGURE_SIZE])
{
    uint64_t scale = 1, size = magnitude(value);
    char decimals[24];
    size_t len;

    for (int i = 0; i < places; i++)
        scale *= 10;
    print_grouped(size / scale, value < 0 ? "-" : "", out, FIGURE_SIZE);
    snprintf(decimals, sizeof(decimals), "%0*" PRIu64, places, size % scale);
    for (len = strlen(decimals); len > (size_t)least && decimals[len - 1] == '0';)
        decimals[--len] = '\0';
    if (len > 0)
        snprintf(out + strlen(out), FIGURE_SIZE - strlen(out), ".%s", decimals);
}

void figure_money(int64_t fen, char out[FIGURE_SIZE])
{
    print_decimal(fen, 2, 2, out);
}

void figure_price(int64_t price, char out[FIGURE_SIZE])
{
    print_decimal(price, 4, 2, out);
}

void figure_quantity(int64_t quantity, char out[FIGURE_SIZE])
{
    print_decimal(quantity, 3, 0, out);
}

static const char *const numerals[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
static const char *const places_of_four[] = {"", "拾", "佰", "仟"};
static const char *const fours[] = {"", "万", "亿"};

static void append(char out[CAPITALS_SIZE], const char *text)
{
    size_t used = strlen(out);

    snprintf(out + used, CAPITALS_SIZE - used, "%s", text);
}

/* Four digits; a zero is said once, between digits that are none. */
static void append_four(char out[CAPITALS_SIZE], unsigned four)
{
    static const unsigned scales[] = {1, 10, 100, 1000};
    bool owes_zero = false, has_more = *out != '\0' && strcmp(out, "负") != 0;

    for (int place = 3; place >= 0; place--) {
        unsigned digit = four / scales[place] % 10;

        if (digit == 0) {
            owes_zero = true;
            continue;
        }
        if (owes_zero && has_more)
            append(out, numerals[0]);
        owes_zero = false;
        has_more = true;
        append(out, numerals[digit]);
        append(out, places_of_four[place]);
    }
}

static void append_yuan(char out[CAPITALS_SIZE], uint64_t yuan)
{
    static const uint64_t scales[] = {1, 10000, 100000000};
    bool was_empty = false;

    for (int i = 2; i >= 0; i--) {
        unsigned four = (unsigned)(yuan / scales[i] % 10000);

        if (four == 0) {
            was_empty = *out != '\0' && strcmp(out, "负") != 0;
            continue;
        }
        if (was_empty && four >= 1000)
            append(out, numerals[0]);
        was_empty = false;
        append_four(out, four);
        append(out, fours[i]);
    }
    append(out, "元");
}

void figure_capitals(int64_t fen, char out[CAPITALS_SIZE])
{
    uint64_t size = magnitude(fen), yuan = size / 100;
    unsigned jiao = (unsigned)(size / 10 % 10), cents = (unsigned)(size % 10);

    *out = '\0';
    if (size > CAPITALS_MAX)
        return;
    append(out, fen < 0 ? "负" : "");
    if (yuan > 0)
        append_yuan(out, yuan);
    else if (size == 0)
        append(out, "零元");
    if (jiao > 0) {
        append(out, numerals[jiao]);
        append(out, "角");
    } else if (cents > 0 && yuan > 0) {
        append(out, numerals[0]);
    }
    if (cents > 0) {
        append(out, numerals[cents]);
        append(out, "分");
    } else {
        append(out, "整");
    }
}

void figure_date(const char *date, bool english, char out[FIGURE_SIZE])
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int year, month, day;
    int32_t days;

    if (!date_parse(date, &days)) {
        snprintf(out, FIGURE_SIZE, "%s", date);
        return;
    }
    date_civil(days, &year, &month, &day);
    if (english)
        snprintf(out, FIGURE_SIZE, "%d %s %d", day, months[month - 1], year);
    else
        snprintf(out, FIGURE_SIZE, "%d年%d月%d日", year, month, day);
}

void figure_time(const char *instant, char out[FIGURE_SIZE])
{
    int64_t at, seconds;
    int year, month, day;
    int32_t date;

    if (!instant_parse(instant, &at)) {
        snprintf(out, FIGURE_SIZE, "%s", instant);
        return;
    }
    date = date_of(at);
    date_civil(date, &year, &month, &day);
    seconds = (at - date_start(date)) / CLOCK_SECOND;
    snprintf(out, FIGURE_SIZE, "%04d-%02d-%02d %02d:%02d", year, month, day, (int)(seconds / 3600),
             (int)(seconds / 60 % 60));
}
