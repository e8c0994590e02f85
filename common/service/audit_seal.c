/* audit_seal.c - chains the audit rows of each branch by hashes, behind the commit horizon, also where the data was brought to another
 * cluster, and recomputes the chain. */
#include <sodium.h>

#include "service/runtime.h"

#include "base/banned.h"

/* Rows sealed in one turn, rows looked at in one turn where the data came from elsewhere, and how far the place may stay behind. */
enum { SEAL_LIMIT = 500, SETTLE_LIMIT = 5000, PLACE_LAG = 10000, HASH = crypto_hash_sha256_BYTES };

/* Lengths stand before what they measure, so that no two rows give the same bytes. */
static void add(crypto_hash_sha256_state *state, const void *data, size_t len)
{
    uint64_t size = len;

    crypto_hash_sha256_update(state, (const unsigned char *)&size, sizeof(size));
    if (len > 0)
        crypto_hash_sha256_update(state, data, len);
}

static void add_text(crypto_hash_sha256_state *state, const char *text)
{
    uint8_t is_there = text != NULL;

    add(state, &is_there, 1);
    add(state, text, text == NULL ? 0 : strlen(text));
}

/* SHA-256(previous hash, row). The row is taken field by field: what PostgreSQL calls its bytes may change, this may not. */
static void seal_hash(const uint8_t previous[HASH], struct id branch_id,
                      const struct audit_sealed *row, uint8_t out[HASH])
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    add(&state, previous, HASH);
    add(&state, branch_id.bytes, sizeof(branch_id.bytes));
    add(&state, row->audit_id.bytes, sizeof(row->audit_id.bytes));
    add(&state, &row->xid, sizeof(row->xid));
    add(&state, &row->at, sizeof(row->at));
    add(&state, row->staff_id.bytes, sizeof(row->staff_id.bytes));
    add(&state, row->session_id.bytes, sizeof(row->session_id.bytes));
    add_text(&state, row->operation);
    add(&state, row->object_id.bytes, sizeof(row->object_id.bytes));
    add(&state, row->request.data, row->request.len);
    add_text(&state, row->before);
    add_text(&state, row->outcome);
    add_text(&state, row->trace);
    crypto_hash_sha256_final(&state, out);
}

static struct audit_sealed sealed_of(const struct audit_unsealed *row)
{
    return (struct audit_sealed){
        .audit_id = row->audit_id,
        .xid = row->xid,
        .at = row->at,
        .staff_id = row->staff_id,
        .session_id = row->session_id,
        .operation = row->operation,
        .object_id = row->object_id,
        .request = row->request,
        .before = row->before,
        .outcome = row->outcome,
        .trace = row->trace,
    };
}

/* The rows of one branch among those to seal. */
static void seal_branch(struct call *c, const struct audit_unsealed_list *rows, size_t first,
                        bool *is_sealed)
{
    const struct id branch_id = rows->items[first].branch_id;
    struct audit_seal_last last;
    uint8_t *hash = arena_alloc(c->arena, HASH);
    int64_t number = 0;

    if (db_audit_seal_last(c, &last, .branch = branch_id)) {
        number = last.number;
        memcpy(hash, last.hash.data, last.hash.len < HASH ? last.hash.len : HASH);
    }
    for (size_t i = first; i < rows->count; i++) {
        const struct audit_unsealed *row = &rows->items[i];
        if (!id_equal(row->branch_id, branch_id))
            continue;
        const struct audit_sealed sealed = sealed_of(row);
        uint8_t next[HASH];
        seal_hash(hash, branch_id, &sealed, next);
        memcpy(hash, next, HASH);
        db_audit_seal_insert(c, .branch = branch_id, .number = ++number, .audit_id = row->audit_id,
                             .xid = row->xid, .hash = {hash, HASH});
        is_sealed[i] = true;
    }
}

static void seal(struct call *c, const struct audit_unsealed_list *rows)
{
    bool *is_sealed = arena_array(c->arena, bool, rows->count);

    for (size_t i = 0; i < rows->count; i++)
        if (!is_sealed[i])
            seal_branch(c, rows, i, is_sealed);
}

/* What came with the data into this cluster, in the order of the table, whatever transaction ids it brought along. */
static int settle(struct call *c, const struct audit_sealer_lock *sealer)
{
    struct audit_settle_until until;

    if (!db_audit_settle_until(c, &until, .last_branch_id = sealer->settled_branch_id,
                               .last_audit_id = sealer->settled_audit_id, .limit = SETTLE_LIMIT)) {
        db_audit_sealer_settle(c, .is_settled = true);
        return JOB_AGAIN;
    }
    struct audit_unsealed_list rows = db_audit_unsettled(
        c, .last_branch_id = sealer->settled_branch_id, .last_audit_id = sealer->settled_audit_id,
        .until_branch_id = until.branch_id, .until_audit_id = until.audit_id);
    seal(c, &rows);
    db_audit_sealer_settle(c, .is_settled = until.rows < SETTLE_LIMIT,
                           .last_branch_id = until.branch_id, .last_audit_id = until.audit_id);
    return JOB_AGAIN;
}

int audit_seal_run(struct call *c)
{
    struct audit_sealer_lock sealer;

    if (!db_audit_sealer_lock(c, &sealer))
        return 0;
    if (!sealer.is_this_cluster) {
        db_audit_sealer_arrive(c, .horizon = sealer.horizon);
        return JOB_AGAIN;
    }
    if (!sealer.is_settled)
        return settle(c, &sealer);
    struct audit_unsealed_list rows =
        db_audit_unsealed(c, .since = sealer.xid, .horizon = sealer.horizon);
    seal(c, &rows);
    if (rows.count == SEAL_LIMIT)
        db_audit_sealer_move(c, .xid = rows.items[rows.count - 1].xid);
    else if (rows.count > 0 || sealer.horizon - sealer.xid > PLACE_LAG)
        db_audit_sealer_move(c, .xid = sealer.horizon);
    return rows.count == SEAL_LIMIT ? JOB_AGAIN : 0;
}

static bool is_right(const struct audit_sealed *row, struct id branch_id, uint8_t hash[HASH])
{
    uint8_t wanted[HASH];

    seal_hash(hash, branch_id, row, wanted);
    if (!row->found || row->hash.len != HASH || memcmp(row->hash.data, wanted, HASH) != 0)
        return false;
    memcpy(hash, wanted, HASH);
    return true;
}

static bool hash_before(struct call *c, struct id branch_id, int64_t number, uint8_t hash[HASH])
{
    struct audit_seal_at previous;

    memset(hash, 0, HASH);
    if (number == 0)
        return true;
    if (!db_audit_seal_at(c, &previous, .branch = branch_id, .number = number))
        return false;
    memcpy(hash, previous.hash.data, previous.hash.len < HASH ? previous.hash.len : HASH);
    return true;
}

/* As the keeper writes the heads down (ops/audit). */
static const char *hex_of(struct call *c, const uint8_t hash[HASH])
{
    char hex[2 * HASH + 1];

    sodium_bin2hex(hex, sizeof(hex), hash, HASH);
    return arena_text(c->arena, hex);
}

/* The chain does not miss a row that was put between others: it is looked for where the chain ends. */
static void find_stranger(struct call *c, struct audit_verify_reply *reply)
{
    struct audit_stranger stranger;

    if (!db_audit_stranger(c, &stranger, .branch = c->branch_id))
        return;
    reply->is_whole = false;
    reply->wrong_audit_id = stranger.audit_id;
}

int operation_audit_verify(struct call *c, const struct audit_verify_request *request,
                           struct audit_verify_reply *reply)
{
    const int64_t limit = request->has_limit ? request->limit : SEAL_LIMIT;
    uint8_t hash[HASH];

    if (!id_is_none(request->branch_id) && !call_enter_branch(c, request->branch_id))
        return -1;
    reply->last = request->has_after ? request->after : 0;
    reply->is_whole = true;
    if (!hash_before(c, c->branch_id, reply->last,
                     hash)) { /* somebody saw it once: it was cut off */
        reply->is_whole = false;
        reply->has_wrong_number = true;
        reply->wrong_number = reply->last;
        return 0;
    }
    struct audit_sealed_list rows =
        db_audit_sealed(c, .branch = c->branch_id, .after = reply->last, .limit = limit);
    for (size_t i = 0; i < rows.count && reply->is_whole; i++) {
        const struct audit_sealed *row = &rows.items[i];
        reply->is_whole = row->number == reply->last + 1 && is_right(row, c->branch_id, hash);
        if (reply->is_whole) {
            reply->last = row->number;
            reply->checked++;
        } else {
            reply->has_wrong_number = true;
            reply->wrong_number = row->number;
            reply->wrong_audit_id = row->audit_id;
        }
    }
    if (reply->last > 0)
        reply->last_hash = hex_of(c, hash);
    if (reply->is_whole && (int64_t)rows.count < limit)
        find_stranger(c, reply);
    return 0;
}
