/* follower.c - reads what the services publish, branch by branch, and passes it on. */
#include "follower.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

/* A question of this follower under way. */
struct reading {
    struct follower *follower;
    struct id branch_id;
};

static void read_on(struct gateway *gateway, struct follower *follower);

void followers_init(struct followers *followers, const struct routes *routes)
{
    char name[128];

    *followers = (struct followers){0};
    while (routes->services[followers->count])
        followers->count++;
    followers->items = memory_array(struct follower, followers->count);
    for (size_t i = 0; i < followers->count; i++) {
        struct follower *follower = &followers->items[i];

        follower->service = routes->services[i];
        follower->look_back = text_equal(follower->service, "staff") ? FOLLOWER_LOOK_BACK : 0;
        snprintf(name, sizeof(name), "%s.events.heads", follower->service);
        follower->heads = routes_operation(routes, name);
        snprintf(name, sizeof(name), "%s.events.read", follower->service);
        follower->read = routes_operation(routes, name);
        if (!follower->heads || !follower->read)
            die("contract", "%s cannot be followed", follower->service);
    }
}

void followers_release(struct followers *followers)
{
    for (size_t i = 0; i < followers->count; i++)
        memory_free(&followers->items[i].positions);
    memory_free(&followers->items);
}

static struct follower *find(struct followers *followers, const char *service)
{
    for (size_t i = 0; i < followers->count; i++) {
        if (text_equal(followers->items[i].service, service))
            return &followers->items[i];
    }
    return NULL;
}

const struct follower *followers_find(const struct followers *followers, const char *service)
{
    for (size_t i = 0; i < followers->count; i++) {
        if (text_equal(followers->items[i].service, service))
            return &followers->items[i];
    }
    return NULL;
}

void followers_forget(struct gateway *gateway, const char *service, struct id branch_id,
                      int64_t number)
{
    const struct follower *follower = followers_find(&gateway->followers, service);

    for (size_t i = 0; follower && i < follower->count; i++) {
        struct position *position = &follower->positions[i];

        if (id_equal(position->branch_id, branch_id) && position->history < number)
            position->history = number;
    }
}

int64_t followers_confirmed(const struct gateway *gateway, const char *service)
{
    const struct follower *follower = followers_find(&gateway->followers, service);

    return follower ? follower->confirmed_at : 0;
}

static struct position *position_of(struct follower *follower, struct id branch_id)
{
    for (size_t i = 0; i < follower->count; i++) {
        if (id_equal(follower->positions[i].branch_id, branch_id))
            return &follower->positions[i];
    }
    return NULL;
}

const struct position *follower_position(const struct follower *follower, struct id branch_id)
{
    for (size_t i = 0; i < follower->count; i++) {
        if (id_equal(follower->positions[i].branch_id, branch_id))
            return &follower->positions[i];
    }
    return NULL;
}

/* A branch not seen before begins with its first event. */
static struct position *position_add(struct follower *follower, struct id branch_id)
{
    if (follower->count == FOLLOWER_BRANCHES_MAX)
        return NULL;
    if (follower->count == follower->capacity) {
        follower->capacity = follower->capacity ? 2 * follower->capacity : 16;
        follower->positions =
            memory_resize(follower->positions, follower->capacity * sizeof(struct position));
    }
    follower->positions[follower->count] = (struct position){.branch_id = branch_id};
    return &follower->positions[follower->count++];
}

static struct request *own_request(struct gateway *gateway, const struct contract_operation *route,
                                   const void *value)
{
    struct request *r = request_new(gateway, ORIGIN_GATEWAY);
    struct buffer packed = {0};

    shape_pack(route->operation.request, value, false, &packed);
    r->ask.body = (struct bytes){arena_copy(&r->arena, packed.data, packed.len), packed.len};
    buffer_release(&packed);
    r->route = route;
    request_trace(r, NULL);
    return r;
}

struct request *follower_read_request(struct gateway *gateway, const struct follower *follower,
                                      struct id branch_id, int64_t after)
{
    struct common_events_read_request ask = {
        .branch_id = branch_id, .after = after, .has_limit = true, .limit = FOLLOWER_PAGE};

    return own_request(gateway, follower->read, &ask);
}

/* Everything that the service named when it was last asked has been applied. */
static void confirm(struct follower *follower)
{
    if (!follower->is_placed || follower->is_asking)
        return;
    for (size_t i = 0; i < follower->count; i++) {
        if (follower->positions[i].applied < follower->positions[i].told)
            return;
    }
    follower->is_started = true;
    follower->confirmed_at = follower->asked_at;
}

/* False: it may concern anybody. */
static bool staff_event(struct gateway *gateway, const struct event_type *type, struct bytes body,
                        const struct heard *heard)
{
    const struct field *staff_id = shape_field(type->body, "staff_id");
    const struct field *session_id = shape_field(type->body, "session_id");
    struct arena arena = {0};
    struct shape_error error;
    char *value = arena_alloc(&arena, type->body->size);

    bool is_understood = shape_unpack(type->body, SHAPE_LENIENT, body, &arena, value, &error) &&
                         !text_equal(type->name, "staff.branch.changed");

    if (!is_understood)
        sessions_doubt_all(gateway);
    else if (text_equal(type->name, "staff.session.revoked") && session_id)
        session_revoked(gateway, *(const struct id *)(const void *)(value + session_id->offset),
                        heard);
    else if (staff_id && staff_id->type == FIELD_ID && !staff_id->is_list)
        session_person_changed(gateway,
                               *(const struct id *)(const void *)(value + staff_id->offset), heard);
    arena_release(&arena);
    return is_understood;
}

static void apply(struct gateway *gateway, struct follower *follower, struct position *position,
                  const struct common_event_record *record)
{
    const struct event_type *type = routes_event(&gateway->routes, record->event);
    const struct heard heard = {position->branch_id, record->number};

    position->applied = record->number;
    if (position->head < record->number)
        position->head = record->number;
    gateway->followers.applied++;
    if (!type)
        return; /* of a newer service: nobody here can be told what it means */
    if (text_equal(follower->service, "staff") && !staff_event(gateway, type, record->body, &heard))
        position->history = record->number;
    cache_reads_event(&gateway->reads, type, record->body);
    if (follower->is_started)
        streams_event(gateway, follower, type, record);
}

/* The service no longer has what it named: what was missed could have concerned anything. */
static void skip_pruned(struct gateway *gateway, struct follower *follower,
                        struct position *position)
{
    log_warn("events_pruned", log_text("service", follower->service),
             log_int("after", position->applied), log_int("told", position->told));
    position->applied = position->history = position->told;
    if (position->head < position->told)
        position->head = position->told;
    cache_reads_doubt(&gateway->reads);
    if (text_equal(follower->service, "staff"))
        sessions_doubt_all(gateway);
}

static void take_events(struct request *r, struct follower *follower, struct position *position)
{
    struct common_events_read_reply *reply = arena_new(&r->arena, struct common_events_read_reply);
    struct shape_error error;
    int64_t before = position->applied;

    if (r->error)
        return;
    if (!shape_unpack(&common_events_read_reply_shape, SHAPE_LENIENT, r->reply.body, &r->arena,
                      reply, &error)) {
        log_error("events_unreadable", log_text("service", follower->service),
                  log_text("field", error.path), log_text("rule", error.rule));
        return;
    }
    for (size_t i = 0; i < reply->events.count; i++) {
        if (reply->events.items[i].number > position->applied + 1)
            position->history = reply->events.items[i].number - 1; /* these were pruned */
        if (reply->events.items[i].number > position->applied)
            apply(r->gateway, follower, position, &reply->events.items[i]);
    }
    if (position->applied == before && position->told > before)
        skip_pruned(r->gateway, follower, position);
    else if (position->applied == before && position->head == position->sought)
        position->head = before; /* the wake-up was for what had been read already */
}

static void events_read(struct request *r)
{
    struct reading *reading = r->owner;
    struct follower *follower = reading->follower;
    struct position *position = position_of(follower, reading->branch_id);
    struct gateway *gateway = r->gateway;
    bool has_failed = r->error != NULL;

    follower->reading--;
    position->is_reading = false;
    take_events(r, follower, position);
    if (!has_failed && position->applied >= position->sought)
        position->rests_until = clock_monotonic() + FOLLOWER_REST;
    memory_free(&reading);
    request_free(&r);
    if (!has_failed) /* otherwise the next sweep tries again */
        read_on(gateway, follower);
    confirm(follower);
}

static void read_branch(struct gateway *gateway, struct follower *follower,
                        struct position *position)
{
    struct request *r =
        follower_read_request(gateway, follower, position->branch_id, position->applied);
    struct reading *reading = memory_new(sizeof(*reading));

    *reading = (struct reading){.follower = follower, .branch_id = position->branch_id};
    position->is_reading = true;
    position->sought = position->head;
    follower->reading++;
    r->owner = reading;
    r->finish = events_read;
    request_start(r);
}

/* Was read to its end a moment ago: what came since can wait for what comes next. */
static bool puts_off(struct followers *followers, const struct position *position)
{
    if (position->rests_until <= clock_monotonic())
        return false;
    if (followers->due_at == 0 || position->rests_until < followers->due_at)
        followers->due_at = position->rests_until;
    return true;
}

/* Reads whatever is behind, as much at once as may be. */
static void read_on(struct gateway *gateway, struct follower *follower)
{
    for (size_t i = 0; i < follower->count && follower->reading < FOLLOWER_READS_MAX; i++) {
        struct position *position = &follower->positions[i];

        if (!position->is_reading && position->applied < position->head &&
            !puts_off(&gateway->followers, position))
            read_branch(gateway, follower, position);
    }
}

static void take_heads(struct follower *follower, const struct common_event_head_list *heads)
{
    for (size_t i = 0; i < heads->count; i++) {
        const struct common_event_head *head = &heads->items[i];
        struct position *position = position_of(follower, head->branch_id);

        if (!position)
            position = position_add(follower, head->branch_id);
        if (!position)
            continue;
        if (!follower->is_placed)
            position->applied = position->history =
                head->number > follower->look_back ? head->number - follower->look_back : 0;
        if (position->told < head->number)
            position->told = head->number;
        if (position->head < head->number)
            position->head = head->number;
    }
}

static void ask_heads(struct gateway *gateway, struct follower *follower, struct id after);

static void heads_answered(struct request *r)
{
    struct follower *follower = r->owner;
    struct common_events_heads_reply *reply =
        arena_new(&r->arena, struct common_events_heads_reply);
    struct gateway *gateway = r->gateway;
    struct shape_error error = {.path = ""};
    struct id last = {{0}};
    bool is_good = !r->error && shape_unpack(&common_events_heads_reply_shape, SHAPE_LENIENT,
                                             r->reply.body, &r->arena, reply, &error);

    if (!r->error && !is_good)
        log_error("heads_unreadable", log_text("service", follower->service),
                  log_text("field", error.path), log_text("rule", error.rule));
    if (is_good) {
        take_heads(follower, &reply->heads);
        if (reply->heads.count == HEADS_PAGE)
            last = reply->heads.items[HEADS_PAGE - 1].branch_id;
    }
    request_free(&r);
    if (!id_is_none(last))
        return ask_heads(gateway, follower, last);
    follower->is_asking = false;
    if (!is_good)
        return;
    follower->is_placed = true;
    read_on(gateway, follower);
    confirm(follower);
}

static void ask_heads(struct gateway *gateway, struct follower *follower, struct id after)
{
    struct common_events_heads_request ask = {.after = after};
    struct request *r = own_request(gateway, follower->heads, &ask);

    r->owner = follower;
    r->finish = heads_answered;
    request_start(r);
}

void followers_woken(struct gateway *gateway, const char *service, struct id branch_id)
{
    struct follower *follower = find(&gateway->followers, service);
    struct position *position;

    if (!follower || !follower->is_started)
        return;
    position = position_of(follower, branch_id);
    if (!position)
        position = position_add(follower, branch_id);
    if (!position)
        return;
    if (position->head <= position->applied)
        position->head = position->applied + 1;
    else if (position->is_reading)
        position->head++; /* read once more behind the reading under way */
    read_on(gateway, follower);
}

int64_t followers_patience(const struct followers *followers, int64_t now)
{
    if (followers->due_at == 0)
        return -1;
    return followers->due_at > now ? followers->due_at - now : 0;
}

void followers_tick(struct gateway *gateway)
{
    int64_t now = clock_monotonic();
    bool is_due = gateway->followers.due_at != 0 && gateway->followers.due_at <= now;

    if (is_due)
        gateway->followers.due_at = 0;
    for (size_t i = 0; i < gateway->followers.count; i++) {
        struct follower *follower = &gateway->followers.items[i];

        if (is_due && follower->is_started)
            read_on(gateway, follower);

        if (follower->is_asking || now < follower->next_sweep ||
            switchboard_live(&gateway->board, follower->service) == 0)
            continue;
        follower->next_sweep = now + FOLLOWER_SWEEP;
        follower->asked_at = now;
        follower->is_asking = true;
        ask_heads(gateway, follower, (struct id){{0}});
    }
}
