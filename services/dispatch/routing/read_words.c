/* read_words.c - cuts a benchmark file into words and reads decimals without floating point. */
#include "read_words.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

bool words_next(struct words *w, struct word *word)
{
    while (w->at < w->size && is_blank(w->text[w->at]))
        w->line += w->text[w->at++] == '\n';
    word->text = w->text + w->at;
    while (w->at < w->size && !is_blank(w->text[w->at]))
        w->at++;
    word->length = (size_t)(w->text + w->at - word->text);
    return word->length > 0;
}

bool word_is(const struct word *word, const char *text)
{
    return word->length == strlen(text) && !memcmp(word->text, text, word->length);
}

void words_skip_line(struct words *w)
{
    while (w->at < w->size && w->text[w->at] != '\n')
        w->at++;
}

/* Digits with one point: mantissa * 10^-decimals. False on anything else or too many digits. */
static bool read_mantissa(const struct word *word, size_t *at, int64_t *mantissa, int *decimals)
{
    bool point = false, digit = false;

    *mantissa = 0;
    *decimals = 0;
    for (; *at < word->length; (*at)++) {
        char c = word->text[*at];

        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        digit = true;
        if (*mantissa > INT64_MAX / 1000)
            return false;
        *mantissa = *mantissa * 10 + (c - '0');
        *decimals += point;
    }
    return digit;
}

static bool read_exponent(const struct word *word, size_t *at, int *exponent)
{
    bool negative = false;
    int value = 0;

    *exponent = 0;
    if (*at == word->length)
        return true;
    if (word->text[*at] != 'e' && word->text[*at] != 'E')
        return false;
    (*at)++;
    if (*at < word->length && (word->text[*at] == '+' || word->text[*at] == '-'))
        negative = word->text[(*at)++] == '-';
    if (*at == word->length)
        return false;
    for (; *at < word->length; (*at)++) {
        if (word->text[*at] < '0' || word->text[*at] > '9' || value > 100)
            return false;
        value = value * 10 + (word->text[*at] - '0');
    }
    *exponent = negative ? -value : value;
    return true;
}

bool words_thousandths(struct words *w, int64_t limit, int64_t *number)
{
    struct word word;
    size_t at = 0;
    bool negative = false;
    int64_t mantissa;
    int decimals, exponent;

    if (!words_next(w, &word))
        return false;
    if (word.text[0] == '-' || word.text[0] == '+')
        negative = word.text[at++] == '-';
    if (!read_mantissa(&word, &at, &mantissa, &decimals) || !read_exponent(&word, &at, &exponent))
        return false;
    for (exponent += 3 - decimals; exponent > 0; exponent--) {
        if (mantissa > INT64_MAX / 10)
            return false;
        mantissa *= 10;
    }
    for (; exponent < 0 && mantissa; exponent++)
        mantissa /= 10;
    if (mantissa > limit * 1000)
        return false;
    *number = negative ? -mantissa : mantissa;
    return true;
}

bool words_whole(struct words *w, int64_t limit, int64_t *number)
{
    int64_t thousandths;

    if (!words_thousandths(w, limit, &thousandths) || thousandths % 1000)
        return false;
    *number = thousandths / 1000;
    return true;
}

uint64_t whole_root(uint64_t square)
{
    uint64_t root = 0;

    for (uint64_t bit = 1ull << 31; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= square)
            root += bit;
    return root;
}
