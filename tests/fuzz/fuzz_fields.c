/* fuzz_fields.c - whatever is typed as a telephone number, a day, an instant, an amount or a name: refused, or read as what is printed again. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/coordinates.h"
#include "base/money.h"
#include "base/text.h"
#include "fuzz.h"

static void phones(struct arena *arena, const char *text)
{
    char *number = phone_normalise(arena, text);

    if (number != NULL) {
        check(strlen(number) >= 7 && strlen(number) <= 16);
        check(text_equal(phone_normalise(arena, number), number));
    }
    phone_mask(arena, text);
}

static void days(struct arena *arena, const char *text)
{
    int64_t instant, instant_again;
    int32_t day, day_again;

    if (date_parse(text, &day)) {
        check(text_equal(date_print(arena, day), text));
        check(date_parse(date_print(arena, day), &day_again) && day_again == day);
        check(date_weekday(day) >= 1 && date_weekday(day) <= 7);
    }
    if (instant_parse(text, &instant)) {
        check(instant_parse(instant_print(arena, instant), &instant_again));
        check(instant_again == instant);
    }
}

static void amounts(struct arena *arena, const char *text)
{
    int64_t fen, again, degrees = 0;
    const char *end;

    if (money_parse(text, &fen))
        check(money_parse(money_print(arena, fen), &again) && again == fen);
    end = coordinates_read(text, &degrees);
    check(end == NULL || (end > text && end <= text + strlen(text)));
}

static void names(struct arena *arena, const char *text, size_t size)
{
    char *normal = text_nfc(arena, text), *folded = text_fold(arena, text);

    check((normal != NULL) == text_is_utf8(text, strlen(text)));
    check((normal == NULL) == (folded == NULL));
    if (normal == NULL)
        return;
    check(text_equal(text_nfc(arena, normal), normal));
    check(text_length(normal) <= size * 4);
    int alike = text_similarity(text, normal);
    check(alike >= 0 && alike <= 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    const char *text = arena_text_len(&arena, (const char *)data, size);

    phones(&arena, text);
    days(&arena, text);
    amounts(&arena, text);
    names(&arena, text, size);
    arena_release(&arena);
    return 0;
}
