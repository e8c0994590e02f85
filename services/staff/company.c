/* company.c - the company begins: headquarters and the first administrator. */
#include "sign_in.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/text.h"
#include "service/options.h"

#include "base/banned.h"

/* The first line of the file that the settings name; false when there is none. */
static bool read_code(char *code, size_t size)
{
    const char *path = service_options()->founding_code_file;
    FILE *file = *path == '\0' ? NULL : fopen(path, "re");
    bool is_read = file != NULL && fgets(code, (int)size, file) != NULL;

    if (file != NULL)
        fclose(file);
    if (is_read)
        code[strcspn(code, "\r\n")] = '\0';
    return is_read && *code != '\0';
}

/* Whoever comes first owns the company; in production that is who knows the code. */
static bool may_found(struct call *c, const char *code)
{
    char wanted[256];

    if (!is_production())
        return true;
    if (code != NULL && read_code(wanted, sizeof(wanted)) && strlen(code) == strlen(wanted) &&
        sodium_memcmp(code, wanted, strlen(wanted)) == 0)
        return true;
    fail_at(c, "founding_code", ERROR_FOUNDING_CODE_WRONG, NULL);
    return false;
}

/* Answers to those who are not signed in are not kept, so the company remembers the key it was founded with. */
static bool was_founded_by_this(struct call *c, struct company_found_reply *reply)
{
    struct company_by_key founded;

    if (!db_company_by_key(c, &founded, .key = c->key))
        return false;
    reply->company_id = founded.branch_id;
    reply->staff_id = founded.administrator_id;
    return true;
}

static bool add_headquarters(struct call *c, const struct company_found_request *request,
                             const struct company_found_reply *reply)
{
    const struct id company_id = reply->company_id;
    struct company_insert founded;
    struct branch_insert inserted;
    const struct branch_lock branch = {.branch_id = company_id,
                                       .company_id = company_id,
                                       .kind = BRANCH_KIND_HEADQUARTERS,
                                       .code = request->code,
                                       .name = request->company,
                                       .is_active = true,
                                       .version = 1};

    if (!db_company_insert(c, &founded, .head_id = company_id, .name = request->company,
                           .administrator_id = reply->staff_id, .key = c->key) ||
        !db_branch_insert(c, &inserted, .new_id = company_id, .head_id = company_id,
                          .kind = branch.kind, .code = branch.code, .name = branch.name)) {
        fail(c, ERROR_COMPANY_EXISTS, NULL);
        return false;
    }
    branch_announce(c, &branch);
    return true;
}

static bool add_administrator(struct call *c, const struct company_found_request *request,
                              struct id staff_id, const char *hash)
{
    const struct person_row person = {.staff_id = staff_id,
                                      .home_branch_id = c->branch_id,
                                      .number = call_print(c, "%s-1", request->code),
                                      .sign_in_name = request->sign_in_name,
                                      .name = request->administrator,
                                      .functions = INT64_C(1) << FUNCTION_IT_ADMINISTRATOR,
                                      .status = PERSON_STATUS_ACTIVE,
                                      .is_ready = true,
                                      .joined_on = c->today,
                                      .version = 1};

    if (person_add(c, &person) != 0)
        return false;
    db_credential_put(c, .home_branch_id = person.home_branch_id, .staff_id = staff_id,
                      .hash = hash, .at = clock_now());
    return true;
}

int company_found(struct call *c, const struct company_found_request *request,
                  struct company_found_reply *reply)
{
    if (!may_found(c, request->founding_code))
        return -1;
    if (!branch_code_is_valid(request->code))
        return fail_at(c, "code", ERROR_BRANCH_CODE_FORM, NULL);
    if (!sign_in_name_is_valid(request->sign_in_name))
        return fail_at(c, "sign_in_name", ERROR_SIGN_IN_NAME_FORM, NULL);
    if (!password_check(c, "password", request->password, request->sign_in_name))
        return -1;
    if (was_founded_by_this(c, reply))
        return 0;
    const char *hash = password_hash(c, request->password); /* before the first write */
    reply->company_id = call_id(c);
    reply->staff_id = call_id(c);
    c->actor.company_id = reply->company_id;
    if (!call_enter_branch(c, reply->company_id) || !add_headquarters(c, request, reply) ||
        !add_administrator(c, request, reply->staff_id, hash))
        return -1;
    return has_failed(c) ? -1 : 0;
}

bool is_production(void)
{
    return text_equal(service_options()->mode, "production");
}
