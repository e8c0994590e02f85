/* reasons.c - says why a stop was left out, and what the locks that were kept break. */
#include "plan.h"

#include "schedule.h"

static const char *const names[ROUTING_REASONS] = {
    [ROUTING_FITS] = "price",        [ROUTING_PROPERTY] = "property", [ROUTING_LOCK] = "lock",
    [ROUTING_CAPACITY] = "capacity", [ROUTING_WINDOW] = "window",     [ROUTING_SHIFT] = "shift",
    [ROUTING_DURATION] = "duration", [ROUTING_DISTANCE] = "distance", [ROUTING_STOPS] = "stops"};

/* What one unit of each violation weighs against a second late: which one is the cheapest. */
static const int64_t weights[ROUTING_REASONS] = {
    [ROUTING_PROPERTY] = 100000, [ROUTING_LOCK] = 20000,  [ROUTING_WINDOW] = 10,
    [ROUTING_SHIFT] = 10,        [ROUTING_DURATION] = 10, [ROUTING_DISTANCE] = 1,
    [ROUTING_STOPS] = 10000};

const char *routing_reason_name(enum routing_reason reason)
{
    return names[reason];
}

struct search {
    struct rich *rich;
    int stop;
    int64_t weight; /* of the cheapest so far */
    struct routing_left_out found;
};

/* A unit over the capacity weighs by its share of the capacity: all of it weighs ten hours. */
static int64_t weigh(const struct rich *rich, int vehicle, enum routing_reason reason,
                     int64_t amount)
{
    int64_t capacity = 1;

    if (reason != ROUTING_CAPACITY)
        return amount * weights[reason];
    for (int d = 0; d < rich->p->products; d++)
        capacity += rich->p->vehicles[vehicle].capacity[d];
    return amount * 360000 / capacity + 1;
}

/* With the stop at this place: the violations it would add, the gravest of them named. */
static void weigh_place(struct search *s, int vehicle, const int32_t *sequence, int count,
                        const int64_t *before, int missing)
{
    int64_t amounts[ROUTING_REASONS], total = 0, gravest = 0;
    enum routing_reason reason = ROUTING_FITS;
    int64_t amount = 0;

    schedule_kinds(s->rich, vehicle, sequence, count, amounts);
    for (int k = 0; k < ROUTING_REASONS; k++)
        amounts[k] = amounts[k] > before[k] ? amounts[k] - before[k] : 0;
    amounts[ROUTING_PROPERTY] = missing;
    for (int k = ROUTING_PROPERTY; k < ROUTING_REASONS; k++) {
        int64_t weight = 0;

        if (amounts[k])
            weight = weigh(s->rich, vehicle, (enum routing_reason)k, amounts[k]);
        total += weight;
        if (weight > gravest) {
            gravest = weight;
            reason = (enum routing_reason)k;
            amount = amounts[k];
        }
    }
    if (s->found.vehicle != ROUTING_NONE && total >= s->weight)
        return;
    s->weight = total;
    s->found = (struct routing_left_out){s->stop, reason, amount, vehicle};
}

static int bits(uint64_t set)
{
    int count = 0;

    for (; set; set &= set - 1)
        count++;
    return count;
}

static void weigh_vehicle(struct search *s, int vehicle, int32_t *sequence)
{
    struct rich *rich = s->rich;
    const struct rich_route *route = &rich->routes[vehicle];
    const struct routing_stop *stop = &rich->p->stops[s->stop];
    const struct routing_vehicle *v = &rich->p->vehicles[vehicle];
    int missing = bits(stop->required & ~v->properties) + bits(stop->forbidden & v->properties);
    int64_t before[ROUTING_REASONS] = {0};

    if (route->count)
        schedule_kinds(rich, vehicle, route->stops, route->count, before);
    for (int k = v->frozen_count < route->count ? v->frozen_count : route->count; k <= route->count;
         k++) {
        copy_indices(sequence, route->stops, k);
        sequence[k] = s->stop;
        copy_indices(&sequence[k + 1], &route->stops[k], route->count - k);
        weigh_place(s, vehicle, sequence, route->count + 1, before, missing);
    }
}

struct routing_left_out reasons_of_stop(struct rich *rich, int stop)
{
    int locked = rich->p->stops[stop].locked_vehicle;
    struct search s = {.rich = rich, .stop = stop};
    int32_t *sequence = memory_new((size_t)rich->p->stop_count + 1, sizeof(*sequence));

    s.found = (struct routing_left_out){stop, ROUTING_LOCK, 1, ROUTING_NONE};
    for (int v = 0; v < rich->p->vehicle_count; v++) {
        bool like_another = rich->same_as[v] != v && !rich->routes[v].count;

        if ((locked == ROUTING_NONE || locked == v) && !like_another)
            weigh_vehicle(&s, v, sequence);
    }
    memory_free(sequence);
    if (s.found.reason == ROUTING_FITS && s.found.vehicle != ROUTING_NONE) {
        struct rich_place best = rich_cheapest_place(rich, stop);

        s.found.vehicle = best.route;
        s.found.amount = (best.cost - rich->price[stop]) / ROUTING_EXACT;
    }
    return s.found;
}

static void add_broken(struct routing_plan *plan, int stop, int vehicle, enum routing_reason reason,
                       int64_t amount)
{
    if (!amount)
        return;
    plan->broken = memory_grow(plan->broken, (size_t)plan->broken_count + 1, sizeof(*plan->broken));
    plan->broken[plan->broken_count++] =
        (struct routing_broken_lock){stop, vehicle, reason, amount};
}

static int64_t lateness(const struct routing_stop *stop, int64_t begin)
{
    if (!stop->window_count || begin <= stop->windows[stop->window_count - 1].close)
        return 0;
    return begin - stop->windows[stop->window_count - 1].close;
}

static void locks_of_route(struct rich *rich, struct routing_plan *plan,
                           const struct routing_route *route)
{
    const struct routing_vehicle *v = &rich->p->vehicles[route->vehicle];
    int64_t amounts[ROUTING_REASONS];

    for (int k = 0; k < route->visit_count; k++) {
        int at = route->visits[k].stop;
        const struct routing_stop *stop = &rich->p->stops[at];
        int64_t away = stop->locked_position == ROUTING_NONE ? 0 : stop->locked_position - k;

        add_broken(plan, at, route->vehicle, ROUTING_PROPERTY,
                   bits(stop->required & ~v->properties) + bits(stop->forbidden & v->properties));
        add_broken(plan, at, route->vehicle, ROUTING_LOCK, away < 0 ? -away : away);
        add_broken(plan, at, route->vehicle, ROUTING_WINDOW,
                   lateness(stop, route->visits[k].begin));
    }
    schedule_kinds(rich, route->vehicle, rich->routes[route->vehicle].stops, route->visit_count,
                   amounts);
    for (int k = ROUTING_CAPACITY; k < ROUTING_REASONS; k++)
        if (k != ROUTING_WINDOW)
            add_broken(plan, ROUTING_NONE, route->vehicle, (enum routing_reason)k, amounts[k]);
}

void reasons_of_locks(struct rich *rich, struct routing_plan *plan)
{
    for (int r = 0; r < plan->route_count; r++)
        locks_of_route(rich, plan, &plan->routes[r]);
}
