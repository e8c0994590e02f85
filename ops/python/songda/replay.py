"""Plays order history as a company's days through songda's API and compares its figures with the file's."""
import collections
import concurrent.futures
import datetime
import sys
import threading
import time

from songda.cash import in_notes
from songda.company import Company, CompanyError
from songda.contract import Contract
from songda.selling import Selling

PASSWORD = "songda-replay-2011"
BRANCHES = ["SH01", "HZ01"]
DRIVERS = ["driver", "driver2"]
CONTRACT_LINES, ORDER_LINES, STOCK_LINES = 500, 150, 200
COLUMNS = ["date", "orders", "file_delivered", "delivered", "receivable", "file_returned", "returned", "file_received", "received", "remitted",
           "file_outstanding", "outstanding", "differences"]


def at(date, hour, minute=0):
    return f"{date.isoformat()}T{hour:02}:{minute:02}:00+08:00"


def chunks(items, size):
    items = list(items)
    return [items[start:start + size] for start in range(0, len(items), size)]


def say(text):
    print(text, file=sys.stderr, flush=True)


class Replay:
    def __init__(self, history, address, workers=8):
        self.history, self.pool = history, concurrent.futures.ThreadPoolExecutor(workers)
        first, last = history.days[0].date, history.days[-1].date
        self.eve = first - datetime.timedelta(days=7)
        self.company = Company(Contract(), address, PASSWORD, clock=at(self.eve, 10))
        self.selling = Selling(self.company, self.eve)
        self.valid = (self.eve.isoformat(), (last + datetime.timedelta(days=365)).isoformat())
        self.products, self.customers, self.contract_of = {}, {}, {}
        self.depots, self.vehicles = {}, {}

    @staticmethod
    def branch_of(customer):
        return BRANCHES[sum(map(ord, customer)) % len(BRANCHES)]

    def each(self, work, items):
        return list(self.pool.map(lambda item: work(*item), items))

    def run(self):
        """Prints the table; returns how many figures differ."""
        start = time.monotonic()
        self._prepare()
        say(f"prepared in {time.monotonic() - start:.0f} s")
        print("\t".join(COLUMNS), flush=True)
        wrong = 0
        for day in self.history.days:
            start = time.monotonic()
            self._play(day)
            wrong += self._report(day)
            say(f"{day.date}: {len(day.orders)} orders, {len(day.cancellations)} cancellations in {time.monotonic() - start:.0f} s")
        say("every difference is 0" if not wrong else f"{wrong} figures differ")
        return wrong

    # -- before the first day ----------------------------------------------------------------------------------------
    def _prepare(self):
        names = self.history.names
        say(f"{len(names)} products, {len(self.history.customers())} customers")
        ids = self.each(lambda product: self.selling.product(f"{product[0]}-{product[1]}", f"{names[product]} {product[1]}"[:100], "件"),
                        [(product,) for product in names])
        self.products = dict(zip(names, ids))
        self.selling.price_policy("历史价格", self.eve.isoformat(), [(self.products[product], product[1] * 100, product[1] * 100)
                                                                 for product in names])
        self.selling.template()
        for branch in BRANCHES:
            self._prepare_depot(branch)
        bought = self.history.customers()
        customers = sorted({invoice.customer for day in self.history.days for invoice in day.orders + day.cancellations})
        self.each(self._prepare_customer, [(customer, list(bought.get(customer, {}))) for customer in customers])

    def _prepare_depot(self, branch):
        dispatcher = f"dispatcher@{branch}"
        self.depots[branch] = self.company.call(dispatcher, "dispatch.depot.create",
                                                {"code": "K1", "name": "中心库", "address": "仓库路1号", "latitude_e7": 312000000,
                                                 "longitude_e7": 1214000000}, branch)["depot_id"]
        self.vehicles[branch] = [self.company.call(dispatcher, "dispatch.vehicle.create",
                                                   {"plate": f"{branch}-{number}", "capacity": 10**11, "inspected_until": self.valid[1]},
                                                   f"{branch} {number}")["vehicle_id"] for number in range(len(DRIVERS))]

    def _prepare_customer(self, customer, products):
        branch, number = self.branch_of(customer), int("".join(filter(str.isdigit, customer)) or 0)
        place = ("收货点", f"第 {customer} 号", 311000000 + number % 1000 * 2000, 1213000000 + number // 1000 % 1000 * 20000)
        customer_id, address_id = self.selling.customer(branch, f"客户 {customer}", f"139{number:08d}", place)
        self.customers[customer] = (branch, customer_id, address_id)
        for part, lines in enumerate(chunks(products, CONTRACT_LINES)):
            self.selling.contract(branch, customer_id, address_id, [(self.products[product], 1000, product[1] * 100) for product in lines], self.valid)
            for product in lines:
                self.contract_of[customer, product] = part

    # -- a day -------------------------------------------------------------------------------------------------------
    def _play(self, day):
        eve = day.date - datetime.timedelta(days=1)
        self.each(self._order, [(invoice, at(eve, 10)) for invoice in day.orders])
        busy = sorted({self.branch_of(invoice.customer) for invoice in day.orders})
        self.each(self._load, [(branch, day, eve) for branch in busy])
        routes = self.each(lambda branch, driver: (branch, driver, self._routes(branch, driver, day.date)),
                           [(branch, driver) for branch in busy for driver in DRIVERS])
        takers = self._takers(routes)
        self.each(self._drive, [(branch, driver, stops, day.date, takers) for branch, driver, stops in routes])
        self.each(self._take_back, [(invoice, at(day.date, 16)) for invoice in day.cancellations])
        self.each(self._evening, [(branch, day) for branch in BRANCHES])

    @staticmethod
    def _takers(routes):
        """customer -> (stop, event): where today the earlier debt is taken, and what is set when it was. A customer may have
        several stops a day, on several trucks; the first one is decided beforehand so that the whole can be repeated."""
        takers = {}
        for _, _, stops in routes:
            for _, stop_id, customer_id, _ in stops:
                takers.setdefault(customer_id, (stop_id, threading.Event()))
        return takers

    def _order(self, invoice, clock):
        branch, customer_id, address_id = self.customers[invoice.customer]
        parts = collections.defaultdict(list)
        for product, quantity in invoice.lines.items():
            parts[self.contract_of[invoice.customer, product]].append({"product_id": self.products[product], "quantity": quantity * 1000})
        for part, lines in parts.items():
            for piece, some in enumerate(chunks(lines, ORDER_LINES)):
                self._place(f"operator@{branch}", f"{invoice.number} {part} {piece}", clock,
                            {"customer_id": customer_id, "address_id": address_id, "delivery_date": invoice.day.isoformat(), "lines": some,
                             "confirm_duplicate": True})

    def _place(self, person, step, clock, fields):
        for attempt in range(300):
            try:
                reply = self.company.call(person, "dispatch.order.place", fields, f"{step} {attempt}", clock)
                if reply["contract_id"] and not reply["is_urgent"]:
                    return
                raise CompanyError(f"order {step}: {reply}")
            except CompanyError as error:
                if not any(name in str(error) for name in ("customer_unknown", "address_unknown", "product_", "price_missing")):
                    raise
                time.sleep(0.2)
        raise CompanyError(f"order {step} is refused for good")

    def _load(self, branch, day, eve):
        """List, routes, stock, slips: the evening before."""
        dispatcher, warehouse = f"dispatcher@{branch}", f"warehouse@{branch}"
        call, step, clock = self.company.call, f"{branch} {day.date}", at(eve, 18, 5)
        goods = collections.Counter()
        for invoice in day.orders:
            if self.branch_of(invoice.customer) == branch:
                goods.update({self.products[product]: quantity * 1000 for product, quantity in invoice.lines.items()})
        for part, lines in enumerate(chunks(goods.items(), STOCK_LINES)):
            call(warehouse, "dispatch.stock.receive", {"depot_id": self.depots[branch], "lines": [
                {"product_id": product, "quantity": quantity} for product, quantity in lines]}, f"{step} {part}", clock)
        call(dispatcher, "dispatch.list.close", {"delivery_date": day.date.isoformat()}, step, clock)
        crews = [{"vehicle_id": vehicle, "driver_id": self.company.ids[f"{driver}@{branch}"]}
                 for vehicle, driver in zip(self.vehicles[branch], DRIVERS)]
        for vehicle in self.vehicles[branch]:
            call(dispatcher, "dispatch.vehicle.change", {"vehicle_id": vehicle, "capacity": self._capacity(branch, day),
                                                         "inspected_until": self.valid[1], "is_active": True}, f"{step} {vehicle}", clock)
        for route in self._plan(dispatcher, {"delivery_date": day.date.isoformat(), "depot_id": self.depots[branch], "crews": crews}, step, clock):
            route_id = route["route_id"]
            call(dispatcher, "dispatch.route.publish", {"route_id": route_id}, route_id, clock)
            slip = call(warehouse, "dispatch.slip.make", {"route_id": route_id}, route_id, clock)
            call(warehouse, "dispatch.slip.check_out", {"slip_id": slip["slip_id"]}, route_id, at(day.date, 5, 30))

    def _plan(self, dispatcher, fields, step, clock):
        """The routes the optimiser finds at once; every order is on one."""
        run_id = self.company.call(dispatcher, "dispatch.routing.plan", {**fields, "effort_seconds": 0}, step, clock)["run_id"]
        end = time.monotonic() + 120
        while True:
            plan = self.company.call(dispatcher, "dispatch.routing.read", {"run_id": run_id}, clock=clock)
            if plan["run"]["status"] in ("done", "accepted"):
                break
            if plan["run"]["status"] not in ("queued", "running") or time.monotonic() > end:
                raise CompanyError(f"{step}: the plan is {plan['run']['status']}")
            time.sleep(0.1)
        if plan["run"]["unplanned"]:
            raise CompanyError(f"{step}: {plan['run']['unplanned']} orders found no route")
        return self.company.call(dispatcher, "dispatch.routing.accept", {"run_id": run_id}, step, clock)["routes"]

    def _capacity(self, branch, day):
        """So little that the day needs both trucks (a slip has a limit), so much that the orders certainly fit into them."""
        loads = [sum(invoice.lines.values()) * 1000 for invoice in day.orders if self.branch_of(invoice.customer) == branch]
        return max(max(loads), (sum(loads) + max(loads)) // len(DRIVERS) + 1)

    def _routes(self, branch, driver, date):
        """The day of a driver: (route, stop, customer, order) in order."""
        dispatcher, driver_id = f"dispatcher@{branch}", self.company.ids[f"{driver}@{branch}"]
        routes = self.company.call(dispatcher, "dispatch.route.list", {"delivery_date": date.isoformat(), "driver_id": driver_id})["items"]
        return [(route["route_id"], stop["stop_id"], stop["customer_id"], stop["order_id"]) for route in routes
                for stop in self.company.call(dispatcher, "dispatch.route.read", {"route_id": route["route_id"]}, clock=at(date, 6))["stops"]]

    def _drive(self, branch, driver, stops, date, takers):
        call, person, route_id = self.company.call, f"{driver}@{branch}", None
        for next_id, stop_id, customer_id, order_id in stops:
            if next_id != route_id:
                self._end_route(branch, route_id, date)
                call(person, "dispatch.route.start", {"route_id": next_id}, next_id, at(date, 6))
                route_id = next_id
            lines = [{"product_id": line["product_id"], "quantity": line["quantity"]} for line in
                     call(f"dispatcher@{branch}", "dispatch.order.read", {"order_id": order_id}, clock=at(date, 6))["lines"]]
            self._deliver(person, route_id, stop_id, lines, customer_id, takers[customer_id], at(date, 9))
        self._end_route(branch, route_id, date)

    def _end_route(self, branch, route_id, date):
        if route_id:
            self.company.call(f"warehouse@{branch}", "dispatch.route.close", {"route_id": route_id, "handed_back": []}, route_id, at(date, 15))

    def _deliver(self, person, route_id, stop_id, lines, customer_id, taker, clock):
        call, is_taker, was_taken = self.company.call, taker[0] == stop_id, taker[1]
        if not is_taker and not was_taken.wait(300):
            raise CompanyError(f"stop {stop_id}: the customer's first delivery of the day never came")
        arrival = call(person, "dispatch.stop.arrive", {"stop_id": stop_id}, stop_id, clock)
        call(person, "dispatch.delivery.confirm", {"stop_id": stop_id, "lines": lines, "proof": {"kind": "signature", "data": "c2lnbmVk"}},
             stop_id, clock)
        if is_taker and arrival["due"]:
            call(person, "collection.receipt.record", {"customer_id": customer_id, "amount": arrival["due"], "method": "cash",
                                                       "route_id": route_id}, stop_id, clock)
        was_taken.set()

    def _take_back(self, invoice, clock):
        branch, customer_id, _ = self.customers[invoice.customer]
        for part, lines in enumerate(chunks(invoice.lines.items(), ORDER_LINES)):
            fields = {"customer_id": customer_id, "depot_id": self.depots[branch], "reason": f"取消 {invoice.number}",
                      "lines": [{"product_id": self.products[product], "quantity": quantity * 1000, "price": product[1] * 100}
                                for product, quantity in lines]}
            self.company.call(f"warehouse@{branch}", "dispatch.goods.return", fields, f"{invoice.number} {part}", clock)

    def _evening(self, branch, day):
        """Cash is handed over and counted by a second person; then the day is reconciled."""
        call, date = self.company.call, day.date.isoformat()
        for driver in DRIVERS:
            person = f"{driver}@{branch}"
            cash = call(person, "collection.cash.due", {}, clock=at(day.date, 17))["cash"]
            if not cash:
                continue
            lines = in_notes(cash)
            handed = call(person, "collection.remittance.hand", {"lines": lines}, f"{person} {date}", at(day.date, 17))
            call(f"cashier@{branch}", "collection.remittance.accept", {"remittance_id": handed["remittance_id"], "lines": lines},
                 handed["remittance_id"], at(day.date, 17, 30))
        self._wait_for_events(branch, day)
        call(f"finance@{branch}", "collection.day.reconcile", {"business_date": date}, f"{branch} {date}", at(day.date, 18, 30))

    def _wait_for_events(self, branch, day):
        """Until collection has heard of everything that dispatch delivered and took back today."""
        clock, date = at(day.date, 18), day.date.isoformat()
        for _ in range(600):
            sent = self.company.call(f"dispatcher@{branch}", "dispatch.delivery.total", {"delivered_on": date}, clock=clock)
            got = self.company.call(f"finance@{branch}", "collection.day.read", {"business_date": date}, clock=clock)["figures"]
            if (sent["amount"], sent["returned_amount"]) == (got["receivable"], got["returned"]) and got["delivered"] == got["receivable"]:
                return
            time.sleep(0.1)
        raise CompanyError(f"{branch} {date}: collection never heard of everything: {sent} {got}")

    # -- the table ---------------------------------------------------------------------------------------------------
    def _report(self, day):
        date = day.date.isoformat()
        branches = self.company.call("finance@ZB", "collection.day.overview", {"business_date": date}, clock=at(day.date, 19))["items"]
        total = collections.Counter()
        for figures in branches:
            for name in ("delivered", "receivable", "returned", "received", "remitted", "outstanding", "differences"):
                total[name] += figures[name]
        row = {"date": date, "orders": len(day.orders), "file_delivered": day.delivered, "file_returned": day.returned,
               "file_received": day.received, "file_outstanding": day.outstanding, **total}
        print("\t".join(str(row[name]) for name in COLUMNS), flush=True)
        pairs = [("delivered", "file_delivered"), ("receivable", "file_delivered"), ("returned", "file_returned"), ("received", "file_received"),
                 ("remitted", "file_received"), ("outstanding", "file_outstanding")]
        return sum(row[ours] != row[theirs] for ours, theirs in pairs) + (row["differences"] != 0)
