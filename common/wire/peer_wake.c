/* peer_wake.c - "this branch of this service has new events": said to all gateways, heard from all, lost without harm. */
#include "wire/peer.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

#include "wire/peer_lines.h"

#include "base/banned.h"

#define TOPIC_MAX 128

void peer_wake(struct peer *peer, const char *service, struct id branch_id)
{
    char topic[TOPIC_MAX], branch[ID_TEXT_SIZE];
    int len;

    id_format(branch_id, branch);
    len = snprintf(topic, sizeof(topic), "%s %s", service, branch);
    if (len > 0 && (size_t)len < sizeof(topic))
        zmq_send(peer->wake_out, topic, (size_t)len, ZMQ_DONTWAIT);
}

void peer_listen(struct peer *peer, const char *service)
{
    char topic[TOPIC_MAX];
    int len = snprintf(topic, sizeof(topic), "%s ", service);

    if (len > 0 && (size_t)len < sizeof(topic))
        zmq_setsockopt(peer->wake_in, ZMQ_SUBSCRIBE, topic, (size_t)len);
}

bool peer_wake_parse(const char *topic, char service[64], struct id *branch_id)
{
    const char *space = strchr(topic, ' ');
    size_t len = space ? (size_t)(space - topic) : 0;

    if (len == 0 || len >= 64 || !id_parse(space + 1, branch_id))
        return false;
    memcpy(service, topic, len);
    service[len] = '\0';
    return true;
}

bool peer_woken(struct peer *peer, char service[64], struct id *branch_id)
{
    char topic[TOPIC_MAX];
    int len;

    if (!peer->wake_ready.may_hold)
        return false;
    while ((len = zmq_recv(peer->wake_in, topic, sizeof(topic) - 1, ZMQ_DONTWAIT)) >= 0) {
        topic[(size_t)len < sizeof(topic) ? (size_t)len : sizeof(topic) - 1] = '\0';
        if (peer_wake_parse(topic, service, branch_id))
            return true;
    }
    peer->wake_ready.may_hold = zmq_errno() != EAGAIN;
    return false;
}
