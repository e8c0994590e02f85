/* http.h - the front door for browsers, telephones and scripts: HTTP/1.1 by libmicrohttpd, polled by the one loop.
 *
 * A visit is one request on a connection. It is read, refused or asked (the connection sleeps meanwhile), and answered.
 */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/map.h"
#include "request.h"

#define HTTP_HEADER_MAX (16u << 10)
#define HTTP_BODY_MAX (1u << 20)
#define HTTP_SEGMENTS_MAX 12
#define HTTP_IDLE_SECONDS 60

struct gateway;
struct paper;

struct http {
    struct MHD_Daemon *daemon;
    int epoll_fd;
    bool has_resumed; /* a connection goes on, which libmicrohttpd tells nobody */
    struct map paths; /* "<segments> <service>" → struct path_group */
};

enum visit_stage { VISIT_NEW = 1, VISIT_READING, VISIT_ASKED, VISIT_ANSWERED, VISIT_OVER };

struct visit {
    struct gateway *gateway;
    struct MHD_Connection *connection;
    struct arena arena;
    struct buffer body;
    char address[64]; /* of the client, behind believed proxies */
    const char *method, *path;
    bool english, is_head, is_suspended, is_gone;
    enum visit_stage stage;
    struct request *r; /* from VISIT_ASKED on; NULL: nothing was asked of a service */
    struct stream *stream;
    struct paper *paper;      /* what is asked of services is for this */
    const char *cookie_token; /* the token came in the cookie */
    int status;               /* of what was answered without a request */
    int64_t started;
};

bool http_init(struct gateway *gateway);
void http_release(struct gateway *gateway);

/* Lets libmicrohttpd work. */
void http_run(struct gateway *gateway);

/* How long it allows the loop to sleep, in microseconds; -1: for ever. */
int64_t http_patience(const struct http *http);

/* http_paths.c */
struct path_match {
    const struct contract_operation *route;
    const struct shape *body; /* the request without the fields that are in the path */
    const char *names[HTTP_SEGMENTS_MAX];
    const char *values[HTTP_SEGMENTS_MAX]; /* decoded */
    size_t count;
    const char *allowed; /* methods of the path, where none of them is the one asked for */
};
void http_paths_init(struct http *http);
void http_paths_release(struct http *http);
/* False: there is no such path (allowed is NULL), or not with this method. */
bool http_paths_find(const struct http *http, struct arena *arena, const char *method,
                     const char *path, struct path_match *match);
/* Percent-decodes; NULL: not well-formed, or a NUL in it. */
char *http_decode(struct arena *arena, const char *text, size_t len);

/* http_ask.c: the API request that this visit makes; answers it itself when it is refused. */
void http_ask(struct visit *visit);
void http_ask_events(struct visit *visit);

/* A request of the visitor's own, which becomes visit->r; its finish may be set anew. */
struct request *http_open_request(struct visit *visit, const struct contract_operation *route);

/* The visit goes on, as answered. */
void http_wake(struct visit *visit);
const char *http_header(const struct visit *visit, const char *name);

/* http_reply.c */
void http_reply_request(struct visit *visit);
void http_reply_problem(struct visit *visit, const struct error *error, const char *value,
                        const char *field, const char *policy, int64_t retry_after);
void http_reply_error(struct visit *visit, const char *error, const char *value, const char *field);
/* 405 with Allow, or the answer to OPTIONS. */
void http_reply_method(struct visit *visit, const char *allowed);
void http_reply_text(struct visit *visit, int status, const char *type, struct buffer *text);
const char *http_cookie_name(const struct visit *visit);
/* Adds the headers that everything has, queues and forgets the response. */
void http_queue(struct visit *visit, int status, struct MHD_Response *response);
enum http_kind { HTTP_API, HTTP_PAGE };
void http_safety(struct MHD_Response *response, enum http_kind kind);
/* The same for a page of the console: it may also show pictures from where the map's tiles are. */
void http_safety_console(const struct visit *visit, struct MHD_Response *response);
/* {"tiles": …, "attribution": …}: what the console's map stands on; {} for nothing. */
void http_reply_map(struct visit *visit);

/* http_files.c: false: there is no console. */
bool http_files_serve(struct visit *visit);

/* api_page.c */
void api_page_print(const struct gateway *gateway, bool english, struct buffer *out);

#endif
