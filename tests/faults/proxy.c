/* proxy.c - stands between processes and makes trouble on command: it cuts, tears, delays; doubles and reorders whole HTTP requests.
 *
 *   songda-fault-proxy NAME LISTEN TARGET …     LISTEN and TARGET: unix:PATH or ADDRESS:PORT
 *
 * Commands come on standard input, one a line: `cut NAME`, `tear NAME` (the next piece is cut in its middle, then all are cut), `delay NAME
 * SECONDS-OF-EACH SECONDS-IN-ALL`, and for HTTP `double NAME SECONDS`, `reorder NAME SECONDS`. A byte stream that is doubled or reordered is
 * not one that TCP could deliver; so the last two are about whole requests on connections of their own. It ends with its standard input.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "places.h"

#include "base/banned.h"

enum { PIECE = 65536, COMMAND_MAX = 256, DOUBLE_SECONDS = 6 };

/* What is listened to, and the trouble on its connections; instants are monotonic. */
struct wire {
    const char *name, *target;
    int64_t delay, delayed_until, doubled_until, reordered_until;
    bool tears;
};

enum kind { COMMANDS, LISTENER, SIDE, COPY };

/* One descriptor. A side keeps what was read from it until the other side has taken it. */
struct end {
    enum kind kind;
    int fd;
    struct wire *wire;
    struct end *other;   /* of a side */
    bool is_client;      /* it asks */
    bool has_ended;      /* nothing more comes from it */
    uint32_t wanted;     /* what epoll is asked for */
    size_t start, count; /* of `data` */
    int64_t due;         /* of `data`: when it may go on; of a copy: when it is given up */
    uint8_t *data;
    struct link link;
};

struct proxy {
    int poll;
    struct wire *wires;
    size_t wire_count;
    struct link ends;
    int64_t next_look; /* at what is held back; never too late */
    char command[COMMAND_MAX];
    size_t command_len;
    bool is_over;
};

static void want(struct proxy *proxy, struct end *end, uint32_t wanted)
{
    struct epoll_event event = {.events = wanted, .data.ptr = end};

    if (wanted == end->wanted)
        return;
    if (epoll_ctl(proxy->poll, EPOLL_CTL_MOD, end->fd, &event) != 0)
        abort();
    end->wanted = wanted;
}

static struct end *add(struct proxy *proxy, enum kind kind, int fd, struct wire *wire)
{
    struct end *end = memory_new(sizeof(*end));
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = end};

    *end = (struct end){.kind = kind, .fd = fd, .wire = wire, .wanted = EPOLLIN};
    link_init(&end->link);
    link_append(&proxy->ends, &end->link);
    if (epoll_ctl(proxy->poll, EPOLL_CTL_ADD, fd, &event) != 0)
        abort();
    return end;
}

static void drop_one(struct end *end)
{
    link_remove(&end->link);
    place_abort(end->fd);
    memory_free(&end->data);
    memory_free(&end);
}

/* A side goes with its other one. */
static void drop(struct end *end)
{
    if (end->other != NULL)
        drop_one(end->other);
    drop_one(end);
}

/* Sends what is there; a side from which nothing is waiting is read again. False: the connection is gone. */
static bool pass_on(struct proxy *proxy, struct end *from)
{
    struct end *to = from->other;

    while (from->count > 0) {
        ssize_t sent = send(to->fd, from->data + from->start, from->count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) {
            drop(from);
            return false;
        }
        if (sent < 0)
            break;
        from->start += (size_t)sent;
        from->count -= (size_t)sent;
    }
    from->due = 0;
    if (from->count == 0 && from->has_ended)
        shutdown(to->fd, SHUT_WR);
    want(proxy, to, (to->wanted & ~(uint32_t)EPOLLOUT) | (from->count > 0 ? EPOLLOUT : 0));
    want(proxy, from,
         (from->wanted & ~(uint32_t)EPOLLIN) |
             (from->count == 0 && !from->has_ended ? EPOLLIN : 0));
    return true;
}

static bool begins_a_write(const struct end *end)
{
    static const char *const methods[] = {"POST ", "PUT /", "PATCH", "DELET"};

    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
        if (end->is_client && end->count >= 5 && memcmp(end->data, methods[i], 5) == 0)
            return true;
    return false;
}

static void hold(struct proxy *proxy, struct end *end, int64_t until)
{
    end->due = until;
    if (until < proxy->next_look)
        proxy->next_look = until;
}

/* The same request on a connection of its own; nobody hears the answer. */
static void send_copy(struct proxy *proxy, const struct end *end)
{
    int fd = place_connect(end->wire->target);

    if (fd < 0)
        return;
    struct end *copy = add(proxy, COPY, fd, end->wire);
    hold(proxy, copy, clock_monotonic() + DOUBLE_SECONDS * CLOCK_SECOND);
    if (send(fd, end->data, end->count, MSG_NOSIGNAL) != (ssize_t)end->count)
        drop(copy);
}

static void cut(struct proxy *proxy, const struct wire *wire)
{
    for (struct link *at = proxy->ends.next; at != &proxy->ends;) {
        struct end *end = link_entry(at, struct end, link);
        if (end->kind == SIDE && end->wire == wire) {
            drop(end);
            at = proxy->ends.next; /* its other side may have been the next one */
        } else {
            at = at->next;
        }
    }
}

static int64_t part_of_second(int64_t most)
{
    uint32_t chance = 0;

    if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
        abort();
    return (int64_t)chance % most;
}

/* A piece has been read: what becomes of it. */
static void treat(struct proxy *proxy, struct end *end)
{
    struct wire *wire = end->wire;
    int64_t now = clock_monotonic();

    if (wire->tears) {
        wire->tears = false;
        end->count /= 2;
        if (pass_on(proxy, end))
            cut(proxy, wire);
        return;
    }
    if (now < wire->delayed_until)
        hold(proxy, end, now + wire->delay);
    if (begins_a_write(end) && now < wire->reordered_until)
        hold(proxy, end, now + part_of_second(CLOCK_SECOND * 3 / 10));
    if (begins_a_write(end) && now < wire->doubled_until)
        send_copy(proxy, end);
    if (end->due != 0)
        want(proxy, end, end->wanted & ~(uint32_t)EPOLLIN);
    else
        pass_on(proxy, end);
}

static void hear(struct proxy *proxy, struct end *end)
{
    if (end->data == NULL)
        end->data = memory_new(PIECE);
    ssize_t got = recv(end->fd, end->data, PIECE, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got < 0) {
        drop(end);
        return;
    }
    end->start = 0;
    end->count = (size_t)got;
    if (got > 0) {
        treat(proxy, end);
        return;
    }
    end->has_ended = true;
    if (end->other->has_ended && end->other->count == 0)
        drop(end);
    else
        pass_on(proxy, end);
}

static void welcome(struct proxy *proxy, const struct end *listener)
{
    int fd = place_accept(listener->fd), to;

    if (fd < 0)
        return;
    to = place_connect(listener->wire->target);
    if (to < 0) {
        place_abort(fd);
        return;
    }
    struct end *client = add(proxy, SIDE, fd, listener->wire);
    struct end *server = add(proxy, SIDE, to, listener->wire);
    client->is_client = true;
    client->other = server;
    server->other = client;
}

static int64_t time_of(double seconds)
{
    return (int64_t)(seconds * (double)CLOCK_SECOND);
}

static void obey_one(struct proxy *proxy, struct wire *wire, const char *verb, double first,
                     double second)
{
    int64_t now = clock_monotonic();

    if (text_equal(verb, "cut")) {
        cut(proxy, wire);
    } else if (text_equal(verb, "tear")) {
        wire->tears = true;
    } else if (text_equal(verb, "delay")) {
        wire->delay = time_of(first);
        wire->delayed_until = now + time_of(second);
    } else if (text_equal(verb, "double")) {
        wire->doubled_until = now + time_of(first);
    } else if (text_equal(verb, "reorder")) {
        wire->reordered_until = now + time_of(first);
    }
}

static void obey(struct proxy *proxy, char *line)
{
    char *rest = line, *words[4] = {NULL};

    for (size_t i = 0; i < 4; i++)
        words[i] = strsep(&rest, " ");
    double first = words[2] != NULL ? strtod(words[2], NULL) : 0;
    double second = words[3] != NULL ? strtod(words[3], NULL) : 0;
    for (size_t i = 0; i < proxy->wire_count; i++) /* the lines to several gateways share a name */
        if (text_equal(proxy->wires[i].name, words[1]))
            obey_one(proxy, &proxy->wires[i], words[0], first, second);
}

static void listen_to_orders(struct proxy *proxy)
{
    char *end, *line = proxy->command;
    ssize_t got =
        read(0, proxy->command + proxy->command_len, COMMAND_MAX - 1 - proxy->command_len);

    if (got <= 0) {
        proxy->is_over = true;
        return;
    }
    proxy->command_len += (size_t)got;
    proxy->command[proxy->command_len] = '\0';
    while ((end = strchr(line, '\n')) != NULL) {
        *end = '\0';
        obey(proxy, line);
        line = end + 1;
    }
    proxy->command_len = strlen(line);
    memmove(proxy->command, line, proxy->command_len + 1);
}

/* What was held back and may go on now. */
static void release_held(struct proxy *proxy, int64_t now)
{
    proxy->next_look = INT64_MAX;
    for (struct link *at = proxy->ends.next; at != &proxy->ends;) {
        struct end *end = link_entry(at, struct end, link);
        bool is_due = end->due != 0 && end->due <= now;
        at = at->next;
        if (is_due && end->kind == COPY) {
            drop(end);
        } else if (is_due) {
            if (!pass_on(proxy, end))
                at = proxy->ends.next;
        } else if (end->due != 0) {
            hold(proxy, end, end->due);
        }
    }
}

/* Milliseconds that may be waited; -1: for ever. */
static int patience(struct proxy *proxy)
{
    int64_t now = clock_monotonic();

    if (now >= proxy->next_look)
        release_held(proxy, now);
    return proxy->next_look == INT64_MAX ? -1 : (int)((proxy->next_look - now) / 1000 + 1);
}

static void serve_side(struct proxy *proxy, struct end *end, uint32_t events)
{
    if (events & EPOLLOUT) {
        if (!pass_on(proxy, end->other))
            return;
    } else if (events & EPOLLIN) {
        hear(proxy, end);
    } else {
        drop(end); /* it hung up */
    }
}

static void serve(struct proxy *proxy, struct end *end, uint32_t events)
{
    uint8_t ignored[4096];

    switch (end->kind) {
    case COMMANDS:
        listen_to_orders(proxy);
        return;
    case LISTENER:
        welcome(proxy, end);
        return;
    case SIDE:
        serve_side(proxy, end, events);
        return;
    case COPY:
        if (recv(end->fd, ignored, sizeof(ignored), 0) <= 0)
            drop(end);
        return;
    }
}

int main(int argc, char **argv)
{
    struct proxy proxy = {.poll = epoll_create1(EPOLL_CLOEXEC),
                          .next_look = INT64_MAX,
                          .wire_count = (size_t)(argc - 1) / 3};
    struct epoll_event event; /* one at a time: what it is about may be gone after another one */

    link_init(&proxy.ends);
    proxy.wires = memory_array(struct wire, proxy.wire_count);
    add(&proxy, COMMANDS, 0, NULL);
    for (size_t i = 0; i < proxy.wire_count; i++) {
        int fd = place_listen(argv[3 * i + 2]);
        if (fd < 0) {
            fprintf(stderr, "songda-fault-proxy: %s: %s\n", argv[3 * i + 2], strerror(errno));
            return 1;
        }
        proxy.wires[i] = (struct wire){.name = argv[3 * i + 1], .target = argv[3 * i + 3]};
        add(&proxy, LISTENER, fd, &proxy.wires[i]);
    }
    puts("ready");
    fflush(stdout);
    while (!proxy.is_over)
        if (epoll_wait(proxy.poll, &event, 1, patience(&proxy)) == 1)
            serve(&proxy, event.data.ptr, event.events);
    while (!link_is_empty(&proxy.ends))
        drop(link_entry(proxy.ends.next, struct end, link));
    memory_free(&proxy.wires);
    return 0;
}
