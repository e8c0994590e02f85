/* installation.c - equipment is installed at the customer's under a contract in force, or earlier with a leader's leave (D1). */
#include "base/clock.h"
#include "dispatch.h"
#include "service/page.h"
#include "service/people.h"

static bool installation_take(struct call *c, struct id installation_id,
                              struct installation_lock *installation)
{
    struct installation_branch where;

    if (db_installation_lock(c, installation, .installation_id = installation_id))
        return true;
    if (!has_failed(c) && db_installation_branch(c, &where, .installation_id = installation_id) &&
        call_enter_branch(c, where.branch_id) &&
        db_installation_lock(c, installation, .installation_id = installation_id))
        return true;
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

void installation_open(struct call *c, const struct contracts_contract_activated *contract)
{
    struct installation_of_contract early;
    struct installation_insert made;

    if (db_installation_of_contract(c, &early, .contract_id = contract->contract_id)) {
        db_installation_in_force(c, .installation_id = early.installation_id);
        if (early.status ==
            INSTALLATION_STATUS_AWAITING_APPROVAL) { /* nobody's leave is needed any more */
            struct approval approval;

            if (approval_of(c, "early_installation", early.installation_id, &approval))
                approval_withdraw(c, approval.approval_id);
            db_installation_set_status(c, .installation_id = early.installation_id,
                                       .status = INSTALLATION_STATUS_OPENED);
            emit_installation_opened(c, .installation_id = early.installation_id,
                                     .contract_id = contract->contract_id,
                                     .customer_id = contract->customer_id);
        }
        return;
    }
    if (contract->equipment.count == 0 ||
        !db_installation_insert(
            c, &made, .installation_id = call_id(c), .contract_id = contract->contract_id,
            .customer_id = contract->customer_id,
            .address_id =
                contract->address_ids.count > 0 ? contract->address_ids.items[0] : (struct id){{0}},
            .status = INSTALLATION_STATUS_OPENED, .is_in_force = true))
        return;
    for (size_t i = 0; i < contract->equipment.count; i++)
        if (contract->equipment.items[i].quantity > 0)
            db_installation_item_add(c, .installation_id = made.installation_id,
                                     .product_id = contract->equipment.items[i].product_id,
                                     .quantity = contract->equipment.items[i].quantity);
    emit_installation_opened(c, .installation_id = made.installation_id,
                             .contract_id = contract->contract_id,
                             .customer_id = contract->customer_id);
}

/* Customer and address must be known here, in whose branch the call works. */
static bool check_address(struct call *c, struct id customer_id, struct id address_id)
{
    struct installation_address place;

    if (!db_installation_address(c, &place, .customer_id = customer_id, .address_id = address_id))
        fail_at(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
    else if (place.is_locked)
        fail_at(c, "customer_id", ERROR_CUSTOMER_LOCKED, "%s", place.customer);
    else if (!place.is_address_active)
        fail_at(c, "address_id", ERROR_ADDRESS_UNKNOWN, NULL);
    return !has_failed(c);
}

static bool check_equipment(struct call *c, const struct product_quantity_list *equipment)
{
    if (!quantities_check(c, "equipment", equipment))
        return false;
    for (size_t i = 0; i < equipment->count; i++) {
        struct product_text product;

        if (!db_product_text(c, &product, .product_id = equipment->items[i].product_id))
            return refuse(c, call_print(c, "equipment[%zu].product_id", i), ERROR_PRODUCT_UNKNOWN,
                          NULL);
        if (equipment->items[i].quantity == 0 || equipment->items[i].quantity % 1000 != 0)
            return refuse(c, call_print(c, "equipment[%zu].quantity", i), ERROR_FIELD_RANGE,
                          "1, 2, 3 …");
    }
    return true;
}

int installation_request(struct call *c, const struct installation_request_request *request,
                         struct installation_request_reply *reply)
{
    struct customer_branch where;
    struct contract_is_known contract;
    struct installation_insert made;

    if (!db_customer_branch(c, &where, .customer_id = request->customer_id))
        return fail_at(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
    if (!call_enter_branch(c, where.branch_id) ||
        !check_address(c, request->customer_id, request->address_id) ||
        !check_equipment(c, &request->equipment))
        return -1;
    if (db_contract_is_known(c, &contract, .contract_id = request->contract_id))
        return fail_at(c, "contract_id", ERROR_CONTRACT_IN_FORCE, NULL);
    if (!db_installation_insert(
            c, &made, .installation_id = call_id(c), .contract_id = request->contract_id,
            .customer_id = request->customer_id, .address_id = request->address_id,
            .status = INSTALLATION_STATUS_AWAITING_APPROVAL, .is_early = true,
            .requested_by = c->actor.staff_id, .reason = request->reason))
        return fail_at(c, "contract_id", ERROR_INSTALLATION_EXISTS, NULL);
    for (size_t i = 0; i < request->equipment.count; i++)
        db_installation_item_add(c, .installation_id = made.installation_id,
                                 .product_id = request->equipment.items[i].product_id,
                                 .quantity = request->equipment.items[i].quantity);
    approval_open(c, "early_installation", made.installation_id, 0, request->reason);
    *reply = (struct installation_request_reply){.installation_id = made.installation_id,
                                                 .status = INSTALLATION_STATUS_AWAITING_APPROVAL};
    return has_failed(c) ? -1 : 0;
}

const char *installation_approval_picture(struct call *c, struct id installation_id)
{
    struct installation_picture row;

    return db_installation_picture(c, &row, .installation_id = installation_id) ? row.picture
                                                                                : "{}";
}

int installation_approval_granted(struct call *c, const struct approval *approval)
{
    struct installation_lock installation;

    if (!installation_take(c, approval->subject_id, &installation))
        return -1;
    if (installation.status != INSTALLATION_STATUS_AWAITING_APPROVAL)
        return 0;
    db_installation_set_status(c, .installation_id = installation.installation_id,
                               .status = INSTALLATION_STATUS_OPENED);
    emit_installation_opened(c, .installation_id = installation.installation_id,
                             .contract_id = installation.contract_id,
                             .customer_id = installation.customer_id);
    return has_failed(c) ? -1 : 0;
}

int installation_approval_rejected(struct call *c, const struct approval *approval,
                                   const char *reason)
{
    struct installation_lock installation;

    if (!installation_take(c, approval->subject_id, &installation))
        return -1;
    if (installation.status == INSTALLATION_STATUS_AWAITING_APPROVAL)
        db_installation_set_status(c, .installation_id = installation.installation_id,
                                   .status = INSTALLATION_STATUS_CANCELLED, .reason = reason);
    return has_failed(c) ? -1 : 0;
}

int installation_schedule(struct call *c, const struct installation_schedule_request *request,
                          struct installation_schedule_reply *reply)
{
    struct installation_lock installation;
    struct person installer;
    struct id address_id;

    if (request->scheduled_on < c->today)
        return fail_at(c, "scheduled_on", ERROR_DATE_PASSED, "%s",
                       date_print(c->arena, request->scheduled_on));
    if (!installation_take(c, request->installation_id, &installation))
        return -1;
    if (installation.status != INSTALLATION_STATUS_OPENED &&
        installation.status != INSTALLATION_STATUS_SCHEDULED)
        return fail(c, ERROR_INSTALLATION_CLOSED, "%s",
                    installation_status_text(installation.status));
    address_id = id_is_none(request->address_id) ? installation.address_id : request->address_id;
    if (!check_address(c, installation.customer_id, address_id))
        return -1;
    if (!person_read(c, request->installer_id, &installer) || !installer.is_active ||
        !person_has(&installer, FUNCTION_INSTALLER) || !id_equal(installer.branch_id, c->branch_id))
        return fail_at(c, "installer_id", ERROR_INSTALLER_UNKNOWN, NULL);
    db_installation_set_schedule(
        c, .installation_id = installation.installation_id, .installer_id = request->installer_id,
        .scheduled_on = request->scheduled_on, .address_id = address_id, .note = request->note);
    emit_installation_scheduled(
        c, .installation_id = installation.installation_id, .contract_id = installation.contract_id,
        .customer_id = installation.customer_id, .installer_id = request->installer_id,
        .scheduled_on = request->scheduled_on);
    reply->status = INSTALLATION_STATUS_SCHEDULED;
    return has_failed(c) ? -1 : 0;
}

/* One serial number for each piece, none of them at another customer's. */
static bool write_serials(struct call *c, const struct installation_complete_request *request)
{
    struct installation_pieces equipment = {0};
    struct installed_serial_insert made;

    db_installation_pieces(c, &equipment, .installation_id = request->installation_id);
    if ((int64_t)request->serial_numbers.count != equipment.pieces)
        return refuse(c, "serial_numbers", ERROR_SERIALS_WRONG, "%lld",
                      (long long)equipment.pieces);
    for (size_t i = 0; i < request->serial_numbers.count; i++)
        if (!db_installed_serial_insert(c, &made, .serial = request->serial_numbers.items[i],
                                        .installation_id = request->installation_id))
            return refuse(c, call_print(c, "serial_numbers[%zu]", i), ERROR_SERIAL_USED, "%s",
                          request->serial_numbers.items[i]);
    return true;
}

int installation_complete(struct call *c, const struct installation_complete_request *request,
                          struct installation_complete_reply *reply)
{
    struct installation_lock installation;

    if (!installation_take(c, request->installation_id, &installation))
        return -1;
    if (installation.status != INSTALLATION_STATUS_SCHEDULED)
        return fail(c, ERROR_INSTALLATION_CLOSED, "%s",
                    installation_status_text(installation.status));
    if (!id_equal(installation.installer_id, c->actor.staff_id))
        return fail(c, ERROR_INSTALLATION_NOT_YOURS, NULL);
    if (request->proof.kind == PROOF_KIND_CODE)
        return fail_at(c, "proof.kind", ERROR_PROOF_MISSING, NULL); /* the customer signs */
    if (!proof_check(c, &request->proof) || !write_serials(c, request))
        return -1;
    db_installation_set_complete(
        c, .installation_id = installation.installation_id, .happened_at = request->happened_at,
        .proof_kind = request->proof.kind, .proof_data = request->proof.data,
        .proof_code = request->proof.code, .signer = request->proof.signer, .note = request->note);
    emit_installation_completed(
        c, .installation_id = installation.installation_id, .contract_id = installation.contract_id,
        .customer_id = installation.customer_id, .installer_id = installation.installer_id,
        .serial_numbers = request->serial_numbers);
    reply->status = INSTALLATION_STATUS_COMPLETED;
    return has_failed(c) ? -1 : 0;
}

int installation_list(struct call *c, const struct installation_list_request *request,
                      struct installation_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_installation_list(
        c, .status = request->status, .installer_id = request->installer_id,
        .customer_id = request->customer_id, .after = page_after(c, request->after), .limit = limit,
        PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, installation_id, limit);
    return has_failed(c) ? -1 : 0;
}

int installation_read(struct call *c, const struct installation_read_request *request,
                      struct installation_read_reply *reply)
{
    struct installation_card card;
    struct customer_place where = {0};

    if (!db_installation_card(c, &card, .installation_id = request->installation_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_customer_place(c, &where, .of_branch_id = card.branch_id, .customer_id = card.customer_id,
                      .address_id = card.address_id);
    *reply = (struct installation_read_reply){
        .installation_id = request->installation_id,
        .branch_id = card.branch_id,
        .contract_id = card.contract_id,
        .customer_id = card.customer_id,
        .customer = where.customer,
        .address_id = card.address_id,
        .address = where.address,
        .contact = where.contact,
        .phone = where.phone,
        .status = card.status,
        .is_early = card.is_early,
        .is_in_force = card.is_in_force,
        .installer_id = card.installer_id,
        .scheduled_on = card.scheduled_on,
        .completed_at = card.completed_at,
        .reason = card.reason,
        .note = card.note,
        .serial_numbers = card.serial_numbers,
        .equipment = db_installation_items(c, .installation_id = request->installation_id)};
    return has_failed(c) ? -1 : 0;
}
