/* call.c - calls any operation by its name in the contract; signs in and out. */
#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "songda.h"

#include "base/banned.h"

#define FILE_MAX ((size_t)64 << 20) /* bytes */

char *read_all(struct arena *arena, const char *path, size_t *len)
{
    FILE *file = text_equal(path, "-") ? stdin : fopen(path, "re");
    struct buffer data = {0};
    size_t got = 1;
    char *copy;

    if (!file) {
        complain("%s: %s", path, strerror(errno));
        return NULL;
    }
    while (got > 0 && data.len <= FILE_MAX) {
        got = fread(buffer_reserve(&data, 65536), 1, 65536, file);
        data.len += got;
    }
    if (file != stdin)
        fclose(file);
    *len = data.len;
    copy = arena_text_len(arena, data.data ? (const char *)data.data : "", data.len);
    buffer_release(&data);
    return copy;
}

static int exit_code_of(const struct error *error)
{
    if (error->status == 401)
        return EXIT_NOT_SIGNED_IN;
    switch (error->class) {
    case ERROR_CLASS_NO:
        return EXIT_REFUSED;
    case ERROR_CLASS_RETRY:
        return EXIT_TRY_LATER;
    case ERROR_CLASS_UNKNOWN:
        return EXIT_UNKNOWN;
    }
    return EXIT_REFUSED;
}

static int refused(struct songda *songda, const struct contract_operation *route,
                   const struct envelope *reply, struct id key)
{
    const struct error *error = routes_error(route->service, reply->error);

    if (!error) {
        fprintf(stderr, "songda: %s\n", reply->error);
        return EXIT_REFUSED;
    }
    fprintf(stderr, "songda: %s: %s", error->name,
            routes_sentence(error, songda->english, reply->error_value, &songda->arena));
    if (reply->error_field && *reply->error_field)
        fprintf(stderr, " (%s)", reply->error_field);
    if (reply->error_policy)
        fprintf(stderr, " [%s]", reply->error_policy);
    fprintf(stderr, "\n");
    if (error->class == ERROR_CLASS_UNKNOWN && !id_is_none(key))
        fprintf(stderr, "songda: ask again with --key %s\n", id_print(&songda->arena, key));
    return exit_code_of(error);
}

int ask(struct songda *songda, const struct contract_operation *route, struct bytes body,
        struct id key, struct envelope *reply)
{
    struct envelope request = {.operation = route->operation.name,
                               .token = songda->token,
                               .key = key,
                               .trace = "",
                               .body = body};

    if (songda->at && !instant_parse(songda->at, &request.at))
        return complain("--at: '%s' is not like 2026-11-22T08:00:00+08:00", songda->at);
    if (!songda->client)
        songda->client = client_new(songda->front, &songda->keys);
    if (!songda->client)
        return complain("--front: '%s' is not like tcp://127.0.0.1:8081", songda->front);
    if (!client_ask(songda->client, &songda->arena, &request, reply)) {
        fprintf(stderr, "songda: no answer from %s\n", songda->front);
        if (!id_is_none(key))
            fprintf(stderr, "songda: ask again with --key %s\n", id_print(&songda->arena, key));
        return EXIT_NO_ANSWER;
    }
    return reply->error ? refused(songda, route, reply, key) : EXIT_DONE;
}

static int wrong_field(struct songda *songda, const struct shape_error *error)
{
    const struct error *rule = routes_error(NULL, error->rule);

    return complain("%s: %s", error->path,
                    rule ? routes_sentence(rule, songda->english, error->value, &songda->arena)
                         : error->rule);
}

/* field=value, or field=@file; remembers which fields were given. */
static int take_word(struct songda *songda, const struct shape *shape, void *value, char *word,
                     uint64_t *given)
{
    char *equals = strchr(word, '=');
    const struct field *field;
    struct shape_error error;
    const char *text;
    size_t len;

    if (!equals)
        return complain("'%s' is not like field=value", word);
    *equals = '\0';
    text = equals + 1;
    if (*text == '@' && !(text = read_all(&songda->arena, text + 1, &len)))
        return EXIT_USAGE;
    field = shape_field(shape, word);
    if (!field)
        return complain("there is no field '%s'; see songda describe", word);
    if (field - shape->fields < 64)
        *given |= UINT64_C(1) << (field - shape->fields);
    if (!shape_set_text(shape, value, word, text, &songda->arena, &error))
        return wrong_field(songda, &error);
    return EXIT_DONE;
}

static int find_missing(const struct shape *shape, uint64_t given)
{
    for (size_t i = 0; i < shape->count && i < 64; i++) {
        const struct field *field = &shape->fields[i];

        if (!field->is_optional && !(field->is_list && field->min_items == 0) &&
            !(given & UINT64_C(1) << i))
            return complain("the field '%s' is missing", field->name);
    }
    return EXIT_DONE;
}

static int read_request(struct songda *songda, const struct shape *shape, void *value, char **words,
                        int count)
{
    struct shape_error error;
    uint64_t given = 0;
    int code = EXIT_DONE;
    const char *json = songda->json;
    size_t len = json ? strlen(json) : 0;

    if (json && text_equal(json, "-") && !(json = read_all(&songda->arena, "-", &len)))
        return EXIT_USAGE;
    if (json && count > 0)
        return complain("either --json or field=value");
    if (json)
        return shape_parse_json(shape, json, len, &songda->arena, value, &error)
                   ? EXIT_DONE
                   : wrong_field(songda, &error);
    for (int i = 0; i < count && code == EXIT_DONE; i++)
        code = take_word(songda, shape, value, words[i], &given);
    return code == EXIT_DONE ? find_missing(shape, given) : code;
}

static int choose_key(struct songda *songda, const struct contract_operation *route, struct id *key)
{
    *key = (struct id){{0}};
    if (route->operation.effect == EFFECT_READ)
        return EXIT_DONE;
    *key = id_make(clock_now());
    if (songda->key && !id_parse(songda->key, key))
        return complain("--key: '%s' is not a UUID", songda->key);
    return EXIT_DONE;
}

static int call(struct songda *songda, const struct contract_operation *route, const void *value,
                struct envelope *reply)
{
    struct buffer packed = {0};
    struct id key;
    int code = choose_key(songda, route, &key);

    if (code != EXIT_DONE)
        return code;
    shape_pack(route->operation.request, value, false, &packed);
    code = ask(songda, route, buffer_bytes(&packed), key, reply);
    buffer_release(&packed);
    return code;
}

int command_call(struct songda *songda, char **words, int count)
{
    const struct contract_operation *route;
    struct envelope reply = {0};
    void *value;
    int code;

    if (count == 0)
        return complain("call what? See songda operations");
    route = routes_operation(&songda->routes, words[0]);
    if (!route || route->operation.permission->kind == ACCESS_SERVICE)
        return complain("there is no operation '%s'; see songda operations", words[0]);
    value = arena_alloc(&songda->arena, route->operation.request->size);
    code = read_request(songda, route->operation.request, value, words + 1, count - 1);
    if (code == EXIT_DONE)
        code = call(songda, route, value, &reply);
    if (code == EXIT_DONE)
        print_reply(songda, route->operation.reply, reply.body);
    return code;
}

/* From --password-file, or from the terminal without showing it, or the first line of standard input. */
static const char *read_password(struct songda *songda)
{
    bool from_terminal = !songda->password_file && isatty(STDIN_FILENO);
    struct termios was, silent;
    char line[512] = "";
    size_t len;
    char *text;

    if (songda->password_file) {
        text = read_all(&songda->arena, songda->password_file, &len);
        if (text)
            text[strcspn(text, "\r\n")] = '\0';
        return text;
    }
    if (from_terminal && tcgetattr(STDIN_FILENO, &was) == 0) {
        silent = was;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        fprintf(stderr, "%s: ", songda->english ? "Password" : "密码");
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    if (!fgets(line, sizeof(line), stdin))
        line[0] = '\0';
    if (from_terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
        fprintf(stderr, "\n");
    }
    line[strcspn(line, "\r\n")] = '\0';
    return arena_text(&songda->arena, line);
}

int command_sign_in(struct songda *songda, char **words, int count)
{
    const struct contract_operation *route =
        routes_operation(&songda->routes, "staff.session.open");
    struct staff_session_open_request request = {0};
    struct staff_session_open_reply *opened =
        arena_new(&songda->arena, struct staff_session_open_reply);
    struct shape_error error;
    struct envelope reply = {0};
    int code;

    if (count != 1)
        return complain("sign-in NAME");
    request.sign_in_name = words[0];
    request.password = read_password(songda);
    if (!request.password)
        return EXIT_USAGE;
    songda->token = NULL;
    code = call(songda, route, &request, &reply);
    if (code != EXIT_DONE)
        return code;
    if (!shape_unpack(&staff_session_open_reply_shape, SHAPE_LENIENT, reply.body, &songda->arena,
                      opened, &error))
        return complain("the answer cannot be read: %s", error.path);
    songda->token = opened->token;
    songda->person = words[0];
    if (!session_save(songda))
        return EXIT_USAGE;
    printf("%s\n", opened->name);
    return EXIT_DONE;
}

int command_sign_out(struct songda *songda, char **words, int count)
{
    const struct contract_operation *route =
        routes_operation(&songda->routes, "staff.session.close");
    void *value = arena_alloc(&songda->arena, route->operation.request->size);
    struct envelope reply = {0};
    int code;

    (void)words;
    if (count != 0)
        return complain("sign-out takes nothing");
    code = call(songda, route, value, &reply);
    if (code == EXIT_DONE || code == EXIT_NOT_SIGNED_IN)
        session_forget(songda);
    return code;
}
