/* session.c - who stands behind a token, and since when we know. */
#include "session.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"
#include "session_kept.h"

#include "base/banned.h"

#define CHANGED_KEPT ((SESSION_KEPT_SECONDS + 60) * CLOCK_SECOND)
#define CHANGED_MAX 16384
#define ASK_AGAIN_MAX 3

/* A question to staff under way. */
struct question {
    struct session *session;
    int64_t number, at;
    int tries;
};

static void ask_staff(struct gateway *gateway, struct session *session, const char *token,
                      int tries);

void sessions_init(struct sessions *sessions)
{
    *sessions = (struct sessions){0};
    map_init(&sessions->by_hash);
    map_init(&sessions->changed);
    link_init(&sessions->recent);
}

static void session_free(struct session *session)
{
    session_kept_forget(session);
    memory_free(&session->actor.scope.items);
    memory_free(&session);
}

void sessions_release(struct sessions *sessions)
{
    for (size_t i = 0; i < map_count(&sessions->by_hash); i++)
        session_free(map_at(&sessions->by_hash, i)->value);
    for (size_t i = 0; i < map_count(&sessions->changed); i++) {
        struct session_change *change = map_at(&sessions->changed, i)->value;

        memory_free(&change);
    }
    map_release(&sessions->by_hash);
    map_release(&sessions->changed);
}

static void hold(struct session *session)
{
    session->holders++;
}

void session_put_down(struct session **address_of_session)
{
    struct session *session = *address_of_session;

    *address_of_session = NULL;
    if (session && --session->holders == 0 && session->state == SESSION_ENDED)
        session_free(session);
}

/* Nobody finds it any more; who holds it keeps it. */
static void session_end(struct gateway *gateway, struct session *session)
{
    if (session->state == SESSION_ENDED)
        return;
    hold(session);
    map_remove(&gateway->sessions.by_hash, session->hash, sizeof(session->hash));
    link_remove(&session->recent);
    session->state = SESSION_ENDED;
    streams_end(gateway, session);
    session_put_down(&session);
}

static void make_room(struct gateway *gateway)
{
    struct sessions *sessions = &gateway->sessions;

    link_each (&sessions->recent, link) {
        struct session *session = link_entry(link, struct session, recent);

        if (map_count(&sessions->by_hash) < SESSIONS_MAX)
            return;
        if (session->holders == 0 && session->state == SESSION_OPEN)
            session_end(gateway, session);
    }
}

static struct session *session_new(struct gateway *gateway, const uint8_t hash[TOKEN_HASH_SIZE])
{
    struct sessions *sessions = &gateway->sessions;
    struct session *session = memory_new(sizeof(*session));

    make_room(gateway);
    memcpy(session->hash, hash, sizeof(session->hash));
    session->touched_at = clock_monotonic();
    link_init(&session->waiting);
    link_init(&session->streams);
    link_append(&sessions->recent, &session->recent);
    map_put(&sessions->by_hash, hash, TOKEN_HASH_SIZE, session);
    return session;
}

bool session_is_fresh(const struct gateway *gateway, const struct session *session)
{
    int64_t now = clock_monotonic();

    if (session->state != SESSION_OPEN || session->ask_again)
        return false;
    return followers_confirmed(gateway, "staff") >= now - SESSION_BELIEVED ||
           session->asked_at >= now - SESSION_BELIEVED;
}

static bool is_over(const struct session *session)
{
    return session->expires_at != 0 && session->expires_at <= clock_now();
}

/* staff says until when the session lives now; a refusal comes to light when it is asked the next time. */
static void staff_was_told(struct request *r)
{
    struct session *session = r->owner;
    struct staff_session_touch_reply reply;
    struct shape_error error;

    if (!r->error && shape_unpack(&staff_session_touch_reply_shape, SHAPE_LENIENT, r->reply.body,
                                  &r->arena, &reply, &error))
        session->expires_at = reply.expires_at;
    session_put_down(&session);
    request_free(&r);
}

/* A session in use does not end as idle: staff is told now and then, not at every request. */
static void touch(struct gateway *gateway, struct session *session, const char *token)
{
    struct request *r;
    struct staff_session_touch_request request = {.token = token};
    struct buffer packed = {0};

    if (!token || clock_monotonic() - session->touched_at < SESSION_TOUCHED)
        return;
    session->touched_at = clock_monotonic();
    r = request_new(gateway, ORIGIN_GATEWAY);
    hold(session);
    shape_pack(&staff_session_touch_request_shape, &request, false, &packed);
    r->ask.body = (struct bytes){arena_copy(&r->arena, packed.data, packed.len), packed.len};
    buffer_release(&packed);
    r->ask.key = id_make(clock_now());
    r->owner = session;
    r->finish = staff_was_told;
    r->route = routes_operation(&gateway->routes, "staff.session.touch");
    request_trace(r, NULL);
    request_start(r);
}

static void grant(struct session *session, struct request *r)
{
    r->session = session;
    hold(session);
    touch(r->gateway, session, r->token);
    request_continue(r);
}

/* 32 bytes in base64url. */
static bool is_token(const char *token)
{
    return token && strlen(token) == 43 &&
           strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == 43;
}

void session_require(struct request *r)
{
    struct gateway *gateway = r->gateway;
    struct sessions *sessions = &gateway->sessions;
    uint8_t hash[TOKEN_HASH_SIZE];
    struct session *session;

    if (!is_token(r->token))
        return request_fail(r, "not_signed_in", NULL, NULL);
    crypto_hash_sha256(hash, (const uint8_t *)r->token, strlen(r->token));
    session = map_get(&sessions->by_hash, hash, sizeof(hash));
    if (session && session->state == SESSION_OPEN && is_over(session)) {
        session_end(gateway, session);
        session = NULL;
    }
    if (!session)
        session = session_new(gateway, hash);
    link_remove(&session->recent);
    link_append(&sessions->recent, &session->recent);
    if (session_is_fresh(gateway, session)) {
        gateway->metrics.sessions_known++;
        if (clock_monotonic() - session->kept_at > SESSION_KEPT_AGAIN)
            session_kept_put(gateway, session);
        return grant(session, r);
    }
    gateway->metrics.sessions_asked++;
    link_append(&session->waiting, &r->waiting);
    if (session->state == SESSION_ASKED)
        return;
    session->state = SESSION_ASKED;
    hold(session);
    if (!session_kept_look_up(gateway, session, r->token))
        session_not_found(gateway, session, r->token);
}

void session_not_found(struct gateway *gateway, struct session *session, const char *token)
{
    ask_staff(gateway, session, token, 0);
    session_put_down(&session);
}

/* Takes the first request that waits; NULL: none. */
static struct request *take_waiting(struct session *session)
{
    struct request *r;

    if (link_is_empty(&session->waiting))
        return NULL;
    r = link_entry(session->waiting.next, struct request, waiting);
    link_remove(&r->waiting);
    return r;
}

static void fail_waiting(struct session *session, const char *error, const char *value)
{
    struct request *r;

    while ((r = take_waiting(session)) != NULL)
        request_fail(r, error, value, NULL);
}

static bool changed_since(const struct sessions *sessions, struct id id, int64_t number)
{
    const struct session_change *change = map_get(&sessions->changed, id.bytes, sizeof(id.bytes));

    return change && change->number > number;
}

static void take_actor(struct session *session, const struct staff_session_read_reply *reply)
{
    struct envelope_actor *actor = &session->actor;

    memory_free(&actor->scope.items);
    *actor = (struct envelope_actor){
        .staff_id = reply->staff_id,
        .session_id = reply->session_id,
        .branch_id = reply->branch_id,
        .company_id = reply->company_id,
        .permissions_version = reply->permissions_version,
    };
    for (size_t i = 0; i < reply->functions.count; i++)
        actor->functions |= UINT64_C(1) << reply->functions.items[i];
    actor->scope.count = reply->scope.count;
    actor->scope.items = memory_array(struct id, reply->scope.count);
    if (reply->scope.count > 0)
        memcpy(actor->scope.items, reply->scope.items, reply->scope.count * sizeof(struct id));
    session->expires_at = reply->expires_at;
}

/* staff vouches for the session. False: an event came in between, so it must be asked again. */
static bool take_answer(struct request *r, const struct question *question)
{
    const struct sessions *sessions = &r->gateway->sessions;
    struct session *session = question->session;
    struct staff_session_read_reply *reply = arena_new(&r->arena, struct staff_session_read_reply);
    struct shape_error error;

    if (!shape_unpack(&staff_session_read_reply_shape, SHAPE_LENIENT, r->reply.body, &r->arena,
                      reply, &error)) {
        log_error("session_unreadable", log_text("field", error.path),
                  log_text("rule", error.rule));
        return false;
    }
    take_actor(session, reply);
    session->asked_at = question->at;
    session->ask_again = sessions->doubted > question->number ||
                         changed_since(sessions, reply->session_id, question->number) ||
                         changed_since(sessions, reply->staff_id, question->number);
    return !session->ask_again;
}

static void let_in(struct session *session)
{
    struct request *r;

    session->state = SESSION_OPEN;
    while ((r = take_waiting(session)) != NULL)
        grant(session, r);
}

void session_found(struct gateway *gateway, struct session *session)
{
    (void)gateway;
    let_in(session);
    session_put_down(&session);
}

static void ask_once_more(struct request *r, const struct question *question)
{
    struct staff_session_read_request *request =
        arena_new(&r->arena, struct staff_session_read_request);
    struct shape_error error;

    if (question->tries < ASK_AGAIN_MAX &&
        shape_unpack(&staff_session_read_request_shape, SHAPE_LENIENT, r->ask.body, &r->arena,
                     request, &error)) {
        ask_staff(r->gateway, question->session, request->token, question->tries + 1);
        return;
    }
    fail_waiting(question->session, "service_unavailable", "staff");
    session_end(r->gateway, question->session);
}

static void staff_answered(struct request *r)
{
    struct question *question = r->owner;
    struct session *session = question->session;
    bool is_refused = r->error && r->error->class == ERROR_CLASS_NO;

    if (is_refused) {
        fail_waiting(session, "not_signed_in", NULL);
        session_end(r->gateway, session);
    } else if (r->error) {
        fail_waiting(session, "service_unavailable", "staff");
        session_end(r->gateway, session);
    } else if (take_answer(r, question)) {
        session_kept_put(r->gateway, session);
        let_in(session);
    } else {
        ask_once_more(r, question);
    }
    session_put_down(&session);
    memory_free(&question);
    request_free(&r);
}

static void ask_staff(struct gateway *gateway, struct session *session, const char *token,
                      int tries)
{
    struct request *r = request_new(gateway, ORIGIN_GATEWAY);
    struct question *question = memory_new(sizeof(*question));
    struct staff_session_read_request request = {.token = token};
    struct buffer packed = {0};

    question->session = session;
    question->number = gateway->sessions.number;
    question->at = r->started;
    question->tries = tries;
    hold(session);
    session->state = SESSION_ASKED;
    gateway->sessions.asked++;
    shape_pack(&staff_session_read_request_shape, &request, false, &packed);
    r->ask.body = (struct bytes){arena_copy(&r->arena, packed.data, packed.len), packed.len};
    buffer_release(&packed);
    r->owner = question;
    r->finish = staff_answered;
    r->route = routes_operation(&gateway->routes, "staff.session.read");
    request_trace(r, NULL);
    request_start(r);
}

/* What staff said up to here is not remembered one by one any more: only what was kept after it is believed. */
static void becomes_history(struct gateway *gateway, const struct heard *heard)
{
    followers_forget(gateway, "staff", heard->branch_id, heard->number);
}

static void forget_change(struct gateway *gateway, const struct map_entry *entry)
{
    struct session_change *change = entry->value;

    becomes_history(gateway, &change->heard);
    map_remove(&gateway->sessions.changed, entry->key, entry->key_len);
    memory_free(&change);
}

static void note_change(struct gateway *gateway, struct id id, const struct heard *heard)
{
    struct sessions *sessions = &gateway->sessions;
    struct session_change *change = map_get(&sessions->changed, id.bytes, sizeof(id.bytes));

    while (!change && map_count(&sessions->changed) >= CHANGED_MAX)
        forget_change(gateway, map_at(&sessions->changed, map_count(&sessions->changed) - 1));
    if (!change) {
        change = memory_new(sizeof(*change));
        map_put(&sessions->changed, id.bytes, sizeof(id.bytes), change);
    } else if (!id_equal(change->heard.branch_id, heard->branch_id)) {
        becomes_history(gateway, &change->heard); /* one is remembered, and this is newer */
    }
    *change = (struct session_change){*heard, ++sessions->number, clock_monotonic()};
}

void session_revoked(struct gateway *gateway, struct id session_id, const struct heard *heard)
{
    struct sessions *sessions = &gateway->sessions;

    note_change(gateway, session_id, heard);
    for (size_t i = map_count(&sessions->by_hash); i > 0; i--) {
        struct session *session = map_at(&sessions->by_hash, i - 1)->value;

        if (session->state == SESSION_OPEN && id_equal(session->actor.session_id, session_id))
            session_end(gateway, session);
    }
}

/* Not ended, but what we know of the person is old; streams come back with what is true now. */
static void doubt(struct gateway *gateway, struct session *session)
{
    session->ask_again = true;
    streams_end(gateway, session);
}

void session_person_changed(struct gateway *gateway, struct id staff_id, const struct heard *heard)
{
    struct sessions *sessions = &gateway->sessions;

    note_change(gateway, staff_id, heard);
    for (size_t i = 0; i < map_count(&sessions->by_hash); i++) {
        struct session *session = map_at(&sessions->by_hash, i)->value;

        if (session->state == SESSION_OPEN && id_equal(session->actor.staff_id, staff_id))
            doubt(gateway, session);
    }
}

void sessions_doubt_all(struct gateway *gateway)
{
    struct sessions *sessions = &gateway->sessions;

    sessions->doubted = ++sessions->number;
    for (size_t i = 0; i < map_count(&sessions->by_hash); i++) {
        struct session *session = map_at(&sessions->by_hash, i)->value;

        if (session->state == SESSION_OPEN)
            doubt(gateway, session);
    }
}

void sessions_tick(struct gateway *gateway)
{
    struct sessions *sessions = &gateway->sessions;
    int64_t now = clock_monotonic();

    for (size_t i = map_count(&sessions->changed); i > 0; i--) {
        const struct map_entry *entry = map_at(&sessions->changed, i - 1);
        const struct session_change *change = entry->value;

        if (now - change->at >= CHANGED_KEPT)
            forget_change(gateway, entry);
    }
    for (size_t i = map_count(&sessions->by_hash); i > 0; i--) {
        struct session *session = map_at(&sessions->by_hash, i - 1)->value;

        if (session->state != SESSION_OPEN)
            continue;
        if (is_over(session))
            session_end(gateway, session);
        else if (!link_is_empty(&session->streams) && !session_is_fresh(gateway, session))
            streams_end(gateway, session);
    }
}
