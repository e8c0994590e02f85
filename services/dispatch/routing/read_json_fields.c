/* read_json_fields.c - members of JSON objects: whole numbers, lists, names; others are refused. */
#include "read_json.h"

#include <string.h>

bool json_int32(const json_t *value, int32_t *number)
{
    json_int_t wide = json_integer_value(value);

    *number = (int32_t)wide;
    return json_is_integer(value) && wide >= INT32_MIN && wide <= INT32_MAX;
}

static const struct json_field *field_named(const struct json_field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (!strcmp(fields->name, name))
            return fields;
    return NULL;
}

static bool is_listed(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

static bool store(const struct json_field *field, int64_t number, void *into)
{
    char *at = (char *)into + field->offset;
    int32_t narrow = (int32_t)number;

    if (field->size == sizeof(narrow)) {
        memcpy(at, &narrow, sizeof(narrow));
        return number >= INT32_MIN && number <= INT32_MAX;
    }
    memcpy(at, &number, sizeof(number));
    return true;
}

bool json_fields(struct json_reader *r, const json_t *object, const char *where, int index,
                 const struct json_field *fields, const char *const *others, void *into)
{
    const char *name;
    json_t *value, *walked;

    /* Jansson's iterator does not take const: the pointer itself is copied.
     * NOLINTNEXTLINE(bugprone-sizeof-expression) */
    memcpy(&walked, &object, sizeof(walked));
    if (!json_is_object(object))
        return read_fail(r->error, "%s[%d]: not an object", where, index);
    for (const struct json_field *field = fields; field->name; field++)
        store(field, field->otherwise, into);
    json_object_foreach(walked, name, value)
    {
        const struct json_field *field = field_named(fields, name);

        if (!field && !is_listed(others, name))
            return read_fail(r->error, "%s[%d].%.40s: not known", where, index, name);
        if (field && (!json_is_integer(value) || !store(field, json_integer_value(value), into)))
            return read_fail(r->error, "%s[%d].%s: not a whole number", where, index, name);
    }
    return true;
}

bool json_amounts(struct json_reader *r, const json_t *list, const char *where, int index,
                  int32_t *amounts)
{
    if (!list)
        return true;
    if (!json_is_array(list) || (int)json_array_size(list) != r->read->problem.products)
        return read_fail(r->error, "%s[%d]: not one amount for each of %d products", where, index,
                         r->read->problem.products);
    for (size_t k = 0; k < json_array_size(list); k++)
        if (!json_int32(json_array_get(list, k), &amounts[k]))
            return read_fail(r->error, "%s[%d][%zu]: not a whole number", where, index, k);
    return true;
}

bool json_properties(struct json_reader *r, const json_t *list, const char *where, int index,
                     uint64_t *set)
{
    *set = 0;
    if (!list)
        return true;
    if (!json_is_array(list))
        return read_fail(r->error, "%s[%d]: not a list of names", where, index);
    for (size_t k = 0; k < json_array_size(list); k++) {
        const char *name = json_string_value(json_array_get(list, k));
        json_t *bit = name ? json_object_get(r->properties, name) : NULL;

        if (!name)
            return read_fail(r->error, "%s[%d][%zu]: not a name", where, index, k);
        if (!bit && json_object_size(r->properties) == PROPERTIES_MAX)
            return read_fail(r->error, "%s[%d]: more than %d properties", where, index,
                             PROPERTIES_MAX);
        if (!bit) {
            bit = json_integer((json_int_t)json_object_size(r->properties));
            json_object_set_new(r->properties, name, bit);
        }
        *set |= 1ull << json_integer_value(bit);
    }
    return true;
}

bool json_reference(struct json_reader *r, const json_t *value, const json_t *ids,
                    const char *where, int index, int32_t *to)
{
    const json_t *found;

    *to = ROUTING_NONE;
    if (!value || json_is_null(value))
        return true;
    if (json_is_string(value)) {
        found = json_object_get(ids, json_string_value(value));
        return json_int32(found, to) || read_fail(r->error, "%s[%d]: \"%.40s\" is not known", where,
                                                  index, json_string_value(value));
    }
    if (!json_int32(value, to) || *to < 0 || (size_t)*to >= json_object_size(ids))
        return read_fail(r->error, "%s[%d]: neither an id nor an index", where, index);
    return true;
}
