/* request.c - a request's way: may it be asked, who asks, is the answer kept, who works on it, what came of it. */
#include "request.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

struct request *request_new(struct gateway *gateway, enum origin origin)
{
    struct request *r = memory_new(sizeof(*r));

    r->gateway = gateway;
    r->origin = origin;
    r->started = clock_monotonic();
    r->deadline = r->started + REQUEST_TIME;
    r->ask.kind = ENVELOPE_REQUEST;
    r->ask.at = clock_now();
    arena_init(&r->arena);
    link_init(&r->waiting);
    gateway->metrics.in_flight++;
    return r;
}

void request_free(struct request **address_of_request)
{
    struct request *r = *address_of_request;

    if (!r)
        return;
    r->gateway->metrics.in_flight--;
    session_put_down(&r->session);
    arena_release(&r->arena);
    memory_free(address_of_request);
}

static bool is_hex(const char *text, size_t len)
{
    return strspn(text, "0123456789abcdef") >= len;
}

/* 00-<32 hex>-<16 hex>-<2 hex>, neither id all zero. */
static bool is_traceparent(const char *text)
{
    return text && strlen(text) == 55 && memcmp(text, "00-", 3) == 0 && is_hex(text + 3, 32) &&
           text[35] == '-' && is_hex(text + 36, 16) && text[52] == '-' && is_hex(text + 53, 2) &&
           strspn(text + 3, "0") < 32 && strspn(text + 36, "0") < 16;
}

/* Random bytes for ids that only have to differ; a system call for many of them. */
static void take_random(struct random_store *store, uint8_t *out, size_t len)
{
    if (store->left < len) {
        randombytes_buf(store->bytes, sizeof(store->bytes));
        store->left = sizeof(store->bytes);
    }
    store->left -= len;
    memcpy(out, store->bytes + store->left, len);
}

void request_trace(struct request *r, const char *traceparent)
{
    uint8_t random[24];
    char trace[33], span[17];

    take_random(&r->gateway->random, random, sizeof(random));
    random[0] |= 1;
    random[16] |= 1;
    sodium_bin2hex(trace, sizeof(trace), random, 16);
    sodium_bin2hex(span, sizeof(span), random + 16, 8);
    if (is_traceparent(traceparent))
        snprintf(r->trace, sizeof(r->trace), "00-%.32s-%s-%.2s", traceparent + 3, span,
                 traceparent + 53);
    else
        snprintf(r->trace, sizeof(r->trace), "00-%s-%s-01", trace, span);
    r->ask.trace = r->trace;
}

void request_start(struct request *r)
{
    const struct operation *operation = &r->route->operation;
    bool is_ours = r->origin == ORIGIN_SERVICE || r->origin == ORIGIN_GATEWAY;

    r->ask.operation = operation->name;
    if (is_ours != (operation->permission->kind == ACCESS_SERVICE))
        return request_fail(r, is_ours ? "forbidden" : "operation_unknown", NULL, NULL);
    if (operation->effect == EFFECT_WRITE && id_is_none(r->ask.key))
        return request_fail(r, "key_missing", NULL, NULL);
    if (operation->effect == EFFECT_READ)
        r->ask.key = (struct id){{0}};
    switch (operation->permission->kind) {
    case ACCESS_PUBLIC:
    case ACCESS_SERVICE:
        return request_dispatch(r);
    case ACCESS_SIGNED_IN:
    case ACCESS_FUNCTIONS:
        return session_require(r);
    }
}

static void log_request(const struct request *r, int status, int64_t ms)
{
    char staff[ID_TEXT_SIZE] = "";

    if (r->ask.has_actor)
        id_format(r->ask.actor.staff_id, staff);
    log_event(r->origin == ORIGIN_SERVICE ? LOG_DEBUG : LOG_INFO, "request",
              log_text("operation", r->ask.operation), log_text("actor", staff),
              log_int("status", status), log_int("ms", ms), log_bool("cached", r->from_cache),
              log_text("error", r->error ? r->error->name : NULL), log_text("trace", r->trace));
}

static void settle(struct request *r)
{
    int64_t took = clock_monotonic() - r->started;
    int status = r->error ? r->error->status : 200;

    if (r->slot)
        switchboard_done(&r->gateway->board, r->slot);
    r->slot = NULL;
    cache_reads_forget(r);
    if (r->origin != ORIGIN_GATEWAY) {
        metrics_request(&r->gateway->metrics, r->origin, status, took);
        log_request(r, status, took / 1000);
    }
    r->finish(r);
}

void request_continue(struct request *r)
{
    const struct permission *permission = r->route->operation.permission;

    if (!id_is_none(r->person) && !id_equal(r->person, r->session->actor.staff_id))
        return request_fail(r, "not_signed_in", NULL, NULL);
    if (permission->kind == ACCESS_FUNCTIONS &&
        (permission->functions & r->session->actor.functions) == 0)
        return request_fail(r, "forbidden", NULL, NULL);
    r->ask.has_actor = true;
    r->ask.actor =
        r->session->actor; /* the list is copied: staff may be asked about the session meanwhile */
    r->ask.actor.scope.items = arena_copy(&r->arena, r->session->actor.scope.items,
                                          r->session->actor.scope.count * sizeof(struct id));
    if (r->wants_session)
        return settle(r);
    if (r->route->cache && cache_reads_look_up(r))
        return;
    request_dispatch(r);
}

void request_dispatch(struct request *r)
{
    struct gateway *gateway = r->gateway;

    r->slot =
        switchboard_put(&gateway->board, r->route->service, r, clock_monotonic(), r->deadline);
    if (!r->slot) {
        r->retry_after = 1;
        request_fail(r, "busy", NULL, NULL);
    }
}

void request_answer(struct request *r)
{
    if (r->reply.error) {
        r->error = routes_error(r->route->service, r->reply.error);
        r->error_value = r->reply.error_value;
        r->error_field = r->reply.error_field;
        r->error_policy = r->reply.error_policy;
        if (!r->error) {
            log_error("error_undeclared", log_text("operation", r->ask.operation),
                      log_text("error", r->reply.error));
            r->error = routes_error(NULL, "internal");
        }
        if (r->error->status == 503 && r->retry_after == 0)
            r->retry_after = 1;
    } else if (r->keep.is_wanted && !r->from_cache) {
        cache_reads_keep(r);
    }
    settle(r);
}

void request_fail(struct request *r, const char *error, const char *value, const char *field)
{
    r->error = routes_error(NULL, error);
    if (!r->error)
        die("error_undeclared", "%s", error);
    r->error_value = value;
    r->error_field = field;
    if (r->error->status == 503 && r->retry_after == 0)
        r->retry_after = 1;
    settle(r);
}

void request_abandon(struct request *r)
{
    if (r->slot)
        switchboard_done(&r->gateway->board, r->slot);
    r->slot = NULL;
    link_remove(&r->waiting);
    cache_reads_forget(r);
}
