/* words.h - what lists, their columns and the values of enums are called (paper_words.gen.c, made from schemas). */
#ifndef PAPER_WORDS_H
#define PAPER_WORDS_H

#include <stdbool.h>

enum paper_type {
    PAPER_ID = 1,
    PAPER_TEXT,
    PAPER_INT,
    PAPER_BOOL,
    PAPER_MONEY,    /* fen */
    PAPER_PRICE,    /* 1/10,000 yuan */
    PAPER_QUANTITY, /* 1/1,000 of the unit */
    PAPER_TIME,     /* RFC 3339 */
    PAPER_DATE,     /* YYYY-MM-DD */
    PAPER_ENUM,
};

struct paper_word {
    const char *value, *zh, *en;
};

struct paper_enum {
    const char *name;
    const struct paper_word *words; /* ended by a NULL value */
};

struct paper_column {
    const char *name, *zh, *en;
    enum paper_type type;
    bool is_list;
    const struct paper_word *words; /* of an enum */
    const char *names;              /* which names an id's are; NULL: none */
};

/* Where names are found: in an ask of this name, in the rows of `items`, `text` beside `id`. */
struct paper_names {
    const char *name, *items, *id, *text;
};

struct paper_rows {
    const char *operation, *items;
    const char *zh, *en;
    const struct paper_column *columns; /* ended by a NULL name */
};

extern const struct paper_enum paper_enums[];  /* ended by a NULL name */
extern const struct paper_rows paper_rows[];   /* ended by a NULL operation */
extern const struct paper_names paper_names[]; /* ended by a NULL name */

/* NULL: there is no such list. */
const struct paper_rows *words_rows(const char *operation);

/* The word of an enum's value; the value itself where it has none. */
const char *words_value(const struct paper_word *words, const char *value, bool english);

/* The same by the name of the enum: "payment_method", "dispatch_order_status". */
const char *words_of(const char *name, const char *value, bool english);

#endif
