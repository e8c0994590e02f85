/* rules.h - the pure rules of prices, templates and reminders. */
#ifndef SONGDA_CONTRACTS_RULES_H
#define SONGDA_CONTRACTS_RULES_H

#include "contracts.gen.h"

/* The months of a season as bits 1 to 12; 0 for none: the whole year. */
int64_t season_bits(const int64_t *months, size_t count);

/* The rule that prices a quantity for a class in a month (C1): only rules whose class, season and
 * quantity break fit; a rule for the class goes before one for all, then a season before the whole
 * year, then the highest quantity break. NULL: none fits. */
const struct price_rule *price_choose(const struct price_rule *rules, size_t count,
                                      enum customer_class class, int month, int64_t quantity);

/* What leave a price needs (C2). */
enum price_leave price_leave_of(int64_t price, int64_t list_price, int64_t floor_price);

/* Names in braces in a clause, each once, in order. False: the braces do not match, a name is
 * empty, or there are more than 20. */
bool template_names(struct arena *arena, const char *text, struct text_list *names);

/* The clause with its fields' values in place of {name}; names without a value stay. */
const char *template_render(struct arena *arena, const char *text,
                            struct contract_field_list fields);

/* The first of the reminders, `days` ahead of the end, that lies behind `after`; 0: none. */
int32_t reminder_next(int32_t valid_until, int32_t after, const int64_t *days, size_t count);

#endif
