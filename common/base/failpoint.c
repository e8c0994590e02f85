/* failpoint.c - dies where a test wants it; compiled only with -Dfailpoints=true. */
#include "base/failpoint.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#include "base/banned.h"

#define NAME_OF(name, meaning) #name,
static const char *const names[] = {FAILPOINTS(NAME_OF)};

/* The only state of the kind, and only in builds that are made to die. */
static struct {
    bool is_read, is_armed;
    char file[256];
    enum failpoint point;
    long left;
} armed;

static void arm(const char *text)
{
    size_t len = strcspn(text, ":");

    for (int i = 0; i < FAILPOINT_COUNT; i++) {
        if (strlen(names[i]) != len || strncmp(names[i], text, len) != 0)
            continue;
        armed.point = (enum failpoint)i;
        armed.left = text[len] == ':' ? strtol(text + len + 1, NULL, 10) : 1;
        armed.is_armed = true;
        return;
    }
    die("failpoint", "there is no '%s'", text);
}

static void arm_by_file(const char *name)
{
    char line[64] = "";
    FILE *file = fopen(name, "re");

    if (file == NULL)
        return;
    snprintf(armed.file, sizeof(armed.file), "%s", name);
    if (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        arm(line);
    }
    fclose(file);
}

static void read_environment(void)
{
    const char *text = getenv("SONGDA_FAILPOINT");

    armed.is_read = true;
    if (text == NULL || *text == '\0')
        return;
    if (*text == '@')
        arm_by_file(text + 1);
    else
        arm(text);
}

void failpoint_pass(enum failpoint point)
{
    if (!armed.is_read)
        read_environment();
    if (!armed.is_armed || point != armed.point || --armed.left > 0)
        return;
    if (armed.file[0] != '\0')
        unlink(armed.file);
    raise(SIGKILL);
}
