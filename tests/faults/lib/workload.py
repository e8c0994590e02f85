"""The whole main job, over two branches: leads, contracts, orders, lists, routes, slips, deliveries through a driver's queue, receipts,
remittances, reconciliation; besides after-sales and discipline. What is done is decided by the seed."""
import collections
import concurrent.futures
import datetime
import random
import threading
import time

from journal import ACKNOWLEDGED, REFUSED, UNDONE
from songda.cash import in_notes
from songda.client import new_key
from songda.company import CompanyError
from songda.selling import Selling

BRANCHES = ["SH01", "HZ01"]
PRICE = 68000  # 6.80 yuan
OFFICES_MAX = 4
CONTRACT_DAYS = 30000  # a day of delivery takes a second
ON_ITS_WAY = ("customer_unknown", "address_unknown", "product_unknown", "price_missing", "product_inactive", "staff_unknown", "rule_not_binding")


def at(date, hour, minute=0):
    return f"{date.isoformat()}T{hour:02}:{minute:02}:00+08:00"


class World:
    """What both branches need before the first fault: products, prices, a template, a rule; customers with contracts, a depot, trucks."""

    def __init__(self, staff, seed):
        self.staff, self.run = staff, f"{seed % 36**6:06x}{random.SystemRandom().randrange(36**4):05x}"
        self.today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        self.until = (self.today + datetime.timedelta(days=CONTRACT_DAYS)).isoformat()
        self.selling = Selling(staff, self.today)
        self.chance = random.Random(f"world {seed}")
        long_ago = at(self.today - datetime.timedelta(days=30), 0)  # a clock that is set back must not come before it
        staff.ask("general_manager@ZB", "leads.setting.change", {"name": "lead_limit", "number": 100000, "valid_from": long_ago})
        self.products = [self.selling.product(f"F{number}-{self.run}", f"燃料 {number} {self.run}") for number in range(2)]
        self.selling.price_policy(f"价格 {self.run}", self.today.isoformat(), [(product, PRICE, 60000) for product in self.products])
        self.selling.template()
        self._rule()
        self.customers, self.depots, self.vehicles = collections.defaultdict(list), {}, {}
        for branch in BRANCHES:
            self._depot(branch)
            for number in range(3):
                self.customers[branch].append(self.customer(branch, number))

    def day(self, number):
        return (self.today + datetime.timedelta(days=number)).isoformat()

    def phone(self):
        return "15" + "".join(random.SystemRandom().choices("0123456789", k=9))

    def customer(self, branch, number):
        name = f"食堂 {branch} {number} {self.run} {new_key()[-12:]}"
        place = ("后门", f"测试路 {name} 号", 311000000 + number * 20000, 1213000000)
        customer_id, address_id = self.selling.customer(branch, name, self.phone(), place)
        self.selling.contract(branch, customer_id, address_id, [(product, 10**6, PRICE) for product in self.products],
                              (self.today.isoformat(), self.until), credit_limit=10**10)
        return customer_id, address_id

    def debtor(self, branch):
        """The customer who pays little and late, so that there always is something that two can take."""
        return self.customers[branch][-1][0]

    def payers(self, branch):
        return self.customers[branch][:-1]

    def _depot(self, branch):
        person = f"dispatcher@{branch}"
        self.depots[branch] = self.staff.ask(person, "dispatch.depot.create", {
            "code": self.run[-8:], "name": "中心库", "address": "仓库路1号", "latitude_e7": 312000000, "longitude_e7": 1214000000})["depot_id"]
        self.vehicles[branch] = self.staff.ask(person, "dispatch.vehicle.create", {
            "plate": f"{branch}-{self.run[-6:]}", "capacity": 10**11, "inspected_until": self.until})["vehicle_id"]

    def _rule(self):
        """A rule announced a fortnight ago binds representatives by now."""
        begun = at(self.today - datetime.timedelta(days=14), 9)
        officer, self.rule = "discipline_officer@ZB", f"T-{self.run}"
        fields = {"code": self.rule, "name_zh": "试行条款", "name_en": "trial rule", "text_zh": "接待客户须及时", "text_en": "Customers are received in time",
                  "source": "Z1 试行", "functions": ["representative", "supervisor"], "severity": "serious", "repeat_days": 90,
                  "steps": [{"from_offence": 1, "measure": "fine", "money_min": 10000, "money_max": 20000}]}
        rule = {"rule_id": self.staff.ask(officer, "discipline.rule.draft", fields, clock=begun)["rule_id"]}
        self.staff.ask(officer, "discipline.rule.consult", rule, clock=begun)
        approval = self.staff.ask(officer, "discipline.rule.submit", rule, clock=begun)["approval_id"]
        self.staff.ask("general_manager@ZB", "discipline.approval.decide", {"approval_id": approval, "decision": "approve"}, clock=begun)
        self.staff.ask(officer, "discipline.rule.announce", rule, clock=begun)


class Worker(threading.Thread):
    """Does things in a branch until it is told to stop; what goes wrong for good is kept."""

    def __init__(self, work, name):
        super().__init__(daemon=True, name=name)
        self.work, self.error = work, None

    def run(self):
        try:
            self.work()
        except Exception as error:  # pylint: disable=broad-except
            self.error = f"{self.name}: {type(error).__name__}: {error}"


class Workload:
    """Threads of both branches: days of delivery, and many small things beside them."""

    def __init__(self, world, seed, threads=3, pause=0.0, only=None):
        """`only`: the names of these small things and no others."""
        self.world, self.staff, self.seed, self.pause, self.only = world, world.staff, seed, pause, only
        self.is_stopped, self.days, self.offices = threading.Event(), [], []
        self.lock = threading.Lock()
        self.workers = [Worker(lambda branch=branch: self._days(branch), f"days of {branch}") for branch in BRANCHES]
        self.workers += [Worker(lambda branch=branch, number=number: self._small_things(branch, number), f"work {number} of {branch}")
                         for branch in BRANCHES for number in range(threads)]

    def start(self):
        for worker in self.workers:
            worker.start()

    def stop(self, seconds=400, must_end=True):
        """What broke off; days that had begun are brought to their end, or, where they need not end, left as they are."""
        self.is_stopped.set()
        end = time.monotonic() + seconds
        for worker in self.workers:
            worker.join(max(0, end - time.monotonic()))
        late = [f"{worker.name} had not ended after {seconds} s" for worker in self.workers if worker.is_alive()]
        self.staff.is_over.set()
        for worker in self.workers:
            worker.join(30)
        self.staff.is_over.clear()
        return (late if must_end else []) or [worker.error for worker in self.workers if worker.error]

    # -- small things ------------------------------------------------------------------------------------------------
    def _small_things(self, branch, number):
        chance = random.Random(f"{self.seed} {branch} {number}")
        things = [(self._order, 30), (self._receipt, 30), (self._call, 14), (self._visit, 6), (self._lead, 8), (self._case, 8), (self._conduct, 3),
                  (self._stock, 4), (self._sale, 0.4), (self._rivals, 3), (self._debt, 8), (self._office, 1)]
        things, weights = zip(*[(thing, weight) for thing, weight in things if not self.only or thing.__name__[1:] in self.only])
        while not self.is_stopped.is_set():
            try:
                chance.choices(things, weights)[0](branch, chance)
            except CompanyError as error:
                if not self._is_passing(error):
                    raise
            time.sleep(self.pause)

    def _was_left(self, error):
        return self.is_stopped.is_set() and self._is_passing(error)

    def _is_passing(self, error):
        """A chain of steps that trouble interrupted for longer than anybody waits is left as it is; its steps are in the journal."""
        return any(name in str(error) for name in ("unknown", "undone", *ON_ITS_WAY))

    def keyed(self, person, operation, fields, chance, facts, clock=None):
        """A request that may stay unknown, may be sent again and again, or twenty times at once. Its reply, or None."""
        entry = self.staff.journal.open(new_key(), operation, person)
        entry.facts = facts
        how = chance.random()
        if how < 0.02:
            reply = self.staff.again(entry, fields, None, clock, 20)
            if reply is None:
                reply = self.staff.send(entry, fields, clock, 20)
        else:
            patience = 0.0 if how < 0.12 else 30.0
            reply = self.staff.send(entry, fields, clock, patience)
            if how > 0.8:
                reply = self.staff.again(entry, fields, reply, clock) or reply
        if entry.outcome == REFUSED and entry.error not in ON_ITS_WAY:
            self.staff.journal.complain(entry, f"refused, and nothing was wrong with it: {reply}")
        return reply if entry.outcome == ACKNOWLEDGED else None

    def _order(self, branch, chance):
        customer_id, address_id = chance.choice(self.world.customers[branch])
        tag = new_key()
        fields = {"customer_id": customer_id, "address_id": address_id, "confirm_duplicate": True, "note": tag,
                  "delivery_date": self.world.day(chance.randrange(2, 5)),
                  "lines": [{"product_id": product, "quantity": chance.randrange(1, 9999)} for product in self.world.products]}
        reply = self.keyed(f"operator@{branch}", "dispatch.order.place", fields, chance, {"tag": tag}, at(self.world.today, 10))
        if reply and chance.random() < 0.15:
            self.keyed(f"operator@{branch}", "dispatch.order.cancel", {"order_id": reply["order_id"], "reason": "客户取消"}, chance,
                       {"of": reply["order_id"]}, at(self.world.today, 10, 5))

    def _rivals(self, branch, chance):
        """Two people cancel the same order at once, each with a key of their own: one of them does."""
        customer_id, address_id = chance.choice(self.world.customers[branch])
        fields = {"customer_id": customer_id, "address_id": address_id, "confirm_duplicate": True, "delivery_date": self.world.day(3),
                  "lines": [{"product_id": self.world.products[0], "quantity": 1000}]}
        order = self.staff.ask(f"operator@{branch}", "dispatch.order.place", fields, clock=at(self.world.today, 10))["order_id"]
        entries = [self.staff.journal.open(new_key(), "dispatch.order.cancel", f"{post}@{branch}") for post in ("operator", "operator2")]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda entry: self.staff.send(entry, {"order_id": order, "reason": "客户取消"}, at(self.world.today, 10, 5), 60), entries))
        outcomes = sorted(entry.outcome for entry in entries)
        if outcomes == [ACKNOWLEDGED, ACKNOWLEDGED] or outcomes == [REFUSED, REFUSED]:
            self.staff.journal.complain(entries[0], f"two who cancelled order {order} at once: {outcomes[0]} and {outcomes[1]}")

    def _debt(self, branch, chance):
        """Two people take four fifths of the same debt at once: it cannot be both."""
        fields = {"customer_id": self.world.debtor(branch), "is_open": True, "limit": 200}
        debts = self.staff.read(f"cashier@{branch}", "collection.receivable.list", fields)["items"]
        if not debts:
            return
        debt = chance.choice(debts)
        amount, entries = debt["open_amount"] - debt["open_amount"] // 5, []

        def pay(entry):
            self.staff.send(entry, {"customer_id": debt["customer_id"], "amount": amount, "method": "transfer", "note": entry.facts["tag"],
                                    "allocations": [{"receivable_id": debt["receivable_id"], "amount": amount}]}, None, 60)
        for post in ("cashier", "finance"):
            entries.append(self.staff.journal.open(new_key(), "collection.receipt.record", f"{post}@{branch}"))
            entries[-1].facts = {"tag": new_key(), "amount": amount}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(pay, entries))
        if all(entry.outcome == ACKNOWLEDGED for entry in entries):
            self.staff.journal.complain(entries[0], f"{debt['open_amount']} were owed, and {amount} of it were taken twice")

    def _receipt(self, branch, chance):
        tag, amount = new_key(), chance.randrange(1, 100000)
        fields = {"customer_id": chance.choice(self.world.payers(branch))[0], "amount": amount, "method": chance.choice(["cash", "transfer", "wechat"]),
                  "note": tag}
        self.keyed(f"cashier@{branch}", "collection.receipt.record", fields, chance, {"tag": tag, "amount": amount})

    def _call(self, branch, chance):
        tag = new_key()
        fields = {"customer_id": chance.choice(self.world.customers[branch])[0], "direction": "outbound", "started_at": at(self.world.today, 0, 1),
                  "duration_seconds": chance.randrange(500), "outcome": "answered", "intention": "high", "said": tag}
        self.keyed(f"representative@{branch}", "leads.call.record", fields, chance, {"tag": tag}, at(self.world.today, 23))

    def _visit(self, branch, chance):
        tag = new_key()
        fields = {"customer_id": chance.choice(self.world.customers[branch])[0], "purpose": tag,
                  "planned_at": at(self.world.today + datetime.timedelta(days=1 + chance.randrange(20)), 10)}
        self.keyed(f"representative@{branch}", "leads.visit.plan", fields, chance, {"tag": tag}, at(self.world.today, 9))

    def _lead(self, branch, chance):
        tag = new_key()
        fields = {"name": f"新客户 {tag}", "phone": self.world.phone(), "source": "visit"}
        self.keyed(f"representative@{branch}", "leads.customer.create", fields, chance, {"tag": tag})

    def _stock(self, branch, chance):
        tag = new_key()
        fields = {"depot_id": self.world.depots[branch], "note": tag, "lines": [{"product_id": self.world.products[0], "quantity": 1000}]}
        self.keyed(f"warehouse@{branch}", "dispatch.stock.receive", fields, chance, {"tag": tag})

    def _case(self, branch, chance):
        tag = new_key()
        fields = {"customer_id": chance.choice(self.world.customers[branch])[0], "class": "quality", "priority": "normal", "summary": tag}
        opened = self.keyed(f"operator@{branch}", "aftersales.case.open", fields, chance, {"tag": tag})
        if not opened:
            return
        case, staff = {"case_id": opened["case_id"]}, self.staff
        technician = staff.ids[f"technician@{branch}"]
        for person, verb, more in (("sales_manager", "confirm", {"is_complex": False}),
                                   ("operator", "form.fill", {"problem": "火力不足", "place": "漕溪路1号", "contact": "王先生", "phone": "13812345678"}),
                                   ("sales_manager", "assign", {"technician_id": technician}), ("technician", "answer", {"note": "已联系"}),
                                   ("technician", "solve", {"handling": "清洗", "result": "正常", "cause": "堵塞"}),
                                   ("operator", "survey", {"score": 5, "channel": "call"})):
            operation = f"aftersales.{verb}" if "." in verb else f"aftersales.case.{verb}"
            staff.ask(f"{person}@{branch}", operation, {**case, **more})

    def _conduct(self, branch, chance):
        """An act of a representative, from the case to the proposal."""
        tag, supervisor, accused = new_key(), f"supervisor@{branch}", f"representative@{branch}"
        fields = {"staff_id": self.staff.ids[accused], "rule_code": self.world.rule, "what": tag, "evidence": [{"note": "客户来电"}],
                  "occurred_at": at(self.world.today - datetime.timedelta(days=1), 15)}
        opened = self.keyed(supervisor, "discipline.case.open", fields, chance, {"tag": tag})
        if opened:
            case = {"case_id": opened["case_id"]}
            self.staff.ask(accused, "discipline.evidence.add", {**case, "note": "当时另有客户"})
            self.staff.ask(accused, "discipline.statement.file", {**case, "statement": "当时另有客户"})
            self.staff.ask(supervisor, "discipline.case.propose", {**case, "measure": "fine", "money": 10000, "reason": "初犯"})

    def _sale(self, branch, chance):
        """From the lead to the filed contract."""
        self.world.customer(branch, chance.randrange(1000))

    def _office(self, branch, _):
        """A branch gets its first person the moment it is there: who asks too early is told to ask again, and is heard in the end."""
        with self.lock:
            if len(self.offices) == OFFICES_MAX:
                return
            code = f"X{len(self.offices)}{branch[0]}"
            self.offices.append(code)
        person, place = "it_administrator@ZB", f"{code}{self.world.run[-4:].upper()}"
        home = self.staff.ask(person, "staff.branch.create", {"parent_id": self.staff.ids["ZB"], "kind": "branch", "code": place, "name": place})
        entry = self.staff.journal.open(new_key(), "staff.person.create", person)
        self.staff.send(entry, {"sign_in_name": f"clerk@{place}", "name": place, "home_branch_id": home["branch_id"], "functions": ["clerk"],
                                "joined_on": "2011-01-05"}, None, 60)
        if entry.outcome in (REFUSED, UNDONE):
            self.staff.journal.complain(entry, f"nobody could be engaged at the new branch {place} for a minute")

    # -- days of delivery --------------------------------------------------------------------------------------------
    def _days(self, branch):
        chance, number = random.Random(f"{self.seed} days {branch}"), 0
        while not self.is_stopped.is_set():
            date = self.world.today + datetime.timedelta(days=10 + number)
            day = Day(self, branch, date, chance)
            try:
                day.play()
            except CompanyError as error:
                if self._was_left(error):
                    return
                raise
            with self.lock:
                self.days.append(day)
            number += 1


class Queue:
    """A driver's telephone: what is done on the way waits here with its key, and is sent when there is a line; a telephone that is switched
    off in between begins from the front again."""

    def __init__(self, staff, person, chance):
        self.staff, self.person, self.chance = staff, person, chance
        self.items = []

    def put(self, operation, fields, clock):
        self.items.append((self.staff.journal.open(new_key(), operation, self.person), fields, clock))
        return self.items[-1][0]

    def drain(self):
        """The replies, in order."""
        replies, place = [None] * len(self.items), 0
        while place < len(self.items):
            entry, fields, clock = self.items[place]
            if entry.outcome == ACKNOWLEDGED:
                self.staff.again(entry, fields, replies[place], clock)
            else:
                replies[place] = self.staff.send(entry, fields, clock, 90)
                if entry.outcome != ACKNOWLEDGED:
                    raise CompanyError(f"{entry.operation} {fields}: {entry.outcome} {entry.error} {replies[place]}")
            place += 1
            if self.chance.random() < 0.1:
                place = 0
        return replies


class Day:
    """One day of one branch: orders in the morning before, the list in the evening, a truck out and back, the money counted, the day closed."""

    def __init__(self, load, branch, date, chance):
        self.load, self.world, self.staff, self.branch, self.date, self.chance = load, load.world, load.staff, branch, date, chance
        self.eve = date - datetime.timedelta(days=1)
        self.delivered = self.received = 0
        self.confirmations, self.figures, self.differences = [], None, None

    def ask(self, post, operation, fields, clock):
        return self.staff.ask(f"{post}@{self.branch}", operation, fields, clock=clock)

    def play(self):
        orders = [self._order(*customer) for customer in self.world.customers[self.branch]]
        evening, depot = at(self.eve, 18, 5), self.world.depots[self.branch]
        self.ask("warehouse", "dispatch.stock.receive", {"depot_id": depot, "lines": [
            {"product_id": product, "quantity": 10**7} for product in self.world.products]}, evening)
        self.ask("dispatcher", "dispatch.list.close", {"delivery_date": self.date.isoformat()}, evening)
        route = self.ask("dispatcher", "dispatch.route.create", {
            "delivery_date": self.date.isoformat(), "depot_id": depot, "vehicle_id": self.world.vehicles[self.branch],
            "driver_id": self.staff.ids[f"driver@{self.branch}"], "order_ids": orders}, evening)["route_id"]
        self.ask("dispatcher", "dispatch.route.publish", {"route_id": route}, evening)
        slip = self.ask("warehouse", "dispatch.slip.make", {"route_id": route}, evening)["slip_id"]
        self.ask("warehouse", "dispatch.slip.check_out", {"slip_id": slip}, at(self.date, 5, 30))
        self._drive(route)
        self.ask("warehouse", "dispatch.route.close", {"route_id": route, "handed_back": []}, at(self.date, 15))
        self._money()
        self._reconcile()

    def _order(self, customer_id, address_id):
        fields = {"customer_id": customer_id, "address_id": address_id, "delivery_date": self.date.isoformat(), "confirm_duplicate": True,
                  "note": new_key(), "lines": [{"product_id": product, "quantity": self.chance.randrange(1, 50000)}
                                               for product in self.world.products]}
        for _ in range(200):
            try:
                reply = self.ask("operator", "dispatch.order.place", fields, at(self.eve, 10))
                if reply["contract_id"]:
                    return reply["order_id"]
                raise CompanyError(f"an order without its contract: {reply}")
            except CompanyError as error:
                if not any(name in str(error) for name in ON_ITS_WAY):
                    raise
                time.sleep(0.3)
        raise CompanyError("dispatch never heard of a customer")

    def _drive(self, route):
        read = lambda operation, fields: self.staff.read(f"dispatcher@{self.branch}", operation, fields, at(self.date, 6))  # noqa: E731
        person, queue = f"driver@{self.branch}", None
        self.ask("driver", "dispatch.route.start", {"route_id": route}, at(self.date, 6))
        queue = Queue(self.staff, person, self.chance)
        for number, stop in enumerate(read("dispatch.route.read", {"route_id": route})["stops"]):
            lines = [{"product_id": line["product_id"], "quantity": line["quantity"]}
                     for line in read("dispatch.order.read", {"order_id": stop["order_id"]})["lines"]]
            most = 1000 if stop["customer_id"] == self.world.debtor(self.branch) else 100000
            clock, amount = at(self.date, 7 + number), self.chance.randrange(100, most)
            queue.put("dispatch.stop.arrive", {"stop_id": stop["stop_id"]}, clock)
            confirmed = queue.put("dispatch.delivery.confirm", {"stop_id": stop["stop_id"], "lines": lines, "confirm_outlier": True,
                                                                "proof": {"kind": "signature", "data": "c2lnbmVk"}}, clock)
            confirmed.facts = {"stop": stop["stop_id"]}
            self.confirmations.append(confirmed)
            tag = new_key()
            queue.put("collection.receipt.record", {"customer_id": stop["customer_id"], "amount": amount, "method": "cash", "route_id": route,
                                                    "note": tag}, clock).facts = {"tag": tag, "amount": amount}
            self.received += amount
        replies = queue.drain()
        self.delivered = sum(reply["amount"] for reply in replies[1::3])

    def _money(self):
        """The driver hands over, the cashier counts."""
        cash = self.staff.read(f"driver@{self.branch}", "collection.cash.due", {}, at(self.date, 17))["cash"]
        if cash != self.received:
            self.staff.journal.complain(self.confirmations[0], f"the driver took {self.received} and must hand over {cash}")
        handed = self.ask("driver", "collection.remittance.hand", {"lines": in_notes(cash)}, at(self.date, 17))
        self.ask("cashier", "collection.remittance.accept", {"remittance_id": handed["remittance_id"], "lines": in_notes(cash)}, at(self.date, 17, 30))

    def _reconcile(self):
        """When collection has heard of all deliveries."""
        fields, clock, person = {"business_date": self.date.isoformat()}, at(self.date, 18, 30), f"finance@{self.branch}"
        end = time.monotonic() + 90
        while True:
            figures = self.staff.read(person, "collection.day.read", fields, clock)["figures"]
            if figures["receivable"] >= self.delivered and figures["delivered"] >= self.delivered or time.monotonic() > end:
                break
            time.sleep(0.2)
        reply = self.staff.ask(person, "collection.day.reconcile", fields, clock=clock)
        self.figures, self.differences = reply["figures"], reply["differences"]
