/* main.c - songda: signs in, calls any operation by name, imports files, follows events. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "songda.h"

#include "base/banned.h"

#define DEFAULT_HTTP "127.0.0.1:8080"
#define DEFAULT_FRONT "tcp://127.0.0.1:8081"

static const struct command commands[] = {
    {"sign-in", "NAME", "ask for the password and keep the session", command_sign_in},
    {"sign-out", "", "end the session", command_sign_out},
    {"operations", "[WORD…]", "list operations whose names hold the words", command_operations},
    {"describe", "OPERATION", "its fields, its address, what it answers", command_describe},
    {"call", "OPERATION [FIELD=VALUE…]", "call it; FIELD=@FILE takes the value from a file",
     command_call},
    {"import", "FILE.csv", "import leads; a line for every row", command_import},
    {"events", "", "print events as they happened", command_events},
    {"new-key", "FILE", "make FILE.key and FILE.pub, a key pair for tcp:// addresses",
     command_new_key},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

enum option_key {
    OPTION_HTTP = 256,
    OPTION_FRONT,
    OPTION_SESSION,
    OPTION_JSON,
    OPTION_LANGUAGE,
    OPTION_KEY,
    OPTION_AT,
    OPTION_PASSWORD_FILE,
    OPTION_SOURCE,
    OPTION_PREVIEW,
    OPTION_FOLLOW,
    OPTION_SERVICES,
    OPTION_BRANCH,
    OPTION_AFTER,
    OPTION_HELP,
    OPTION_OUTPUT,
    OPTION_KEY_FILE,
    OPTION_GATEWAY_KEY_FILE,
};

static const struct option options[] = {
    {"gateway", required_argument, NULL, OPTION_HTTP},
    {"front", required_argument, NULL, OPTION_FRONT},
    {"session", required_argument, NULL, OPTION_SESSION},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"json", required_argument, NULL, OPTION_JSON},
    {"language", required_argument, NULL, OPTION_LANGUAGE},
    {"key", required_argument, NULL, OPTION_KEY},
    {"at", required_argument, NULL, OPTION_AT},
    {"password-file", required_argument, NULL, OPTION_PASSWORD_FILE},
    {"source", required_argument, NULL, OPTION_SOURCE},
    {"preview", no_argument, NULL, OPTION_PREVIEW},
    {"follow", no_argument, NULL, OPTION_FOLLOW},
    {"services", required_argument, NULL, OPTION_SERVICES},
    {"branch", required_argument, NULL, OPTION_BRANCH},
    {"after", required_argument, NULL, OPTION_AFTER},
    {"key-file", required_argument, NULL, OPTION_KEY_FILE},
    {"gateway-key-file", required_argument, NULL, OPTION_GATEWAY_KEY_FILE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "\nOptions\n"
    "  --gateway HOST:PORT    HTTP address, for events (" DEFAULT_HTTP ", or SONGDA_GATEWAY)\n"
    "  --front ADDRESS        ZeroMQ address (" DEFAULT_FRONT ", or SONGDA_FRONT)\n"
    "  --key-file FILE, --gateway-key-file FILE\n"
    "                         our secret key and the gateway's public one, where the front asks "
    "for keys\n"
    "                         (or SONGDA_KEY_FILE, SONGDA_GATEWAY_KEY_FILE)\n"
    "  --session FILE         where the session is kept (~/.config/songda/session, or "
    "SONGDA_SESSION)\n"
    "  --output json|table    json unless the output is a terminal\n"
    "  --language zh|en       of errors and descriptions (zh unless LANG begins with en)\n"
    "  --json TEXT|-          call: the request as JSON; - reads standard input\n"
    "  --key UUID             call, import: the idempotency key; a new one unless given\n"
    "  --at TIME              call: the instant to decide at, where a set clock is allowed\n"
    "  --password-file FILE   sign-in: instead of asking; - reads standard input\n"
    "  --source SOURCE        import: list, call, visit, web, api or referral (list)\n"
    "  --preview              import: say what would happen\n"
    "  --follow               events: do not end\n"
    "  --services A,B         events: of these services only\n"
    "  --branch ID            events: of this branch only\n"
    "  --after ID             events: go on after this id\n"
    "\nExit codes\n"
    "  0 done   1 refused   2 wrong usage   3 not signed in   4 not done, try later\n"
    "  5 maybe done: ask again with the same key   6 no answer from the gateway\n";

int complain(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "songda: ");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments); /* NOLINT(clang-analyzer-valist.Uninitialized) */
    va_end(arguments);
    fprintf(stderr, "\n");
    return EXIT_USAGE;
}

static int print_help(void)
{
    printf("usage: songda COMMAND [WORD…] [OPTION…]\n\nCommands\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-11s %-26s %s\n", commands[i].name, commands[i].arguments, commands[i].meaning);
    printf("%s", help);
    return EXIT_DONE;
}

static int set_words(struct songda *songda, const char *output, const char *language)
{
    if (output && !text_equal(output, "json") && !text_equal(output, "table"))
        return complain("--output: json or table");
    if (language && !text_equal(language, "zh") && !text_equal(language, "en"))
        return complain("--language: zh or en");
    if (output)
        songda->as_json = text_equal(output, "json");
    if (language)
        songda->english = text_equal(language, "en");
    return EXIT_DONE;
}

/* EXIT_DONE: go on. EXIT_USAGE: said what is wrong. */
static int take_option(struct songda *songda, int key, const char *value)
{
    const struct {
        int key;
        const char **place;
    } texts[] = {
        {OPTION_HTTP, &songda->http},
        {OPTION_FRONT, &songda->front},
        {OPTION_SESSION, &songda->session},
        {OPTION_KEY_FILE, &songda->key_file},
        {OPTION_GATEWAY_KEY_FILE, &songda->gateway_key_file},
        {OPTION_JSON, &songda->json},
        {OPTION_KEY, &songda->key},
        {OPTION_AT, &songda->at},
        {OPTION_PASSWORD_FILE, &songda->password_file},
        {OPTION_SOURCE, &songda->source},
        {OPTION_SERVICES, &songda->services},
        {OPTION_BRANCH, &songda->branch},
        {OPTION_AFTER, &songda->after},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].key == key) {
            *texts[i].place = value;
            return EXIT_DONE;
        }
    }
    songda->preview |= key == OPTION_PREVIEW;
    songda->follow |= key == OPTION_FOLLOW;
    if (key == OPTION_OUTPUT)
        return set_words(songda, value, NULL);
    if (key == OPTION_LANGUAGE)
        return set_words(songda, NULL, value);
    return key == '?' || key == ':' ? EXIT_USAGE : EXIT_DONE;
}

static void set_defaults(struct songda *songda)
{
    const char *home = getenv("HOME"), *language = getenv("LANG"), *kept = getenv("SONGDA_SESSION");

    songda->as_json = !isatty(STDOUT_FILENO);
    songda->english = language && strncmp(language, "en", 2) == 0;
    songda->session =
        kept ? kept : arena_print(&songda->arena, "%s/.config/songda/session", home ? home : ".");
    songda->http = getenv("SONGDA_GATEWAY");
    songda->front = getenv("SONGDA_FRONT");
    songda->key_file = getenv("SONGDA_KEY_FILE");
    songda->gateway_key_file = getenv("SONGDA_GATEWAY_KEY_FILE");
    songda->source = "list";
}

static int run(struct songda *songda, char **words, int count)
{
    if (!keys_load(songda))
        return EXIT_USAGE;
    session_load(songda);
    if (!songda->http)
        songda->http = DEFAULT_HTTP;
    if (!songda->front)
        songda->front = DEFAULT_FRONT;
    for (size_t i = 0; count > 0 && i < COMMAND_COUNT; i++) {
        if (text_equal(commands[i].name, words[0]))
            return commands[i].run(songda, words + 1, count - 1);
    }
    if (count == 0)
        return complain("do what? See songda --help");
    return complain("there is no command '%s'; see songda --help", words[0]);
}

int main(int argc, char **argv)
{
    struct songda songda = {0};
    int key, code = EXIT_DONE;

    set_defaults(&songda);
    while (code == EXIT_DONE && (key = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (key == OPTION_HELP)
            return print_help();
        code = take_option(&songda, key, optarg);
    }
    if (code != EXIT_DONE)
        return code;
    routes_init(&songda.routes);
    code = run(&songda, argv + optind, argc - optind);
    client_free(&songda.client);
    routes_release(&songda.routes);
    arena_release(&songda.arena);
    return fflush(stdout) == 0 ? code : EXIT_USAGE;
}
