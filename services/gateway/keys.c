/* keys.c - answers which keys may connect, and whose a message is. */
#include "keys.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "settings.h"

#include "base/banned.h"

#define ZAP_ADDRESS "inproc://zeromq.zap.01"
#define ZAP_TURN 64 /* answers, before the others have their turn */
#define ZAP_FRAME 256

/* The frames of a question, in their order; what is behind them is dropped. */
enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, IDENTITY, MECHANISM, CREDENTIALS, FRAMES };

struct question {
    size_t count, lengths[FRAMES];
    char frames[FRAMES][ZAP_FRAME]; /* with a NUL behind; a longer one is empty */
};

static const char *const domains[] = {[ALLOWED_SERVICE] = "services", [ALLOWED_CLIENT] = "clients"};

bool keys_init(struct keys *keys, const struct settings *settings, void *context)
{
    const char *problem;
    int linger = 0;

    *keys = (struct keys){.asks_clients = text_equal(settings->client_keys, "required")};
    if (!curve_load_pair(&keys->own, settings->key_file, &problem)) {
        log_error("key_file", log_text("file", settings->key_file), log_text("detail", problem));
        return false;
    }
    if (!keys->own.is_set)
        return true;
    if (!allowed_init(&keys->allowed, settings->allowed_file))
        return false;
    keys->handler = zmq_socket(context, ZMQ_REP);
    if (!keys->handler || zmq_bind(keys->handler, ZAP_ADDRESS) != 0)
        die("zap", "%s", zmq_strerror(zmq_errno()));
    zmq_setsockopt(keys->handler, ZMQ_LINGER, &linger, sizeof(linger));
    return true;
}

void keys_release(struct keys *keys)
{
    if (keys->handler)
        zmq_close(keys->handler);
    allowed_release(&keys->allowed);
    curve_forget(&keys->own);
}

static bool is_asked(const struct keys *keys, enum allowed_role role)
{
    return keys->handler && (role == ALLOWED_SERVICE || keys->asks_clients);
}

void keys_for_bind(const struct keys *keys, void *socket, enum allowed_role role,
                   const char *address)
{
    const struct curve_pair none = {.is_set = false};

    if (is_asked(keys, role))
        curve_as_server(socket, curve_is_for(address) ? &keys->own : &none,
                        curve_is_for(address) ? domains[role] : KEYS_LOCAL);
}

void keys_refuse(struct keys *keys, const char *why, const char *user, const char *service)
{
    int64_t now = clock_monotonic();

    keys->refused++;
    if (now - keys->lines_since >= CLOCK_SECOND) {
        keys->lines_since = now;
        keys->lines = 0;
    }
    if (keys->lines++ < KEYS_LINES_MAX)
        log_warn("key_refused", log_text("why", why), log_text("key", user),
                 log_text("service", service), log_int("refused", keys->refused));
}

/* False: there is none. */
static bool receive(void *handler, struct question *question)
{
    zmq_msg_t frame;
    bool has_more;

    zmq_msg_init(&frame);
    question->count = 0;
    do {
        size_t at = question->count, len;

        if (zmq_msg_recv(&frame, handler, ZMQ_DONTWAIT) < 0)
            break;
        has_more = zmq_msg_more(&frame);
        if (question->count++ >= FRAMES)
            continue;
        len = zmq_msg_size(&frame) < ZAP_FRAME ? zmq_msg_size(&frame) : 0;
        memcpy(question->frames[at], zmq_msg_data(&frame), len);
        question->frames[at][len] = '\0';
        question->lengths[at] = len;
    } while (has_more);
    zmq_msg_close(&frame);
    return question->count > 0;
}

/* Whose connection it is to be; false: nobody's who may. `user` is who asks in any case. */
static bool decide(const struct keys *keys, const struct question *question, char user[CURVE_TEXT])
{
    user[0] = '\0';
    if (question->count <= MECHANISM || !text_equal(question->frames[VERSION], "1.0"))
        return false;
    if (text_equal(question->frames[DOMAIN], KEYS_LOCAL)) {
        snprintf(user, CURVE_TEXT, "%s", KEYS_LOCAL);
        return text_equal(question->frames[MECHANISM], "NULL");
    }
    if (!text_equal(question->frames[MECHANISM], "CURVE") || question->count != FRAMES ||
        question->lengths[CREDENTIALS] != CURVE_BYTES)
        return false;
    curve_text((const uint8_t *)question->frames[CREDENTIALS], user);
    for (enum allowed_role role = ALLOWED_SERVICE; role <= ALLOWED_CLIENT; role++) {
        if (text_equal(question->frames[DOMAIN], domains[role]))
            return allowed_name(&keys->allowed, role, user) != NULL;
    }
    return false;
}

static void reply(void *handler, const struct question *question, bool is_let_in, const char *user)
{
    /* 300, "for now": the other side tries again, and is let in when its key was added to the file. At 400 libzmq never tries again. */
    const char *const texts[] = {is_let_in ? "200" : "300", "", is_let_in ? user : ""};
    size_t id_len = question->count > REQUEST_ID ? question->lengths[REQUEST_ID] : 0;

    zmq_send(handler, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(handler, question->frames[REQUEST_ID], id_len, ZMQ_SNDMORE);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        zmq_send(handler, texts[i], strlen(texts[i]), ZMQ_SNDMORE);
    zmq_send(handler, "", 0, 0);
}

bool keys_answer(struct keys *keys)
{
    struct question question;
    char user[CURVE_TEXT];

    for (int i = 0; i < ZAP_TURN; i++) {
        bool is_let_in;

        if (!receive(keys->handler, &question))
            return false;
        is_let_in = decide(keys, &question, user);
        if (!is_let_in)
            keys_refuse(keys, "not allowed to connect", user, "");
        reply(keys->handler, &question, is_let_in, user);
    }
    return true;
}

bool keys_may(const struct keys *keys, enum allowed_role role, const char *user)
{
    return !is_asked(keys, role) || text_equal(user, KEYS_LOCAL) ||
           allowed_name(&keys->allowed, role, user) != NULL;
}

bool keys_sender(const struct keys *keys, enum allowed_role role, zmq_msg_t *frame,
                 char user[CURVE_TEXT])
{
    const char *named;

    user[0] = '\0';
    if (!is_asked(keys, role))
        return true;
    named = zmq_msg_gets(frame, "User-Id");
    if (!named)
        return false;
    snprintf(user, CURVE_TEXT, "%s", named);
    return keys_may(keys, role, user);
}

bool keys_is_service(const struct keys *keys, const char *user, const char *service)
{
    return !keys->handler || text_equal(user, KEYS_LOCAL) ||
           text_equal(allowed_name(&keys->allowed, ALLOWED_SERVICE, user), service);
}
