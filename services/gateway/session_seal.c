/* session_seal.c - closes and opens the sessions that gateways leave for each other in Redis. */
#include "session_seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#include "base/banned.h"

#define FORM 1 /* of what is sealed; another one is not read */
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SECRET_MAX 1024

static void derive(uint8_t key[SEAL_KEY_SIZE], const char *purpose, struct bytes secret)
{
    uint8_t hash[crypto_generichash_KEYBYTES_MAX];

    crypto_generichash(hash, sizeof(hash), secret.data, secret.len, NULL, 0);
    crypto_generichash(key, SEAL_KEY_SIZE, (const uint8_t *)purpose, strlen(purpose), hash,
                       sizeof(hash));
    sodium_memzero(hash, sizeof(hash));
}

void seal_derive(struct seal *seal, struct bytes secret)
{
    derive(seal->names, "songda session names", secret);
    derive(seal->values, "songda session values", secret);
    seal->is_set = true;
}

static bool complain(const char *path, const char *detail)
{
    log_error("session_key", log_text("file", path), log_text("detail", detail));
    return false;
}

/* The first gateway makes the secret, whole or not at all; of two at once one wins. */
static void make_file(const char *path)
{
    uint8_t secret[SEAL_KEY_SIZE];
    char temporary[4096];
    int fd;

    if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary))
        return;
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return;
    randombytes_buf(secret, sizeof(secret));
    if (write(fd, secret, sizeof(secret)) == sizeof(secret) && fchmod(fd, S_IRUSR) == 0 &&
        fsync(fd) == 0 && link(temporary, path) == 0)
        log_info("session_key_made", log_text("file", path));
    sodium_memzero(secret, sizeof(secret));
    unlink(temporary);
    close(fd);
}

bool seal_load(struct seal *seal, const char *path)
{
    uint8_t secret[SECRET_MAX];
    struct stat status;
    ssize_t len;
    int fd;

    *seal = (struct seal){.is_set = false};
    if (*path == '\0')
        return true;
    if (access(path, F_OK) != 0)
        make_file(path);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return complain(path, strerror(errno));
    len = fstat(fd, &status) == 0 ? read(fd, secret, sizeof(secret)) : -1;
    close(fd);
    if (len < SEAL_KEY_SIZE)
        return complain(path, "holds less than 32 bytes");
    if (status.st_mode & (S_IRWXG | S_IRWXO))
        return complain(path, "others may read it");
    seal_derive(seal, (struct bytes){secret, (size_t)len});
    sodium_memzero(secret, sizeof(secret));
    return true;
}

void seal_name(const struct seal *seal, const uint8_t hash[SEAL_HASH_SIZE],
               char name[SEAL_NAME_SIZE])
{
    uint8_t digest[16];
    char hex[2 * sizeof(digest) + 1];

    crypto_generichash(digest, sizeof(digest), hash, SEAL_HASH_SIZE, seal->names,
                       sizeof(seal->names));
    sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    snprintf(name, SEAL_NAME_SIZE, "songda:session:%s", hex);
}

static void put_number(struct buffer *out, int64_t number)
{
    buffer_append(out, &number, sizeof(number));
}

static void put_id(struct buffer *out, struct id id)
{
    buffer_append(out, id.bytes, sizeof(id.bytes));
}

static void put_session(struct buffer *out, const struct sealed_session *session)
{
    const struct envelope_actor *actor = &session->actor;

    buffer_append_byte(out, FORM);
    put_id(out, actor->staff_id);
    put_id(out, actor->session_id);
    put_id(out, actor->branch_id);
    put_id(out, actor->company_id);
    put_number(out, (int64_t)actor->functions);
    put_number(out, actor->permissions_version);
    put_number(out, session->expires_at);
    put_number(out, (int64_t)actor->scope.count);
    for (size_t i = 0; i < actor->scope.count; i++)
        put_id(out, actor->scope.items[i]);
    put_number(out, (int64_t)session->mark_count);
    for (size_t i = 0; i < session->mark_count; i++) {
        put_id(out, session->marks[i].branch_id);
        put_number(out, session->marks[i].number);
    }
}

void seal_close(const struct seal *seal, const uint8_t hash[SEAL_HASH_SIZE],
                const struct sealed_session *session, struct buffer *out)
{
    struct buffer plain = {0};
    uint8_t nonce[NONCE_SIZE];
    uint8_t *room;

    put_session(&plain, session);
    randombytes_buf(nonce, sizeof(nonce));
    buffer_append(out, nonce, sizeof(nonce));
    room = buffer_reserve(out, plain.len + TAG_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(room, NULL, plain.data, plain.len, hash,
                                               SEAL_HASH_SIZE, NULL, nonce, seal->values);
    out->len += plain.len + TAG_SIZE;
    buffer_release(&plain);
}

struct cursor {
    const uint8_t *at, *end;
    bool is_good;
};

static void take(struct cursor *cursor, void *out, size_t len)
{
    cursor->is_good = cursor->is_good && (size_t)(cursor->end - cursor->at) >= len;
    memset(out, 0, len);
    if (!cursor->is_good)
        return;
    memcpy(out, cursor->at, len);
    cursor->at += len;
}

static int64_t take_number(struct cursor *cursor)
{
    int64_t number;

    take(cursor, &number, sizeof(number));
    return number;
}

static size_t take_count(struct cursor *cursor, int64_t most)
{
    int64_t count = take_number(cursor);

    cursor->is_good = cursor->is_good && count >= 0 && count <= most;
    return cursor->is_good ? (size_t)count : 0;
}

static void take_session(struct cursor *cursor, struct arena *arena, struct sealed_session *session)
{
    struct envelope_actor *actor = &session->actor;
    uint8_t form;

    take(cursor, &form, sizeof(form));
    cursor->is_good = cursor->is_good && form == FORM;
    take(cursor, &actor->staff_id, sizeof(struct id));
    take(cursor, &actor->session_id, sizeof(struct id));
    take(cursor, &actor->branch_id, sizeof(struct id));
    take(cursor, &actor->company_id, sizeof(struct id));
    actor->functions = (uint64_t)take_number(cursor);
    actor->permissions_version = take_number(cursor);
    session->expires_at = take_number(cursor);
    actor->scope.count = take_count(cursor, SEAL_SCOPE_MAX);
    actor->scope.items = arena_array(arena, struct id, actor->scope.count + 1);
    take(cursor, actor->scope.items, actor->scope.count * sizeof(struct id));
    session->mark_count = take_count(cursor, SEAL_MARKS_MAX);
    session->marks = arena_array(arena, struct seal_mark, session->mark_count + 1);
    for (size_t i = 0; i < session->mark_count; i++) {
        take(cursor, &session->marks[i].branch_id, sizeof(struct id));
        session->marks[i].number = take_number(cursor);
    }
}

bool seal_open(const struct seal *seal, const uint8_t hash[SEAL_HASH_SIZE], struct bytes sealed,
               struct arena *arena, struct sealed_session *session)
{
    struct cursor cursor = {.is_good = true};
    uint8_t *plain;

    *session = (struct sealed_session){.mark_count = 0};
    if (!seal->is_set || sealed.len < NONCE_SIZE + TAG_SIZE)
        return false;
    plain = arena_alloc(arena, sealed.len - NONCE_SIZE);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed.data + NONCE_SIZE,
                                                   sealed.len - NONCE_SIZE, hash, SEAL_HASH_SIZE,
                                                   sealed.data, seal->values) != 0)
        return false;
    cursor.at = plain;
    cursor.end = plain + (sealed.len - NONCE_SIZE - TAG_SIZE);
    take_session(&cursor, arena, session);
    return cursor.is_good && cursor.at == cursor.end;
}
