/* wire_examples.c - every example of the contract is read by its shape, and comes through MessagePack and JSON unchanged.
 *
 * Usage: wire_examples FOLDER, the folder schemas/.
 */
#include "unit.h"

#include <dirent.h>
#include <jansson.h>

#include "base/text.h"
#include "contract.gen.h"

static const char *folder;

static const struct contract_operation *operation_called(const char *name)
{
    for (const struct contract_operation *one = contract_operations; one->path; one++) {
        if (text_equal(one->operation.name, name))
            return one;
    }
    fail_msg("%s is in schemas but not in the table", name);
    return NULL;
}

static const struct event_type *event_called(const char *name)
{
    for (const struct event_type *one = contract_events; one->name; one++) {
        if (text_equal(one->name, name))
            return one;
    }
    fail_msg("%s is in schemas but not in the table", name);
    return NULL;
}

static void assert_comes_through(const char *name, const struct shape *shape, const json_t *example)
{
    struct arena arena = {0};
    struct shape_error error;
    struct buffer first = {0}, packed = {0}, second = {0};
    void *value = arena_alloc(&arena, shape->size);
    char *text = json_dumps(example, JSON_COMPACT);

    assert_non_null(text);
    if (!shape_parse_json(shape, text, strlen(text), &arena, value, &error))
        fail_msg("%s: %s %s %s", name, error.path, error.rule, error.value);
    shape_json(shape, value, false, &first);
    shape_pack(shape, value, false, &packed);
    if (!shape_unpack(shape, SHAPE_STRICT, buffer_bytes(&packed), &arena, value, &error))
        fail_msg("%s: %s %s %s", name, error.path, error.rule, error.value);
    shape_json(shape, value, false, &second);
    assert_string_equal(buffer_text(&first), buffer_text(&second));
    free(text);
    buffer_release(&first);
    buffer_release(&second);
    buffer_release(&packed);
    arena_release(&arena);
}

/* 1 when the file has an operation or event with an example. */
static size_t check_file(const char *path)
{
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    json_t *example = json_object_get(file, "example");
    const char *operation = json_string_value(json_object_get(file, "operation"));
    const char *event = json_string_value(json_object_get(file, "event"));

    if (!file)
        fail_msg("%s: %s", path, error.text);
    if (example && operation && *operation != '*') {
        const struct operation *found = &operation_called(operation)->operation;

        assert_comes_through(path, found->request, json_object_get(example, "request"));
        assert_comes_through(path, found->reply, json_object_get(example, "reply"));
    } else if (example && event && *event != '*') {
        assert_comes_through(path, event_called(event)->body, example);
    } else {
        example = NULL;
    }
    json_decref(file);
    return example != NULL;
}

static size_t check_folder(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    struct arena arena = {0};
    size_t count = 0;

    while (directory && (entry = readdir(directory))) {
        const char *inner = arena_print(&arena, "%s/%s", path, entry->d_name);
        const char *dot = strrchr(entry->d_name, '.');

        if (text_equal(dot, ".json"))
            count += check_file(inner);
    }
    if (directory)
        closedir(directory);
    arena_release(&arena);
    return count;
}

static void every_example_comes_through_unchanged(void **state)
{
    struct arena arena = {0};
    size_t count = 0;

    (void)state;
    for (const struct contract_service *service = contract_services; service->name; service++)
        count += check_folder(arena_print(&arena, "%s/%s", folder, service->name));
    arena_release(&arena);
    print_message("%zu examples\n", count);
    assert_true(count > 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_comes_through_unchanged),
    };

    assert_int_equal(argc, 2);
    folder = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
