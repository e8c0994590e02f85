/* session.c - keeps who is signed in, and where, in a file of mode 0600. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "songda.h"

#include "base/banned.h"

static void take(struct songda *songda, const char *line)
{
    const char *value = strstr(line, " = ");
    size_t len = value ? (size_t)(value - line) : 0;

    if (!value)
        return;
    value = arena_text(&songda->arena, value + 3);
    if (len == 5 && memcmp(line, "token", 5) == 0)
        songda->token = value;
    else if (len == 6 && memcmp(line, "person", 6) == 0)
        songda->person = value;
    else if (len == 4 && memcmp(line, "http", 4) == 0 && !songda->http)
        songda->http = value;
    else if (len == 5 && memcmp(line, "front", 5) == 0 && !songda->front)
        songda->front = value;
}

void session_load(struct songda *songda)
{
    FILE *file = fopen(songda->session, "re");
    struct stat status;
    char line[512];

    if (!file)
        return;
    if (fstat(fileno(file), &status) != 0 || (status.st_mode & 077) != 0) {
        fprintf(stderr, "songda: %s is not read: others may read it too\n", songda->session);
        fclose(file);
        return;
    }
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        take(songda, line);
    }
    fclose(file);
}

/* Folders down to the file, for their owner only. */
static void make_folders(const char *path)
{
    char folder[1024];

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
        mkdir(folder, 0700);
    }
}

bool session_save(const struct songda *songda)
{
    char draft[1024];
    FILE *file;
    int fd;

    make_folders(songda->session);
    snprintf(draft, sizeof(draft), "%s.%ld", songda->session, (long)getpid());
    unlink(draft);
    fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file) {
        complain("%s: %s", draft, strerror(errno));
        return false;
    }
    fprintf(file, "token = %s\nperson = %s\nhttp = %s\nfront = %s\n", songda->token, songda->person,
            songda->http, songda->front);
    if (fclose(file) == 0 && rename(draft, songda->session) == 0)
        return true;
    complain("%s: %s", songda->session, strerror(errno));
    unlink(draft);
    return false;
}

void session_forget(const struct songda *songda)
{
    unlink(songda->session);
}
