/* session_kept.c - leaves sessions in Redis, and takes back only what no event can have made old. */
#include "session_kept.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway.h"

#include "base/banned.h"

#define KIND "session"

/* A question to Redis under way. */
struct session_inquiry {
    struct gateway *gateway;
    struct session *session;
    struct cache_ask *ask;
    char token[64];
};

/* Staff's events up to now are known here. */
static bool is_following(const struct gateway *gateway)
{
    return followers_confirmed(gateway, "staff") >= clock_monotonic() - SESSION_BELIEVED;
}

static int64_t mark_of(const struct sealed_session *kept, struct id branch_id)
{
    for (size_t i = 0; i < kept->mark_count; i++) {
        if (id_equal(kept->marks[i].branch_id, branch_id))
            return kept->marks[i].number;
    }
    return 0;
}

/* Nothing that was said about this session or person is newer than what is kept. */
static bool is_unchanged(const struct sessions *sessions, const struct sealed_session *kept,
                         struct id id)
{
    const struct session_change *change = map_get(&sessions->changed, id.bytes, sizeof(id.bytes));

    return !change || change->heard.number <= mark_of(kept, change->heard.branch_id);
}

/* What is kept is neither older than what is remembered here, nor ahead of it: that would be another history (a restored database), or a
 * moment later. */
static bool is_comparable(const struct follower *staff, const struct sealed_session *kept)
{
    size_t found = 0;

    for (size_t i = 0; i < staff->count; i++) {
        const struct position *position = &staff->positions[i];
        int64_t mark = mark_of(kept, position->branch_id);

        if (mark < position->history || mark > position->applied)
            return false;
        found += mark > 0;
    }
    return found == kept->mark_count;
}

static bool is_believed(const struct gateway *gateway, const struct sealed_session *kept)
{
    const struct follower *staff = followers_find(&gateway->followers, "staff");

    if (!is_following(gateway) || (kept->expires_at != 0 && kept->expires_at <= clock_now()))
        return false;
    return is_comparable(staff, kept) &&
           is_unchanged(&gateway->sessions, kept, kept->actor.session_id) &&
           is_unchanged(&gateway->sessions, kept, kept->actor.staff_id);
}

static void take(struct session *session, const struct sealed_session *kept)
{
    struct envelope_actor *actor = &session->actor;
    size_t count = kept->actor.scope.count;

    memory_free(&actor->scope.items);
    *actor = kept->actor;
    actor->scope.items = memory_array(struct id, count);
    if (count > 0)
        memcpy(actor->scope.items, kept->actor.scope.items, count * sizeof(struct id));
    session->expires_at = kept->expires_at;
    session->asked_at = 0; /* believed only while staff's events are followed */
    session->ask_again = false;
    session->kept_at = clock_monotonic();
}

static void answered(void *context, struct bytes value)
{
    struct session_inquiry *inquiry = context;
    struct gateway *gateway = inquiry->gateway;
    struct session *session = inquiry->session;
    struct cache_count *count = cache_reads_count(&gateway->reads, KIND);
    struct sealed_session kept;
    struct arena arena = {0};
    char token[sizeof(inquiry->token)];

    memcpy(token, inquiry->token, sizeof(token));
    session->inquiry = NULL;
    memory_free(&inquiry);
    if (seal_open(&gateway->sessions.seal, session->hash, value, &arena, &kept) &&
        is_believed(gateway, &kept)) {
        count->hits++;
        take(session, &kept);
        session_found(gateway, session);
    } else {
        count->misses++;
        session_not_found(gateway, session, token);
    }
    arena_release(&arena);
}

bool session_kept_look_up(struct gateway *gateway, struct session *session, const char *token)
{
    struct cache_reads *reads = &gateway->reads;
    struct session_inquiry *inquiry;
    struct cache_question question;
    char name[SEAL_NAME_SIZE];

    if (!gateway->sessions.seal.is_set || !cache_is_up(reads->cache) || !is_following(gateway))
        return false;
    inquiry = memory_new(sizeof(*inquiry));
    inquiry->gateway = gateway;
    inquiry->session = session;
    snprintf(inquiry->token, sizeof(inquiry->token), "%s", token);
    session->inquiry = inquiry;
    seal_name(&gateway->sessions.seal, session->hash, name);
    question = (struct cache_question){name, answered, inquiry};
    cache_ask(&reads->asks, reads->cache, &question, &inquiry->ask);
    return true;
}

void session_kept_forget(struct session *session)
{
    if (!session->inquiry)
        return;
    cache_ask_forget(&session->inquiry->ask);
    memory_free(&session->inquiry);
}

void session_kept_put(struct gateway *gateway, struct session *session)
{
    const struct follower *staff = followers_find(&gateway->followers, "staff");
    struct sealed_session kept = {.actor = session->actor, .expires_at = session->expires_at};
    struct seal_mark marks[SEAL_MARKS_MAX];
    struct buffer sealed = {0};
    char name[SEAL_NAME_SIZE];

    if (!gateway->sessions.seal.is_set || !staff->is_started || staff->count > SEAL_MARKS_MAX ||
        kept.actor.scope.count > SEAL_SCOPE_MAX)
        return;
    for (size_t i = 0; i < staff->count; i++) {
        const struct position *position = &staff->positions[i];

        if (position->applied > 0)
            marks[kept.mark_count++] = (struct seal_mark){position->branch_id, position->applied};
    }
    kept.marks = marks;
    seal_name(&gateway->sessions.seal, session->hash, name);
    seal_close(&gateway->sessions.seal, session->hash, &kept, &sealed);
    cache_set(gateway->reads.cache, name, buffer_bytes(&sealed), SESSION_KEPT_SECONDS);
    session->kept_at = clock_monotonic();
    buffer_release(&sealed);
}
