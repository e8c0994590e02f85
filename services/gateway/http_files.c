/* http_files.c - the web console's files: from one folder, nothing above it, with types, ETags and packed variants. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

#define ONE_YEAR "public, max-age=31536000, immutable"

static const struct {
    const char *suffix, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
};

static const char *type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++) {
        if (text_equal(types[i].suffix, dot))
            return types[i].type;
    }
    return "application/octet-stream";
}

/* Every piece is a plain name: none begins with a dot, holds a slash or a backslash after decoding, or is empty. */
static const char *plain_path(struct arena *arena, const char *path)
{
    char *plain = arena_alloc(arena, strlen(path) + 1), *end = plain; /* decoded it is no longer */
    size_t len;

    for (path++; *path; path += len + (path[len] == '/')) {
        char *piece;

        len = strcspn(path, "/");
        piece = http_decode(arena, path, len);
        if (!piece || !*piece || *piece == '.' || strpbrk(piece, "/\\"))
            return NULL;
        if (end > plain)
            *end++ = '/';
        end = stpcpy(end, piece);
    }
    *end = '\0';
    return plain;
}

static int open_file(int folder, const char *path, struct stat *status)
{
    int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return -1;
    if (fstat(fd, status) == 0 && S_ISREG(status->st_mode))
        return fd;
    close(fd);
    return -1;
}

struct found {
    int fd;
    struct stat status;
    const char *path;
    bool is_packed;
};

static bool find(struct visit *visit, int folder, const char *path, struct found *found)
{
    const char *codings = http_header(visit, MHD_HTTP_HEADER_ACCEPT_ENCODING);

    found->path = path;
    found->is_packed = true;
    found->fd = codings && strstr(codings, "gzip")
                    ? open_file(folder, arena_print(&visit->arena, "%s.gz", path), &found->status)
                    : -1;
    if (found->fd >= 0)
        return true;
    found->is_packed = false;
    found->fd = open_file(folder, path, &found->status);
    return found->fd >= 0;
}

static void reply_file(struct visit *visit, const struct found *found)
{
    const struct stat *status = &found->status;
    const char *seen = http_header(visit, MHD_HTTP_HEADER_IF_NONE_MATCH);
    const char *etag = arena_print(&visit->arena, "\"%" PRIx64 "-%" PRIx64 "%s\"",
                                   (uint64_t)status->st_mtim.tv_sec * 1000000000u +
                                       (uint64_t)status->st_mtim.tv_nsec,
                                   (uint64_t)status->st_size, found->is_packed ? "-gz" : "");
    bool is_same = seen && strstr(seen, etag);
    struct MHD_Response *response;

    if (is_same) {
        close(found->fd);
        response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    } else {
        response = MHD_create_response_from_fd64((uint64_t)status->st_size, found->fd);
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type_of(found->path));
        if (found->is_packed)
            MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
    MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                            strncmp(found->path, "assets/", 7) == 0 ? ONE_YEAR : "no-cache");
    http_safety_console(visit, response);
    http_queue(visit, is_same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

/* A screen of the console has an address, but no file: it is the index that knows it, or the driver's page. */
static bool is_screen(const char *path)
{
    const char *name = strrchr(path, '/');

    return strchr(name ? name : path, '.') == NULL;
}

static const char *page_of(const char *path)
{
    bool is_driver = strncmp(path, "driver", 6) == 0 && (path[6] == '\0' || path[6] == '/');

    return is_driver ? "driver.html" : "index.html";
}

bool http_files_serve(struct visit *visit)
{
    const char *root = visit->gateway->settings.console;
    const char *path = plain_path(&visit->arena, visit->path);
    struct found found;
    bool is_found;
    int folder;

    if (!*root || !path)
        return false;
    folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return false;
    is_found = *path && find(visit, folder, path, &found);
    if (!is_found && is_screen(path))
        is_found = find(visit, folder, page_of(path), &found);
    close(folder);
    if (is_found)
        reply_file(visit, &found);
    return is_found;
}
