/* sign_in.c - a name and a password become a session, or the same refusal for whatever was wrong. */
#include "sign_in.h"

#include <ctype.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/text.h"

#include "base/banned.h"

#define FAILURES_FORGOTTEN CLOCK_DAY
enum { LOCKED_MOST_MINUTES = 24 * 60 };

struct bytes name_digest(struct call *c, const char *sign_in_name)
{
    char *name = arena_text(c->arena, sign_in_name);
    uint8_t *digest = arena_alloc(c->arena, crypto_hash_sha256_BYTES);

    for (char *at = name; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    crypto_hash_sha256(digest, (const unsigned char *)name, strlen(name));
    return (struct bytes){digest, crypto_hash_sha256_BYTES};
}

const char *token_new(struct call *c, uint8_t digest[TOKEN_HASH_BYTES])
{
    unsigned char bytes[TOKEN_BYTES];
    char *token = arena_alloc(
        c->arena, sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING));

    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(
        token, sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
        bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
    token_digest(token, digest);
    return token;
}

/* Counted for every name, whether anybody has it or not: 5 are free, then the name is locked for 1, 2, 4 … minutes, at most a day. */
static int refuse(struct call *c, struct bytes name_hash)
{
    const int64_t at = clock_now(), attempts = setting_int(c, sign_in_attempts);

    fail(c, ERROR_SIGN_IN_REFUSED, NULL);
    refusal_record(c);
    db_sign_in_failed(c, .name_hash = name_hash, .at = at, .forget_before = at - FAILURES_FORGOTTEN,
                      .allowed = attempts, .most_minutes = LOCKED_MOST_MINUTES);
    return -1;
}

static int refuse_locked(struct call *c, int64_t locked_until)
{
    int64_t minutes = (locked_until - clock_now() + CLOCK_MINUTE - 1) / CLOCK_MINUTE;

    return fail(c, ERROR_SIGN_IN_LOCKED, "%lld", (long long)(minutes < 1 ? 1 : minutes));
}

static bool has_aged(struct call *c, int64_t set_at)
{
    return set_at + setting_int(c, password_days) * CLOCK_DAY < clock_now();
}

static void open_session(struct call *c, const struct sign_in_account *account,
                         struct session_open_reply *reply)
{
    const int64_t at = clock_now();
    uint8_t digest[TOKEN_HASH_BYTES];

    reply->token = token_new(c, digest);
    reply->expires_at = at + setting_int(c, session_days) * CLOCK_DAY;
    reply->session_id = id_make(at);
    reply->staff_id = account->staff_id;
    reply->name = account->name;
    reply->branch_id = account->home_branch_id;
    reply->functions = function_list_of(c, (uint64_t)account->functions);
    reply->must_change_password = account->is_temporary || has_aged(c, account->set_at);
    db_session_insert(c, .home_branch_id = account->home_branch_id, .session_id = reply->session_id,
                      .staff_id = account->staff_id,
                      .token_hash = {arena_copy(c->arena, digest, sizeof(digest)), sizeof(digest)},
                      .at = at, .expires_at = reply->expires_at,
                      .must_change_password = reply->must_change_password);
}

/* One read, then the costly comparison beside the lane (it begins anew behind it); unknown names, wrong passwords and people who may not sign
 * in get the same answer for the same work. */
int session_open(struct call *c, const struct session_open_request *request,
                 struct session_open_reply *reply)
{
    const struct bytes name_hash = name_digest(c, request->sign_in_name);
    struct sign_in_account account;

    if (!db_sign_in_account(c, &account, .name_hash = name_hash,
                            .sign_in_name = request->sign_in_name))
        return fail(c, ERROR_SIGN_IN_REFUSED, NULL);
    c->actor.company_id = account.company_id; /* whose settings hold */
    if (account.locked_until > clock_now())
        return refuse_locked(c, account.locked_until);
    if (!password_matches(c, account.hash, request->password) || !is_working(account.status))
        return refuse(c, name_hash);
    if (!call_enter_branch(c, account.home_branch_id) ||
        !db_branch_read_one(c, &reply->branch, .node_id = account.home_branch_id))
        return fail(c, ERROR_SIGN_IN_REFUSED, NULL);
    db_sign_in_forget(c, .name_hash = name_hash);
    open_session(c, &account, reply);
    audit_object(c, account.staff_id);
    return has_failed(c) ? -1 : 0;
}

int sign_in_failures_run(struct call *c)
{
    struct sign_in_prune pruned;

    if (!db_sign_in_prune(c, &pruned, .before = clock_now() - FAILURES_FORGOTTEN))
        return -1;
    return pruned.pruned >= 500 ? JOB_AGAIN : 0;
}
