/* words.c - looks up what lists and the values of enums are called. */
#include "words.h"

#include <stddef.h>

#include "base/text.h"

#include "base/banned.h"

const struct paper_rows *words_rows(const char *operation)
{
    for (const struct paper_rows *rows = paper_rows; rows->operation; rows++) {
        if (text_equal(rows->operation, operation))
            return rows;
    }
    return NULL;
}

const char *words_value(const struct paper_word *words, const char *value, bool english)
{
    for (; words && words->value; words++) {
        if (text_equal(words->value, value))
            return english ? words->en : words->zh;
    }
    return value;
}

const char *words_of(const char *name, const char *value, bool english)
{
    for (const struct paper_enum *one = paper_enums; one->name; one++) {
        if (text_equal(one->name, name))
            return words_value(one->words, value, english);
    }
    return value;
}
