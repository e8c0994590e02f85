/* ready.h - sleeping on ZeroMQ sockets by poll(2), asking only those that may hold something.
 *
 * zmq_poll, and every receive that finds nothing, asks the kernel once per socket. A socket's ZMQ_FD becomes readable when something
 * happened, and stays so until the socket was used (a send uses it too): so a socket may hold something when its descriptor was readable,
 * or it was sent on, since a receive last found it empty.
 */
#ifndef SONGDA_WIRE_READY_H
#define SONGDA_WIRE_READY_H

#include <poll.h>
#include <stdbool.h>

struct ready {
    int fd;
    bool may_hold; /* set it behind every send; clear it where a receive found nothing */
};

/* Of a socket just made. */
struct ready ready_of(void *socket);

/* What to poll for. */
struct pollfd ready_item(const struct ready *ready);

/* Takes note of what poll(2) found. */
void ready_polled(struct ready *ready, const struct pollfd *item);

#endif
