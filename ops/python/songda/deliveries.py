"""A branch's days on the road and at the till: orders, list, plan, slips, deliveries, receipts, remittances, reconciliation."""
import base64
import collections
import concurrent.futures
import math
import random
import struct
import time
import zlib

from songda.cash import in_notes
from songda.company import CompanyError
from songda.places import FUELS

CREWS = {"SH01": [("沪A·D1001", "driver"), ("沪A·D1002", "driver2"), ("沪A·D1003", "driver3")],
         "HZ01": [("浙A·D2001", "driver"), ("浙A·D2002", "driver2")]}
SERVICE_MINUTES = 10
FAILURES = [("closed", "店内无人，电话未接"), ("no_access", "门口施工，车辆无法靠近"), ("refused", "客户称库存未用完，改日再送")]
SHORTAGES = ["客户罐位不足", "客户当日用量减少"]
HELD = {"SH01": "北外滩宴会厅", "HZ01": "滨江食堂"}  # who pays nothing, until the debt is overdue
SHORT_DAY, UNBANKED_DAY, LOST_DAY = 4, 1, 6  # so many days before today
SHORT_AMOUNT = 20000
NOT_YET = ["customer_unknown", "address_unknown", "product_unknown", "price_missing", "product_not_in_contract"]


def signature(seed):
    """A name drawn by finger: a small PNG, as the driver's page makes it."""
    width, height = 120, 40
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for step in range(width * 4):
        x = 8 + step * (width - 16) // (width * 4)
        y = height / 2 + 11 * math.sin(step / (17 + seed % 7)) * math.cos(step / (41 + seed % 5))
        for thick in (0, 1):
            rows[int(y) + thick][x] = 30
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    image = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + image).decode()


class Deliveries:
    def __init__(self, demonstration, branch, days):
        self.company, self.branch, self.days = demonstration.company, branch, days
        self.eventually = demonstration.selling.eventually
        self.products, self.depot_id = demonstration.products, demonstration.depots[branch]
        self.sites = demonstration.sites[branch]
        self.by_customer = {site["customer_id"]: site for site in self.sites}
        vehicles = self.company.call(f"dispatcher@{branch}", "dispatch.vehicle.list", {})["items"]
        plates = {vehicle["plate"]: vehicle["vehicle_id"] for vehicle in vehicles}
        self.crews = [(plates[plate], f"{driver}@{branch}") for plate, driver in CREWS[branch]]
        self.orders = {}  # what was ordered
        self.bank = collections.Counter()
        self.short_driver, self.lost_driver = None, None  # who handed over too little, who brought too little back
        self.pool = concurrent.futures.ThreadPoolExecutor(3)
        self.signatures = [signature(seed) for seed in range(5)]

    def chance(self, *what):
        """The same dice on every run."""
        return random.Random(f"{self.branch} {what}")

    def call(self, post, operation, fields, step, clock):
        return self.company.call(f"{post}@{self.branch}", operation, fields, f"{self.branch} {step}" if step else None, clock)

    # -- the evening before --------------------------------------------------------------------------------------------
    def order(self, day):
        """The orders for a day, entered on the working day before; the late ones of today wait for the dispatcher."""
        wanted = [(number, site) for number, site in enumerate(self.sites) if self._orders(day, number, site)]
        clock = self._clock_of_orders(day)
        list(self.pool.map(lambda entry: self._order(day, entry[0], entry[1], clock(entry[0])), wanted))

    def _orders(self, day, number, site):
        if day < self.days.first:
            return (number * 5 + day) % 6 == 0 or site["name"] == HELD[self.branch]
        return day > self.days.today or (number + day) % (2 if day == self.days.today else 3) == 0

    def _clock_of_orders(self, day):
        if day > self.days.today:
            return lambda number: self.days.at(self.days.today, min(510 + number * 4, 1070))
        return lambda number: self.days.on(self.days.eve(day), 540 + number * 9)

    def _order(self, day, number, site, clock):
        dice = self.chance("order", day, number)
        lines = [{"product_id": self.products[code], "quantity": 1000 * (dice.randrange(least, most, 10) if most > 40 else dice.randint(least, most))}
                 for code, least, most in FUELS[site["fuel"]]]
        fields = {"customer_id": site["customer_id"], "address_id": site["address_id"], "delivery_date": self.days.date(day).isoformat(), "lines": lines}
        company = self.company.at(clock)
        step = f"order {self.branch} {day} {number}"
        for attempt in range(300):
            try:
                reply = company.call(f"operator{'' if number % 2 else '2'}@{self.branch}", "dispatch.order.place", fields, f"{step} {attempt}")
                break
            except CompanyError as error:
                if "customer_held" in str(error):
                    return
                if not any(name in str(error) for name in NOT_YET):
                    raise
                time.sleep(0.1)
        self.orders[reply["order_id"]] = lines

    # -- from the list to the truck --------------------------------------------------------------------------------------
    def load(self, day):
        """Closes the list, plans what is on it and what came back yesterday, publishes, checks the goods out. Returns the routes: (route, driver)."""
        evening, date = self.days.on(self.days.eve(day), 1085), self.days.date(day).isoformat()
        listed = self.call("dispatcher", "dispatch.list.close", {"delivery_date": date}, f"close {day}", evening)
        if not listed["orders"]:
            return []
        routes = self._plan(day, date, evening)
        return list(self.pool.map(lambda route: self._check_out(day, route), routes))

    def close_tomorrow(self):
        """Shanghai's list is closed early and waits to be planned; Hangzhou's takes orders until the cut-off."""
        if self.branch == "SH01":
            date = self.days.date(self.days.today + 1).isoformat()
            self.call("dispatcher", "dispatch.list.close", {"delivery_date": date}, "close tomorrow", self.days.at(self.days.today, 528))

    def _plan(self, day, date, clock):
        crews = [{"vehicle_id": vehicle_id, "driver_id": self.company.ids[driver]} for vehicle_id, driver in self.crews]
        fields = {"delivery_date": date, "depot_id": self.depot_id, "crews": crews}
        if day < self.days.today - 1:
            plan = self.call("dispatcher", "dispatch.route.plan", fields, f"plan {day}", clock)
            routes, unplanned = plan["routes"], plan["unplanned"]
        else:
            routes, unplanned = self._optimise(day, fields, clock)
        for order_id in unplanned:
            self.call("operator", "dispatch.order.cancel", {"order_id": order_id, "reason": "当日排不进路线，客户同意改日"}, f"unplanned {order_id}", clock)
        return routes

    def _optimise(self, day, fields, clock):
        run_id = self.call("dispatcher", "dispatch.routing.plan", {**fields, "effort_seconds": 0}, f"run {day}", clock)["run_id"]
        end = time.monotonic() + 120
        while True:
            plan = self.call("dispatcher", "dispatch.routing.read", {"run_id": run_id}, None, clock)
            if plan["run"]["status"] in ("done", "accepted"):
                break
            if plan["run"]["status"] not in ("queued", "running") or time.monotonic() > end:
                raise CompanyError(f"the plan of {self.branch} for {fields['delivery_date']} is {plan['run']['status']}")
            time.sleep(0.05)
        routes = self.call("dispatcher", "dispatch.routing.accept", {"run_id": run_id}, f"accept {day}", clock)["routes"]
        return routes, [entry["order_id"] for entry in plan["unplanned"]]

    def _check_out(self, day, route):
        route_id, evening = route["route_id"], self.days.on(self.days.eve(day), 1100)
        self.call("dispatcher", "dispatch.route.publish", {"route_id": route_id}, route_id, evening)
        slip = self.call("dispatcher", "dispatch.slip.make", {"route_id": route_id}, route_id, evening)
        self.call("warehouse", "dispatch.slip.check_out", {"slip_id": slip["slip_id"]}, route_id, self.days.at(day, 310))
        driver = next(name for name, staff_id in self.company.ids.items() if staff_id == route["driver_id"])
        return route_id, driver

    # -- on the road -----------------------------------------------------------------------------------------------------
    def drive(self, day, routes):
        """The trucks drive side by side; today only a part of the way is done."""
        list(self.pool.map(lambda entry: self._drive(day, *entry), routes))

    def _drive(self, day, route_id, driver):
        stops = self.company.call(driver, "dispatch.route.read", {"route_id": route_id}, clock=self.days.at(day, 320))["stops"]
        times = self._times(day, stops)
        self.company.call(driver, "dispatch.route.start", {"route_id": route_id}, route_id, self.days.at(day, times[0][0] - 25))
        done = len(stops) if day < self.days.today else self._done_today(stops)
        for number, stop in enumerate(stops[:done]):
            self._stop(day, number, route_id, driver, stop, *[self.days.at(day, minute) for minute in times[number]])
        if day < self.days.today:
            self._close(day, route_id, driver, self.days.at(day, times[-1][1] + 40))
        elif done < len(stops):
            self.company.call(driver, "dispatch.stop.arrive", {"stop_id": stops[done]["stop_id"]}, stops[done]["stop_id"], self.days.at(day, 1439))

    def _times(self, day, stops):
        """When each stop is reached and left, as planned and a little later."""
        times, before = [], 0
        for number, stop in enumerate(stops):
            late = self.chance("late", day, stop["order_number"]).choice([-3, 0, 2, 5, 9, 14])
            arrives = max(before + 4, (stop.get("arrive_minute") or 480 + number * 25) + late)
            leaves = arrives + SERVICE_MINUTES
            times.append((arrives, leaves))
            before = leaves
        return times

    def _done_today(self, stops):
        """By the clock, but at least a third and never all of it."""
        minute = self.days.now.hour * 60 + self.days.now.minute
        planned = sum((stop.get("arrive_minute") or 600) + SERVICE_MINUTES < minute for stop in stops)
        return max(1, min(max(planned, len(stops) // 3), len(stops) - 2)) if len(stops) > 2 else 0

    def _stop(self, day, number, route_id, driver, stop, arrives, leaves):
        dice, stop_id = self.chance("stop", day, stop["order_number"], stop["customer"]), stop["stop_id"]
        arrival = self.company.call(driver, "dispatch.stop.arrive", {"stop_id": stop_id}, stop_id, arrives)
        lines = self.orders[stop["order_id"]]
        if number == 1 and day == self.days.today and driver == self.crews[0][1] or day < self.days.today and dice.randrange(17) == 0:
            failure, note = dice.choice(FAILURES)
            self.company.call(driver, "dispatch.delivery.fail", {"stop_id": stop_id, "failure": failure, "note": note}, stop_id, leaves)
            return
        delivered = [dict(line) for line in lines]
        if dice.randrange(12) == 0:
            delivered[0]["quantity"] -= 1000 * max(1, lines[0]["quantity"] // 5000)
            delivered[0]["reason"] = dice.choice(SHORTAGES)
        fields = {"stop_id": stop_id, "lines": delivered,
                  "proof": {"kind": "signature", "data": dice.choice(self.signatures), "signer": dice.choice(["王师傅", "李店长", "张厨师长", "陈经理"])}}
        self.company.call(driver, "dispatch.delivery.confirm", fields, stop_id, leaves)
        if arrival["due"]:
            self._collect(dice, route_id, driver, stop, arrival["due"], leaves)

    def _collect(self, dice, route_id, driver, stop, due, clock):
        """What the earlier delivery left due: mostly all of it in cash, sometimes by telephone, sometimes a part, and one never pays."""
        site = self.by_customer[stop["customer_id"]]
        throw = dice.random()
        if site["name"] == HELD[self.branch] or throw > 0.93:
            return
        method = "cash" if throw < 0.66 else "wechat" if throw < 0.8 else "alipay"
        amount = due if throw > 0.1 else max(10000, due // 2 // 10000 * 10000)
        fields = {"customer_id": stop["customer_id"], "amount": min(due, amount), "method": method, "route_id": route_id}
        if method != "cash":
            fields["reference"] = f"{method[:2].upper()}{stop['order_number'][-8:]}"
            self.bank[method] += min(due, amount)
        self.company.call(driver, "collection.receipt.record", fields, stop["stop_id"], clock)

    def _close(self, day, route_id, driver, clock):
        """Back in the yard: what is left is counted and handed back; once a bottle is missing."""
        goods = self.company.call(driver, "dispatch.route.goods", {"route_id": route_id}, clock=clock)["items"]
        left = [{"product_id": line["product_id"], "quantity": line["loaded"] - line["delivered"] + line["taken_back"]} for line in goods]
        left = [line for line in left if line["quantity"] > 0]
        if left:
            self.company.call(driver, "dispatch.route.count", {"route_id": route_id, "counted": left}, route_id, clock)
        fields = {"route_id": route_id, "handed_back": left}
        if self.branch == "SH01" and day == self.days.today - LOST_DAY and not self.lost_driver and left:
            self.lost_driver = driver
            left[0] = {**left[0], "quantity": left[0]["quantity"] - 1000}
            fields = {"route_id": route_id, "handed_back": [line for line in left if line["quantity"]], "reason": "途中减压阀渗漏，放空一瓶，已拍照"}
        self.call("warehouse", "dispatch.route.close", fields, route_id, clock)

    # -- the evening -------------------------------------------------------------------------------------------------------
    def settle(self, day):
        """Cash is handed over and counted by a second person, transfers are looked up, the day is reconciled."""
        clock = lambda minute: self.days.at(day, minute)
        self._receive_transfers(day, clock(1110))
        for _, driver in self.crews:
            self._remit(day, driver, clock(1120), clock(1130))
        for method, amount in sorted(self.bank.items()):
            if amount and not (self.branch == "SH01" and day == self.days.today - UNBANKED_DAY and method == "alipay"):
                fields = {"business_date": self.days.date(day).isoformat(), "method": method, "amount": amount,
                          "reference": f"{method.upper()}-{self.days.date(day):%Y%m%d}-{self.branch}"}
                self.call("cashier", "collection.bank_entry.record", fields, f"bank {day} {method}", clock(1135))
        self.bank.clear()
        self._wait_for_events(day)
        self._reconcile(day, clock(1140))

    def _receive_transfers(self, day, clock):
        """Hotels pay by transfer every few days."""
        for site in self.by_customer.values():
            if site["term"] != "days" or (day + site["number"]) % 4 or day < self.days.first:
                continue
            account = self.call("finance", "collection.account.read", {"customer_id": site["customer_id"]}, None, clock)["account"]
            if account["balance"]:
                amount = max(account["balance"] // 2 // 10000 * 10000, min(account["balance"], 10000))
                self.call("cashier", "collection.receipt.record", {"customer_id": site["customer_id"], "amount": amount, "method": "transfer",
                                                                   "reference": f"ZZ{self.days.date(day):%m%d}{site['number']:03d}"},
                          f"transfer {day} {site['number']}", clock)
                self.bank["transfer"] += amount

    def _remit(self, day, driver, handed_at, counted_at):
        cash = self.company.call(driver, "collection.cash.due", {}, clock=handed_at)["cash"]
        if not cash:
            return
        step = f"remit {driver} {day}"
        handed = self.company.call(driver, "collection.remittance.hand", {"lines": in_notes(cash)}, step, handed_at)
        is_short = self.branch == "SH01" and day == self.days.today - SHORT_DAY and not self.short_driver and cash > SHORT_AMOUNT
        fields = {"remittance_id": handed["remittance_id"], "lines": in_notes(cash - SHORT_AMOUNT if is_short else cash)}
        if is_short:
            self.short_driver = driver
            fields["note"] = "复点两遍，少两张一百元"
        self.call("cashier", "collection.remittance.accept", fields, step, counted_at)

    def _wait_for_events(self, day):
        """Until collection has heard of everything that dispatch delivered and took back."""
        clock, date = self.days.at(day, 1138), self.days.date(day).isoformat()
        for _ in range(600):
            sent = self.call("dispatcher", "dispatch.delivery.total", {"delivered_on": date}, None, clock)
            got = self.call("finance", "collection.day.read", {"business_date": date}, None, clock)["figures"]
            if (sent["amount"], sent["returned_amount"]) == (got["receivable"], got["returned"]) and got["delivered"] == got["receivable"]:
                return
            time.sleep(0.05)
        raise CompanyError(f"{self.branch} {date}: collection never heard of everything: {sent} {got}")

    def _reconcile(self, day, clock):
        reply = self.call("finance", "collection.day.reconcile", {"business_date": self.days.date(day).isoformat()}, f"reconcile {day}", clock)
        words = {"remittance_short": "缴款短 200 元，司机确认找零有误，已报纪检，次日补缴", "bank_missing": "支付宝次日到账，已与收单行核对"}
        for line in reply["differences"]:
            self.call("finance", "collection.difference.explain", {"line_id": line["line_id"], "explanation": words.get(line["kind"], "已核对单据，次日调整")},
                      f"explain {line['line_id']}", clock)
