/* password.c - setting and changing passwords. */
#include "sign_in.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include "base/banned.h"

enum { PASSES = 2, MEMORY = 64 << 20 };

/* Of a password that nobody knows: what is compared where there is no account. */
static const char nobodys_hash[crypto_pwhash_STRBYTES] =
    "$argon2id$v=19$m=65536,t=2,p=1$AlkbuNRdSOb1fDbLsqxTUA$3LeaKSvVLVGCFqGOf/HOTcSHX/0q6ITN/"
    "c00Xoh0ahw";

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "libsodium's hashes have this size");

struct hashing {
    const char *password; /* the question: in the arena, so the same text has the same address */
    char hash[crypto_pwhash_STRBYTES];
};

struct comparing {
    const char *password;
    char hash[crypto_pwhash_STRBYTES]; /* up to here the question */
    bool matches;
};

static void run_hashing(void *task)
{
    struct hashing *hashing = task;

    if (crypto_pwhash_str_alg(hashing->hash, hashing->password, strlen(hashing->password), PASSES,
                              MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        die("password", "no memory for Argon2id");
}

static void run_comparing(void *task)
{
    struct comparing *comparing = task;

    comparing->matches = crypto_pwhash_str_verify(comparing->hash, comparing->password,
                                                  strlen(comparing->password)) == 0;
}

const char *password_hash(struct call *c, const char *password)
{
    struct hashing hashing;

    memset(&hashing, 0, sizeof(hashing));
    hashing.password = password;
    if (!call_compute(c, run_hashing, &hashing, offsetof(struct hashing, hash), sizeof(hashing)))
        return "";
    return arena_text(c->arena, hashing.hash);
}

bool password_matches(struct call *c, const char *hash, const char *password)
{
    struct comparing comparing;

    memset(&comparing, 0, sizeof(comparing));
    comparing.password = password;
    snprintf(comparing.hash, sizeof(comparing.hash), "%s", hash == NULL ? nobodys_hash : hash);
    return call_compute(c, run_comparing, &comparing, offsetof(struct comparing, matches),
                        sizeof(comparing)) &&
           comparing.matches && hash != NULL;
}

bool password_check(struct call *c, const char *field, const char *password,
                    const char *sign_in_name)
{
    if (password_is_strong(password, sign_in_name))
        return true;
    fail_at(c, field, ERROR_PASSWORD_WEAK, "%d", PASSWORD_MIN);
    return false;
}

/* The one in force is kept among those that cannot be used again. */
static void replace(struct call *c, const struct person_row *person, const char *hash,
                    bool is_temporary)
{
    db_credential_keep(c, .staff_id = person->staff_id);
    db_credential_put(c, .home_branch_id = person->home_branch_id, .staff_id = person->staff_id,
                      .hash = hash, .at = clock_now(), .is_temporary = is_temporary);
    db_credential_trim(c, .staff_id = person->staff_id, .keep = PASSWORD_HISTORY);
}

int password_set(struct call *c, const struct password_set_request *request,
                 struct password_set_reply *reply)
{
    const bool is_temporary = !request->has_is_temporary || request->is_temporary;
    struct person_row person;

    if (!person_take(c, request->staff_id, &person))
        return -1;
    if (person.status == PERSON_STATUS_LEFT)
        return fail(c, ERROR_PERSON_HAS_LEFT, "%s", person.name);
    if (!is_temporary && is_production())
        return fail_at(c, "is_temporary", ERROR_PASSWORD_FINAL, NULL);
    if (!password_check(c, "password", request->password, person.sign_in_name))
        return -1;
    const char *hash = password_hash(c, request->password);
    replace(c, &person, hash, is_temporary);
    db_sign_in_forget(c, .name_hash = name_digest(c, person.sign_in_name));
    sessions_end(c, person.staff_id, (struct id){{0}});
    reply->staff_id = person.staff_id;
    return 0;
}

/* Compared with the one in force and the last ones; each comparison costs a sign-in's work. */
static bool was_used_before(struct call *c, struct id staff_id, const char *password,
                            const struct credential_of *current)
{
    struct credential_past_list_list past =
        db_credential_past_list(c, .staff_id = staff_id, .keep = PASSWORD_HISTORY - 1);

    if (password_matches(c, current->hash, password))
        return true;
    for (size_t i = 0; i < past.count; i++)
        if (password_matches(c, past.items[i].hash, password))
            return true;
    return false;
}

int password_change(struct call *c, const struct password_change_request *request,
                    struct password_change_reply *reply)
{
    struct person_row person;
    struct credential_of current;

    if (!person_take(c, c->actor.staff_id, &person) ||
        !db_credential_of(c, &current, .staff_id = person.staff_id) ||
        !password_matches(c, current.hash, request->old_password))
        return fail_at(c, "old_password", ERROR_PASSWORD_WRONG, NULL);
    if (!password_check(c, "new_password", request->new_password, person.sign_in_name))
        return -1;
    if (was_used_before(c, person.staff_id, request->new_password, &current))
        return fail_at(c, "new_password", ERROR_PASSWORD_USED_BEFORE, "%d", PASSWORD_HISTORY);
    const char *hash = password_hash(c, request->new_password);
    replace(c, &person, hash, false);
    db_session_password_changed(c, .session_id = c->actor.session_id);
    reply->sessions_ended = sessions_end(c, person.staff_id, c->actor.session_id);
    person_save(c, &person); /* what the remaining session may do changes with the version */
    return 0;
}
