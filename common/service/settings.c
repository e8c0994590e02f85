/* settings.c - figures the company sets: a branch's version, else the company's, else the default. */
#include "base/text.h"
#include "service/mechanisms.h"
#include "service/runtime.h"

#include "base/banned.h"

int64_t setting_found(const struct setting *setting, const struct setting_find *found)
{
    return found->has_number ? found->number : setting->number;
}

int64_t setting_int(struct call *c, const struct setting *setting)
{
    struct setting_find found;

    db_setting_find(c, &found, .name = setting->name);
    return setting_found(setting, &found);
}

const struct setting_find *setting_ask(struct call *c, const struct setting *setting)
{
    struct setting_find *found = arena_new(c->arena, struct setting_find);

    call_ask_along(c);
    db_setting_find(c, found, .name = setting->name);
    return found;
}

const char *setting_text_found(const struct setting *setting, const struct setting_find *found)
{
    return found->text != NULL ? found->text : setting->text;
}

const char *setting_text(struct call *c, const struct setting *setting)
{
    struct setting_find found = {.text = NULL};

    db_setting_find(c, &found, .name = setting->name);
    return setting_text_found(setting, &found);
}

static const struct setting *find(const struct setting *settings, const char *name)
{
    for (const struct setting *s = settings; s != NULL && s->name != NULL; s++)
        if (text_equal(s->name, name))
            return s;
    return NULL;
}

static const struct setting *setting_called(const struct service *service, const char *name)
{
    const struct setting *setting = find(service->settings, name);

    return setting != NULL ? setting : find(mechanism_settings, name);
}

static const struct setting_valid *valid_of(const struct setting_valid_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

static struct setting_value show(const struct setting *setting, const struct setting_valid *valid)
{
    bool is_number = setting->text == NULL;

    return (struct setting_value){
        .name = setting->name,
        .zh = setting->zh,
        .en = setting->en,
        .unit = (enum setting_unit)setting->unit,
        .policy = setting->policy,
        .has_number = is_number,
        .number = valid != NULL && valid->has_number ? valid->number : setting->number,
        .text = valid != NULL && valid->text != NULL ? valid->text : setting->text,
        .has_min = is_number,
        .min = setting->min,
        .has_max = is_number,
        .max = setting->max,
        .is_default = valid == NULL,
        .branch_id = valid == NULL ? (struct id){{0}} : valid->branch_id,
        .valid_from = valid == NULL ? 0 : valid->valid_from,
        .changed_by = valid == NULL ? (struct id){{0}} : valid->changed_by,
    };
}

static size_t length(const struct setting *settings)
{
    size_t count = 0;

    while (settings[count].name != NULL)
        count++;
    return count;
}

int operation_setting_list(struct call *c, const struct setting_list_request *request,
                           struct setting_list_reply *reply)
{
    const struct setting *own = call_service(c)->settings;
    size_t own_count = own == NULL ? 0 : length(own),
           count = own_count + length(mechanism_settings);

    if (!id_is_none(request->branch_id) && !call_enter_branch(c, request->branch_id))
        return -1;
    struct setting_valid_list valid = db_setting_valid(c);
    reply->settings.items = arena_array(c->arena, struct setting_value, count);
    for (size_t i = 0; i < count; i++) {
        const struct setting *setting =
            i < own_count ? &own[i] : &mechanism_settings[i - own_count];
        reply->settings.items[i] = show(setting, valid_of(&valid, setting->name));
    }
    reply->settings.count = count;
    return 0;
}

int operation_setting_history(struct call *c, const struct setting_history_request *request,
                              struct setting_history_reply *reply)
{
    const struct setting *setting = setting_called(call_service(c), request->name);

    if (setting == NULL)
        return fail_at(c, "name", ERROR_SETTING_UNKNOWN, "%s", request->name);
    if (!id_is_none(request->branch_id) && !call_enter_branch(c, request->branch_id))
        return -1;
    reply->unit = (enum setting_unit)setting->unit;
    reply->versions = db_setting_history(c, .name = setting->name);
    return has_failed(c) ? -1 : 0;
}

static int check(struct call *c, const struct setting *setting,
                 const struct setting_change_request *request)
{
    bool is_number = setting->text == NULL;

    if (is_number && !request->has_number)
        return fail_at(c, "number", ERROR_FIELD_MISSING, NULL);
    if (!is_number && request->text == NULL)
        return fail_at(c, "text", ERROR_FIELD_MISSING, NULL);
    if (is_number && (request->number < setting->min || request->number > setting->max))
        return fail_at(c, "number", ERROR_SETTING_RANGE, "%lld-%lld", (long long)setting->min,
                       (long long)setting->max);
    return 0;
}

/* In the actor's branch, or the one named; headquarters' versions are the company's. */
int operation_setting_change(struct call *c, const struct setting_change_request *request,
                             struct setting_change_reply *reply)
{
    const struct setting *setting = setting_called(call_service(c), request->name);
    struct setting_find before;

    if (setting == NULL)
        return fail_at(c, "name", ERROR_SETTING_UNKNOWN, "%s", request->name);
    if (check(c, setting, request) != 0)
        return -1;
    if (!id_is_none(request->branch_id) && !call_enter_branch(c, request->branch_id))
        return -1;
    if (db_setting_find(c, &before, .name = setting->name)) {
        const struct setting_valid valid = {
            .has_number = before.has_number, .number = before.number, .text = before.text};
        const struct setting_value shown = show(setting, &valid);
        audit_before(c, &setting_value_shape, &shown);
    }
    reply->setting_id = call_id(c);
    db_setting_insert(c, .where = c->branch_id, .setting_id = reply->setting_id,
                      .name = setting->name, .has_number = setting->text == NULL,
                      .number = request->number,
                      .text = setting->text == NULL ? NULL : request->text,
                      .valid_from = request->valid_from != 0 ? request->valid_from : c->now);
    return has_failed(c) ? -1 : 0;
}
