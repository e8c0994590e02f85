/* gateway_settings.c - a settings file says what it means, or the gateway does not start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "settings.h"

#include "base/banned.h"

#define REQUIRED                                                                                   \
    "http = 127.0.0.1:8080\nworkers = ipc:///x/w\nwakeups_in = ipc:///x/i\nwakeups_out = "         \
    "ipc:///x/o\n"

static bool load(const char *text, struct settings *settings)
{
    char path[] = "/tmp/songda-settings-XXXXXX";
    int fd = mkstemp(path);
    bool is_good;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    is_good = settings_load(settings, path);
    unlink(path);
    return is_good;
}

static void expect_refused(const char *text)
{
    struct settings settings;

    assert_false(load(text, &settings));
    settings_release(&settings);
    settings_release(&settings);
}

static void what_is_not_said_has_its_default(void **state)
{
    struct settings settings;

    (void)state;
    assert_true(
        load("# a remark\n\n" REQUIRED "  rate =  7  \r\nredis = unix:/a b/r\n", &settings));
    assert_string_equal(settings.http, "127.0.0.1:8080");
    assert_string_equal(settings.redis, "unix:/a b/r");
    assert_string_equal(settings.mode, "production");
    assert_string_equal(settings.clock, "system");
    assert_int_equal(settings.rate, 7);
    assert_int_equal(settings.connections, 4096);
    settings_release(&settings);
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    expect_refused("");
    expect_refused(REQUIRED "nonsense = 1\n");
    expect_refused(REQUIRED "no equals sign\n");
    expect_refused(REQUIRED "rate = 0\n");
    expect_refused(REQUIRED "rate = 7x\n");
    expect_refused(REQUIRED "rate = 99999999999999999999\n");
    expect_refused(REQUIRED "mode = holiday\n");
    expect_refused("http = 127.0.0.1:8080\n");
}

static void production_runs_on_the_systems_clock(void **state)
{
    struct settings settings;

    (void)state;
    expect_refused(REQUIRED "mode = production\nclock = request\n");
    assert_true(load(REQUIRED "mode = test\nclock = request\n", &settings));
    settings_release(&settings);
}

static void a_map_comes_from_one_origin_or_none(void **state)
{
    static const char *const wrong[] = {"tiles.example/{z}/{x}/{y}",
                                        "ftp://tiles.example/{z}/{x}/{y}",
                                        "https:///{z}/{x}/{y}",
                                        "https://tiles.example",
                                        "https://tiles.example/{z}/{x}",
                                        "https://tiles.example{z}/{x}/{y}",
                                        "https://tiles.example:/{z}/{x}/{y}",
                                        "https://tiles.example:80443x/{z}/{x}/{y}",
                                        "https://{s}.tiles.example/{z}/{x}/{y}",
                                        "https://tiles.example;script-src */{z}/{x}/{y}",
                                        "https://me@tiles.example/{z}/{x}/{y}"};
    struct settings settings;
    char origin[SETTINGS_ORIGIN_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[512];

        assert_false(settings_origin(wrong[i], origin, sizeof(origin)));
        snprintf(text, sizeof(text), REQUIRED "map_tiles = %s\n", wrong[i]);
        expect_refused(text);
    }
    assert_false(settings_origin("https://tiles.example/{z}/{x}/{y}", origin, 21));
    assert_true(settings_origin("https://tiles.example/{z}/{x}/{y}", origin, 22));
    assert_string_equal(origin, "https://tiles.example");
    assert_true(
        load(REQUIRED "map_tiles = http://10.0.0.7:8081/t/{z}/{x}/{y}.png?key=7\n", &settings));
    assert_true(settings_origin(settings.map_tiles, origin, sizeof(origin)));
    assert_string_equal(origin, "http://10.0.0.7:8081");
    settings_release(&settings);
}

static void what_leaves_the_machine_needs_keys(void **state)
{
    static const char *const wrong[] = {
        "workers = tcp://0.0.0.0:1\nmode = test\n",
        "workers = ipc:///x/w tcp://10.0.0.1:1\nmode = test\n",
        "wakeups_in = tcp://*:1\nmode = test\n",
        "wakeups_out = tcp://10.0.0.1:1\n",
        "clients = tcp://0.0.0.0:1\n",
        "clients = tcp://127.0.0.1:1 tcp://0.0.0.0:1\nclient_keys = loopback\n",
        "key_file = /k\n",
        "allowed_file = /a\n",
        "client_keys = required\n",
        "client_keys = none\n",
        "clients = tcp://0.0.0.0:1\nkey_file = /k\nallowed_file = /a\n",
    };
    static const char *const right[] = {
        "workers = tcp://127.0.0.1:1\nclients = tcp://127.0.0.1:2\n",
        "workers = ipc:///x/w tcp://0.0.0.0:1\nkey_file = /k\nallowed_file = /a\n",
        "clients = tcp://0.0.0.0:1\nmode = test\n",
        "clients = tcp://0.0.0.0:1\nclient_keys = network\n",
        "clients = tcp://0.0.0.0:1\nkey_file = /k\nallowed_file = /a\nclient_keys = required\n",
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        snprintf(text, sizeof(text), REQUIRED "%s", wrong[i]);
        expect_refused(text);
    }
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        struct settings settings;

        snprintf(text, sizeof(text), REQUIRED "%s", right[i]);
        assert_true(load(text, &settings));
        settings_release(&settings);
    }
}

static void a_missing_file_is_refused(void **state)
{
    struct settings settings;

    (void)state;
    assert_false(settings_load(&settings, "/nonexistent/gateway.conf"));
    settings_release(&settings);
}

static void words_are_whole(void **state)
{
    (void)state;
    assert_true(settings_has_word("leads staff", "staff"));
    assert_true(settings_has_word("  leads   staff ", "leads"));
    assert_false(settings_has_word("leads staff", "lead"));
    assert_false(settings_has_word("", "leads"));
    assert_false(settings_has_word("leads", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_has_its_default),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(production_runs_on_the_systems_clock),
        cmocka_unit_test(a_map_comes_from_one_origin_or_none),
        cmocka_unit_test(what_leaves_the_machine_needs_keys),
        cmocka_unit_test(a_missing_file_is_refused),
        cmocka_unit_test(words_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
