/* ledger.c - balanced double entry in integer fen (R4): journals are posted or reversed, never changed. */
#include "collection.h"

#include <assert.h>

#include "service/page.h"

static void post(struct call *c, struct id journal_id, const struct entry *entries, size_t count,
                 int sign)
{
    int64_t sum = 0, line = 0;

    for (size_t i = 0; i < count; i++) {
        sum += entries[i].amount;
        if (entries[i].amount != 0)
            db_posting_insert(c, .journal_id = journal_id, .line = ++line,
                              .account = entries[i].account, .party_id = entries[i].party_id,
                              .amount = sign * entries[i].amount);
    }
    assert(sum == 0);
}

void journal_post(struct call *c, const char *kind, struct id document_id,
                  const struct entry *entries, size_t count)
{
    struct id journal_id = call_id(c);

    db_journal_insert(c, .journal_id = journal_id, .kind = kind, .document_id = document_id);
    post(c, journal_id, entries, count, 1);
}

void journal_reverse(struct call *c, const char *kind, const char *reversal_kind,
                     struct id document_id, const struct entry *original, size_t count)
{
    struct id journal_id = call_id(c);
    struct journal_of first = {.journal_id = {{0}}};

    db_journal_of(c, &first, .kind = kind, .document_id = document_id);
    db_journal_insert(c, .journal_id = journal_id, .kind = reversal_kind,
                      .document_id = document_id, .reverses_id = first.journal_id);
    post(c, journal_id, original, count, -1);
}

int ledger_list(struct call *c, const struct ledger_list_request *request,
                struct ledger_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_ledger_list(c, .after = page_after(c, request->after), .party_id = request->customer_id,
                       .account = request->account, .business_date = request->business_date,
                       .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, posting_id, limit);
    return 0;
}
