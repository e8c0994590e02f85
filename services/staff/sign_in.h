/* sign_in.h - passwords, tokens and their life (policy S5).
 *
 * Passwords and sessions age in real time: a test company's set clock neither lengthens nor ends anybody's session.
 */
#ifndef SONGDA_STAFF_SIGN_IN_H
#define SONGDA_STAFF_SIGN_IN_H

#include "staff.h"

enum {
    PASSWORD_MIN = 10,        /* characters */
    PASSWORD_BITS = 40,       /* that zxcvbn must give it, about 10^12 guesses */
    PASSWORD_LOOKED_AT = 64,  /* bytes of it that are estimated */
    PASSWORD_HISTORY = 5,     /* earlier passwords that are refused */
    PASSWORD_HASH_SIZE = 128, /* crypto_pwhash_STRBYTES */
    TOKEN_BYTES = 32,
    TOKEN_HASH_BYTES = 32,
};

/* Argon2id, 64 MiB, 2 passes (about 150 ms), beside the lane: before the first write (call_compute). The text is in the arena. */
const char *password_hash(struct call *c, const char *password);

/* Whether the password gives the hash. Without a hash (nobody has that name) the same work is done for nothing. */
bool password_matches(struct call *c, const char *hash, const char *password);

/* At least PASSWORD_MIN characters of at least 5 kinds, not the sign-in name in it, no common password and not soon guessed (ASVS 6.2.4). */
bool password_is_strong(const char *password, const char *sign_in_name);

/* Fails with password_weak at the field. */
bool password_check(struct call *c, const char *field, const char *password,
                    const char *sign_in_name);

/* The hash a token is stored under; false when the text is not 43 characters of base64url. */
bool token_digest(const char *token, uint8_t digest[TOKEN_HASH_BYTES]);

/* A new token: 32 random bytes in base64url. */
const char *token_new(struct call *c, uint8_t digest[TOKEN_HASH_BYTES]);

/* The hash that failures of a name are counted under: equal for names that differ in case only. */
struct bytes name_digest(struct call *c, const char *sign_in_name);

/* The job that forgets failures older than a day. */
int sign_in_failures_run(struct call *c);

/* The job that deletes, by night, sessions that ended 90 days ago. */
int sessions_prune_run(struct call *c);

#endif
