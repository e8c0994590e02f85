"""What follows selling and driving: installations, after-sales cases, discipline cases, joining, and what waits for somebody's signature today."""
import time

from songda.company import CompanyError

# customer's number, class, priority, what is wrong, how far it has come, so many days before today
CASES = {
    "SH01": [(0, "quality", "urgent", "火力忽大忽小，早市受影响", "surveyed", 8), (1, "use", "normal", "新来的师傅不会换瓶，请上门示范", "surveyed", 7),
             (2, "installation", "normal", "双眼灶左侧点不着火", "unhappy", 6), (4, "delivery", "normal", "送货时间比约定晚两小时", "solved", 4),
             (7, "quality", "critical", "减压阀有异味，已关阀", "working", 2), (9, "use", "normal", "询问冬季存放要求", "rejected", 5),
             (10, "quality", "urgent", "醇基燃料热值不足，锅烧不开", "formed", 1), (12, "billing", "normal", "对账单数量与签收单不符", "confirmed", 1),
             (14, "delivery", "urgent", "今天还没送到，午市要断", "requested", 0)],
    "HZ01": [(0, "quality", "normal", "瓶口密封圈老化", "surveyed", 6), (3, "installation", "normal", "收货平台需要加固", "working", 3),
             (4, "use", "normal", "灶具火焰发黄", "solved", 2), (5, "complaint", "urgent", "送货员态度不好", "complaint", 3), (7, "quality", "urgent", "油品有杂质堵喷嘴", "requested", 0)],
}


class Care:
    def __init__(self, demonstration, branch, days, prospects):
        self.demonstration, self.company, self.branch, self.days, self.prospects = demonstration, demonstration.company, branch, days, prospects
        self.eventually = demonstration.selling.eventually
        self.customers = {site["number"]: site for site in demonstration.sites[branch]}
        self.cases = {}

    def call(self, post, operation, fields, step, clock):
        return self.company.call(post if "@" in post else f"{post}@{self.branch}", operation, fields, f"{self.branch} {step}" if step else None, clock)

    def play(self, day):
        if day == 1:
            self._install(day)
        for number, entry in enumerate(CASES[self.branch]):
            self._go_on_with(day, number, *entry)

    # -- installations ---------------------------------------------------------------------------------------------------
    def _install(self, day):
        """The burners of the first contracts; two are left for today."""
        found = self._wait("installations", lambda: self.call("dispatcher", "dispatch.installation.list", {}, None, self.days.at(day, 500))["items"],
                           len([number for number in self.customers if number % 3 == 0]))
        found.sort(key=lambda entry: entry["customer"] or "")
        for number, entry in enumerate(found[:-2]):
            self._put_in(day, number, entry["installation_id"])
        fields = {"installation_id": found[-2]["installation_id"], "installer_id": self.company.ids[f"installer2@{self.branch}"],
                  "scheduled_on": self.days.date(self.days.today + 1).isoformat(), "note": "客户要求下午两点后上门"}
        self.call("dispatcher", "dispatch.installation.schedule", fields, "tomorrow", self.days.at(day, 540))

    def _put_in(self, day, number, installation_id):
        date = self.days.date(day).isoformat()
        fields = {"installation_id": installation_id, "installer_id": self.company.ids[f"installer@{self.branch}"], "scheduled_on": date}
        self.call("dispatcher", "dispatch.installation.schedule", fields, f"install {number}", self.days.at(day, 510))
        self.call("installer", "dispatch.installation.complete", {"installation_id": installation_id, "serial_numbers": [f"ZT{self.branch}{number:04d}"],
                                                                  "proof": {"kind": "photo", "data": "cGhvdG8=", "signer": "李店长"}},
                  f"install {number}", self.days.at(day, 600 + number * 20))

    def _wait(self, what, read, count):
        for _ in range(400):
            found = read()
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise CompanyError(f"{self.branch}: {what}: {len(found)}, not {count}")

    # -- after-sales -------------------------------------------------------------------------------------------------------
    def _go_on_with(self, day, number, customer, class_, priority, summary, end, before):
        begun = self.days.today - before
        if day == begun:
            self._open(day, number, customer, class_, priority, summary, end)
        if day == min(begun + 1, self.days.today) and end in ("working", "solved", "surveyed", "unhappy"):
            self._work(day, number, customer, summary, end)
        if day == begun + 2 and end in ("surveyed", "unhappy"):
            score = 5 - number % 2 if end == "surveyed" else 2
            fields = {"case_id": self.cases[number], "score": score, "channel": "call", "text": "师傅来得快，讲得清楚" if score > 3 else "修了两次才好，耽误生意"}
            self.call("operator", "aftersales.case.survey", fields, f"survey {number}", self.days.at(day, 990))
            if end == "unhappy":
                self.call("operator", "aftersales.case.call_back", {"case_id": self.cases[number], "note": "经理致电致歉，送两次免费保养"}, f"back {number}",
                          self.days.at(day, 1040))

    def _open(self, day, number, customer, class_, priority, summary, end):
        minute = 500 + number * 17
        fields = {"customer_id": self.customers[customer]["customer_id"], "class": class_, "priority": priority, "summary": summary, "contact": "李店长",
                  "phone": "13812345678"}
        if end == "complaint":
            fields["about_staff_id"] = self.company.ids[f"driver2@{self.branch}"]
        company = self.company.at(self.days.at(day, minute))
        selling = type(self.demonstration.selling)(company, self.days.dates[0])
        self.cases[number] = selling.eventually(f"operator@{self.branch}", "aftersales.case.open", fields, f"{self.branch} case {number}",
                                                ["customer_unknown"])["case_id"]
        case = {"case_id": self.cases[number]}
        if end == "requested":
            return
        if end == "rejected":
            self.call("sales_manager", "aftersales.case.reject", {**case, "reason": "咨询问题，已当场答复"}, f"reject {number}", self.days.at(day, minute + 30))
            return
        self.call("technician", "aftersales.case.answer", {**case, "note": "已联系客户，约定上门时间"}, f"answer {number}", self.days.at(day, minute + 25))
        self.call("sales_manager", "aftersales.case.confirm", {**case, "is_complex": priority == "critical"}, f"confirm {number}", self.days.at(day, minute + 40))
        if end in ("confirmed", "complaint"):
            return
        form = {**case, "problem": summary, "place": "厨房", "contact": "李店长", "phone": "13812345678", "equipment": "双眼灶"}
        self.call("operator", "aftersales.form.fill", form, f"form {number}", self.days.at(day, minute + 60))

    def _work(self, day, number, customer, summary, end):
        case = {"case_id": self.cases[number]}
        technician = "technician" if number % 2 == 0 else "technician2"
        self.call("sales_manager", "aftersales.case.assign", {**case, "technician_id": self.company.ids[f"{technician}@{self.branch}"]}, f"assign {number}",
                  self.days.at(day, 545))
        if end == "working":
            if self.branch == "SH01":
                self.call(technician, "aftersales.case.progress", {**case, "note": "阀体已送检，先换备用阀恢复供气"}, f"progress {number}", self.days.at(day, 700))
            return
        fields = {**case, "handling": "上门检查，清洗喷嘴，更换密封圈", "result": "恢复正常，客户签字确认", "cause": "喷嘴堵塞"}
        self.call(technician, "aftersales.case.solve", fields, f"solve {number}", self.days.at(day, 720))
        representative = "representative" if customer % 2 == 0 else "representative2"
        for post in (representative, "sales_manager"):
            self.call(post, "aftersales.case.acknowledge", case, f"seen {number} {post}", self.days.at(day, 960))

    # -- discipline ------------------------------------------------------------------------------------------------------------
    def discipline(self, day, short_driver):
        """The clerk's late filing goes to its end, the driver's short cash waits for a proposal, the missing report for a statement."""
        if self.branch != "SH01":
            return
        if day == self.days.today - 5:
            self._state(day, "clerk@SH01", "Z1-filing-late", "当天送审到十七点五十，总经理签完已下班，没来得及盖章。")
        if day == self.days.today - 4:
            fields = {"case_id": self._case_of("clerk@SH01", "Z1-filing-late", day), "measure": "oral_warning", "reason": "首次，次日一早已归档"}
            self.call("department_head", "discipline.case.propose", fields, "propose", self.days.at(day, 600))
        if day == self.days.today - 3:
            fields = {"case_id": self._case_of("clerk@SH01", "Z1-filing-late", day), "measure": "oral_warning", "reason": "首次，次日一早已归档"}
            self.call("discipline_officer", "discipline.case.decide", fields, "decide", self.days.at(day, 660))
            if short_driver:
                self._state(day, short_driver, "Z1-cash-short", "午高峰找零时多找了两百，愿意补缴。")

    def _case_of(self, person, rule, day):
        fields = {"staff_id": self.company.ids[person], "rule_code": rule}
        return self._wait(f"a case of {person}",
                          lambda: self.call("discipline_officer", "discipline.case.list", fields, None, self.days.at(day, 550))["items"], 1)[0]["case_id"]

    def _state(self, day, person, rule, statement):
        self.call(person, "discipline.statement.file", {"case_id": self._case_of(person, rule, day), "statement": statement}, f"state {person}",
                  self.days.at(day, 570))

    # -- today ---------------------------------------------------------------------------------------------------------------------
    def today(self):
        """What lies on somebody's desk this morning."""
        clock = self.days.at(self.days.today, 515)
        self._orders_that_wait(clock)
        if self.branch == "SH01":
            self._join(clock)
            self._next_prices(clock)

    def _orders_that_wait(self, clock):
        """One without a contract for the manager, one of a representative for the supervisor, one for today for the dispatcher."""
        name = next(name for name, customer_id in self.prospects.ids.items() if name not in self.prospects.contracts)
        customer_id = self.prospects.ids[name]
        place = self.call("operator", "leads.customer.read", {"customer_id": customer_id}, None, clock)["addresses"][0]["address_id"]
        product, tomorrow = self.demonstration.products["CJ-01"], self.days.date(self.days.today + 1).isoformat()
        fields = {"customer_id": customer_id, "address_id": place, "delivery_date": tomorrow, "payment_term": "prepaid",
                  "lines": [{"product_id": product, "quantity": 100000, "price": 50000}]}
        self.call("operator", "dispatch.order.place", fields, "no contract", clock)
        fuels = {"瓶": "YL-15", "醇": "CJ-01"}
        site = next(site for site in self.customers.values() if site["fuel"] in fuels and not self._is_held(site, clock))
        fields = {"customer_id": site["customer_id"], "address_id": site["address_id"], "delivery_date": tomorrow, "confirm_duplicate": True,
                  "lines": [{"product_id": self.demonstration.products[fuels[site["fuel"]]], "quantity": 3000}], "note": "客户周末有宴席，加订"}
        self.call("representative", "dispatch.order.place", fields, "representative", clock)
        urgent = {**fields, "delivery_date": self.days.date(self.days.today).isoformat(), "note": "午市要断，能否顺路"}
        self.call("operator", "dispatch.order.place", urgent, "urgent", clock)

    def _is_held(self, site, clock):
        account = self.call("finance", "collection.account.read", {"customer_id": site["customer_id"]}, None, clock)["account"]
        return "hold_reason" in account

    def _join(self, clock):
        """A driver who begins tomorrow: the contract of employment is signed, induction and groups are not done."""
        fields = {"sign_in_name": "driver4@SH01", "name": "汪志强", "home_branch_id": self.company.ids["SH01"], "functions": ["driver"],
                  "joined_on": self.days.date(self.days.today).isoformat(), "superior_id": self.company.ids["department_head@SH01"]}
        staff_id = self.call("it_administrator@ZB", "staff.person.create", fields, "joining", clock)["staff_id"]
        self.call("it_administrator@ZB", "staff.onboarding.complete", {"staff_id": staff_id, "steps": ["agreement"]}, "joining", clock)

    def _next_prices(self, clock):
        """The winter's prices wait for the general manager."""
        lines = [{"product_id": self.demonstration.products[code], "list_price": listed, "floor_price": floor}
                 for code, listed, floor in (("YL-15", 1180000, 1080000), ("YL-50", 3780000, 3520000), ("CJ-01", 49000, 43000))]
        fields = {"name": "冬季价格", "valid_from": self.days.date(self.days.today + 1).isoformat(), "lines": lines}
        policy_id = self.call("department_head@ZB", "contracts.price_policy.draft", fields, "winter", clock)["policy_id"]
        self.call("department_head@ZB", "contracts.price_policy.submit", {"policy_id": policy_id}, "winter", clock)
