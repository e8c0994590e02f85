/* session.c - open sessions: who stands behind a token, how long, and ending them at once. */
#include "sign_in.h"

#include "base/clock.h"

#include "base/banned.h"

/* As long as the keys of the requests made in a session (design 6). The audit log and the events name session, person and branch themselves
 * and lose nothing. */
#define SESSIONS_KEPT (90 * CLOCK_DAY)
enum { NIGHT_BEGINS = 1, NIGHT_ENDS = 5, PRUNE_FULL = 1000 }; /* hours of the company's day */

static int64_t idle_since(struct call *c)
{
    return clock_now() - setting_int(c, session_idle_hours) * CLOCK_HOUR;
}

static struct bytes digest_bytes(struct call *c, const uint8_t digest[TOKEN_HASH_BYTES])
{
    return (struct bytes){arena_copy(c->arena, digest, TOKEN_HASH_BYTES), TOKEN_HASH_BYTES};
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Until the password is changed a session has no function: it can do what everybody signed in may, among that changing the password. */
int session_read(struct call *c, const struct session_read_request *request,
                 struct session_read_reply *reply)
{
    const int64_t idle = idle_since(c);
    uint8_t digest[TOKEN_HASH_BYTES];
    struct session_of row;

    if (!token_digest(request->token, digest) ||
        !db_session_of(c, &row, .token_hash = digest_bytes(c, digest), .at = clock_now(),
                       .idle_since = idle))
        return fail(c, ERROR_NOT_SIGNED_IN, NULL);
    reply->session_id = row.session_id;
    reply->staff_id = row.staff_id;
    reply->branch_id = row.home_branch_id;
    reply->company_id = row.company_id;
    reply->scope = row.scope;
    reply->functions = function_list_of(c, row.must_change_password ? 0 : (uint64_t)row.functions);
    reply->permissions_version = row.version;
    reply->expires_at = earlier(row.expires_at, row.seen_at + (clock_now() - idle));
    return 0;
}

/* The gateway says now and then that a session is in use; that is what keeps it from ending as idle. */
int session_touch(struct call *c, const struct session_touch_request *request,
                  struct session_touch_reply *reply)
{
    const int64_t idle = idle_since(c);
    uint8_t digest[TOKEN_HASH_BYTES];
    struct session_of row;

    if (!token_digest(request->token, digest) ||
        !db_session_of(c, &row, .token_hash = digest_bytes(c, digest), .at = clock_now(),
                       .idle_since = idle))
        return fail(c, ERROR_NOT_SIGNED_IN, NULL);
    db_session_touch_row(c, .token_hash = digest_bytes(c, digest), .at = clock_now(),
                         .idle_since = idle);
    reply->expires_at = earlier(row.expires_at, clock_now() + (clock_now() - idle));
    return 0;
}

static void announce_end(struct call *c, struct id session_id, struct id staff_id)
{
    emit_session_revoked(c, .session_id = session_id, .staff_id = staff_id);
}

int64_t sessions_end(struct call *c, struct id staff_id, struct id except_id)
{
    struct session_end_all_list ended =
        db_session_end_all(c, .staff_id = staff_id, .except_id = except_id, .at = clock_now());

    for (size_t i = 0; i < ended.count; i++)
        announce_end(c, ended.items[i].session_id, staff_id);
    return (int64_t)ended.count;
}

int session_list(struct call *c, const struct session_list_request *request,
                 struct session_list_reply *reply)
{
    struct id staff_id = id_is_none(request->staff_id) ? c->actor.staff_id : request->staff_id;

    if (!id_equal(staff_id, c->actor.staff_id) && !may(c, PERMISSION_STAFF_SESSION_MANAGE))
        return fail(c, ERROR_FORBIDDEN, NULL);
    reply->items = db_session_list_open(c, .staff_id = staff_id, .current_id = c->actor.session_id,
                                        .at = clock_now(), .idle_since = idle_since(c));
    return 0;
}

int session_close(struct call *c, const struct session_close_request *request,
                  struct session_close_reply *reply)
{
    (void)request;
    db_session_end_one(c, .session_id = c->actor.session_id, .at = clock_now());
    announce_end(c, c->actor.session_id, c->actor.staff_id);
    reply->session_id = c->actor.session_id;
    return 0;
}

/* One's own, or anybody's with the permission; others' look like none. */
int session_revoke(struct call *c, const struct session_revoke_request *request,
                   struct session_revoke_reply *reply)
{
    struct session_find found;

    if (!db_session_find(c, &found, .session_id = request->session_id) ||
        (!id_equal(found.staff_id, c->actor.staff_id) && !may(c, PERMISSION_STAFF_SESSION_MANAGE)))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_session_end_one(c, .session_id = found.session_id, .at = clock_now());
    announce_end(c, found.session_id, found.staff_id);
    reply->session_id = found.session_id;
    return 0;
}

/* By night, when few sign in: sessions that ended long ago, in real time like their life. */
int sessions_prune_run(struct call *c)
{
    const int64_t hour = (c->now - date_start(date_of(c->now))) / CLOCK_HOUR;
    struct session_prune pruned;

    if (hour < NIGHT_BEGINS || hour >= NIGHT_ENDS)
        return 0;
    if (!db_session_prune(c, &pruned, .before = clock_now() - SESSIONS_KEPT))
        return -1;
    return pruned.pruned >= PRUNE_FULL ? JOB_AGAIN : 0;
}
