/* request.c - from a message to a call and back: expired? known? allowed? understood? carried out already? (design 3) */
#include "service/request.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/text.h"
#include "service/lane.h"
#include "service/service.h"

#include "base/banned.h"

static struct request *request_of(struct work *work)
{
    return (struct request *)(void *)work;
}

/* The border: what a person may do is in the schema, and the gateway is the only one who says who they are. */
static bool is_allowed(const struct request *request, const struct operation *operation)
{
    const struct permission *permission = operation->permission;

    switch (permission->kind) {
    case ACCESS_PUBLIC:
        return true;
    case ACCESS_SERVICE:
        return !request->envelope.has_actor;
    case ACCESS_SIGNED_IN:
        return request->envelope.has_actor;
    case ACCESS_FUNCTIONS:
        return request->envelope.has_actor &&
               (request->envelope.actor.functions & permission->functions) != 0;
    }
    return false;
}

static const struct error *error_called(const char *rule)
{
    static const struct error *const rules[] = {
        ERROR_FIELD_UNKNOWN, ERROR_FIELD_MISSING, ERROR_FIELD_DOUBLED,
        ERROR_FIELD_TYPE,    ERROR_FIELD_RANGE,   ERROR_FIELD_LENGTH,
        ERROR_FIELD_VALUE,   ERROR_TEXT_INVALID,  NULL,
    };

    for (const struct error *const *error = rules; *error != NULL; error++)
        if (text_equal((*error)->name, rule))
            return *error;
    return ERROR_MALFORMED;
}

static void take_actor(struct request *request)
{
    struct call *c = &request->work.call;
    const struct envelope_actor *actor = &request->envelope.actor;

    if (!request->envelope.has_actor)
        return;
    c->actor = (struct actor){
        .staff_id = actor->staff_id,
        .session_id = actor->session_id,
        .branch_id = actor->branch_id,
        .company_id = actor->company_id,
        .scope = actor->scope,
        .functions = actor->functions,
        .permissions_version = actor->permissions_version,
    };
    c->branch_id = actor->branch_id;
}

static void hash_field(crypto_generichash_state *state, const struct field *field, const char *at)
{
    size_t size = field->type == FIELD_ID ? sizeof(struct id) : sizeof(int64_t);

    if (field->type == FIELD_TEXT) {
        const char *text = *(const char *const *)(const void *)at;
        at = text == NULL ? "" : text;
        size = strlen(at) + 1;
    } else if (field->type == FIELD_BOOL) {
        size = sizeof(bool);
    } else if (field->type == FIELD_DATE || field->type == FIELD_ENUM) {
        size = sizeof(int32_t);
    }
    crypto_generichash_update(state, (const unsigned char *)at, size);
}

/* Equal values give equal figures; that unequal ones do too happens once in 2^64 and costs a wait. */
static uint64_t serialize_on(const struct operation *operation, const void *value)
{
    crypto_generichash_state state;
    uint64_t hash = 0;

    if (operation->serialize == NULL)
        return 0;
    crypto_generichash_init(&state, NULL, 0, 16);
    for (const char *const *name = operation->serialize; *name != NULL; name++) {
        const struct field *field = shape_field(operation->request, *name);
        hash_field(&state, field, (const char *)value + field->offset);
    }
    unsigned char out[16];
    crypto_generichash_final(&state, out, sizeof(out));
    memcpy(&hash, out, sizeof(hash));
    return hash | 1;
}

/* Figure of what an operation serialises on: the names of the fields, or the operation itself where it names none. */
static uint64_t kind_of(const struct operation *operation)
{
    crypto_generichash_state state;
    unsigned char out[16];
    uint64_t kind = 0;

    crypto_generichash_init(&state, NULL, 0, sizeof(out));
    if (operation->serialize == NULL)
        crypto_generichash_update(&state, (const unsigned char *)operation->name,
                                  strlen(operation->name));
    for (const char *const *name = operation->serialize; name != NULL && *name != NULL; name++)
        crypto_generichash_update(&state, (const unsigned char *)*name, strlen(*name) + 1);
    crypto_generichash_final(&state, out, sizeof(out));
    memcpy(&kind, out, sizeof(kind));
    return kind;
}

static bool read_body(struct request *request, const struct operation *operation)
{
    struct call *c = &request->work.call;
    struct shape_error error;

    request->value = arena_alloc(c->arena, operation->request->size);
    if (shape_unpack(operation->request, SHAPE_STRICT, request->envelope.body, c->arena,
                     request->value, &error))
        return true;
    const char *value = error.value[0] == '\0' ? NULL : error.value;
    if (error.path[0] == '\0')
        fail(c, error_called(error.rule), value == NULL ? NULL : "%s", value);
    else
        fail_at(c, error.path, error_called(error.rule), value == NULL ? NULL : "%s", value);
    return false;
}

static void run_handler(struct work *work)
{
    struct request *request = request_of(work);
    struct call *c = &work->call;

    idempotency_ask(request);
    request->reply = arena_alloc(c->arena, c->operation->reply->size);
    if (c->operation->handle(c, request->value, request->reply) != 0 && !has_failed(c))
        fail(c, ERROR_INTERNAL, NULL);
}

/* A refusal that is final is kept like a success; a passing failure leaves nothing. */
static void settle(struct work *work)
{
    struct request *request = request_of(work);
    struct call *c = &work->call;

    if (work->is_replayed) {
        idempotency_replay(request);
        return;
    }
    if (has_failed(c) && !work->is_recording)
        work_drop(work);
    if (has_failed(c) && c->failure.error->class != ERROR_CLASS_NO) {
        work_drop(work);
        return;
    }
    if (!has_failed(c))
        request->reply_body =
            work_pack(work, c->operation->reply, request->reply, !c->operation->unmasked);
    if (work->is_read)
        return;
    if (c->operation->permission->kind !=
        ACCESS_SERVICE) /* programs among themselves are nobody's doing */
        audit_keep(request);
    idempotency_keep(request);
}

static void prepare_work(struct request *request, const struct service *service)
{
    struct work *work = &request->work;
    const struct operation *operation = work->call.operation;
    bool is_audited = operation->confidential || operation->unmasked;

    work->is_read = operation->effect == EFFECT_READ && !is_audited;
    work->sees_all = !request->envelope.has_actor;
    work->serialize = serialize_on(operation, request->value);
    work->kind = work->is_read ? 0 : kind_of(operation);
    if (request->envelope.remaining_ms > 0)
        work->deadline = (request->since > 0 ? request->since : request->received) +
                         request->envelope.remaining_ms * 1000;
    work->run = run_handler;
    work->settle = settle;
    work_init(work, service);
}

bool request_accept(struct request *request, const struct service *service,
                    const struct operation *operation)
{
    struct call *c = &request->work.call;

    c->arena = &request->work.arena;
    c->work = &request->work;
    c->now = request->envelope.at != 0 ? request->envelope.at : clock_now();
    c->today = date_of(c->now);
    c->trace = request->envelope.trace == NULL ? "" : request->envelope.trace;
    c->operation = operation;
    take_actor(request);
    if (operation == NULL) {
        fail(c, ERROR_OPERATION_UNKNOWN, NULL);
        return false;
    }
    if (!is_allowed(request, operation))
        fail(c, request->envelope.has_actor ? ERROR_FORBIDDEN : ERROR_NOT_SIGNED_IN, NULL);
    else if (operation->effect == EFFECT_WRITE && id_is_none(request->envelope.key))
        fail(c, ERROR_KEY_MISSING, NULL);
    else
        read_body(request, operation);
    if (has_failed(c))
        return false;
    c->key = operation->effect == EFFECT_WRITE ? request->envelope.key : (struct id){{0}};
    idempotency_hash(request);
    prepare_work(request, service);
    return true;
}

struct envelope request_reply(struct request *request)
{
    const struct failure *failure = &request->work.call.failure;
    struct envelope reply = {
        .kind = ENVELOPE_REPLY,
        .correlation = request->envelope.correlation,
        .operation = request->envelope.operation,
        .trace = request->envelope.trace == NULL ? "" : request->envelope.trace,
    };

    if (failure->error == NULL) {
        reply.body = request->reply_body;
        return reply;
    }
    reply.error = failure->error->name;
    reply.error_value = failure->value;
    reply.error_field = failure->field;
    reply.error_policy = failure->error->policy;
    return reply;
}
