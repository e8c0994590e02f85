/* wire_curve.c - key files are made once, read by their owner only, and used on tcp; addresses say whether they leave the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "wire/curve.h"

#include "base/banned.h"

struct fixture {
    char folder[32], base[64], key[80], public_file[80];
};

static int open_folder(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));

    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/songda-curve-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->base, sizeof(fixture->base), "%s/leads", fixture->folder);
    snprintf(fixture->key, sizeof(fixture->key), "%s.key", fixture->base);
    snprintf(fixture->public_file, sizeof(fixture->public_file), "%s.pub", fixture->base);
    *state = fixture;
    return 0;
}

static int close_folder(void **state)
{
    struct fixture *fixture = *state;

    unlink(fixture->key);
    unlink(fixture->public_file);
    rmdir(fixture->folder);
    test_free(fixture);
    return 0;
}

static void a_pair_is_made_once(void **state)
{
    struct fixture *fixture = *state;
    char made[CURVE_TEXT], read[CURVE_TEXT], again[CURVE_TEXT];
    struct curve_pair pair;
    const char *problem;
    struct stat status;

    assert_true(curve_make(fixture->base, made));
    assert_false(curve_make(fixture->base, again));
    assert_int_equal(stat(fixture->key, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0400);
    assert_true(curve_load_pair(&pair, fixture->key, &problem));
    assert_true(curve_load_public(read, fixture->public_file, &problem));
    assert_true(pair.is_set);
    assert_string_equal(pair.public_key, made);
    assert_string_equal(read, made);
    assert_string_not_equal(pair.secret_key, made);
}

static void a_secret_that_others_may_read_is_refused(void **state)
{
    struct fixture *fixture = *state;
    char made[CURVE_TEXT];
    struct curve_pair pair;
    const char *problem;

    assert_true(curve_make(fixture->base, made));
    for (mode_t bit = S_IRGRP; bit > 0; bit = bit == S_IRGRP ? S_IROTH : 0) {
        assert_int_equal(chmod(fixture->key, S_IRUSR | bit), 0);
        assert_false(curve_load_pair(&pair, fixture->key, &problem));
        assert_string_equal(problem, "others may read it");
        assert_false(pair.is_set);
    }
}

static void what_is_no_key_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const char *const texts[] = {"", "\n", "0123456789012345678901234567890123456789a\n",
                                 "012345678901234567890123456789012345678\"\n",
                                 "012345678901234567890123456789012345678\n"};
    struct curve_client client;
    struct curve_pair pair;
    const char *problem;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        FILE *file = fopen(fixture->key, "we");

        assert_non_null(file);
        assert_int_equal(fchmod(fileno(file), 0600), 0);
        assert_true(fputs(texts[i], file) >= 0);
        assert_int_equal(fclose(file), 0);
        assert_false(curve_load_pair(&pair, fixture->key, &problem));
        assert_string_equal(problem, "is not a key of 40 characters");
    }
    assert_false(curve_load_pair(&pair, fixture->public_file, &problem)); /* not there */
    assert_true(curve_load_pair(&pair, "", &problem));
    assert_false(pair.is_set);
    assert_true(curve_load_client(&client, "", "", &problem));
    assert_false(client.own.is_set);
    assert_false(curve_load_client(&client, fixture->key, "", &problem));
    assert_false(curve_load_client(&client, "", fixture->key, &problem));
}

static void addresses_say_whether_they_leave_the_machine(void **state)
{
    const char *list = "  ipc:///run/w  tcp://127.0.0.1:1 ";
    char address[CURVE_ADDRESS];

    (void)state;
    assert_true(curve_is_private("ipc:///run/w") && curve_is_private("tcp://127.0.0.1:9"));
    assert_true(curve_is_private("tcp://[::1]:9") && curve_is_private("inproc://x"));
    assert_false(curve_is_private("tcp://0.0.0.0:9") || curve_is_private("tcp://*:9"));
    assert_false(curve_is_private("tcp://10.0.0.1:9") || curve_is_private("tcp://[::10]:9"));
    assert_false(curve_is_private("tcp://1270.0.0.1:9") || curve_is_private("udp://127.0.0.1:9"));
    assert_false(curve_is_private("tcp://127.example:9") ||
                 curve_is_private("tcp://[127.0.0.1]:9"));
    assert_false(curve_is_private("tcp://127.0.0.1") || curve_is_private("tcp://:9"));
    assert_null(curve_open_address(list, address));
    assert_null(curve_open_address("", address));
    assert_string_equal(curve_open_address("ipc:///x tcp://gateway:1 tcp://*:2", address),
                        "tcp://gateway:1");
    assert_true(curve_next_address(&list, address) && text_equal(address, "ipc:///run/w"));
    assert_true(curve_next_address(&list, address) && text_equal(address, "tcp://127.0.0.1:1"));
    assert_false(curve_next_address(&list, address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pair_is_made_once, open_folder, close_folder),
        cmocka_unit_test_setup_teardown(a_secret_that_others_may_read_is_refused, open_folder,
                                        close_folder),
        cmocka_unit_test_setup_teardown(what_is_no_key_is_refused, open_folder, close_folder),
        cmocka_unit_test(addresses_say_whether_they_leave_the_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
