/* routes.c - finds an operation, an event or an error by its name, and speaks an error's sentence. */
#include "wire/routes.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

/* The tables are constant; a map keeps pointers that may be written through. */
static void put(struct map *map, const char *name, const void *value)
{
    union {
        const void *constant;
        void *kept;
    } pointer = {.constant = value};

    map_put_text(map, name, pointer.kept);
}

void routes_init(struct routes *routes)
{
    size_t count = 0;

    map_init(&routes->operations);
    map_init(&routes->events);
    for (size_t i = 0; i < contract_operation_count; i++)
        put(&routes->operations, contract_operations[i].operation.name, &contract_operations[i]);
    for (size_t i = 0; i < contract_event_count; i++)
        put(&routes->events, contract_events[i].name, &contract_events[i]);
    while (contract_services[count].name)
        count++;
    routes->services = memory_array(const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        routes->services[i] = contract_services[i].name;
}

void routes_release(struct routes *routes)
{
    map_release(&routes->operations);
    map_release(&routes->events);
    memory_free(&routes->services);
}

const struct contract_operation *routes_operation(const struct routes *routes, const char *name)
{
    return map_get_text(&routes->operations, name);
}

const struct event_type *routes_event(const struct routes *routes, const char *name)
{
    return map_get_text(&routes->events, name);
}

const struct error *routes_error(const char *service, const char *name)
{
    for (size_t i = 0; contract_errors[i]; i++) {
        if (text_equal(contract_errors[i]->name, name))
            return contract_errors[i];
    }
    for (size_t i = 0; service && contract_services[i].name; i++) {
        if (!text_equal(contract_services[i].name, service))
            continue;
        for (const struct error *error = contract_services[i].errors; error->name; error++) {
            if (text_equal(error->name, name))
                return error;
        }
    }
    return NULL;
}

const char *routes_sentence(const struct error *error, bool english, const char *value,
                            struct arena *arena)
{
    const char *sentence = english ? error->en : error->zh;
    const char *place = strstr(sentence, "{}");

    if (!place)
        return sentence;
    return arena_print(arena, "%.*s%s%s", (int)(place - sentence), sentence, value ? value : "",
                       place + 2);
}
