/* http_load.c - HTTP clients side by side on one thread: each sends, waits for the whole answer, and sends again.
 *
 *   songda-bench-http --address HOST:PORT --clients N --seconds S [--rate R] --path PATH [--token T]
 *                     [--body TEMPLATE --targets FILE --first N --day D] [--listen 1]
 *
 * With a body it POSTs; {customer}, {address} and {date} in it become the next order's. --rate: requests a second of all together
 * (0: as fast as they are answered). --listen: the clients only listen (Server-Sent Events) until standard input ends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "load.h"

#include "base/banned.h"

enum { ANSWER_MAX = 64 * 1024, EVENTS_MAX = 128 };

struct client {
    int fd;
    bool is_busy;
    int64_t sent;
    size_t len;
    char *answer;
};

struct load {
    struct sockaddr_in address;
    const char *host, *path, *token, *body;
    struct targets targets;
    struct client *clients;
    size_t client_count;
    int64_t rate, issued, listening;
    int epoll;
    struct arena arena;
    struct buffer request, filled;
    struct tally tally;
};

static void fill(struct load *load)
{
    int32_t day;
    const struct target *target = targets_take(&load->targets, &day);
    const struct {
        const char *mark, *value;
    } marks[] = {{"{customer}", target->customer},
                 {"{address}", target->address},
                 {"{date}", date_print(&load->arena, day)}};

    buffer_clear(&load->filled);
    for (const char *at = load->body; *at != '\0';) {
        size_t len = 0;
        for (size_t i = 0; i < sizeof(marks) / sizeof(*marks) && len == 0; i++) {
            if (strncmp(at, marks[i].mark, strlen(marks[i].mark)) != 0)
                continue;
            len = strlen(marks[i].mark);
            buffer_append_text(&load->filled, marks[i].value);
        }
        if (len == 0)
            buffer_append_byte(&load->filled, (uint8_t)*at);
        at += len == 0 ? 1 : len;
    }
    arena_reset(&load->arena);
}

static void make_request(struct load *load)
{
    struct buffer *request = &load->request;
    char key[ID_TEXT_SIZE];

    buffer_clear(request);
    buffer_print(request, "%s %s HTTP/1.1\r\nHost: %s\r\n", *load->body != '\0' ? "POST" : "GET",
                 load->path, load->host);
    if (*load->token != '\0')
        buffer_print(request, "Authorization: Bearer %s\r\n", load->token);
    if (*load->body == '\0') {
        buffer_append_text(request, "\r\n");
        return;
    }
    fill(load);
    id_format(id_make(clock_now()), key);
    buffer_print(
        request,
        "Idempotency-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", key,
        load->filled.len);
    buffer_append(request, load->filled.data, load->filled.len);
}

static void send_request(struct load *load, struct client *client)
{
    make_request(load);
    client->sent = clock_monotonic();
    client->is_busy = true;
    client->len = 0;
    load->issued++;
    if (write(client->fd, load->request.data, load->request.len) != (ssize_t)load->request.len)
        die("write", "%s", strerror(errno));
}

static void connect_client(struct load *load, struct client *client)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    int one = 1;

    client->answer = memory_new(ANSWER_MAX + 1);
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0 ||
        connect(client->fd, (struct sockaddr *)&load->address, sizeof(load->address)) != 0)
        die("connect", "%s", strerror(errno));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, client->fd, &event) != 0)
        die("epoll", "%s", strerror(errno));
}

/* Behind the header, once header and body are there; else NULL. */
static const char *whole_body(const struct client *client, size_t *len)
{
    const char *end = strstr(client->answer, "\r\n\r\n");
    const char *length = end == NULL ? NULL : strcasestr(client->answer, "\r\nContent-Length:");

    if (end == NULL)
        return NULL;
    *len = length == NULL || length > end ? 0 : (size_t)strtoll(length + 17, NULL, 10);
    end += 4;
    return (size_t)(end - client->answer) + *len <= client->len ? end : NULL;
}

static void take_answer(struct load *load, struct client *client)
{
    size_t len = 0;
    const char *body = whole_body(client, &len);

    if (body == NULL)
        return;
    client->is_busy = false;
    if (strncmp(client->answer, "HTTP/1.1 200", 12) == 0)
        tally_add(&load->tally, clock_monotonic() - client->sent);
    else
        tally_refuse(&load->tally, client->answer, client->len);
}

static void hear(struct load *load, struct client *client)
{
    size_t room = ANSWER_MAX - client->len;
    ssize_t got = read(client->fd, client->answer + client->len, room);

    if (got <= 0)
        die("read", "the server closed a connection: %.*s", (int)client->len, client->answer);
    client->len += (size_t)got;
    client->answer[client->len] = '\0';
    if (load->listening == 0) {
        take_answer(load, client);
    } else if (client->is_busy && strstr(client->answer, "\r\n\r\n") != NULL) {
        client->is_busy = false;
        load->listening++;
        if (strncmp(client->answer, "HTTP/1.1 200", 12) != 0)
            die("listen", "%s", client->answer);
    }
    if (load->listening != 0 && !client->is_busy)
        client->len = 0;
}

static bool may_send(const struct load *load, int64_t now, int64_t end)
{
    if (now >= end)
        return false;
    return load->rate == 0 || load->issued * 1000000 < (now - load->tally.started) * load->rate;
}

static size_t busy_clients(const struct load *load)
{
    size_t count = 0;

    for (size_t i = 0; i < load->client_count; i++)
        count += load->clients[i].is_busy;
    return count;
}

static void run(struct load *load, int64_t seconds)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t end;

    load->tally.started = clock_monotonic();
    end = load->tally.started + seconds * CLOCK_SECOND;
    for (;;) {
        for (size_t i = 0; i < load->client_count; i++)
            if (!load->clients[i].is_busy && may_send(load, clock_monotonic(), end))
                send_request(load, &load->clients[i]);
        if (clock_monotonic() >= end && busy_clients(load) == 0)
            break;
        int count = epoll_wait(load->epoll, events, EVENTS_MAX, load->rate > 0 ? 1 : 5000);
        if (count == 0 && load->rate == 0)
            die("answers", "none for 5 s from %zu clients", busy_clients(load));
        for (int i = 0; i < count; i++)
            hear(load, events[i].data.ptr);
    }
    load->tally.ended = clock_monotonic();
}

/* Says how many listen, once all do; then only drains what comes. */
static void listen_on(struct load *load)
{
    struct epoll_event events[EVENTS_MAX], input = {.events = EPOLLIN | EPOLLHUP, .data.ptr = NULL};
    bool has_said = false, is_over = false;
    char byte;

    load->listening = 1; /* counts from there */
    epoll_ctl(load->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    for (size_t i = 0; i < load->client_count; i++)
        send_request(load, &load->clients[i]);
    while (!is_over) {
        int count = epoll_wait(load->epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL)
                is_over = read(STDIN_FILENO, &byte, 1) <= 0;
            else
                hear(load, events[i].data.ptr);
        }
        if (has_said || (size_t)load->listening - 1 < load->client_count)
            continue;
        has_said = true;
        printf("listening\n");
        fflush(stdout);
    }
}

static void parse_address(struct load *load)
{
    char host[64];
    const char *colon = strchr(load->host, ':');

    if (colon == NULL || (size_t)(colon - load->host) >= sizeof(host))
        die("address", "'%s' is not HOST:PORT", load->host);
    snprintf(host, sizeof(host), "%.*s", (int)(colon - load->host), load->host);
    load->address = (struct sockaddr_in){.sin_family = AF_INET,
                                         .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10))};
    if (inet_pton(AF_INET, host, &load->address.sin_addr) != 1)
        die("address", "'%s' is no IPv4 address", host);
}

int main(int argc, char **argv)
{
    struct load load = {.host = option(argc, argv, "address", NULL),
                        .path = option(argc, argv, "path", NULL),
                        .token = option(argc, argv, "token", ""),
                        .body = option(argc, argv, "body", ""),
                        .client_count = (size_t)option_number(argc, argv, "clients", "1"),
                        .rate = option_number(argc, argv, "rate", "0"),
                        .epoll = epoll_create1(EPOLL_CLOEXEC)};

    log_open("bench", "http");
    parse_address(&load);
    if (*load.body != '\0') {
        targets_read(&load.targets, option(argc, argv, "targets", NULL));
        load.targets.next = option_number(argc, argv, "first", "0");
        if (!date_parse(option(argc, argv, "day", NULL), &load.targets.first_day))
            die("option", "--day is no date");
    }
    load.clients = memory_array(struct client, load.client_count);
    for (size_t i = 0; i < load.client_count; i++)
        connect_client(&load, &load.clients[i]);
    if (option_number(argc, argv, "listen", "0") != 0) {
        listen_on(&load);
        return 0;
    }
    run(&load, option_number(argc, argv, "seconds", NULL));
    return tally_report(&load.tally);
}
