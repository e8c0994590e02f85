/* ready.c - sleeping on ZeroMQ sockets by poll(2), asking only those that may hold something. */
#include "wire/ready.h"

#include <zmq.h>

#include "base/log.h"

#include "base/banned.h"

struct ready ready_of(void *socket)
{
    struct ready ready = {.fd = -1, .may_hold = true};
    size_t size = sizeof(ready.fd);

    if (zmq_getsockopt(socket, ZMQ_FD, &ready.fd, &size) != 0)
        die("zmq_getsockopt", "%s", zmq_strerror(zmq_errno()));
    return ready;
}

struct pollfd ready_item(const struct ready *ready)
{
    return (struct pollfd){.fd = ready->fd, .events = POLLIN};
}

void ready_polled(struct ready *ready, const struct pollfd *item)
{
    if (item->revents != 0)
        ready->may_hold = true;
}
