/* terms.c - what a contract says: checked, written, replaced (C4). */
#include "terms.h"

#include "base/text.h"

static bool check_fields(struct call *c, struct template_field_list known,
                         struct contract_field_list given, struct contract_field_list *clean)
{
    *clean = (struct contract_field_list){
        .items = arena_array(c->arena, struct contract_field, given.count + 1),
        .count = given.count};
    for (size_t i = 0; i < given.count && !has_failed(c); i++) {
        const char *name = given.items[i].name, *path = call_print(c, "terms.fields[%zu].name", i);
        bool is_known = false;

        for (size_t k = 0; k < known.count; k++)
            is_known = is_known || text_equal(known.items[k].name, name);
        if (!is_known)
            fail_at(c, path, ERROR_CONTRACT_FIELD_UNKNOWN, "%s", name);
        for (size_t k = 0; k < i; k++) {
            if (text_equal(given.items[k].name, name))
                fail_at(c, path, ERROR_CONTRACT_FIELD_DOUBLED, "%s", name);
        }
        clean->items[i] = (struct contract_field){
            .name = name, .value = text_nfc(c->arena, given.items[i].value)};
    }
    return !has_failed(c);
}

static bool check_equipment(struct call *c, struct contract_equipment_list equipment)
{
    struct id_list ids = {.items = arena_array(c->arena, struct id, equipment.count + 1),
                          .count = equipment.count};
    struct product_basis_list products;

    for (size_t i = 0; i < equipment.count; i++)
        ids.items[i] = equipment.items[i].product_id;
    products = db_product_basis(c, .product_ids = ids);
    for (size_t i = 0; i < products.count && !has_failed(c); i++) {
        const struct product_basis *product = &products.items[i];
        const char *path = call_print(c, "terms.equipment[%zu].product_id", i);

        if (id_is_none(product->product_id))
            fail_at(c, path, ERROR_PRODUCT_UNKNOWN, NULL);
        else if (!product->is_active)
            fail_at(c, path, ERROR_PRODUCT_INACTIVE, "%s", product->code);
        else if (!product->is_equipment)
            fail_at(c, path, ERROR_PRODUCT_NOT_EQUIPMENT, "%s", product->code);
        for (size_t k = 0; k < i && !has_failed(c); k++) {
            if (id_equal(ids.items[k], ids.items[i]))
                fail_at(c, path, ERROR_LINE_DOUBLED, NULL);
        }
    }
    return !has_failed(c);
}

static bool check_lines(struct call *c, struct contract_line_list lines, struct pricing *pricing)
{
    *pricing =
        (struct pricing){.path = "terms.lines",
                         .lines = arena_array(c->arena, struct offered_line, lines.count + 1),
                         .count = lines.count};
    for (size_t i = 0; i < lines.count; i++)
        pricing->lines[i] = (struct offered_line){.product_id = lines.items[i].product_id,
                                                  .quantity = lines.items[i].quantity,
                                                  .price = lines.items[i].price};
    return pricing_take_products(c, pricing);
}

bool terms_check(struct call *c, struct id customer_id, const struct contract_terms *terms,
                 struct checked_terms *checked)
{
    struct template_summary template = {.version = 0};
    struct address_missing missing;

    *checked = (struct checked_terms){.terms = terms};
    if (terms->valid_until < terms->valid_from)
        fail_at(c, "terms.valid_until", ERROR_DATES_REVERSED, NULL);
    else if (!db_template_find(c, &template, .template_id = terms->template_id))
        fail_at(c, "terms.template_id", ERROR_TEMPLATE_UNKNOWN, NULL);
    else if (!template.is_active)
        fail_at(c, "terms.template_id", ERROR_TEMPLATE_INACTIVE, NULL);
    else if (db_address_missing(c, &missing, .address_ids = terms->address_ids,
                                .customer_id = customer_id))
        fail_at(c, call_print(c, "terms.address_ids[%lld]", (long long)missing.position - 1),
                ERROR_ADDRESS_UNKNOWN, NULL);
    if (has_failed(c))
        return false;
    checked->template_version = template.version;
    return check_fields(c,
                        db_template_field_list(c, .template_id = terms->template_id,
                                               .version = template.version),
                        terms->fields, &checked->fields) &&
           check_equipment(c, terms->equipment) && check_lines(c, terms->lines, &checked->pricing);
}

static void write_parts(struct call *c, struct id contract_id, int64_t version,
                        const struct checked_terms *checked)
{
    const struct contract_equipment_list *equipment = &checked->terms->equipment;

    for (size_t i = 0; i < checked->pricing.count; i++) {
        const struct offered_line *line = &checked->pricing.lines[i];

        db_contract_line_insert(c, .contract_id = contract_id, .version = version,
                                .product_id = line->product_id, .quantity = line->quantity,
                                .price = line->price, .tax_permille = line->tax_permille,
                                .amount = line->amount);
    }
    for (size_t i = 0; i < equipment->count; i++)
        db_contract_equipment_insert(c, .contract_id = contract_id, .version = version,
                                     .product_id = equipment->items[i].product_id,
                                     .quantity = equipment->items[i].quantity,
                                     .deposit = equipment->items[i].deposit);
    for (size_t i = 0; i < checked->fields.count; i++)
        db_contract_field_insert(c, .contract_id = contract_id, .version = version,
                                 .name = checked->fields.items[i].name,
                                 .value = checked->fields.items[i].value);
}

static int64_t payment_days_of(const struct contract_terms *terms)
{
    return terms->payment_term == PAYMENT_TERM_DAYS && terms->has_payment_days ? terms->payment_days
                                                                               : 0;
}

void terms_insert(struct call *c, struct id contract_id, int64_t version, const char *reason,
                  const struct checked_terms *checked)
{
    const struct contract_terms *terms = checked->terms;

    db_contract_version_insert(
        c, .contract_id = contract_id, .version = version, .template_id = terms->template_id,
        .template_version = checked->template_version, .quotation_id = terms->quotation_id,
        .address_ids = terms->address_ids, .payment_term = terms->payment_term,
        .payment_days = payment_days_of(terms), .has_credit_limit = terms->has_credit_limit,
        .credit_limit = terms->credit_limit, .amount = checked->pricing.total,
        .valid_from = terms->valid_from, .valid_until = terms->valid_until, .reason = reason);
    write_parts(c, contract_id, version, checked);
}

void terms_replace(struct call *c, struct id contract_id, int64_t version,
                   const struct checked_terms *checked)
{
    const struct contract_terms *terms = checked->terms;

    db_contract_version_update(
        c, .contract_id = contract_id, .version = version, .template_id = terms->template_id,
        .template_version = checked->template_version, .quotation_id = terms->quotation_id,
        .address_ids = terms->address_ids, .payment_term = terms->payment_term,
        .payment_days = payment_days_of(terms), .has_credit_limit = terms->has_credit_limit,
        .credit_limit = terms->credit_limit, .amount = checked->pricing.total,
        .valid_from = terms->valid_from, .valid_until = terms->valid_until);
    db_contract_line_clear(c, .contract_id = contract_id, .version = version);
    db_contract_equipment_clear(c, .contract_id = contract_id, .version = version);
    db_contract_field_clear(c, .contract_id = contract_id, .version = version);
    db_review_clear(c, .contract_id = contract_id, .version = version);
    write_parts(c, contract_id, version, checked);
}
