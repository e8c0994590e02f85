#!/usr/bin/python3
"""How fast dispatch.stop.offer and dispatch.stop.add answer on a day of many stops: 25 open routes of 20 stops, unless told otherwise.

Prints milliseconds of several tries; fails only where an answer is wrong, for how long it takes depends on what else the machine does.
"""
import concurrent.futures
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from running import Trade, arguments, at, check, send, test_company  # noqa: E402

TRIES = 9


def main():
    parser = arguments(__doc__)
    parser.add_argument("--routes", type=int, default=25)
    parser.add_argument("--stops", type=int, default=20)
    options = parser.parse_args()
    trade = Trade(test_company(options.address), customers=8)
    clock = at(trade.today, 9)
    dispatcher, operator = trade.client("dispatcher", clock), trade.client("operator", clock)
    driver = trade.company.ids["driver@" + trade.branch]
    count = options.routes * options.stops + TRIES
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        orders = list(pool.map(lambda number: send(operator, "dispatch.order.place", trade.order(number))["order_id"], range(count)))
    send(dispatcher, "dispatch.list.close", {"delivery_date": trade.day.isoformat()})
    for number in range(options.routes):
        send(dispatcher, "dispatch.route.create", {
            "delivery_date": trade.day.isoformat(), "depot_id": trade.depot, "vehicle_id": trade.vehicle, "driver_id": driver,
            "order_ids": orders[number * options.stops:(number + 1) * options.stops]})
    taken = {"dispatch.stop.offer": [], "dispatch.stop.add": []}
    for order in orders[-TRIES:]:
        start = time.monotonic()
        offers = send(dispatcher, "dispatch.stop.offer", {"order_id": order})["offers"]
        taken["dispatch.stop.offer"].append(time.monotonic() - start)
        check(len(offers) == options.routes and offers[0]["fits"], offers[:1])
        start = time.monotonic()
        send(dispatcher, "dispatch.stop.add", {"route_id": offers[0]["route_id"], "order_id": order})
        taken["dispatch.stop.add"].append(time.monotonic() - start)
    for operation, seconds in taken.items():
        print(f"{operation}: {options.routes} routes, {count - TRIES} stops: median {statistics.median(seconds) * 1e3:.0f} ms,"
              f" best {min(seconds) * 1e3:.0f} ms, worst {max(seconds) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
