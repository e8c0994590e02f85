/* read_words.h - words and numbers of a benchmark file, bounds-checked. */
#ifndef SONGDA_ROUTING_READ_WORDS_H
#define SONGDA_ROUTING_READ_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct words {
    const char *text;
    size_t size, at;
    int line;
};

struct word {
    const char *text;
    size_t length;
};

/* The next word, blanks skipped; false at the end. */
bool words_next(struct words *words, struct word *word);
bool word_is(const struct word *word, const char *text);
void words_skip_line(struct words *words);

/* The next word as a number with 3 decimals kept: "12.5" is 12500. False unless it is one within
 * +-`limit` (before scaling). "1.00000e+02" is read too; NaN and infinity are not. */
bool words_thousandths(struct words *words, int64_t limit, int64_t *number);
/* The same for a whole number; "12.0" is one. */
bool words_whole(struct words *words, int64_t limit, int64_t *number);

/* Square root, rounded down. */
uint64_t whole_root(uint64_t square);

#endif
