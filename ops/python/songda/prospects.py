"""A branch's selling, day by day: the bought list, calls, visits with reports, quotations, contracts in every state."""
import csv
import io

from songda.places import POOL, PROSPECTS

SAID = ["想了解价格和送货时间", "现在用管道气，嫌贵", "老板不在，约下午再打", "对比过两家，要看合同", "合同到期前再谈", "厨房改造后考虑"]
STAGES = ["call", "visit", "needs", "proposal"]
FAR = {"floor": 3, "discount": 3, "approval": 3, "late": 3, "unfiled": 3, "draft": 3, "missing": 1, "excluded": 0}
FUEL, PLAN_LITRES = "CJ-01", 3000000
LIST_PRICE, BELOW_LIST, BELOW_FLOOR = 48000, 45000, 41000


class Prospects:
    def __init__(self, demonstration, branch, days):
        self.demonstration, self.company, self.branch, self.days = demonstration, demonstration.company, branch, days
        self.product = demonstration.products[FUEL]
        self.ids, self.contracts = {}, {}
        self.plan = {}  # day → what is done on it
        for number, prospect in enumerate(PROSPECTS[branch]):
            self._schedule(number, *prospect)

    def play(self, day):
        if day == self.days.first:
            self._buy_list(day)
        for work, arguments in self.plan.get(day, []):
            work(day, *arguments)

    def call(self, post, operation, fields, step, clock):
        return self.company.call(f"{post}@{self.branch}", operation, fields, f"{self.branch} {step}", clock)

    def selling(self, clock):
        selling = type(self.demonstration.selling)(self.company.at(clock), self.days.dates[0])
        selling.template_id = self.demonstration.selling.template_id
        return selling

    def _schedule(self, number, name, contact, address, latitude, longitude, stage, start):
        owner = "representative" if number % 2 == 0 else "representative2"
        begin = self.days.first + start
        self._on(begin, self._meet, number, name, contact, (address, latitude, longitude), owner, stage)
        far = FAR.get(stage, STAGES.index(stage) if stage in STAGES else 0)
        if stage == "excluded":
            self._on(begin + 1, self._exclude, name, number)
        if far >= 1:
            self._on(begin + 1, self._visit, number, name, owner, stage)
        if far >= 2:
            self._on(begin + 2, self._need, number, name, owner)
        if far >= 3:
            self._on(begin + 3, self._offer, name, owner, stage)
        if stage in ("approval", "late", "unfiled", "draft"):
            last = {"approval": self.days.today - 1, "late": self.days.today - 6, "unfiled": self.days.today}.get(stage, begin + 4)
            self._on(last, self._contract, name, owner, stage)
        if stage == "late":
            self._on(self.days.today - 5, self._file_late, name)
        if stage in ("visit", "call", "needs", "proposal"):
            self._on(self.days.today, self._plan_ahead, number, name, owner)

    def _on(self, day, work, *arguments):
        self.plan.setdefault(min(day, self.days.today), []).append((work, arguments))

    # -- leads ---------------------------------------------------------------------------------------------------------
    def _buy_list(self, day):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["name", "phone", "address", "latitude", "longitude"])
        for number, (name, address, latitude, longitude) in enumerate(POOL[self.branch]):
            writer.writerow([name, f"1371{'21' if self.branch == 'SH01' else '71'}{number:05d}", address, latitude / 1e7, longitude / 1e7])
        self.call("marketing", "leads.import.run", {"source": "list", "csv": text.getvalue()}, "list", self.days.at(day, 545))

    def _meet(self, day, number, name, contact, place, owner, stage):
        """A telesales lead is called first and handed to a representative; others are the representative's own."""
        address, latitude, longitude = place
        by_call = number % 3 == 1 or stage in ("call", "excluded")
        post = "telesales" if by_call else owner
        fields = {"name": name, "phone": f"1391{'21' if self.branch == 'SH01' else '71'}{number:05d}", "contact": contact, "has_consent": True,
                  "source": "call" if by_call else "visit" if number % 2 else "referral"}
        self.ids[name] = self.call(post, "leads.customer.create", fields, name, self.days.at(day, 550 + number))["customer_id"]
        self.call(post, "leads.address.add", {"customer_id": self.ids[name], "label": "厨房后门", "address": address, "latitude_e7": latitude,
                                              "longitude_e7": longitude}, name, self.days.at(day, 551 + number))
        self._talk(day, post, name, number, 600, "no_answer" if number % 2 else "answered")
        self._talk(day, post, name, number + 1, 640, "answered")
        if stage != "excluded":
            self.call(post, "leads.lead.screen", {"customer_id": self.ids[name], "class": "abc"[number % 3]}, name, self.days.at(day, 650))
        if by_call and stage not in ("call", "excluded"):
            fields = {"customer_id": self.ids[name], "owner_id": self.company.ids[f"{owner}@{self.branch}"], "reason": "客户同意上门，转销售代表"}
            self.call("supervisor", "leads.lead.assign", fields, name, self.days.at(day, 660))

    def _talk(self, day, post, name, number, minute, outcome):
        ended = self.days.at(day, minute + number)
        fields = {"customer_id": self.ids[name], "direction": "outbound", "started_at": self.days.at(day, minute + number - 6), "outcome": outcome,
                  "duration_seconds": 40 + number * 13 if outcome == "answered" else 0, "intention": "none"}
        if outcome == "answered":
            fields.update(intention=["low", "medium", "high"][number % 3], said=SAID[number % len(SAID)], next_action="上门拜访",
                          next_on=self.days.date(min(day + 1, self.days.today + 1)).isoformat())
        self.call(post, "leads.call.record", fields, f"{name} {day} {minute}", ended)

    def _exclude(self, day, name, number):
        fields = {"customer_id": self.ids[name], "exclusion": ["out_of_scope", "no_intention", "unreachable"][number % 3], "note": "三次联系后判定"}
        self.call("telesales", "leads.lead.screen", fields, f"{name} out", self.days.at(day, 700))

    # -- visits ----------------------------------------------------------------------------------------------------------
    def _visit(self, day, number, name, owner, stage):
        minute = 570 + number % 8 * 50
        planned = {"customer_id": self.ids[name], "planned_at": self.days.on(self.days.date(day), minute), "purpose": "了解用量，看厨房和罐位",
                   "is_key": number % 5 == 0}
        before = self.days.on(self.days.eve(day), 1000)
        visit_id = self.call(owner, "leads.visit.plan", planned, f"{name} first", before)["visit_id"]
        date = self.days.date(day).isoformat()
        self.call(owner, "leads.visit.submit", {"from_date": date, "until_date": date}, f"{name} submit", before)
        self.call("sales_manager", "leads.visit.confirm", {"visit_id": visit_id}, name, self.days.on(self.days.eve(day), 1030))
        self.call(owner, "leads.visit.check_in", {"visit_id": visit_id, "place": "店内"}, name, self.days.at(day, minute + 4))
        self.call(owner, "leads.visit.check_out", {"visit_id": visit_id, "result": "看了厨房，老板在场，对价格敏感"}, name, self.days.at(day, minute + 40))
        if stage not in ("missing", "visit"):
            fields = {"visit_id": visit_id, "business": ["火锅", "面馆", "酒楼", "食堂"][number % 4], "seats": 40 + number * 12, "burners": 4 + number % 9,
                      "monthly_quantity": 1000 * (300 + number * 90), "present_fuel": "管道天然气", "present_price": 43000 + number * 100,
                      "needs": "早市前送到，要开专票", "concerns": "担心断供", "decision_maker": "老板本人"}
            self.call(owner, "leads.visit_report.file", fields, name, self.days.at(day, minute + 130))

    def _plan_ahead(self, day, number, name, owner):
        """This afternoon and tomorrow: what stands in the week's plan."""
        person = owner if number % 3 != 1 else "telesales" if name not in self.contracts and FAR.get(name) is None else owner
        later = self.days.date(day + number % 2)
        fields = {"customer_id": self.ids[name], "planned_at": self.days.on(later, 840 + number * 15), "purpose": "送报价，谈罐位改造", "is_key": number % 4 == 0}
        owner_id = self.call("supervisor", "leads.customer.read", {"customer_id": self.ids[name]}, "owner", self.days.at(day, 520))["owner_id"]
        person = next(post for post in ("representative", "representative2", "telesales") if self.company.ids[f"{post}@{self.branch}"] == owner_id)
        self.call(person, "leads.visit.plan", fields, f"{name} ahead", self.days.at(day, 530))

    # -- quotations and contracts ------------------------------------------------------------------------------------------
    def _need(self, day, number, name, owner):
        self._talk(day, owner, name, number, 560, "answered")

    def _offer(self, day, name, owner, stage):
        price = {"floor": BELOW_FLOOR, "discount": BELOW_LIST}.get(stage, LIST_PRICE)
        clock = self.days.at(self.days.today if stage in ("floor", "discount") else day, 620)
        fields = {"customer_id": self.ids[name], "valid_until": self.demonstration.valid[1],
                  "lines": [{"product_id": self.product, "quantity": PLAN_LITRES, "price": price}]}
        self.call(owner, "leads.stage.move", {"customer_id": self.ids[name], "stage": "proposal"}, f"{name} proposal", self.days.at(day, 610))
        quotation_id = self.selling(clock).eventually(f"{owner}@{self.branch}", "contracts.quotation.create", fields, f"{self.branch} {name}",
                                                      ["customer_unknown"])["quotation_id"]
        last = "submit" if stage in ("floor", "discount") else "present"
        self.call(owner, f"contracts.quotation.{last}", {"quotation_id": quotation_id}, name, clock)

    def _contract(self, day, name, owner, stage):
        selling = self.selling(self.days.at(day, 870))
        address_ids = [entry["address_id"] for entry in self.call(owner, "leads.customer.read", {"customer_id": self.ids[name]}, "address",
                                                                  self.days.at(day, 860))["addresses"]]
        terms = (self.branch, self.ids[name], address_ids, [(self.product, PLAN_LITRES, LIST_PRICE)], self.demonstration.valid, 2000000)
        if stage == "draft":
            selling.draft(*terms, representative=owner, is_blank=True)
            return
        contract_id, approval_id = selling.submit(*terms, representative=owner)
        self.contracts[name] = contract_id
        selling.sign(self.branch, contract_id, approval_id, 1 if stage == "approval" else 4)

    def _file_late(self, day, name):
        self.selling(self.days.at(day, 575)).file(self.branch, self.contracts[name], f"DA-{self.branch}-0900")
