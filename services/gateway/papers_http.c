/* papers_http.c - GET /papers/…: which paper is meant, and how its file is given. */
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

/* What a browser's own viewer needs to show a PDF; nothing of it can run. */
#define PDF_POLICY                                                                                 \
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"

static const struct {
    const char *form, *type;
} forms[] = {
    {"pdf", "application/pdf"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"csv", "text/csv; charset=utf-8"},
};

static const char *type_of(const char *form)
{
    size_t i = 0;

    while (!text_equal(forms[i].form, form))
        i++;
    return forms[i].type;
}

static const struct paper_kind *find_kind(const char *name)
{
    for (const struct paper_kind *kind = paper_kinds; kind->name; kind++) {
        if (text_equal(kind->name, name))
            return kind;
    }
    return NULL;
}

static const struct paper_list *find_list(const char *operation)
{
    for (const struct paper_list *list = paper_lists; list->operation; list++) {
        if (text_equal(list->operation, operation))
            return list;
    }
    return NULL;
}

/* /papers/receipt/<id>.pdf or /papers/lists/collection.receipt.list.xlsx; false: neither. */
static bool read_path(struct paper *paper, const char *path)
{
    const char *name = path + strlen("/papers/"), *slash = strchr(name, '/'),
               *dot = strrchr(path, '.');
    char *kind, *rest;
    struct id id;

    if (!slash || !dot || dot < slash || strchr(slash + 1, '/'))
        return false;
    kind = arena_text_len(&paper->arena, name, (size_t)(slash - name));
    rest = arena_text_len(&paper->arena, slash + 1, (size_t)(dot - slash - 1));
    paper->form = arena_text(&paper->arena, dot + 1);
    if (text_equal(kind, "lists")) {
        paper->list = find_list(rest);
        return paper->list && (text_equal(paper->form, "xlsx") || text_equal(paper->form, "csv"));
    }
    paper->kind = find_kind(kind);
    paper->parameter = rest;
    return paper->kind && text_equal(paper->form, "pdf") && id_parse(rest, &id);
}

static enum MHD_Result take_pair(void *data, enum MHD_ValueKind kind, const char *name,
                                 size_t name_len, const char *text, size_t len)
{
    struct paper *paper = data;
    struct paper_pair pair = {http_decode(&paper->arena, name, name_len),
                              http_decode(&paper->arena, text ? text : "", text ? len : 0)};

    (void)kind;
    if (!pair.name || !pair.text || paper->query_count == PAPER_QUERY_MAX) {
        paper->query_count = SIZE_MAX;
        return MHD_NO;
    }
    paper->query[paper->query_count++] = pair;
    return MHD_YES;
}

static bool is_in(const char *const *names, const char *name)
{
    for (; *names; names++) {
        if (text_equal(*names, name))
            return true;
    }
    return false;
}

/* Every name once, and none that the gateway fills in itself. The name of the wrong one, or NULL; *rule says what is wrong. */
static const char *wrong_name(const struct paper *paper, const char **rule)
{
    static const char *const own[] = {"after", "before", "limit", NULL};

    for (size_t i = 0; i < paper->query_count; i++) {
        const struct paper_pair *pair = &paper->query[i];
        int32_t date;

        for (size_t k = 0; k < i; k++) {
            *rule = "field_doubled";
            if (text_equal(paper->query[k].name, pair->name))
                return pair->name;
        }
        *rule = "field_unknown";
        if (paper->kind ? !is_in(paper->kind->query, pair->name) : is_in(own, pair->name))
            return pair->name;
        *rule = "field_type";
        if (paper->kind && !date_parse(pair->text, &date))
            return pair->name;
    }
    return NULL;
}

/* The first line of what the process reads. Nothing in it is foreign but days. */
static void print_head(struct paper *paper)
{
    const struct visit *visit = paper->visit;
    const char *clock = http_header(visit, "X-Songda-Clock");
    char at[INSTANT_TEXT_SIZE];
    int64_t now = clock_now();

    if (clock && paper->gateway->has_request_clock)
        instant_parse(clock, &now);
    instant_format(now, at);
    buffer_print(&paper->lines, "{\"language\":\"%s\",\"at\":\"%s\"", visit->english ? "en" : "zh",
                 at);
    if (paper->list)
        buffer_print(&paper->lines, ",\"kind\":\"%s\",\"operation\":\"%s\"", paper->form,
                     paper->list->operation);
    else
        buffer_print(&paper->lines, ",\"kind\":\"%s\",\"title\":\"%s\"", paper->kind->name,
                     visit->english ? paper->kind->en : paper->kind->zh);
    for (size_t i = 0; paper->kind && i < paper->query_count; i++)
        buffer_print(&paper->lines, ",\"%s\":\"%s\"", paper->query[i].name, paper->query[i].text);
    buffer_append_text(&paper->lines, "}\n");
}

static struct paper *paper_new(struct visit *visit)
{
    struct paper *paper = memory_new(sizeof(*paper));

    paper->gateway = visit->gateway;
    paper->visit = visit;
    paper->started = clock_monotonic();
    paper->process =
        (struct paper_process){.pid_fd = -1, .input = -1, .output = -1, .complaint = -1};
    arena_init(&paper->arena);
    link_init(&paper->link);
    link_append(&visit->gateway->papers.all, &paper->link);
    visit->gateway->papers.count++;
    visit->paper = paper;
    return paper;
}

static void begin(struct paper *paper)
{
    paper->ask = paper->list ? paper->list->asks : paper->kind->asks;
    paper->deadline =
        paper->started + (paper->kind ? PAPER_SECONDS : PAPER_LIST_SECONDS) * CLOCK_SECOND;
    print_head(paper);
    paper->visit->stage = VISIT_ASKED;
    paper->gateway->papers.has_work = true;
}

void papers_visit(struct visit *visit)
{
    struct paper *paper;
    const char *wrong, *rule = NULL;

    if (visit->gateway->papers.count >= PAPERS_MAX)
        return http_reply_problem(visit, routes_error(NULL, "busy"), NULL, NULL, NULL, 2);
    paper = paper_new(visit);
    if (!read_path(paper, visit->path))
        return http_reply_error(visit, "not_found", NULL, NULL);
    MHD_get_connection_values_n(visit->connection, MHD_GET_ARGUMENT_KIND, take_pair, paper);
    if (paper->query_count == SIZE_MAX)
        return http_reply_error(visit, "malformed", "?", NULL);
    wrong = wrong_name(paper, &rule);
    if (wrong)
        return http_reply_error(visit, rule, text_equal(rule, "field_type") ? "YYYY-MM-DD" : NULL,
                                wrong);
    begin(paper);
}

static const char *file_name(struct paper *paper)
{
    return paper->kind
               ? arena_print(&paper->arena, "%s-%s.pdf", paper->kind->name, paper->parameter)
               : arena_print(&paper->arena, "%s.%s", paper->list->operation, paper->form);
}

static void reply_file(struct paper *paper)
{
    struct visit *visit = paper->visit;
    struct MHD_Response *response;
    struct stat status;

    if (fstat(paper->process.output, &status) != 0)
        return http_reply_error(visit, "internal", NULL, NULL);
    response = MHD_create_response_from_fd64((uint64_t)status.st_size, paper->process.output);
    paper->process.output = -1; /* the response closes it */
    http_safety(response, HTTP_API);
    if (paper->kind) {
        MHD_del_response_header(response, "Content-Security-Policy",
                                "default-src 'none'; frame-ancestors 'none'");
        MHD_add_response_header(response, "Content-Security-Policy", PDF_POLICY);
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type_of(paper->form));
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION,
                            arena_print(&paper->arena, "%s; filename=\"%s\"",
                                        paper->kind ? "inline" : "attachment", file_name(paper)));
    http_queue(visit, MHD_HTTP_OK, response);
}

void papers_reply(struct visit *visit)
{
    struct paper *paper = visit->paper;

    if (paper->error)
        http_reply_problem(visit, routes_error(NULL, paper->error), paper->error_value, NULL, NULL,
                           2);
    else if (paper->is_refused)
        http_reply_request(visit);
    else
        reply_file(paper);
    paper_free(&visit->paper);
}
