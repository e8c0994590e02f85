/* settings.c - reads the gateway's settings file by one table of names, defaults, limits and meanings. */
#include "settings.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "wire/curve.h"

#include "base/banned.h"

#define LINE_MAX_BYTES 4096

struct row {
    const char *name, *fallback; /* NULL: required */
    size_t offset;
    bool is_number;
    int64_t min, max;
    const char *words; /* allowed, space separated; NULL: any */
    const char *meaning;
};

#define TEXT(name, fallback, words, meaning)                                                       \
    {                                                                                              \
#name, fallback, offsetof(struct settings, name), false, 0, 0, words, meaning              \
    }
#define NUMBER(name, fallback, min, max, meaning)                                                  \
    {                                                                                              \
#name, fallback, offsetof(struct settings, name), true, min, max, NULL, meaning            \
    }

static const struct row rows[] = {
    TEXT(instance, "1", NULL, "name of this gateway in logs and metrics"),
    TEXT(mode, "production", "production demonstration test", "what is allowed"),
    TEXT(clock, "system", "system request",
         "request: X-Songda-Clock is obeyed; refused in production"),
    TEXT(http, NULL, NULL, "address:port for HTTP"),
    TEXT(clients, "", NULL, "ZeroMQ addresses for clients; empty: none"),
    TEXT(workers, NULL, NULL, "ZeroMQ addresses where services dial in"),
    TEXT(wakeups_in, NULL, NULL, "ZeroMQ addresses where services publish wake-ups"),
    TEXT(wakeups_out, NULL, NULL, "ZeroMQ addresses where services hear wake-ups"),
    TEXT(key_file, "", NULL,
         "the gateways' secret key: services' tcp:// addresses are encrypted (songda new-key)"),
    TEXT(
        allowed_file, "", NULL,
        "whose keys may connect, lines `service NAME KEY` or `client NAME KEY`; read again when it "
        "changes"),
    TEXT(client_keys, "loopback", "loopback required network",
         "required: clients' tcp:// addresses are encrypted too; loopback: they are plain, in "
         "production on this machine only; network: plain anywhere, for a closed network"),
    TEXT(redis, "", NULL, "unix:PATH or address:port; empty: no cache"),
    TEXT(session_key_file, "", NULL,
         "secret that all gateways share, to leave each other sessions in Redis; made when it is "
         "not "
         "there; empty: sessions stay in the process"),
    TEXT(metrics_file, "", NULL,
         "further figures for /metrics, which somebody else writes; empty: none"),
    TEXT(console, "", NULL, "folder of the web console; empty: none"),
    TEXT(map_tiles, "", NULL,
         "address of a map's tiles, https://HOST/…{z}…{x}…{y}…; empty: no other server is asked"),
    TEXT(map_attribution, "", NULL, "whose map that is, shown on it"),
    TEXT(services, "all", NULL, "services that /readyz waits for, or all"),
    TEXT(proxies, "", NULL, "addresses whose X-Forwarded-For is believed"),
    TEXT(origins, "", NULL, "further origins whose pages may write with the cookie"),
    TEXT(tls, "none", "none proxy", "proxy: TLS ends in front, cookies are Secure"),
    TEXT(log, "info", "debug info warn error", "least important line that is written"),
    NUMBER(connections, "4096", 16, 65536, "HTTP connections at once"),
    NUMBER(connections_address, "0", 0, 65536, "HTTP connections of one address; 0: no limit"),
    NUMBER(listeners, "2000", 0, 65536, "event streams at once"),
    NUMBER(rate, "200", 1, 1000000, "requests a second of one address (loopback is free)"),
    NUMBER(burst, "400", 1, 1000000, "requests of one address at once"),
    NUMBER(sign_in_rate, "30", 1, 1000000, "sign-ins a minute of one address (loopback is free)"),
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

bool settings_has_word(const char *words, const char *word)
{
    size_t len = strlen(word), run;

    for (const char *at = words; *at; at += run) {
        at += strspn(at, " ");
        run = strcspn(at, " ");
        if (run == len && len > 0 && memcmp(at, word, len) == 0)
            return true;
    }
    return false;
}

static void *member(struct settings *settings, const struct row *row)
{
    return (char *)settings + row->offset;
}

static bool set_number(struct settings *settings, const struct row *row, const char *value)
{
    char *end;
    long long number;

    errno = 0;
    number = strtoll(value, &end, 10);
    if (errno || *end || end == value || number < row->min || number > row->max)
        return false;
    *(int64_t *)member(settings, row) = number;
    return true;
}

static bool set(struct settings *settings, const struct row *row, const char *value)
{
    char **text = member(settings, row);

    if (row->is_number)
        return set_number(settings, row, value);
    if (row->words && !settings_has_word(row->words, value))
        return false;
    memory_free(text);
    *text = memory_text(value);
    return true;
}

/* `name = value` without the spaces around; false: neither that nor empty nor a remark. */
static bool split(char *line, char **name, char **value)
{
    char *equals, *end = line + strcspn(line, "\r\n");

    *end = '\0';
    line += strspn(line, " \t");
    *name = NULL;
    if (*line == '\0' || *line == '#')
        return true;
    equals = strchr(line, '=');
    if (!equals)
        return false;
    *value = equals + 1 + strspn(equals + 1, " \t");
    while (end > *value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    for (*equals = '\0'; equals > line && (equals[-1] == ' ' || equals[-1] == '\t');)
        *--equals = '\0';
    *name = line;
    return true;
}

static bool complain(const char *path, int line, const char *what)
{
    log_error("settings", log_text("file", path), log_int("line", line), log_text("detail", what));
    return false;
}

static bool read_line(struct settings *settings, char *line, const char *path, int number)
{
    char *name, *value;

    if (!split(line, &name, &value))
        return complain(path, number, "not `name = value`");
    for (size_t i = 0; name && i < ROW_COUNT; i++) {
        if (!text_equal(rows[i].name, name))
            continue;
        return set(settings, &rows[i], value) || complain(path, number, rows[i].meaning);
    }
    return !name || complain(path, number, "there is no such setting");
}

bool settings_origin(const char *address, char *origin, size_t size)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    const char *names = strncmp(address, "https://", 8) == 0  ? address + 8
                        : strncmp(address, "http://", 7) == 0 ? address + 7
                                                              : NULL;
    size_t len, port;

    if (!names || !strstr(address, "{z}") || !strstr(address, "{x}") || !strstr(address, "{y}"))
        return false;
    len = strspn(names, host);
    port = names[len] == ':' ? 1 + strspn(names + len + 1, "0123456789") : 0;
    if (len == 0 || port == 1 || port > 6 || names[len + port] != '/')
        return false;
    len += (size_t)(names - address) + port;
    if (len >= size)
        return false;
    memcpy(origin, address, len);
    origin[len] = '\0';
    return true;
}

/* Services' traffic never leaves the machine in plain text, and clients' does not in production. */
static bool check_keys(const struct settings *settings, const char *path)
{
    const char *services[] = {settings->workers, settings->wakeups_in, settings->wakeups_out};
    bool has_keys = *settings->key_file != '\0';
    bool asks_clients = text_equal(settings->client_keys, "required");
    char address[CURVE_ADDRESS];

    if (has_keys != (*settings->allowed_file != '\0'))
        return complain(path, 0, "key_file and allowed_file go together");
    if (asks_clients && !has_keys)
        return complain(path, 0, "client_keys = required needs key_file and allowed_file");
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]) && !has_keys; i++) {
        if (curve_open_address(services[i], address))
            return complain(path, 0, "without key_file services dial in over ipc or loopback only");
    }
    if (text_equal(settings->mode, "production") && text_equal(settings->client_keys, "loopback") &&
        curve_open_address(settings->clients, address))
        return complain(path, 0,
                        "with client_keys = loopback clients of production dial in over ipc or "
                        "loopback only");
    return true;
}

static bool check(const struct settings *settings, const char *path)
{
    char origin[SETTINGS_ORIGIN_MAX];

    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *const *text = (const void *)((const char *)settings + rows[i].offset);

        if (!rows[i].fallback && !*text)
            return complain(path, 0, rows[i].name);
    }
    if (text_equal(settings->mode, "production") && text_equal(settings->clock, "request"))
        return complain(path, 0, "production runs on the system's clock");
    if (*settings->map_tiles && !settings_origin(settings->map_tiles, origin, sizeof(origin)))
        return complain(path, 0, "map_tiles is https://HOST/ with {z}, {x} and {y} in it");
    return check_keys(settings, path);
}

bool settings_load(struct settings *settings, const char *path)
{
    FILE *file = fopen(path, "re");
    int cause = errno;
    char line[LINE_MAX_BYTES];
    bool is_good = true;

    *settings = (struct settings){0};
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].fallback)
            set(settings, &rows[i], rows[i].fallback);
    }
    if (!file)
        return complain(path, 0, strerror(cause));
    for (int number = 1; is_good && fgets(line, sizeof(line), file); number++)
        is_good = read_line(settings, line, path, number);
    fclose(file);
    return is_good && check(settings, path);
}

void settings_release(struct settings *settings)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!rows[i].is_number)
            memory_free(member(settings, &rows[i]));
    }
}

void settings_help(void)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        printf("  %-20s %-12s %s\n", rows[i].name,
               rows[i].fallback ? rows[i].fallback : "(required)", rows[i].meaning);
}
