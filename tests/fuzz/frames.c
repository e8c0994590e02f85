/* frames.c - plays fixed malformed inputs through a target: mutations of its corpus, always the same ones, each within 50 ms of processor, all
 * of them within 64 MiB of growth. Usage: COUNT FAILURE CORPUS, where the one that failed is left in the file FAILURE. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "fuzz.h"

enum { SEEDS_MAX = 512, SIZE_MAX_INPUT = 8192, WARM_UP = 500, GROWTH_MAX_KIB = 64 << 10 };

static const int64_t cost_max = 50 * 1000000; /* nanoseconds */

struct seed {
    uint8_t *data;
    size_t size;
};

struct corpus {
    struct seed seeds[SEEDS_MAX];
    size_t count;
};

/* xorshift64*: the same numbers on every machine. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit == 0 ? 0 : (size_t)(next_random(state) >> 32) % limit;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_seed(struct corpus *corpus, const char *folder, const char *name)
{
    struct seed *seed = &corpus->seeds[corpus->count];
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    check(file != NULL);
    seed->data = memory_array(uint8_t, SIZE_MAX_INPUT);
    seed->size = fread(seed->data, 1, SIZE_MAX_INPUT, file);
    fclose(file);
    corpus->count++;
}

static void read_corpus(struct corpus *corpus, const char *folder)
{
    char *names[SEEDS_MAX];
    size_t count = 0;
    struct dirent *entry;
    DIR *directory = opendir(folder);

    check(directory != NULL);
    while ((entry = readdir(directory)) != NULL && count < SEEDS_MAX)
        if (entry->d_name[0] != '.')
            names[count++] = strdup(entry->d_name);
    closedir(directory);
    qsort(names, count, sizeof(names[0]), by_name);
    for (size_t i = 0; i < count; i++) {
        read_seed(corpus, folder, names[i]);
        free(names[i]);
    }
    check(corpus->count > 0);
}

/* One change: a byte, a run of bytes gone or doubled, a number made huge, the end cut off, a part of another seed. */
static size_t change(uint64_t *state, const struct corpus *corpus, uint8_t *data, size_t size)
{
    const struct seed *other = &corpus->seeds[below(state, corpus->count)];
    size_t at = below(state, size), len = 1 + below(state, 16);

    switch (below(state, 7)) {
    case 0:
        if (size > 0)
            data[at] = (uint8_t)next_random(state);
        return size;
    case 1:
        if (size > 0)
            data[at] ^= (uint8_t)(1u << below(state, 8));
        return size;
    case 2:
        len = len < size - at ? len : size - at;
        memmove(data + at, data + at + len, size - at - len);
        return size - len;
    case 3:
        len = len < size - at ? len : size - at;
        if (size + len > SIZE_MAX_INPUT)
            return size;
        memmove(data + at + len, data + at, size - at);
        return size + len;
    case 4:
        memset(data + at, below(state, 2) ? 0xff : 0, len < size - at ? len : size - at);
        return size;
    case 5:
        return at;
    default:
        len = below(state, other->size + 1);
        len = len < SIZE_MAX_INPUT - at ? len : SIZE_MAX_INPUT - at;
        memcpy(data + at, other->data, len);
        return at + len > size ? at + len : size;
    }
}

static int64_t processor_time(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static long resident_kib(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    check(file != NULL && fscanf(file, "%*d %ld", &pages) == 1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Written before it is tried, so that it is there when the program dies of it. */
static void keep(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");

    check(file != NULL && fwrite(data, 1, size, file) == size);
    fclose(file);
}

/* The cheapest of three: others have the processor's caches too. */
static int64_t cost_of(const uint8_t *data, size_t size)
{
    int64_t least = INT64_MAX;

    for (int i = 0; i < 3 && least > cost_max; i++) {
        int64_t before = processor_time();
        LLVMFuzzerTestOneInput(data, size);
        int64_t cost = processor_time() - before;
        least = cost < least ? cost : least;
    }
    return least;
}

static bool play(const struct corpus *corpus, size_t count, const char *failure)
{
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
    int64_t dearest = 0;
    long before = 0;
    uint8_t data[SIZE_MAX_INPUT];

    for (size_t i = 0; i < count; i++) {
        const struct seed *seed = &corpus->seeds[i % corpus->count];
        size_t size = seed->size, changes = 1 + below(&state, 6);

        memcpy(data, seed->data, size);
        for (size_t k = 0; k < changes; k++)
            size = change(&state, corpus, data, size);
        keep(failure, data, size);
        int64_t cost = cost_of(data, size);
        dearest = cost > dearest ? cost : dearest;
        if (cost > cost_max) {
            printf("ERROR: frame %zu took %" PRId64 " ms of processor\n", i, cost / 1000000);
            return false;
        }
        if (i == WARM_UP)
            before = resident_kib();
    }
    long grown = count > WARM_UP ? resident_kib() - before : 0;
    printf("frames: %zu, the dearest %" PRId64 " us of processor, grown by %ld KiB\n", count,
           dearest / 1000, grown);
    if (grown > GROWTH_MAX_KIB) {
        printf("ERROR: grown by %ld KiB\n", grown);
        return false;
    }
    unlink(failure);
    return true;
}

int main(int argc, char **argv)
{
    static struct corpus corpus;

    if (argc != 4) {
        fprintf(stderr, "usage: %s COUNT FAILURE CORPUS\n", argv[0]);
        return 2;
    }
    read_corpus(&corpus, argv[3]);
    bool is_good = play(&corpus, strtoul(argv[1], NULL, 10), argv[2]);
    for (size_t i = 0; i < corpus.count; i++)
        memory_free(&corpus.seeds[i].data);
    return is_good ? 0 : 1;
}
