/* events.c - listens to the event stream and prints what happens; comes back after a break without missing anything. */
#include <errno.h>
#include <jansson.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "songda.h"

#include "base/banned.h"

#define QUIET_MS 1500    /* without --follow: what came before this silence is all there was */
#define SILENCE_MS 40000 /* the gateway says something every 15 s */
#define LINE_MAX_BYTES (1u << 20)

/* A connection, its bytes without the chunks' frames, and the event being read. */
struct ear {
    int fd;
    struct buffer raw, text;
    size_t chunk; /* bytes left of the chunk being read */
    bool is_over;
    const char *event;
    char last_id[16400];
    int retry_ms;
};

static int open_connection(const char *http)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char host[256];
    const char *colon = strrchr(http, ':');
    int fd = -1;

    if (!colon || (size_t)(colon - http) >= sizeof(host))
        return -1;
    snprintf(host, sizeof(host), "%.*s", (int)(colon - http), http);
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
        return -1;
    for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

/* False: nothing came in time, or the connection is over. */
static bool receive(struct ear *ear, int patience_ms)
{
    struct pollfd item = {.fd = ear->fd, .events = POLLIN};
    ssize_t len = -1;

    if (poll(&item, 1, patience_ms) > 0)
        len = recv(ear->fd, buffer_reserve(&ear->raw, 65536), 65536, 0);
    else
        return false;
    if (len <= 0) {
        ear->is_over = true;
        return false;
    }
    ear->raw.len += (size_t)len;
    buffer_append_byte(&ear->raw, 0); /* so that its numbers end somewhere */
    ear->raw.len--;
    return true;
}

static void drop_front(struct buffer *buffer, size_t len)
{
    if (len == 0)
        return;
    memmove(buffer->data, buffer->data + len, buffer->len - len);
    buffer->len -= len;
}

/* Moves whole and part chunks from raw to text. */
static void unframe(struct ear *ear)
{
    for (;;) {
        size_t take = ear->chunk < ear->raw.len ? ear->chunk : ear->raw.len;
        uint8_t *end;

        buffer_append(&ear->text, ear->raw.data, take);
        drop_front(&ear->raw, take);
        ear->chunk -= take;
        if (ear->raw.len > 1 && ear->raw.data[0] == '\r')
            drop_front(&ear->raw, 2);
        end =
            ear->chunk == 0 && ear->raw.len > 0 ? memchr(ear->raw.data, '\n', ear->raw.len) : NULL;
        if (!end)
            return;
        ear->chunk = strtoul((const char *)ear->raw.data, NULL, 16);
        drop_front(&ear->raw, (size_t)(end - ear->raw.data) + 1);
        if (ear->chunk == 0) {
            ear->is_over = true;
            return;
        }
    }
}

static bool send_question(struct songda *songda, struct ear *ear)
{
    struct buffer question = {0};
    bool is_sent;

    buffer_print(&question, "GET /api/v1/events?services=%s&branch=%s HTTP/1.1\r\nHost: %s\r\n",
                 songda->services ? songda->services : "", songda->branch ? songda->branch : "",
                 songda->http);
    buffer_print(&question, "Authorization: Bearer %s\r\nAccept: text/event-stream\r\n",
                 songda->token ? songda->token : "");
    buffer_print(&question, "Accept-Language: %s\r\n", songda->english ? "en" : "zh");
    if (*ear->last_id)
        buffer_print(&question, "Last-Event-ID: %s\r\n", ear->last_id);
    buffer_append_text(&question, "\r\n");
    is_sent = send(ear->fd, question.data, question.len, MSG_NOSIGNAL) == (ssize_t)question.len;
    buffer_release(&question);
    return is_sent;
}

/* The status of the answer; its body's beginning stays in raw. 0: no answer. */
static int read_head(struct ear *ear)
{
    const uint8_t *end;
    int status;

    buffer_reserve(&ear->raw, 1);
    while (!(end = memmem(ear->raw.data, ear->raw.len, "\r\n\r\n", 4))) {
        if (ear->raw.len > 65536 || !receive(ear, CLIENT_PATIENCE_MS))
            return 0;
    }
    status = (int)strtol(buffer_text(&ear->raw) + strlen("HTTP/1.1 "), NULL, 10);
    drop_front(&ear->raw, (size_t)(end - ear->raw.data) + 4);
    return status;
}

static void print_event(const struct songda *songda, const char *data)
{
    json_t *event, *body;
    char *text;

    if (songda->as_json) {
        printf("%s\n", data);
    } else if ((event = json_loads(data, 0, NULL)) != NULL) {
        body = json_object_get(event, "body");
        text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
        printf("%s  %-32s %s\n", json_string_value(json_object_get(event, "occurred_at")),
               json_string_value(json_object_get(event, "event")), text ? text : "");
        free(text);
        json_decref(event);
    }
    fflush(stdout);
}

static void take_line(const struct songda *songda, struct ear *ear, const char *line)
{
    if (strncmp(line, "id: ", 4) == 0)
        snprintf(ear->last_id, sizeof(ear->last_id), "%s", line + 4);
    else if (strncmp(line, "data: ", 6) == 0)
        print_event(songda, line + 6);
    else if (strncmp(line, "retry: ", 7) == 0)
        ear->retry_ms = (int)strtol(line + 7, NULL, 10);
}

static void take_lines(const struct songda *songda, struct ear *ear)
{
    uint8_t *end;

    while (ear->text.len > 0 && (end = memchr(ear->text.data, '\n', ear->text.len)) != NULL) {
        *end = '\0';
        take_line(songda, ear, (const char *)ear->text.data);
        drop_front(&ear->text, (size_t)(end - ear->text.data) + 1);
    }
    if (ear->text.len > LINE_MAX_BYTES)
        ear->is_over = true;
}

static int status_code(const struct songda *songda, int status)
{
    fprintf(stderr, "songda: %s answers %d\n", songda->http, status);
    if (status == 401)
        return EXIT_NOT_SIGNED_IN;
    return status >= 500 ? EXIT_TRY_LATER : EXIT_REFUSED;
}

/* One connection. EXIT_DONE: it ended, or without --follow everything was told. */
static int listen_once(struct songda *songda, struct ear *ear)
{
    int status, code = EXIT_NO_ANSWER;

    ear->fd = open_connection(songda->http);
    ear->is_over = false;
    ear->chunk = 0;
    buffer_clear(&ear->raw);
    buffer_clear(&ear->text);
    if (ear->fd < 0 || !send_question(songda, ear)) {
        fprintf(stderr, "songda: no answer from %s\n", songda->http);
        return EXIT_NO_ANSWER;
    }
    status = read_head(ear);
    if (status == 200) {
        code = EXIT_DONE;
        do {
            unframe(ear);
            take_lines(songda, ear);
        } while (!ear->is_over && receive(ear, songda->follow ? SILENCE_MS : QUIET_MS));
    } else if (status > 0) {
        code = status_code(songda, status);
    }
    close(ear->fd);
    return code;
}

int command_events(struct songda *songda, char **words, int count)
{
    struct ear ear = {.retry_ms = 2000};
    int code;

    (void)words;
    if (count != 0)
        return complain("events [--follow] [--services A,B] [--branch ID] [--after ID]");
    if (songda->after)
        snprintf(ear.last_id, sizeof(ear.last_id), "%s", songda->after);
    do {
        code = listen_once(songda, &ear);
        if (songda->follow &&
            (code == EXIT_DONE || code == EXIT_NO_ANSWER || code == EXIT_TRY_LATER))
            usleep((unsigned)ear.retry_ms * 1000u);
    } while (songda->follow &&
             (code == EXIT_DONE || code == EXIT_NO_ANSWER || code == EXIT_TRY_LATER));
    if (code == EXIT_DONE)
        fprintf(stderr, "songda: to go on from here: --after %s\n", ear.last_id);
    buffer_release(&ear.raw);
    buffer_release(&ear.text);
    return code;
}
