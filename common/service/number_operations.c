/* number_operations.c - leasing and voiding document numbers, and taking ranges back, in every service. */
#include "mechanisms.gen.h"
#include "service/number.h"
#include "service/number_text.h"
#include "service/people.h"

#include "base/banned.h"

int operation_number_lease(struct call *c, const struct number_lease_request *request,
                           struct number_lease_reply *reply)
{
    struct person holder;

    if (!number_kind_is_valid(request->kind))
        return fail_at(c, "kind", ERROR_NUMBER_KIND, NULL);
    if (!person_is_near(c, request->holder_id, &holder) || !holder.is_active)
        return fail_at(c, "holder_id", ERROR_PERSON_UNKNOWN, NULL);
    if (!call_enter_branch(c, holder.branch_id))
        return -1;
    struct number_lease lease = number_lease(c, request->kind, request->holder_id, request->count);
    reply->lease_id = lease.lease_id;
    reply->first = lease.first;
    reply->last = lease.last;
    return 0;
}

/* The holder voids what is theirs; whoever leases numbers voids anybody's. */
int operation_number_void(struct call *c, const struct number_void_request *request,
                          struct number_void_reply *reply)
{
    struct number_parts parts;
    struct number_lease_of lease;

    if (!may(c, PERMISSION_NUMBER_LEASE) &&
        (!number_parse(c, request->number, &parts) ||
         !db_number_lease_of(c, &lease, .code = parts.code, .kind = parts.kind, .year = parts.year,
                             .number = parts.number) ||
         !id_equal(lease.holder_id, c->actor.staff_id)))
        return fail_at(c, "number", ERROR_NUMBER_UNKNOWN, "%s", request->number);
    reply->number = request->number;
    return number_void(c, request->number, request->reason) ? 0 : -1;
}

int operation_number_hand_in(struct call *c, const struct number_hand_in_request *request,
                             struct number_hand_in_reply *reply)
{
    struct number_lease_read lease;
    struct number_lease_close closed;

    if (!db_number_lease_read(c, &lease, .lease_id = request->lease_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!call_enter_branch(c, lease.branch_id) ||
        !db_number_lease_close(c, &closed, .lease_id = request->lease_id))
        return -1;
    reply->missing = closed.missing;
    return 0;
}
