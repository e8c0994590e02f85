/* gateway_allowed.c - the list of allowed keys says who may connect, and what is wrong with it changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

#include "allowed.h"

#include "base/banned.h"

/* A file, and three keys that never connect anywhere. */
struct fixture {
    char path[64];
    char keys[3][CURVE_TEXT];
    struct allowed_list list;
    int64_t now;
};

static void write_file(const struct fixture *fixture, const char *text)
{
    char fresh[128];
    FILE *file;

    snprintf(fresh, sizeof(fresh), "%s.new", fixture->path);
    file = fopen(fresh, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(fresh, fixture->path), 0);
}

static int open_file(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));
    char secret[CURVE_TEXT];
    int fd;

    snprintf(fixture->path, sizeof(fixture->path), "/tmp/songda-allowed-XXXXXX");
    fd = mkstemp(fixture->path);
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(zmq_curve_keypair(fixture->keys[i], secret), 0);
    *state = fixture;
    return 0;
}

static int close_file(void **state)
{
    struct fixture *fixture = *state;

    allowed_release(&fixture->list);
    unlink(fixture->path);
    test_free(fixture);
    return 0;
}

/* service dispatch, service leads, client erp; as many as `count`. */
static void write_keys(const struct fixture *fixture, int count)
{
    static const char *const who[] = {"service dispatch", "service\tleads", "client erp"};
    char text[512] = "# who may connect\n\n";
    size_t len = strlen(text);

    for (int i = 0; i < count; i++)
        len +=
            (size_t)snprintf(text + len, sizeof(text) - len, "%s %s\n", who[i], fixture->keys[i]);
    write_file(fixture, text);
}

/* As much later as makes a look due. */
static bool look(struct fixture *fixture)
{
    fixture->now += ALLOWED_LOOK;
    return allowed_look(&fixture->list, fixture->now);
}

static void a_key_has_a_name_and_a_role(void **state)
{
    struct fixture *fixture = *state;
    const struct allowed_list *list = &fixture->list;

    write_keys(fixture, 3);
    assert_true(allowed_init(&fixture->list, fixture->path));
    assert_string_equal(allowed_name(list, ALLOWED_SERVICE, fixture->keys[0]), "dispatch");
    assert_string_equal(allowed_name(list, ALLOWED_SERVICE, fixture->keys[1]), "leads");
    assert_string_equal(allowed_name(list, ALLOWED_CLIENT, fixture->keys[2]), "erp");
    assert_null(allowed_name(list, ALLOWED_CLIENT, fixture->keys[0]));
    assert_null(allowed_name(list, ALLOWED_SERVICE, fixture->keys[2]));
    assert_null(allowed_name(list, ALLOWED_SERVICE, ""));
    assert_null(allowed_name(list, ALLOWED_SERVICE, "local"));
}

static void a_change_counts_when_two_looks_found_it(void **state)
{
    struct fixture *fixture = *state;

    write_keys(fixture, 2);
    assert_true(allowed_init(&fixture->list, fixture->path));
    assert_false(look(fixture));
    write_keys(fixture, 3);
    assert_false(look(fixture)); /* it may be half written */
    assert_null(allowed_name(&fixture->list, ALLOWED_CLIENT, fixture->keys[2]));
    assert_false(look(fixture)); /* somebody came, nobody went */
    assert_non_null(allowed_name(&fixture->list, ALLOWED_CLIENT, fixture->keys[2]));
    write_keys(fixture, 1);
    assert_false(look(fixture));
    assert_false(allowed_look(&fixture->list, fixture->now + ALLOWED_LOOK - 1)); /* too soon */
    assert_true(look(fixture));
    assert_null(allowed_name(&fixture->list, ALLOWED_SERVICE, fixture->keys[1]));
    assert_non_null(allowed_name(&fixture->list, ALLOWED_SERVICE, fixture->keys[0]));
    assert_false(look(fixture));
    write_file(fixture, ""); /* nobody at all */
    assert_false(look(fixture));
    assert_true(look(fixture));
    assert_null(allowed_name(&fixture->list, ALLOWED_SERVICE, fixture->keys[0]));
}

static void a_key_that_becomes_anothers_is_lost(void **state)
{
    struct fixture *fixture = *state;
    char text[128];

    write_keys(fixture, 1);
    assert_true(allowed_init(&fixture->list, fixture->path));
    snprintf(text, sizeof(text), "service staff %s\n", fixture->keys[0]);
    write_file(fixture, text);
    assert_false(look(fixture));
    assert_true(look(fixture));
    snprintf(text, sizeof(text), "client staff %s", fixture->keys[0]); /* without an end of line */
    write_file(fixture, text);
    assert_false(look(fixture));
    assert_true(look(fixture));
    assert_string_equal(allowed_name(&fixture->list, ALLOWED_CLIENT, fixture->keys[0]), "staff");
}

static void what_is_wrong_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    const char *const key = fixture->keys[1], *const forms[] = {"service %s\n",
                                                                "server leads %s\n",
                                                                "service leads %s more\n",
                                                                "service leads %sx\n",
                                                                "service leads %.39s\n",
                                                                "service leads\n# %s\n",
                                                                "leads %s\n",
                                                                "service leads %.39s\"\n"};
    char text[1024];

    write_keys(fixture, 2);
    assert_true(allowed_init(&fixture->list, fixture->path));
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        snprintf(text, sizeof(text), "service dispatch %s\n", fixture->keys[2]);
        size_t len = strlen(text);
        const char *percent = strchr(forms[i], '%');
        int shown = percent[1] == '.' ? CURVE_TEXT - 2 : CURVE_TEXT - 1;
        snprintf(text + len, sizeof(text) - len, "%.*s%.*s%s", (int)(percent - forms[i]), forms[i],
                 shown, key, strchr(percent, 's') + 1);
        write_file(fixture, text);
        assert_false(look(fixture));
        assert_false(look(fixture));
        assert_true(fixture->list.is_stale);
        assert_null(allowed_name(&fixture->list, ALLOWED_SERVICE, fixture->keys[2]));
        assert_non_null(allowed_name(&fixture->list, ALLOWED_SERVICE, fixture->keys[1]));
    }
    unlink(fixture->path);
    assert_false(look(fixture));
    assert_false(look(fixture));
    assert_true(fixture->list.is_stale);
    assert_non_null(allowed_name(&fixture->list, ALLOWED_SERVICE, fixture->keys[1]));
    write_keys(fixture, 1);
    assert_false(look(fixture));
    assert_true(look(fixture));
    assert_false(fixture->list.is_stale);
}

static void a_key_stands_once(void **state)
{
    struct fixture *fixture = *state;
    char text[256];

    snprintf(text, sizeof(text), "service leads %s\nclient leads %s\n", fixture->keys[0],
             fixture->keys[0]);
    write_file(fixture, text);
    assert_false(allowed_init(&fixture->list, fixture->path));
}

static void a_list_that_others_may_write_is_refused(void **state)
{
    struct fixture *fixture = *state;

    write_keys(fixture, 1);
    assert_int_equal(chmod(fixture->path, 0664), 0);
    assert_false(allowed_init(&fixture->list, fixture->path));
}

static void a_list_that_is_not_there_is_refused(void **state)
{
    struct fixture *fixture = *state;

    unlink(fixture->path);
    assert_false(allowed_init(&fixture->list, fixture->path));
    write_keys(fixture, 0); /* for close_file */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_has_a_name_and_a_role, open_file, close_file),
        cmocka_unit_test_setup_teardown(a_change_counts_when_two_looks_found_it, open_file,
                                        close_file),
        cmocka_unit_test_setup_teardown(a_key_that_becomes_anothers_is_lost, open_file, close_file),
        cmocka_unit_test_setup_teardown(what_is_wrong_changes_nothing, open_file, close_file),
        cmocka_unit_test_setup_teardown(a_key_stands_once, open_file, close_file),
        cmocka_unit_test_setup_teardown(a_list_that_others_may_write_is_refused, open_file,
                                        close_file),
        cmocka_unit_test_setup_teardown(a_list_that_is_not_there_is_refused, open_file, close_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
