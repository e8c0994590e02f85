/* base_log.c - tests of the log's lines, read back from standard error. */
#include "unit.h"

#include <sys/stat.h>

#include "base/log.h"

static int saved_stderr;
static FILE *caught;

static void catch_lines(void)
{
    fflush(stderr);
    saved_stderr = dup(STDERR_FILENO);
    caught = tmpfile();
    assert_non_null(caught);
    dup2(fileno(caught), STDERR_FILENO);
}

static const char *caught_lines(void)
{
    static char lines[65536];
    size_t len;

    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    rewind(caught);
    len = fread(lines, 1, sizeof(lines) - 1, caught);
    lines[len] = 0;
    fclose(caught);
    return lines;
}

/* What stands behind the time. */
static const char *behind_time(const char *line)
{
    const char *level = strstr(line, "\"level\"");

    assert_non_null(level);
    assert_memory_equal(line, "{\"time\":\"20", 11);
    return level;
}

static void a_line_is_one_json_object_with_its_fields(void **state)
{
    (void)state;
    catch_lines();
    log_info("call", log_text("operation", "receipt.record"), log_int("ms", -3),
             log_bool("cached", true), log_bool("late", false), log_text("actor", NULL));
    assert_string_equal(behind_time(caught_lines()),
                        "\"level\":\"info\",\"program\":\"unit\",\"instance\":\"1\","
                        "\"event\":\"call\",\"operation\":\"receipt.record\",\"ms\":-3,"
                        "\"cached\":true,\"late\":false,\"actor\":null}\n");
}

static void a_line_may_have_no_fields(void **state)
{
    (void)state;
    catch_lines();
    log_warn("stopping");
    log_line(LOG_ERROR, "failed", NULL, 0);
    assert_non_null(strstr(caught_lines(), "\"event\":\"stopping\"}\n{\"time\""));
}

static void characters_are_escaped_and_wrong_bytes_replaced(void **state)
{
    (void)state;
    catch_lines();
    log_info("e", log_text("t", "\"\\\n\t\x01\x7f送\xff\xe9"));
    assert_non_null(strstr(caught_lines(), "\"t\":\"\\\"\\\\\\u000a\\u0009\\u0001\\u007f送"
                                           "\xef\xbf\xbd\xef\xbf\xbd\"}\n"));
}

static void lines_below_the_level_are_not_written(void **state)
{
    const char *lines;

    (void)state;
    catch_lines();
    log_debug("quiet");
    log_set_level(LOG_ERROR);
    log_warn("quiet");
    log_error("loud");
    log_set_level(LOG_DEBUG);
    log_debug("fine");
    log_set_level(LOG_INFO);
    lines = caught_lines();
    assert_null(strstr(lines, "quiet"));
    assert_non_null(strstr(lines, "\"level\":\"error\""));
    assert_non_null(strstr(lines, "\"level\":\"debug\""));
}

/* Every closing quote, brace and line feed is in place however much is cut. */
static void expect_cut_line(const char *line)
{
    static const char tail[] = ",\"truncated\":true}\n";
    size_t len = strlen(line);
    const char *behind = line + len - strlen(tail);

    assert_true(len <= LOG_LINE_SIZE);
    assert_string_equal(behind, tail);
    assert_ptr_equal(strchr(line, '\n'), line + len - 1);
    assert_true(behind[-1] == '"' || memcmp(behind - 2, ":1", 2) == 0 ||
                memcmp(behind - 5, ":true", 5) == 0);
}

static void a_long_line_is_shortened_and_says_so(void **state)
{
    static char text[10001];

    (void)state;
    for (int shift = 0; shift < 8; shift++) {
        memset(text, 'x', (size_t)shift);
        for (size_t i = (size_t)shift; i + 3 < sizeof(text); i += 3)
            memcpy(text + i, "送", 3);
        catch_lines();
        log_info("e", log_text("long", text), log_text("next", "lost"), log_int("n", 1));
        expect_cut_line(caught_lines());
    }
}

static void expect_whole_or_absent(const char *line, const char *beginning, const char *whole)
{
    const char *found = strstr(line, beginning);

    if (found)
        assert_memory_equal(found, whole, strlen(whole));
}

static void a_line_of_any_length_stays_whole(void **state)
{
    static char text[4200];

    (void)state;
    for (size_t len = 3700; len < 4100; len++) {
        const char *line;

        memset(text, 'x', len);
        text[len] = 0;
        catch_lines();
        log_info("e", log_text("a", text), log_int("second", 1), log_bool("third", true));
        line = caught_lines();
        if (strstr(line, "truncated"))
            expect_cut_line(line);
        else
            assert_non_null(strstr(line, "\"second\":1,\"third\":true}\n"));
        expect_whole_or_absent(line, "\"sec", "\"second\":1");
        expect_whole_or_absent(line, "\"thi", "\"third\":true");
    }
}

static void level_names_are_read(void **state)
{
    enum log_level level = LOG_INFO;

    (void)state;
    assert_true(log_level_parse("warn", &level));
    assert_int_equal(level, LOG_WARN);
    assert_true(log_level_parse("debug", &level));
    assert_int_equal(level, LOG_DEBUG);
    assert_false(log_level_parse("WARN", &level));
    assert_false(log_level_parse("", &level));
    assert_int_equal(level, LOG_DEBUG);
}

static void die_now(void)
{
    die("impossible", "state %d", 7);
}

static void die_aborts(void **state)
{
    (void)state;
    assert_true(aborts(die_now));
}

static void held_lines_are_written_together_and_a_warning_brings_them_along(void **state)
{
    struct stat size;

    (void)state;
    catch_lines();
    log_hold();
    for (int i = 0; i < 3; i++)
        log_info("call");
    assert_int_equal(fstat(fileno(caught), &size), 0);
    assert_int_equal(size.st_size, 0);
    log_warn("late");
    assert_int_equal(fstat(fileno(caught), &size), 0);
    assert_true(size.st_size > 0);
    for (int i = 0; i < 450; i++)
        log_info("many"); /* more than are kept */
    log_release();
    log_info("at once");
    const char *lines = caught_lines();
    size_t count = 0;
    for (const char *at = lines; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    assert_int_equal(count, 3 + 1 + 450 + 1);
    assert_true(strstr(lines, "\"call\"") < strstr(lines, "\"late\""));
    assert_non_null(strstr(lines, "\"event\":\"at once\"}\n"));
}

static int open_log(void **state)
{
    (void)state;
    log_open("unit", "1");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object_with_its_fields),
        cmocka_unit_test(a_line_may_have_no_fields),
        cmocka_unit_test(characters_are_escaped_and_wrong_bytes_replaced),
        cmocka_unit_test(lines_below_the_level_are_not_written),
        cmocka_unit_test(a_long_line_is_shortened_and_says_so),
        cmocka_unit_test(a_line_of_any_length_stays_whole),
        cmocka_unit_test(level_names_are_read),
        cmocka_unit_test(held_lines_are_written_together_and_a_warning_brings_them_along),
        cmocka_unit_test(die_aborts),
    };

    return cmocka_run_group_tests(tests, open_log, NULL);
}
