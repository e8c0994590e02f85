/* rules.c - the pure rules of contracts: which price holds, what a template names, when to remind. */
#include "rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { NAMES_MOST = 20 };

int64_t season_bits(const int64_t *months, size_t count)
{
    int64_t bits = 0;

    for (size_t i = 0; i < count; i++)
        bits |= INT64_C(1) << months[i];
    return bits;
}

static bool rule_fits(const struct price_rule *rule, enum customer_class class, int month,
                      int64_t quantity)
{
    return (rule->class == 0 || rule->class == class) &&
           (rule->months == 0 || (rule->months >> month & 1) == 1) &&
           rule->min_quantity <= quantity;
}

/* Both fit: whether `a` speaks more particularly than `b`. */
static bool rule_precedes(const struct price_rule *a, const struct price_rule *b)
{
    if ((a->class == 0) != (b->class == 0))
        return a->class != 0;
    if ((a->months == 0) != (b->months == 0))
        return a->months != 0;
    return a->min_quantity > b->min_quantity;
}

const struct price_rule *price_choose(const struct price_rule *rules, size_t count,
                                      enum customer_class class, int month, int64_t quantity)
{
    const struct price_rule *chosen = NULL;

    for (size_t i = 0; i < count; i++) {
        if (rule_fits(&rules[i], class, month, quantity) &&
            (chosen == NULL || rule_precedes(&rules[i], chosen)))
            chosen = &rules[i];
    }
    return chosen;
}

enum price_leave price_leave_of(int64_t price, int64_t list_price, int64_t floor_price)
{
    if (price >= list_price)
        return PRICE_LEAVE_NONE;
    return price >= floor_price ? PRICE_LEAVE_DISCOUNT : PRICE_LEAVE_FLOOR;
}

static bool has_name(const struct text_list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (text_equal(names->items[i], name))
            return true;
    }
    return false;
}

bool template_names(struct arena *arena, const char *text, struct text_list *names)
{
    int found = 0;

    *names = (struct text_list){.items = arena_array(arena, const char *, NAMES_MOST)};
    for (const char *at = strpbrk(text, "{}"); at != NULL; at = strpbrk(at, "{}")) {
        const char *end = strpbrk(at + 1, "{}");

        if (*at != '{' || end == NULL || *end != '}' || end == at + 1 || ++found > NAMES_MOST)
            return false;
        const char *name = arena_text_len(arena, at + 1, (size_t)(end - at - 1));
        if (!has_name(names, name))
            names->items[names->count++] = name;
        at = end + 1;
    }
    return true;
}

static const char *value_of(struct contract_field_list fields, const char *name, size_t len)
{
    for (size_t i = 0; i < fields.count; i++) {
        if (strlen(fields.items[i].name) == len && memcmp(fields.items[i].name, name, len) == 0)
            return fields.items[i].value;
    }
    return NULL;
}

/* One step of rendering: the bytes that stand for what begins at `*at`, which moves behind it. */
static const char *next_piece(const char **at, struct contract_field_list fields, size_t *len)
{
    const char *start = *at, *end = NULL, *value = NULL;

    if (*start == '{' && (end = strchr(start, '}')) != NULL)
        value = value_of(fields, start + 1, (size_t)(end - start - 1));
    if (value != NULL) {
        *at = end + 1;
        *len = strlen(value);
        return value;
    }
    *len = 1 + strcspn(start + 1, "{");
    *at = start + *len;
    return start;
}

const char *template_render(struct arena *arena, const char *text,
                            struct contract_field_list fields)
{
    size_t len = 0, piece_len;
    char *rendered, *to;

    for (const char *at = text; *at != '\0'; len += piece_len)
        next_piece(&at, fields, &piece_len);
    rendered = to = arena_alloc(arena, len + 1);
    for (const char *at = text; *at != '\0'; to += piece_len) {
        const char *piece = next_piece(&at, fields, &piece_len);

        memcpy(to, piece, piece_len);
    }
    return rendered;
}

int32_t reminder_next(int32_t valid_until, int32_t after, const int64_t *days, size_t count)
{
    int32_t next = 0;

    for (size_t i = 0; i < count; i++) {
        int32_t on = valid_until - (int32_t)days[i];

        if (on > after && (next == 0 || on < next))
            next = on;
    }
    return next;
}
