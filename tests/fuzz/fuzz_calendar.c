/* fuzz_calendar.c - whatever file of holidays is loaded: refused with a sentence, or working time is counted by it without end. */
#include "base/calendar.h"
#include "base/clock.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int64_t from = date_start(date_from_civil(2026, 11, 23)) + 10 * CLOCK_HOUR;
    struct calendar *calendar = NULL;
    char error[200] = "";

    if (!calendar_load_csv(&calendar, (const char *)data, size, error, sizeof(error))) {
        check(calendar == NULL && error[0] != '\0' && memchr(error, 0, sizeof(error)));
        return 0;
    }
    check(calendar->count <= 4096);
    for (size_t i = 0; i < calendar->count; i++) {
        check(i == 0 || calendar->days[i - 1].date < calendar->days[i].date);
        check(calendar_find(calendar, calendar->days[i].date) == &calendar->days[i]);
    }
    int64_t later = calendar_add_minutes(calendar, from, 5000);
    check(later > from && calendar_minutes_between(calendar, from, later) == 5000);
    calendar_free(&calendar);
    return 0;
}
