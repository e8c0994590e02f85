#!/usr/bin/python3
"""Dispatch's own role writes past the handlers, and the database refuses: a stop twice, a delivered order again, expired papers, holds (B6, B10)."""
import datetime
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import Database  # noqa: E402
from running import Stack, Trade, arguments, at, check, run_tests, send, test_company, wait_for  # noqa: E402


class Tests:
    def __init__(self, options):
        stack = Stack(options.stack)
        self.trade = Trade(test_company(options.address))
        self.role, self.admin = Database(stack, "songda_dispatch"), Database(stack)
        trade = self.trade
        self.clock = at(trade.today, 9)
        self.dispatcher = trade.client("dispatcher", self.clock)
        self.driver = trade.company.ids["driver@" + trade.branch]
        self.branch = self.admin.sql(f"SELECT branch_id FROM dispatch.vehicle WHERE vehicle_id = '{trade.vehicle}'")[0][0]
        operator = trade.client("operator", self.clock)
        self.orders = [send(operator, "dispatch.order.place", trade.order(number))["order_id"] for number in range(4)]
        send(self.dispatcher, "dispatch.list.close", {"delivery_date": trade.day.isoformat()})
        wait_for(lambda: self.status(self.orders[3]) == "listed", 30, "the order did not join the list")
        self.route = self.make_route(self.orders[:1])
        self.empty = self.make_route([])

    def make_route(self, orders):
        return send(self.dispatcher, "dispatch.route.create", {
            "delivery_date": self.trade.day.isoformat(), "depot_id": self.trade.depot, "vehicle_id": self.trade.vehicle,
            "driver_id": self.driver, "order_ids": orders})["route_id"]

    def status(self, order):
        return self.admin.sql(f"SELECT status FROM dispatch.customer_order WHERE order_id = '{order}'")[0][0]

    def one(self, sql):
        return self.admin.sql(sql)[0][0]

    def refused(self, statement, constraint, prepared=""):
        """The statement breaks this constraint; what prepares it does not, and nothing of both stays."""
        before = f"BEGIN; SET LOCAL songda.branches = '{self.branch}'; SET CONSTRAINTS ALL IMMEDIATE; {prepared};"
        is_done, said = self.role.run(before + " ROLLBACK;")
        check(is_done, f"the preparation fails: {said}")
        is_done, said = self.role.run(before + statement + "; ROLLBACK;")
        check(not is_done, f"done: {statement}")
        check(f'"{constraint}"' in said or f"CONSTRAINT NAME:  {constraint}" in said, said)

    def done(self, statement, prepared=""):
        is_done, said = self.role.run(f"BEGIN; SET LOCAL songda.branches = '{self.branch}'; {prepared}; {statement}; ROLLBACK;")
        check(is_done, said)

    def stop(self, order, route=None):
        customer, address = self.admin.sql(f"SELECT customer_id, address_id FROM dispatch.customer_order WHERE order_id = '{order}'")[0]
        return ("INSERT INTO stop (branch_id, stop_id, route_id, order_id, customer_id, address_id, position, status) VALUES"
                f" ('{self.branch}', gen_random_uuid(), '{route or self.empty}', '{order}', '{customer}', '{address}', 9, 'planned')")

    def new_route(self, status="draft"):
        return ("INSERT INTO route (branch_id, route_id, number, delivery_date, depot_id, vehicle_id, driver_id, status, created_at) VALUES"
                f" ('{self.branch}', gen_random_uuid(), 'X', '{self.trade.day}', '{self.trade.depot}', '{self.trade.vehicle}', '{self.driver}',"
                f" '{status}', now())")

    def an_order_is_on_one_stop(self):
        self.done(self.stop(self.orders[1]))
        self.refused(self.stop(self.orders[1]), "stop_order", self.stop(self.orders[1]))
        self.refused(self.stop(self.orders[0]), "stop_order_listed")
        self.refused(self.stop(self.orders[0]), "stop_order",
                     f"UPDATE customer_order SET status = 'listed' WHERE branch_id = '{self.branch}' AND order_id = '{self.orders[0]}'")

    def a_delivered_stop_is_not_planned_again(self):
        """The whole day of a route, then every way back that an UPDATE could take."""
        trade, order = self.trade, self.orders[2]
        route = self.make_route([order])
        day = at(trade.day, 6)
        send(trade.client("warehouse", self.clock), "dispatch.stock.receive", {"depot_id": trade.depot, "lines": [
            {"product_id": product, "quantity": 5000} for product in trade.products]})
        send(self.dispatcher, "dispatch.route.publish", {"route_id": route})
        slip = send(self.dispatcher, "dispatch.slip.make", {"route_id": route})["slip_id"]
        send(trade.client("warehouse", day), "dispatch.slip.check_out", {"slip_id": slip})
        driver = trade.client("driver", day)
        send(driver, "dispatch.route.start", {"route_id": route})
        stop = send(self.dispatcher, "dispatch.route.read", {"route_id": route})["stops"][0]["stop_id"]
        send(driver, "dispatch.delivery.confirm", {"stop_id": stop, "proof": {"kind": "signature", "data": "c2lnbmVk"}, "lines": [
            {"product_id": product, "quantity": 1000} for product in trade.products]})
        check(self.status(order) == "delivered", "it is not delivered")
        again = f"UPDATE customer_order SET status = 'listed' WHERE branch_id = '{self.branch}' AND order_id = '{order}'"
        self.refused(self.stop(order), "stop_order_listed")
        self.refused(self.stop(order), "stop_order", again)
        for status in ("planned", "failed"):
            self.refused(f"UPDATE stop SET status = '{status}' WHERE branch_id = '{self.branch}' AND stop_id = '{stop}'", "delivery_stop_delivered")
        self.refused(f"DELETE FROM stop WHERE branch_id = '{self.branch}' AND stop_id = '{stop}'", "delivery_branch_id_stop_id_fkey")

    def expired_papers_are_refused(self):
        late = (self.trade.day - datetime.timedelta(days=1)).isoformat()
        inspection = f"UPDATE vehicle SET inspected_until = '{late}' WHERE branch_id = '{self.branch}' AND vehicle_id = '{self.trade.vehicle}'"
        licence = ("INSERT INTO driver_card (branch_id, driver_id, licence, licence_until, changed_by, changed_at) VALUES"
                   f" ('{self.branch}', '{self.driver}', 'B2', '{late}', '{self.driver}', now())"
                   " ON CONFLICT (branch_id, driver_id) DO UPDATE SET licence_until = EXCLUDED.licence_until")
        publish = f"UPDATE route SET status = 'published' WHERE branch_id = '{self.branch}' AND route_id = '{self.route}'"
        other = self.trade.company.ids["driver2@" + self.trade.branch]
        for status in ("draft", "published"):
            self.refused(self.new_route(status), "route_vehicle_inspected", inspection)
            self.refused(self.new_route(status), "route_driver_licensed", licence)
        self.refused(publish, "route_vehicle_inspected", inspection)
        self.refused(publish, "route_driver_licensed", licence)
        self.refused(f"UPDATE route SET delivery_date = '{self.trade.day + datetime.timedelta(days=900)}' WHERE branch_id = '{self.branch}'"
                     f" AND route_id = '{self.route}'", "route_vehicle_inspected")
        self.refused(f"UPDATE route SET driver_id = '{self.driver}' WHERE branch_id = '{self.branch}' AND route_id = '{self.route}'",
                     "route_driver_licensed", f"UPDATE route SET driver_id = '{other}' WHERE branch_id = '{self.branch}'"
                     f" AND route_id = '{self.route}'; {publish}; {licence}")
        self.done(publish)

    def held_customers_are_refused(self):
        for what in ("is_held", "is_locked"):
            hold = (f"UPDATE customer SET {what} = true WHERE branch_id = '{self.branch}' AND customer_id IN"
                    f" (SELECT customer_id FROM customer_order WHERE branch_id = '{self.branch}' AND order_id IN ('{self.orders[0]}', '{self.orders[1]}'))")
            self.refused(self.stop(self.orders[1]), "stop_customer_free", hold)
            self.refused(f"UPDATE route SET status = 'published' WHERE branch_id = '{self.branch}' AND route_id = '{self.route}'",
                         "route_customers_free", hold)

    def run(self, only):
        tests = [self.an_order_is_on_one_stop, self.a_delivered_stop_is_not_planned_again, self.expired_papers_are_refused,
                 self.held_customers_are_refused]
        return run_tests([(test.__name__.replace("_", " "), test) for test in tests], only)


if __name__ == "__main__":
    OPTIONS = arguments(__doc__).parse_args()
    sys.exit(Tests(OPTIONS).run(OPTIONS.only))
