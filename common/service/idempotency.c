/* idempotency.c - the same request twice is carried out once and answered twice (design 6). */
#include <sodium.h>

#include "base/text.h"
#include "service/lane.h"
#include "service/request.h"

#include "base/banned.h"

static bool is_secret(const char *name)
{
    return strstr(name, "password") != NULL || strstr(name, "secret") != NULL ||
           strstr(name, "token") != NULL || strstr(name, "founding_code") != NULL;
}

const void *without_secrets(struct arena *arena, const struct shape *shape, const void *value)
{
    char *copy = NULL;

    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->type != FIELD_TEXT || field->is_list || !is_secret(field->name))
            continue;
        if (copy == NULL)
            copy = arena_copy(arena, value, shape->size);
        *(const char **)(void *)(copy + field->offset) = field->is_optional ? NULL : "";
    }
    return copy == NULL ? value : copy;
}

/* Who asks is part of what is asked: another person's key gives nobody their reply. What is packed again is equal however the asker ordered
 * the fields. */
void idempotency_hash(struct request *request)
{
    struct call *c = &request->work.call;
    const struct shape *shape = c->operation->request;
    struct buffer packed;
    crypto_generichash_state state;

    if (id_is_none(c->key))
        return;
    buffer_init(&packed);
    shape_pack(shape, without_secrets(c->arena, shape, request->value), false, &packed);
    crypto_generichash_init(&state, NULL, 0, sizeof(request->hash));
    crypto_generichash_update(&state, (const unsigned char *)c->operation->name,
                              strlen(c->operation->name) + 1);
    crypto_generichash_update(&state, c->actor.staff_id.bytes, sizeof(c->actor.staff_id.bytes));
    crypto_generichash_update(&state, packed.data, packed.len);
    crypto_generichash_final(&state, request->hash, sizeof(request->hash));
    buffer_release(&packed);
    /* A sign-in may be repeated: what it answers is a secret, and is not kept. */
    request->keeps_reply = request->envelope.has_actor;
}

void idempotency_ask(struct request *request)
{
    struct work *work = &request->work;
    struct call *c = &work->call;

    if (!request->keeps_reply) {
        work->key_known = true;
        return;
    }
    work->asks_ahead = true;
    db_idempotency_find(c, &request->stored, .home = c->actor.branch_id, .key = c->key);
    work->asks_ahead = false;
}

/* Errors of a stored refusal live as long as the answer: only the names go back. */
static const struct error *stored_error(struct arena *arena, const char *name)
{
    struct error *error = arena_new(arena, struct error);

    *error = (struct error){.name = name, .class = ERROR_CLASS_NO};
    return error;
}

void idempotency_replay(struct request *request)
{
    struct call *c = &request->work.call;
    const struct idempotency_find *stored = &request->stored;

    c->failure = (struct failure){.error = NULL};
    if (stored->hash.len != sizeof(request->hash) ||
        memcmp(stored->hash.data, request->hash, sizeof(request->hash)) != 0)
        fail(c, ERROR_KEY_REUSED, NULL);
    else if (stored->error != NULL)
        c->failure = (struct failure){.error = stored_error(c->arena, stored->error),
                                      .value = stored->error_value,
                                      .field = stored->error_field};
    else
        request->reply_body = stored->reply;
}

void idempotency_keep(struct request *request)
{
    struct call *c = &request->work.call;
    const struct failure failure = c->failure;

    if (!request->keeps_reply)
        return;
    c->failure.error = NULL; /* so that it is written */
    db_idempotency_insert(c, .home = c->actor.branch_id, .key = c->key,
                          .hash = {request->hash, sizeof(request->hash)},
                          .reply = failure.error == NULL ? request->reply_body : (struct bytes){0},
                          .error = failure.error == NULL ? NULL : failure.error->name,
                          .error_value = failure.value, .error_field = failure.field);
    c->failure = failure;
}
