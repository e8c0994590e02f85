/* intake.c - how leads come in (L1) and how the same customer is recognised (L4). */
#include "leads.h"

#include <string.h>

#include "base/coordinates.h"
#include "base/csv.h"
#include "base/text.h"
#include "service/number.h"
#include "service/people.h"

enum { IMPORT_MOST = 500, POACHING_ATTEMPTS = 2 };

static bool find_key(struct call *c, const char *kind, const char *value,
                     struct same_customer *same)
{
    struct customer_key_find found;

    if (value == NULL || !db_customer_key_find(c, &found, .kind = kind, .value = value))
        return false;
    *same = (struct same_customer){.customer_id = found.customer_id,
                                   .branch_id = found.customer_branch_id};
    return true;
}

bool customer_find_same(struct call *c, const struct intake *intake, struct same_customer *same)
{
    struct customer_similar_list candidates;

    if (find_key(c, "phone", intake->phone, same) ||
        find_key(c, "licence", intake->licence_number, same))
        return true;
    if (intake->address == NULL)
        return false;
    candidates = db_customer_similar(
        c, .bigrams = name_bigrams(c->arena, text_fold(c->arena, intake->name)));
    for (size_t i = 0; i < candidates.count; i++) {
        const struct customer_similar *candidate = &candidates.items[i];

        if (is_same_place(intake->name, intake->address, candidate->name,
                          candidate->address_folded)) {
            *same = (struct same_customer){.customer_id = candidate->customer_id,
                                           .branch_id = candidate->branch_id};
            return true;
        }
    }
    return false;
}

static bool take_key(struct call *c, const char *kind, const char *value, struct new_customer *made)
{
    struct customer_key_take taken;

    if (value == NULL)
        return true;
    if (!db_customer_key_take(c, &taken, .kind = kind, .value = value,
                              .customer_id = made->customer_id))
        return false;
    made->same = (struct same_customer){.customer_id = taken.customer_id,
                                        .branch_id = taken.customer_branch_id};
    return id_equal(taken.customer_id, made->customer_id);
}

static void add_first_address(struct call *c, struct id customer_id, const struct intake *intake)
{
    struct id address_id = call_id(c);
    int64_t none[1] = {0};
    struct int_list no_windows = {.items = none, .count = 0};

    db_address_insert(c, .customer_id = customer_id, .address_id = address_id, .label = "1",
                      .address = intake->address, .contact = intake->contact,
                      .phone = intake->phone, .has_latitude_e7 = intake->has_place,
                      .latitude_e7 = intake->latitude_e7, .has_longitude_e7 = intake->has_place,
                      .longitude_e7 = intake->longitude_e7, .windows_from = no_windows,
                      .windows_to = no_windows, .service_minutes = 10);
    emit_address_changed(c, .address_id = address_id, .customer_id = customer_id, .label = "1",
                         .address = intake->address, .contact = intake->contact,
                         .phone = intake->phone, .has_latitude_e7 = intake->has_place,
                         .latitude_e7 = intake->latitude_e7, .has_longitude_e7 = intake->has_place,
                         .longitude_e7 = intake->longitude_e7, .service_minutes = 10,
                         .is_active = true);
}

bool customer_add(struct call *c, const struct intake *intake, struct id owner_id,
                  struct new_customer *made)
{
    const char *folded = text_fold(c->arena, intake->name);
    const char *place = intake->address == NULL ? "" : text_fold(c->arena, intake->address);

    made->customer_id = call_id(c);
    if (!take_key(c, "phone", intake->phone, made) ||
        !take_key(c, "licence", intake->licence_number, made))
        return false;
    made->number = number_next(c, "KH");
    db_customer_insert(c, .customer_id = made->customer_id, .number = made->number,
                       .name = intake->name, .name_folded = folded,
                       .name_bigrams = name_bigrams(c->arena, folded), .phone = intake->phone,
                       .licence_number = intake->licence_number, .contact = intake->contact,
                       .address_folded = place, .source = intake->source, .class = intake->class,
                       .owner_id = owner_id, .competitor = intake->competitor,
                       .consumption = intake->consumption, .has_consent = intake->has_consent,
                       .tags = intake->tags);
    emit_customer_changed(c, .customer_id = made->customer_id, .number = made->number,
                          .name = intake->name, .class = intake->class,
                          .stage = CUSTOMER_STAGE_LEAD, .owner_id = owner_id,
                          .phone = intake->phone, .contact = intake->contact);
    if (intake->address != NULL)
        add_first_address(c, made->customer_id, intake);
    if (!id_is_none(owner_id))
        emit_lead_assigned(c, .customer_id = made->customer_id, .owner_id = owner_id);
    timeline_add(c, (struct timeline_line){.customer_id = made->customer_id,
                                           .staff_id = c->actor.staff_id,
                                           .event = "leads.customer.created"});
    return !has_failed(c);
}

int refuse_taken(struct call *c, struct id customer_id, struct id customer_branch_id)
{
    struct customer_owner_of owner = {.owner_id = {{0}}};
    struct person person;
    struct branch branch;
    struct attempt_count before = {0};
    const char *department = "";

    db_customer_owner_of(c, &owner, .customer_branch_id = customer_branch_id,
                         .customer_id = customer_id);
    if (!id_is_none(owner.owner_id) && person_read(c, owner.owner_id, &person))
        department = person.department;
    if ((department == NULL || *department == '\0') && branch_read(c, customer_branch_id, &branch))
        department = branch.name;
    db_attempt_count(c, &before, .customer_id = customer_id,
                     .since = c->now - setting_int(c, attempt_days) * 86400 * INT64_C(1000000));
    fail(c, ERROR_CUSTOMER_TAKEN, "%s", department == NULL ? "" : department);
    if (!is_system(c) && !id_equal(owner.owner_id, c->actor.staff_id)) {
        struct id attempt_id = call_id(c);

        refusal_record(c);
        db_attempt_insert(c, .attempt_id = attempt_id, .customer_id = customer_id);
        if (before.attempts + 1 >= POACHING_ATTEMPTS)
            emit_poaching_attempted(c, .attempt_id = attempt_id, .customer_id = customer_id,
                                    .staff_id = c->actor.staff_id, .attempts = before.attempts + 1);
    }
    return -1;
}

/* Which column of the CSV is which field; SIZE_MAX: there is none. */
struct columns {
    size_t name, phone, licence_number, contact, address, class, latitude, longitude;
};

static size_t column_of(const struct text_list *header, const char *english, const char *chinese)
{
    for (size_t i = 0; i < header->count; i++) {
        if (strcmp(header->items[i], english) == 0 || strcmp(header->items[i], chinese) == 0)
            return i;
    }
    return SIZE_MAX;
}

static const char *cell(struct call *c, const struct text_list *row, size_t column)
{
    const char *text = column < row->count ? text_nfc(c->arena, row->items[column]) : NULL;

    return text == NULL || *text == '\0' ? NULL : text;
}

static enum import_outcome invalid(struct import_row *result, const char *field,
                                   const struct error *rule)
{
    result->field = field;
    result->rule = rule->name;
    return IMPORT_OUTCOME_INVALID;
}

static bool read_degrees(const char *text, int64_t most, int64_t *e7)
{
    const char *end = coordinates_read(text, e7);

    return end != NULL && *end == '\0' && *e7 >= -most && *e7 <= most;
}

/* The coordinates of the row's address, in degrees; both or neither. */
static enum import_outcome read_place(struct call *c, const struct columns *columns,
                                      const struct text_list *row, enum coordinate_system given,
                                      struct intake *intake, struct import_row *result)
{
    const int64_t degree = 10000000;
    const char *latitude = cell(c, row, columns->latitude),
               *longitude = cell(c, row, columns->longitude);

    if (latitude == NULL && longitude == NULL)
        return IMPORT_OUTCOME_READY;
    if (latitude == NULL || longitude == NULL)
        return invalid(result, latitude == NULL ? "latitude" : "longitude",
                       ERROR_COORDINATES_INCOMPLETE);
    if (intake->address == NULL)
        return invalid(result, "address", ERROR_FIELD_MISSING);
    if (!read_degrees(latitude, 90 * degree, &intake->latitude_e7))
        return invalid(result, "latitude", ERROR_FIELD_VALUE);
    if (!read_degrees(longitude, 180 * degree, &intake->longitude_e7))
        return invalid(result, "longitude", ERROR_FIELD_VALUE);
    if (given == COORDINATE_SYSTEM_GCJ02)
        coordinates_from_gcj02(&intake->latitude_e7, &intake->longitude_e7);
    intake->has_place = true;
    return IMPORT_OUTCOME_READY;
}

/* Reads one row into an intake; says what is wrong with it. */
static enum import_outcome read_row(struct call *c, const struct columns *columns,
                                    const struct text_list *row, struct intake *intake,
                                    struct import_row *result)
{
    const char *phone = cell(c, row, columns->phone), *class = cell(c, row, columns->class);

    intake->name = result->name = cell(c, row, columns->name);
    intake->licence_number = cell(c, row, columns->licence_number);
    intake->contact = cell(c, row, columns->contact);
    intake->address = cell(c, row, columns->address);
    if (intake->name == NULL)
        return invalid(result, "name", ERROR_FIELD_MISSING);
    if (text_length(intake->name) > 100)
        return invalid(result, "name", ERROR_FIELD_LENGTH);
    if (intake->address != NULL && text_length(intake->address) > 200)
        return invalid(result, "address", ERROR_FIELD_LENGTH);
    if (phone != NULL && (intake->phone = phone_normalise(c->arena, phone)) == NULL)
        return invalid(result, "phone", ERROR_PHONE_INVALID);
    if (phone == NULL && intake->licence_number == NULL && intake->address == NULL)
        return invalid(result, "phone", ERROR_CONTACT_WAY_MISSING);
    if (class != NULL && (strlen(class) != 1 || strchr("ABCabc", *class) == NULL))
        return invalid(result, "class", ERROR_FIELD_VALUE);
    if (class != NULL)
        intake->class = (enum customer_class)((*class | 0x20) - 'a' + 1);
    return IMPORT_OUTCOME_READY;
}

static void name_department(struct call *c, const struct same_customer *same,
                            struct import_row *result)
{
    struct branch branch;

    result->outcome = IMPORT_OUTCOME_TAKEN;
    result->rule = ERROR_CUSTOMER_TAKEN->name;
    if (branch_read(c, same->branch_id, &branch))
        result->department = branch.name;
}

/* One row of a preview or an import. An earlier row of the same file with the same key counts as taken too. */
static void import_one(struct call *c, const struct intake *intake, bool is_preview,
                       struct import_row *result)
{
    struct same_customer same;
    struct new_customer made;

    if (customer_find_same(c, intake, &same)) {
        name_department(c, &same, result);
    } else if (!is_preview) {
        if (customer_add(c, intake, (struct id){{0}}, &made)) {
            result->outcome = IMPORT_OUTCOME_CREATED;
            result->customer_id = made.customer_id;
        } else if (!has_failed(c)) {
            name_department(c, &made.same, result);
        }
    }
}

static bool repeats_earlier(const struct intake *seen, size_t count, const struct intake *intake)
{
    for (size_t i = 0; i < count; i++) {
        if ((intake->phone != NULL && text_equal(seen[i].phone, intake->phone)) ||
            (intake->licence_number != NULL &&
             text_equal(seen[i].licence_number, intake->licence_number)))
            return true;
    }
    return false;
}

static int read_header(struct call *c, struct csv *csv, struct columns *columns)
{
    struct text_list header;

    if (csv_next(csv, c->arena, &header) != 1)
        return fail_at(c, "csv", ERROR_CSV_INVALID, "1");
    *columns = (struct columns){.name = column_of(&header, "name", "名称"),
                                .phone = column_of(&header, "phone", "电话"),
                                .licence_number = column_of(&header, "licence_number", "执照号"),
                                .contact = column_of(&header, "contact", "联系人"),
                                .address = column_of(&header, "address", "地址"),
                                .class = column_of(&header, "class", "等级"),
                                .latitude = column_of(&header, "latitude", "纬度"),
                                .longitude = column_of(&header, "longitude", "经度")};
    if (columns->name == SIZE_MAX)
        return fail_at(c, "csv", ERROR_CSV_COLUMN_MISSING, "name（名称）");
    return 0;
}

static int import_rows(struct call *c, const char *text, enum lead_source source,
                       enum coordinate_system given, bool is_preview,
                       struct import_row_list *results)
{
    struct intake *intakes = arena_array(c->arena, struct intake, IMPORT_MOST);
    struct columns columns = {0};
    struct text_list row;
    struct csv csv;
    int got;

    csv_init(&csv, text, strlen(text));
    if (read_header(c, &csv, &columns) != 0)
        return -1;
    results->items = arena_array(c->arena, struct import_row, IMPORT_MOST);
    while ((got = csv_next(&csv, c->arena, &row)) == 1) {
        struct intake *intake = &intakes[results->count];
        struct import_row *result = &results->items[results->count];

        if (results->count == IMPORT_MOST)
            return fail_at(c, "csv", ERROR_IMPORT_TOO_LARGE, "%d", IMPORT_MOST);
        *intake = (struct intake){.source = source};
        *result = (struct import_row){.row = (int64_t)results->count + 1};
        result->outcome = read_row(c, &columns, &row, intake, result);
        if (result->outcome == IMPORT_OUTCOME_READY)
            result->outcome = read_place(c, &columns, &row, given, intake, result);
        if (result->outcome == IMPORT_OUTCOME_READY &&
            repeats_earlier(intakes, results->count, intake)) {
            result->outcome = IMPORT_OUTCOME_TAKEN;
            result->rule = ERROR_CUSTOMER_TAKEN->name;
        } else if (result->outcome == IMPORT_OUTCOME_READY) {
            import_one(c, intake, is_preview, result);
        }
        results->count++;
        if (has_failed(c))
            return -1;
    }
    return got == 0 ? 0 : fail_at(c, "csv", ERROR_CSV_INVALID, "%zu", (size_t)csv.line);
}

static int64_t count_outcome(const struct import_row_list *rows, enum import_outcome outcome)
{
    int64_t count = 0;

    for (size_t i = 0; i < rows->count; i++)
        count += rows->items[i].outcome == outcome;
    return count;
}

int import_preview(struct call *c, const struct import_preview_request *request,
                   struct import_preview_reply *reply)
{
    if (import_rows(c, request->csv, request->source, request->coordinate_system, true,
                    &reply->rows) != 0)
        return -1;
    reply->ready = count_outcome(&reply->rows, IMPORT_OUTCOME_READY);
    reply->taken = count_outcome(&reply->rows, IMPORT_OUTCOME_TAKEN);
    reply->invalid = count_outcome(&reply->rows, IMPORT_OUTCOME_INVALID);
    return 0;
}

int import_run(struct call *c, const struct import_run_request *request,
               struct import_run_reply *reply)
{
    if (import_rows(c, request->csv, request->source, request->coordinate_system, false,
                    &reply->rows) != 0)
        return -1;
    reply->created = count_outcome(&reply->rows, IMPORT_OUTCOME_CREATED);
    reply->taken = count_outcome(&reply->rows, IMPORT_OUTCOME_TAKEN);
    reply->invalid = count_outcome(&reply->rows, IMPORT_OUTCOME_INVALID);
    return 0;
}
