/* envelope.h - what every message between songda's programs carries (design 4), as one MessagePack array.
 *
 *   [version, kind, correlation, operation, actor, key, remaining_ms, at, trace, body, error]
 *
 *   version      int, 1
 *   kind         int, enum envelope_kind
 *   correlation  bin <= 64, chosen by whoever asks, returned as it came
 *   operation    str, "collection.receipt.record"; READY: the service's name; others ""
 *   actor        nil, or array [staff_id, session_id, branch_id, company_id, [scope ids], functions, permissions_version] with ids as bin 16;
 *                from a client: str, the session token. Only the gateway makes actors
 *   key          nil or bin 16, the idempotency key
 *   remaining_ms int >= 0, how long the asker still waits; READY: the worker's credit; HEARTBEAT: what is free of it
 *   at           int, instant in microseconds that the request is decided at, stamped by the gateway (0 from clients)
 *   trace        str, W3C traceparent
 *   body         bin, the MessagePack of the request or reply by its shape
 *   error        nil, or array [name, value|nil, field|nil, policy|nil]
 *
 * READY from the gateway to a worker: "I do not know you, say READY".
 * Frames: a DEALER sends [envelope]; a ROUTER sees [identity, envelope].
 */
#ifndef SONGDA_WIRE_ENVELOPE_H
#define SONGDA_WIRE_ENVELOPE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/id.h"
#include "base/list.h"
#include "wire/shape.h"

enum envelope_kind {
    ENVELOPE_REQUEST = 1,
    ENVELOPE_REPLY,
    ENVELOPE_READY,
    ENVELOPE_HEARTBEAT,
    ENVELOPE_GOODBYE
};

struct envelope_actor {
    struct id staff_id, session_id, branch_id, company_id;
    struct id_list scope; /* <= 1024 */
    uint64_t functions;
    int64_t permissions_version;
};

struct envelope {
    enum envelope_kind kind;
    struct bytes correlation;
    const char *operation;
    bool has_actor;
    struct envelope_actor actor;
    const char *token; /* from clients */
    struct id key;
    int64_t remaining_ms;
    int64_t at;
    const char *trace;
    struct bytes body;
    const char *error; /* name, NULL: none */
    const char *error_value, *error_field, *error_policy;
};

void envelope_pack(const struct envelope *envelope, struct buffer *out);
bool envelope_unpack(struct bytes packed, struct arena *arena, struct envelope *envelope,
                     struct shape_error *error);

#endif
