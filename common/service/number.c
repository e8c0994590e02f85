/* number.c - document numbers: the next of a series, leased ranges, what became of each leased number. */
#include "service/number.h"

#include "base/clock.h"
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/number_text.h"

#include "base/banned.h"

const char *number_text(struct call *c, const char *code, const char *kind, int64_t year,
                        int64_t number)
{
    return call_print(c, "%s-%s-%lld-%06lld", code, kind, (long long)year, (long long)number);
}

static bool is_digits(const char *text, size_t least, size_t most)
{
    size_t len = strspn(text, "0123456789");

    return text[len] == '\0' && len >= least && len <= most;
}

/* The part behind the last hyphen, which is cut off; NULL when there is none. */
static char *cut(char *text)
{
    char *hyphen = strrchr(text, '-');

    if (hyphen == NULL)
        return NULL;
    *hyphen = '\0';
    return hyphen + 1;
}

bool number_parse(struct call *c, const char *text, struct number_parts *parts)
{
    char *code = arena_text(c->arena, text);
    const char *number = cut(code);
    const char *year = number == NULL ? NULL : cut(code);
    const char *kind = year == NULL ? NULL : cut(code);

    if (kind == NULL || *code == '\0' || !number_kind_is_valid(kind) || !is_digits(year, 4, 4) ||
        !is_digits(number, 6, 12))
        return false;
    *parts = (struct number_parts){.code = code,
                                   .kind = kind,
                                   .year = strtoll(year, NULL, 10),
                                   .number = strtoll(number, NULL, 10)};
    return true;
}

bool number_kind_is_valid(const char *kind)
{
    size_t len = strspn(kind, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    return kind[len] == '\0' && len >= 2 && len <= 4;
}

static int64_t year_of(int32_t date)
{
    int year, month, day;

    date_civil(date, &year, &month, &day);
    return year;
}

/* Takes `count` numbers of the series. A branch this service has not heard of yet can only try again. */
static bool take(struct call *c, const char *kind, int64_t count, struct number_take *taken)
{
    if (!db_number_take(c, taken, .kind = kind, .year = year_of(c->today), .count = count))
        return false;
    if (taken->code == NULL) {
        fail(c, ERROR_CONFLICT, NULL);
        return false;
    }
    return true;
}

const char *number_next(struct call *c, const char *kind_code)
{
    struct number_take taken;

    if (!take(c, kind_code, 1, &taken))
        return "";
    return number_text(c, taken.code, kind_code, year_of(c->today), taken.first);
}

struct number_lease number_lease(struct call *c, const char *kind_code, struct id holder_id,
                                 int64_t count)
{
    const int64_t year = year_of(c->today);
    struct number_take taken;

    if (!take(c, kind_code, count, &taken))
        return (struct number_lease){.first = "", .last = ""};
    struct id lease_id = call_id(c);
    int64_t last = taken.first + count - 1;
    db_number_lease_insert(c, .lease_id = lease_id, .kind = kind_code, .year = year,
                           .code = taken.code, .first = taken.first, .last = last,
                           .holder_id = holder_id);
    return (struct number_lease){.lease_id = lease_id,
                                 .first = number_text(c, taken.code, kind_code, year, taken.first),
                                 .last = number_text(c, taken.code, kind_code, year, last)};
}

/* The locked lease that the number is from; the call fails with number_unknown when there is none, or when it is another's. */
static bool find_lease(struct call *c, const char *number, struct id holder_id,
                       struct number_parts *parts, struct number_lease_of *lease)
{
    if (!number_parse(c, number, parts) ||
        !db_number_lease_of(c, lease, .code = parts->code, .kind = parts->kind, .year = parts->year,
                            .number = parts->number) ||
        (!id_is_none(holder_id) && !id_equal(holder_id, lease->holder_id))) {
        fail(c, ERROR_NUMBER_UNKNOWN, "%s", number);
        return false;
    }
    return true;
}

/* Enters what became of a number. False, and the call failed, when that was decided before; the same document may say it again. */
static bool enter(struct call *c, const char *number, struct id holder_id, struct id document_id,
                  const char *reason)
{
    struct number_parts parts;
    struct number_lease_of lease;
    struct number_entry_insert entry;
    struct number_entry_of earlier;

    if (!find_lease(c, number, holder_id, &parts, &lease))
        return false;
    if (db_number_entry_insert(c, &entry, .kind = parts.kind, .year = parts.year,
                               .number = parts.number, .lease_id = lease.lease_id,
                               .document_id = document_id, .reason = reason,
                               .staff_id = is_system(c) ? lease.holder_id : c->actor.staff_id)) {
        db_number_lease_reach(c, .lease_id = lease.lease_id, .number = parts.number);
        return true;
    }
    if (!db_number_entry_of(c, &earlier, .kind = parts.kind, .year = parts.year,
                            .number = parts.number))
        return false;
    if (!id_is_none(document_id) && id_equal(earlier.document_id, document_id))
        return true;
    fail(c, text_equal(earlier.status, "void") ? ERROR_NUMBER_VOID : ERROR_NUMBER_USED, "%s",
         number);
    return false;
}

bool number_use(struct call *c, const char *number, struct id holder_id, struct id document_id)
{
    return enter(c, number, holder_id, document_id, NULL);
}

bool number_void(struct call *c, const char *number, const char *reason)
{
    return enter(c, number, (struct id){{0}}, (struct id){{0}}, reason);
}
