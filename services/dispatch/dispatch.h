/* dispatch.h - what the files of this service share. */
#ifndef SONGDA_DISPATCH_H
#define SONGDA_DISPATCH_H

#include "dispatch.gen.h"
#include "plan_limits.h"
#include "service/approval.h"
#include "service/call.h"
#include "service/service.h"

enum {
    SETTING_ORDER_CUTOFF,
    SETTING_NO_CONTRACT_AMOUNT,
    SETTING_OUTLIER_PERCENT,
    SETTING_DETOUR_PERCENT,
    SETTING_SPEED,
    SETTING_SHIFT_FROM,
    SETTING_SHIFT_TO,
    SETTING_KM_COST,
    SETTING_HOUR_COST,
    SETTING_VEHICLE_COST,
    SETTING_TRAVEL_SERVER,
    SETTING_TRAVEL_FILE,
    SETTING_CHANGE_PRICE,
    SETTING_BALANCE_PRICE,
    SETTING_LEAVE_OUT_PRICE
};
extern const struct setting dispatch_settings[];
extern const struct job dispatch_jobs[];
extern const struct approval_kind dispatch_approvals[];

/* Stops of a route, and of a planning run, at most. */
enum { ROUTE_STOPS_MAX = 100, SLIP_LINES_MAX = 600, ROUTING_STOPS_MOST = 2000 };

/* fail() or, with a field, fail_at(), for functions that answer whether to go on: always false. */
bool refuse(struct call *c, const char *field, const struct error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "12.5": a quantity for people. */
const char *quantity_text(struct call *c, int64_t quantity);

/* "6.8000": yuan per unit. */
const char *price_text(struct call *c, int64_t price);

/* A product's name, or its id where the copy is not there yet. */
const char *product_name(struct call *c, const char *name, struct id product_id);
const char *product_called(struct call *c, struct id product_id); /* looks the copy up */

/* Each product once, quantities at most a thousand million units; `field` names the list. Fails with product_doubled, field_range. */
bool quantities_check(struct call *c, const char *field, const struct product_quantity_list *list);

/* order_step.c: an order that is locked, in whose branch the call works from then on. Fails with not_found. */
bool order_take(struct call *c, struct id order_id, struct order_lock *order);

/* Goes on to what the order waits for next, by the needs left in `order`: writes status and reason, emits (D2). Fails with customer_held and
 * customer_locked when it would join a closed list. */
int order_advance(struct call *c, struct order_lock *order, const char *reason);

/* Ends an order that is refused; withdraws its approval if one is open. */
int order_refuse(struct call *c, struct order_lock *order, const char *reason);

/* Asks for the approval of an order without contract (C9). */
void order_ask_approval(struct call *c, struct id order_id, const char *number, int64_t amount);
void order_withdraw_approval(struct call *c, struct id order_id);

const char *order_approval_picture(struct call *c, struct id order_id);
int order_approval_granted(struct call *c, const struct approval *approval);
int order_approval_rejected(struct call *c, const struct approval *approval, const char *reason);

/* Orders held for a customer who is free again go on. */
void orders_release(struct call *c, struct id customer_id);

/* list.c: closes what is due at the cut-off (D4). */
int lists_run(struct call *c);

/* route.c: a route that is locked, in whose branch the call works from then on. Fails with not_found. */
bool route_take(struct call *c, struct id route_id, struct route_lock *route);

/* Whether stops may still change: draft or published, nothing checked out. Fails with route_fixed. */
bool route_is_open(struct call *c, const struct route_lock *route);

/* Whether stops that are not driven may still change places: not closed, not cancelled. Fails with route_fixed. */
bool route_is_alive(struct call *c, const struct route_lock *route);

/* crew.c: checks vehicle and driver for a route of the call's branch on that date (B10) and gives capacity, compartments and shift. Fails with
 * vehicle_unknown, vehicle_expired, driver_unknown, driver_expired. */
bool crew_check(struct call *c, struct id vehicle_id, struct id driver_id, int32_t date,
                struct plan_vehicle *vehicle);

/* crew.c: the same without any check; what the vehicle does not cost by itself it costs by the rates. */
void crew_read(struct call *c, struct id vehicle_id, struct id driver_id,
               const struct plan_rates *rates, struct plan_vehicle *vehicle);

/* Whether a driver's licence reaches a date; one without a card drives within the branch's hours. Fails with driver_expired. */
bool licence_check(struct call *c, struct id driver_id, int32_t date);

/* access.c: properties of vehicles as bits, the first value of the enumeration in bit 0. */
uint64_t property_bits(const struct vehicle_property_list *properties);
struct vehicle_property_list property_list_of(struct call *c, uint64_t bits);

/* A depot in use, in whose branch the call works from then on. Fails with depot_unknown. */
bool depot_take(struct call *c, struct id depot_id, struct depot_find *depot);

/* Whether it is a depot in use of the branch the call works in, or none at all. Fails, at `field`, with depot_unknown. */
bool depot_check(struct call *c, const char *field, struct id depot_id);

/* A waiting order as a stop to be; locks the order. Fails with not_found, order_on_route, order_not_listed, customer_held, customer_locked. */
bool candidate_take(struct call *c, struct id order_id, struct route_candidate *candidate);

/* plan_rows.c: orders, or the stops of a route, as stops of a plan, in the same order. */
struct plan_stop *plan_stops_of(struct call *c, struct id_list order_ids);
struct plan_stop *plan_stops_on(struct call *c, const struct stop_places_list *rows);
struct plan_place depot_place(struct id depot_id, const struct depot_find *depot);

/* plan_depots.c: where the problem's one route begins and ends; the second depot none: where it began. */
struct plan_ends route_ends(struct call *c, struct id depot_id, struct id end_depot_id,
                            struct plan_problem *problem);

/* load.c: goods as a plan has them, from an order's products and quantities. */
struct plan_goods *goods_list(struct call *c, const struct id_list *products,
                              const struct int_list *quantities);

/* What each of these vehicles may carry where. */
struct compartments *load_compartments(struct call *c, struct id_list vehicle_ids);

/* Whether goods (each product once) fit; and in words which compartment is too small for what, and by how much. */
bool load_fits(const struct compartments *compartments, const struct plan_goods *goods,
               size_t count, struct compartment_excess *excess);
const char *load_excess_text(struct call *c, const struct compartments *compartments,
                             const struct compartment_excess *excess,
                             const struct plan_goods *goods, size_t count);

/* Whether a vehicle holds these goods, and a slip names them (D4, D5). Fails, at `field` unless it is NULL, with over_capacity,
 * compartment_full, compartment_missing, slip_too_long. */
bool load_check(struct call *c, const char *field, struct id vehicle_id, int64_t capacity,
                const struct plan_goods *goods, size_t count);

/* The goods of a route's stops and of orders that are to join it; and whether a vehicle holds them. */
struct plan_goods *load_of_route(struct call *c, struct id route_id, struct id_list order_ids,
                                 size_t *count);
bool load_check_route(struct call *c, const char *field, struct id vehicle_id, int64_t capacity,
                      struct id route_id, struct id_list order_ids);

/* Writes a draft route; gives its id and number. */
struct new_route {
    struct id route_id, depot_id, vehicle_id, driver_id;
    struct id end_depot_id;   /* none: where it starts */
    struct id after_route_id; /* the vehicle's trip before; none: this is the first */
    int64_t trip;             /* 0: the first */
    int32_t delivery_date;
    int64_t distance_m;
    const char *number;
};
void route_write(struct call *c, struct new_route *route);

/* A route for each trip of a vehicle's day, each after the one before (D4): all like `like`, whose length is the first one's, and only the last
 * one ends at its end depot. */
struct new_route *trips_write(struct call *c, const struct new_route *like, int64_t trips);

/* One of several trips as it was written: numbers its stops, writes its length and says what it carries, by its route_id. */
void trip_tell(struct call *c, struct planned_route *trip);

/* Says that a route changed: route.published anew where it was published, so that its driver sees it; route.changed while it is a draft. */
void route_announce(struct call *c, const struct route_lock *route, size_t stops);

/* plan_depots.c: where a crew starts and ends (the second none: where it starts): as it is named, or else its vehicle's own, or else the plan's.
 * Fails with depot_unknown. */
struct crew_home {
    struct id depot_id, end_depot_id;
};
bool crew_home(struct call *c, const struct route_crew *crew, struct id depot_id,
               struct crew_home *home);

/* The depots of a plan by the numbers it tells them apart by: 0 is the plan's own, which is there from the beginning. */
struct plan_depots {
    struct id ids[PLAN_DEPOTS_MAX];
    size_t count;
};

/* A depot's number, which it gets here if it is new; none: 0. PLAN_DEPOTS_MAX: there are no more. */
size_t depot_number(struct plan_depots *depots, struct id depot_id);

/* Numbers where a vehicle starts and ends. Fails with depots_too_many. */
bool depots_take(struct call *c, struct plan_depots *depots, const struct crew_home *home,
                 struct plan_vehicle *vehicle);

/* Where the depots are, and what they have beyond what routes up to that date will take, those of the run left aside. */
void depots_place(struct call *c, const struct plan_depots *depots, struct plan_problem *problem);
void depots_stock(struct call *c, struct plan_depots *depots, struct id run_id, int32_t date,
                  struct plan_problem *problem);

/* route_plan.c: what plans reckon with, by the settings of the call's branch; and the length of a route by them, its stops as they stand. */
struct plan_rates plan_rates_of(struct call *c);
int64_t route_length(struct call *c, struct id depot_id, struct id end_depot_id,
                     const struct plan_stop *stops, size_t count);

/* ways.c: what knows how far it is, besides coordinates: a branch's ways as its workers found them out from a file or a server (D4). Whoever
 * answers at once only reads them; a way that is not known is reckoned from coordinates, and counted. */
struct ways {
    const char *server, *file; /* the settings; "": none */
    const char *travel;        /* where ways come from, as a planning run says it */
    const char *wrong;         /* why the file is not used; NULL: it is */
    bool is_found;             /* by these settings: there may be ways */
    int64_t asked, lacking;
};

/* The ways of the call's branch; NULL: all are reckoned from coordinates. */
struct ways *ways_of(struct call *c, const char *server, const char *file,
                     const struct way_source *source);

/* The ways that a problem will be asked for, where more is known than coordinates: those of its stops as they stand from the depot to the
 * last one; besides, those of a last stop that is to be put in anywhere; all. */
enum ways_wanted { WAYS_ALONG, WAYS_TO_LAST, WAYS_ALL };
void ways_put(struct call *c, enum ways_wanted wanted, struct plan_problem *problem);

/* What an answer says of them; `ways` may be NULL. */
const char *ways_travel(const struct ways *ways);
const char *ways_note(struct call *c, const struct ways *ways);

/* routing_run.c: a planning run that is locked, in whose branch the call works from then on. Fails with not_found. */
bool routing_run_take(struct call *c, struct id run_id, struct routing_lock *run);

/* routing_worker.c: the process that carries out planning runs. */
struct companion;
void routing_work(struct companion *companion);

/* route_schedule.c: a route's stops as a problem of one vehicle; what is driven stays first. */
struct route_frame {
    struct id depot_id, vehicle_id, driver_id;
    int32_t delivery_date;
    int64_t capacity;
    int64_t started_at; /* 0: not yet */
    struct id end_depot_id, after_route_id;
    const struct plan_rates *rates; /* NULL: they are asked for */
};
struct route_frame route_frame_of(const struct route_lock *route);
struct route_frame route_frame_read(const struct route_frames *row, const struct plan_rates *rates);
struct plan_problem route_problem(struct call *c, const struct route_frame *frame,
                                  const struct stop_places_list *rows, enum ways_wanted wanted);

/* route_limits.c: what a route breaks as it stands, or would stand. */
struct route_limits {
    struct plan_breaks breaks;
    struct id *orders, *stops; /* whose numbers the breaks' stops are */
};
struct route_limits route_limits(struct call *c, const struct route_frame *frame,
                                 const struct stop_places_list *rows);

/* Nothing hard got worse, and nothing soft without a reason. Fails with vehicle_unfit, limits_broken. */
bool limits_allow(struct call *c, const struct route_limits *before,
                  const struct route_limits *after, const char *reason);

/* The same of a route that is published and is to be changed by hand; keeps the reason. A draft is asked when it is published. */
bool limits_change(struct call *c, const struct route_lock *route, const struct route_lock *changed,
                   const struct stop_places_list *before, const struct stop_places_list *after,
                   const char *reason);

/* What those of the routes that are open break as they stand now, papers too; and where ways came from. */
struct route_break_list breaks_of(struct call *c, struct id_list route_ids, struct ways *ways);

/* route_offer.c: where an order stands best in a route that can take it, from 1; 0: it cannot. */
int64_t route_best_place(struct call *c, const struct route_lock *route,
                         const struct stop_places_list *stops, struct id order_id);

/* words.c: a reason by the name the engine gives it. */
enum routing_reason routing_reason_of(const char *name);

/* Writes down what is announced to the driver: when the vehicle is where (B11). What is driven keeps what was announced. */
void route_schedule(struct call *c, const struct route_lock *route,
                    const struct stop_places_list *stops);

/* A better order of a route's stops by the engine, where it finds one: pinned and driven stops stay (D4). `order` has one place more than
 * there are stops. */
void route_best_order(struct call *c, const struct route_lock *route,
                      const struct stop_places_list *stops, size_t *order);

/* stop.c: numbers the stops of a route from 1 as they stand; writes and gives its length in metres; a route that is published gets a new
 * timetable. */
int64_t stops_write(struct call *c, const struct route_lock *route,
                    const struct stop_places_list *stops);

/* drive.c: a stop that is locked, of a route of the acting driver, in whose branch the call works from then on. Fails with not_found. */
bool stop_take(struct call *c, struct id stop_id, struct stop_lock *stop);

/* A proof that carries what its kind promises; fails with proof_missing. */
bool proof_check(struct call *c, const struct delivery_proof *proof);

/* installation.c: opens what a contract in force brings, or joins it to the early one (D1). */
void installation_open(struct call *c, const struct contracts_contract_activated *contract);
const char *installation_approval_picture(struct call *c, struct id installation_id);
int installation_approval_granted(struct call *c, const struct approval *approval);
int installation_approval_rejected(struct call *c, const struct approval *approval,
                                   const char *reason);

#endif
