/* number_text.h - how a document number is written: SH01-CK-2026-000123 (private to common/service). */
#ifndef SONGDA_SERVICE_NUMBER_TEXT_H
#define SONGDA_SERVICE_NUMBER_TEXT_H

#include "service/call.h"

struct number_parts {
    const char *code; /* of the branch */
    const char *kind;
    int64_t year, number;
};

const char *number_text(struct call *c, const char *code, const char *kind, int64_t year,
                        int64_t number);

/* False when the text is none; the parts are in the call's arena. */
bool number_parse(struct call *c, const char *text, struct number_parts *parts);

/* Two to four capital letters. */
bool number_kind_is_valid(const char *kind);

#endif
