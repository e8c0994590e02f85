/* describe.c - what can be called, and with which fields. */
#include <string.h>

#include "base/text.h"
#include "songda.h"

#include "base/banned.h"

static bool is_meant(const char *name, char **words, int count)
{
    for (int i = 0; i < count; i++) {
        if (!strstr(name, words[i]))
            return false;
    }
    return true;
}

int command_operations(struct songda *songda, char **words, int count)
{
    for (size_t i = 0; i < contract_operation_count; i++) {
        const struct contract_operation *route = &contract_operations[i];

        if (route->operation.permission->kind != ACCESS_SERVICE &&
            is_meant(route->operation.name, words, count))
            printf("%-44s %s\n", route->operation.name, songda->english ? route->en : route->zh);
    }
    return EXIT_DONE;
}

static void describe_shape(const struct shape *shape, int depth)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];

        printf("%*s%-*s %s%s%s", 2 + 2 * depth, "", 28 - 2 * depth, field->name,
               field_type_name(field->type), field->is_list ? " list" : "",
               field->is_optional ? ", optional" : "");
        if (field->type == FIELD_ENUM) {
            printf(":");
            for (size_t k = 0; k < field->values->count; k++)
                printf(" %s", field->values->values[k]);
        }
        printf("\n");
        if (field->type == FIELD_OBJECT && depth < 4)
            describe_shape(field->shape, depth + 1);
    }
}

int command_describe(struct songda *songda, char **words, int count)
{
    const struct contract_operation *route =
        count == 1 ? routes_operation(&songda->routes, words[0]) : NULL;

    if (!route || route->operation.permission->kind == ACCESS_SERVICE)
        return complain("describe OPERATION; see songda operations");
    printf("%s - %s\n%s %s\n%s\nrequest\n", route->operation.name,
           songda->english ? route->en : route->zh, route->method, route->path,
           route->operation.effect == EFFECT_WRITE ? "write" : "read");
    describe_shape(route->operation.request, 0);
    printf("reply\n");
    describe_shape(route->operation.reply, 0);
    return EXIT_DONE;
}
