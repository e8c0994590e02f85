/* fuzz_session.c - whatever lies in Redis under a session's name: only what gateways sealed opens, and even that is read inside its bounds. */
#include <sodium.h>

#include "base/memory.h"
#include "fuzz.h"
#include "session_seal.h"

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES

static const uint8_t hash[SEAL_HASH_SIZE] = {1, 2, 3};

static void open_it(const struct seal *seal, struct bytes sealed, bool may_open)
{
    struct arena arena = {0};
    struct sealed_session session = {.expires_at = 0};

    if (seal_open(seal, hash, sealed, &arena, &session)) {
        check(may_open);
        check(session.actor.scope.count <= SEAL_SCOPE_MAX && session.mark_count <= SEAL_MARKS_MAX);
    }
    check(arena_used(&arena) <= 64 * (sealed.len + 4096));
    arena_release(&arena);
}

/* As a gateway would have sealed these bytes: the reader behind the lock is tried too. */
static void seal_plain(const struct seal *seal, struct bytes plain)
{
    const size_t size = NONCE_SIZE + plain.len + TAG_SIZE;
    uint8_t *sealed = memory_array(uint8_t, size);
    char name[SEAL_NAME_SIZE];

    seal_name(seal, hash, name);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_SIZE, NULL, plain.data, plain.len,
                                               hash, SEAL_HASH_SIZE, NULL, sealed, seal->values);
    open_it(seal, (struct bytes){sealed, size}, true);
    memory_free(&sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seal seal = {.is_set = false};

    check(sodium_init() >= 0);
    seal_derive(&seal, (struct bytes){(const uint8_t *)"a secret of this test", 21});
    open_it(&seal, (struct bytes){data, size}, false);
    seal_plain(&seal, (struct bytes){data, size});
    return 0;
}
