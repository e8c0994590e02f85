/* answers.c - takes what the server answers and gives each call its rows. */
#include "service/lane.h"

#include "base/log.h"
#include "base/text.h"

#include "base/banned.h"

static void note_error(struct lane *lane, const struct sent *sent, const char *state,
                       const char *table, const char *detail)
{
    if (lane->error.is_set)
        return;
    lane->error = (struct lane_error){.is_set = true};
    snprintf(lane->error.state, sizeof(lane->error.state), "%s", state);
    snprintf(lane->error.table, sizeof(lane->error.table), "%s", table == NULL ? "" : table);
    lane->error.step = sent != NULL && sent->count == 1 ? sent->steps[0] : NULL;
    log_warn("statement_failed",
             log_text("statement", sent == NULL ? "" : sent->prepared->statement->name),
             log_text("sqlstate", state), log_int("batch", (int64_t)lane->batch_count),
             log_text("detail", detail));
}

static struct sql_bytes column_of(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return (struct sql_bytes){NULL, -1};
    return (struct sql_bytes){PQgetvalue(result, row, column), PQgetlength(result, row, column)};
}

static void decode_row(struct lane *lane, const struct sent *sent, const PGresult *result, int row,
                       struct step *step, void *into)
{
    const struct statement *statement = sent->prepared->statement;
    int ordinal = sent->is_set;

    for (size_t i = 0; i < statement->column_count; i++) {
        const struct sql_value *column = &statement->columns[i];
        struct sql_bytes value = column_of(result, row, (int)i + ordinal);
        if (!sql_decode(column, value, &step->work->arena, into))
            note_error(lane, sent, "", NULL, column->name);
    }
}

/* The call whose row it is: a set says it in its first column. */
static struct step *owner_of(const struct sent *sent, const PGresult *result, int row)
{
    if (!sent->is_set)
        return sent->steps[0];
    int64_t ordinal = sql_decode_bigint(PQgetvalue(result, row, 0));
    if (ordinal < 1 || (size_t)ordinal > sent->count)
        die("lane", "%s: row of call %lld", sent->prepared->statement->name, (long long)ordinal);
    return sent->steps[ordinal - 1];
}

static void make_room(const struct sent *sent, const PGresult *result)
{
    size_t size = sent->prepared->statement->row_size;

    for (size_t i = 0; i < sent->count; i++)
        sent->steps[i]->filled = 0;
    for (int row = 0; row < PQntuples(result); row++)
        owner_of(sent, result, row)->filled++;
    for (size_t i = 0; i < sent->count; i++) {
        struct step *step = sent->steps[i];
        if (step->rows != NULL && step->filled > 0)
            *step->rows = arena_alloc_array(&step->work->arena, step->filled, size);
        step->filled = 0;
    }
}

static void deliver(struct lane *lane, const struct sent *sent, const PGresult *result)
{
    size_t size = sent->prepared->statement->row_size;

    make_room(sent, result);
    for (int row = 0; row < PQntuples(result); row++) {
        struct step *step = owner_of(sent, result, row);
        if (step->rows != NULL) {
            decode_row(lane, sent, result, row, step, (char *)*step->rows + size * step->filled++);
            *step->count = step->filled;
        } else if (step->row != NULL && !step->is_found) {
            decode_row(lane, sent, result, row, step, step->row);
            step->is_found = true;
        } else if (step->row != NULL) {
            note_error(lane, sent, "", NULL, "more than one row");
        }
    }
}

/* A `write one` that did not touch exactly one row is a refusal that only the server could find. */
static void check_count(struct lane *lane, const struct sent *sent, PGresult *result)
{
    if (sent->prepared->statement->mode != STATEMENT_WRITE_ONE ||
        text_equal(PQcmdTuples(result), "1") || lane->error.is_set)
        return;
    lane->error = (struct lane_error){
        .is_set = true, .step = sent->steps[0], .missed = sent->prepared->statement->missing};
}

/* Only the first line of what the server says: the others may show the values of a row. */
static void note_server_error(struct lane *lane, const struct sent *sent, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    note_error(lane, sent, state == NULL ? "08000" : state,
               PQresultErrorField(result, PG_DIAG_TABLE_NAME), message == NULL ? "" : message);
}

static void take_answer(struct lane *lane, PGresult *result)
{
    const struct sent *sent = lane->sent_first;

    if (sent == NULL)
        die("lane", "an answer to nothing: %s", PQresStatus(PQresultStatus(result)));
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
        deliver(lane, sent, result);
        return;
    case PGRES_COMMAND_OK:
        check_count(lane, sent, result);
        return;
    case PGRES_PIPELINE_ABORTED:
        return;
    default:
        note_server_error(lane, sent, result);
    }
}

static void next_sent(struct lane *lane)
{
    if (lane->sent_first == NULL)
        return;
    lane->sent_first = lane->sent_first->next;
    if (lane->sent_first == NULL)
        lane->sent_last = &lane->sent_first;
}

bool answers_receive(struct lane *lane)
{
    PGconn *connection = lane->database->connection;

    if (PQflush(connection) < 0 || PQconsumeInput(connection) != 1) {
        lane_lose(lane);
        return false;
    }
    while (!PQisBusy(connection)) {
        PGresult *result = PQgetResult(connection);
        if (result == NULL) { /* behind each statement */
            next_sent(lane);
            continue;
        }
        bool is_sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        if (!is_sync)
            take_answer(lane, result);
        PQclear(result);
        if (PQstatus(connection) == CONNECTION_BAD) {
            lane_lose(lane);
            return false;
        }
        if (is_sync && !lane->owes_answer)
            return true;
        if (is_sync)
            lane->owes_answer = false;
    }
    return false;
}
