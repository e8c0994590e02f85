/* session_seal.h - how a session lies in Redis: sealed with a key that only the gateways have.
 *
 * Its name there is made of the token's hash and the key, its value is encrypted and authenticated with it (XChaCha20-Poly1305) and bound to
 * that name: who can write to Redis can neither make an actor nor give one session another's, and who can read it learns nothing. It says
 * which of staff's events were known when it was put there; who takes it out must know every later one.
 */
#ifndef GATEWAY_SESSION_SEAL_H
#define GATEWAY_SESSION_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "wire/envelope.h"

#define SEAL_KEY_SIZE 32
#define SEAL_NAME_SIZE 48
#define SEAL_HASH_SIZE 32
#define SEAL_MARKS_MAX                                                                             \
    512 /* branches with events of staff; a company with more has no second level */
#define SEAL_SCOPE_MAX 4096 /* branches an actor sees */

struct seal {
    bool is_set;
    uint8_t names[SEAL_KEY_SIZE], values[SEAL_KEY_SIZE];
};

/* Staff's events of this branch up to this number were known. */
struct seal_mark {
    struct id branch_id;
    int64_t number;
};

struct sealed_session {
    struct envelope_actor actor;
    int64_t expires_at; /* instant; 0: never */
    struct seal_mark *marks;
    size_t mark_count;
};

/* Both keys of a secret. */
void seal_derive(struct seal *seal, struct bytes secret);

/* Reads the secret from a file that nobody else may read; the first gateway makes it. "": no seal. False: a line says why. */
bool seal_load(struct seal *seal, const char *path);

/* The key in Redis for the SHA-256 hash of a token. */
void seal_name(const struct seal *seal, const uint8_t hash[SEAL_HASH_SIZE],
               char name[SEAL_NAME_SIZE]);

void seal_close(const struct seal *seal, const uint8_t hash[SEAL_HASH_SIZE],
                const struct sealed_session *session, struct buffer *out);

/* False: not sealed by us, or not for this hash. Lists are in the arena. */
bool seal_open(const struct seal *seal, const uint8_t hash[SEAL_HASH_SIZE], struct bytes sealed,
               struct arena *arena, struct sealed_session *session);

#endif
