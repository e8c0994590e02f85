/* places.c - listening, connecting and breaking off, by a place as it is written. */
#include "places.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/banned.h"

enum { BACKLOG = 512 };

union address {
    struct sockaddr any;
    struct sockaddr_un local;
    struct sockaddr_in internet;
};

/* The length of the address; 0: it is none. */
static socklen_t address_of(const char *place, union address *address)
{
    char host[INET_ADDRSTRLEN];
    const char *colon = strrchr(place, ':');

    memset(address, 0, sizeof(*address));
    if (strncmp(place, "unix:", 5) == 0) {
        if (strlen(place + 5) >= sizeof(address->local.sun_path))
            return 0;
        address->local.sun_family = AF_UNIX;
        memcpy(address->local.sun_path, place + 5, strlen(place + 5) + 1);
        return sizeof(address->local);
    }
    if (colon == NULL || (size_t)(colon - place) >= sizeof(host))
        return 0;
    memcpy(host, place, (size_t)(colon - place));
    host[colon - place] = '\0';
    address->internet.sin_family = AF_INET;
    address->internet.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    return inet_pton(AF_INET, host, &address->internet.sin_addr) == 1 ? sizeof(address->internet)
                                                                      : 0;
}

static void hurry(int fd)
{
    int yes = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)); /* of no meaning to others */
}

static int open_for(const char *place, union address *address, socklen_t *size)
{
    *size = address_of(place, address);
    if (*size == 0) {
        errno = EINVAL;
        return -1;
    }
    return socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int give_up(int fd)
{
    int reason = errno;

    close(fd);
    errno = reason;
    return -1;
}

int place_listen(const char *place)
{
    union address address;
    socklen_t size;
    int yes = 1, fd = open_for(place, &address, &size);

    if (fd < 0)
        return -1;
    if (address.any.sa_family == AF_UNIX)
        unlink(address.local.sun_path);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, &address.any, size) != 0 || listen(fd, BACKLOG) != 0)
        return give_up(fd);
    if (address.any.sa_family == AF_UNIX && chmod(address.local.sun_path, 0777) != 0)
        return give_up(fd);
    return fd;
}

int place_connect(const char *place)
{
    union address address;
    socklen_t size;
    int fd = open_for(place, &address, &size);

    if (fd < 0)
        return -1;
    if (connect(fd, &address.any, size) != 0 && errno != EINPROGRESS)
        return give_up(fd);
    hurry(fd);
    return fd;
}

int place_accept(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd >= 0)
        hurry(fd);
    return fd;
}

void place_abort(int fd)
{
    struct linger at_once = {.l_onoff = 1};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(fd);
}
