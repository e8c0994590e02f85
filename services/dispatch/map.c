/* map.c - where the stops, the waiting orders and the vehicles of a day are, for the board, the live board and a route's map (D4, D9). */
#include "dispatch.h"
#include "service/page.h"

int map_read(struct call *c, const struct map_read_request *request, struct map_read_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct id after = page_after(c, request->after);
    bool is_waiting_only = request->has_waiting_only && request->waiting_only;

    if (id_is_none(after) && !is_waiting_only) { /* the first page says what the others stand on */
        reply->depots = db_map_depots(c, .delivery_date = request->delivery_date,
                                      .route_id = request->route_id);
        reply->routes = db_map_routes(c, .delivery_date = request->delivery_date,
                                      .route_id = request->route_id);
    }
    reply->items =
        db_map_places(c, .delivery_date = request->delivery_date, .route_id = request->route_id,
                      .waiting_only = is_waiting_only, .after_id = after, .limit = limit);
    reply->next = PAGE_NEXT(c, reply->items, place_id, limit);
    return has_failed(c) ? -1 : 0;
}
