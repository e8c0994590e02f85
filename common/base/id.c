/* id.c - identifiers made from the time and randomness, or derived from a name. */
#include "id.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "arena.h"
#include "log.h"

#include "banned.h"

#define TOLERATED_STEP_BACK INT64_C(10000) /* ms */
#define LOW_BITS 62
#define LOW_MASK ((UINT64_C(1) << LOW_BITS) - 1)
#define HIGH_MAX 0xfffu

/* The one mutable static of the company's code beside the logger: ids of one process must rise,
 * whoever in it asks for them, so what was given last cannot belong to a caller. */
static struct {
    pthread_mutex_t mutex;
    int64_t ms;
    unsigned high; /* 12 bits */
    uint64_t low;  /* 62 bits */
} last = {.mutex = PTHREAD_MUTEX_INITIALIZER, .ms = INT64_MIN};

static void random_fresh(int64_t ms)
{
    last.ms = ms;
    last.high = randombytes_random() & (HIGH_MAX >> 1); /* half of the room stays for counting */
    randombytes_buf(&last.low, sizeof(last.low));
    last.low &= LOW_MASK;
}

static void random_next(void)
{
    last.low += (uint64_t)randombytes_random() + 1;
    if (last.low <= LOW_MASK)
        return;
    last.low &= LOW_MASK;
    if (++last.high > HIGH_MAX)
        random_fresh(last.ms + 1);
}

static struct id version_7(int64_t ms, unsigned high, uint64_t low)
{
    struct id id;

    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)((uint64_t)ms >> (40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70 | high >> 8);
    id.bytes[7] = (uint8_t)high;
    for (int i = 0; i < 8; i++)
        id.bytes[8 + i] = (uint8_t)(low >> (56 - 8 * i));
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
    return id;
}

struct id id_make(int64_t now_us)
{
    int64_t ms = now_us / 1000;
    struct id id;

    pthread_mutex_lock(&last.mutex);
    if (sodium_init() < 0)
        die("no_randomness", "libsodium cannot start");
    if (ms > last.ms || ms < last.ms - TOLERATED_STEP_BACK)
        random_fresh(ms);
    else
        random_next();
    id = version_7(last.ms, last.high, last.low);
    pthread_mutex_unlock(&last.mutex);
    return id;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool hyphen_follows(int byte)
{
    return byte == 3 || byte == 5 || byte == 7 || byte == 9;
}

bool id_parse(const char *text, struct id *id)
{
    struct id parsed;

    if (!text)
        return false;
    for (int i = 0; i < 16; i++) {
        int high = hex_value(text[0]);
        int low = high < 0 ? -1 : hex_value(text[1]);

        if (low < 0)
            return false;
        parsed.bytes[i] = (uint8_t)(high << 4 | low);
        text += 2;
        if (hyphen_follows(i) && *text++ != '-')
            return false;
    }
    if (*text)
        return false;
    *id = parsed;
    return true;
}

bool id_is_none(struct id id)
{
    return id_equal(id, (struct id){{0}});
}

bool id_equal(struct id a, struct id b)
{
    return id_compare(a, b) == 0;
}

int id_compare(struct id a, struct id b)
{
    return memcmp(a.bytes, b.bytes, sizeof(a.bytes));
}

void id_format(struct id id, char out[ID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < 16; i++) {
        *out++ = digits[id.bytes[i] >> 4];
        *out++ = digits[id.bytes[i] & 15];
        if (hyphen_follows(i))
            *out++ = '-';
    }
    *out = 0;
}

char *id_print(struct arena *arena, struct id id)
{
    char *text = arena_alloc(arena, ID_TEXT_SIZE);

    id_format(id, text);
    return text;
}

struct id id_derive(struct id namespace, const char *name)
{
    crypto_hash_sha256_state state;
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct id id;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, namespace.bytes, sizeof(namespace.bytes));
    crypto_hash_sha256_update(&state, (const unsigned char *)name, strlen(name));
    crypto_hash_sha256_final(&state, hash);
    memcpy(id.bytes, hash, sizeof(id.bytes));
    id.bytes[6] = (uint8_t)(0x80 | (id.bytes[6] & 0x0f));
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
    return id;
}
