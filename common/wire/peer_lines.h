/* peer_lines.h - what peer.c and peer_wake.c share: the lines to the gateways and the two wake-up sockets. */
#ifndef SONGDA_WIRE_PEER_LINES_H
#define SONGDA_WIRE_PEER_LINES_H

#include "wire/peer.h"
#include "wire/ready.h"

#define PEER_LINES_MAX 12          /* gateways a service dials in to */
#define PEER_MESSAGE_MAX (4 << 20) /* bytes of one message */
#define PEER_QUEUE_MAX 8192        /* messages waiting in one direction */
#define PEER_HEARTBEAT 1000000     /* microseconds between two */
#define PEER_KNOCK 200000          /* microseconds between two READY to a gateway not heard yet */
#define PEER_SILENCE INT64_C(3000000) /* microseconds until the other side counts as dead */

struct line {
    char *address;
    void *socket;
    struct ready ready;
    int64_t opened, heard, said; /* monotonic; heard and said 0: never on this socket */
    int64_t unanswered;
};

struct peer {
    void *context;
    char *service, *instance;
    int64_t credit; /* per gateway */
    struct curve_client keys;
    struct line lines[PEER_LINES_MAX];
    size_t line_count, next_line;
    void *wake_out, *wake_in;
    struct ready wake_ready; /* of wake_in */
    struct buffer packed;
    int64_t malformed;
    bool is_leaving;
};

/* A socket with the limits that all of songda's sockets have; dies when there is none. */
void *peer_socket(void *context, int type);

/* "<service> <branch id>"; false when the topic is not that. */
bool peer_wake_parse(const char *topic, char service[64], struct id *branch_id);

#endif
