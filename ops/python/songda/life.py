"""The demonstration company's past: both branches' days, played one after the other on a set clock, through the product's own operations."""
import concurrent.futures
import datetime

from songda.care import Care
from songda.client import Client
from songda.clock import Days
from songda.company import ADMINISTRATOR, Company
from songda.deliveries import Deliveries
from songda.demonstration import PASSWORD
from songda.places import CUSTOMERS
from songda.prospects import Prospects

EARLY, COUNT = [68, 47, 35], 9  # days so long ago that debts have aged; then so many working days in a row
JOBS = [("leads", "deadlines"), ("contracts", "deadlines"), ("aftersales", "deadlines"), ("discipline", "deadlines"), ("collection", "hold_overdue")]
GENERAL_MANAGER = "general_manager@ZB"


def is_finished(contract, address):
    """Whether the past was played to its end."""
    client = Client(contract, address)
    status, reply = client.call("staff.session.open", {"sign_in_name": GENERAL_MANAGER, "password": PASSWORD})
    return status == 200 and bool(Company.must(client.with_token(reply["token"]), "staff.deputy.list", {}, None)["items"])


class Life:
    def __init__(self, demonstration, today, now):
        self.demonstration, self.company = demonstration, demonstration.company
        self.days = Days(today, now, self._working(today), EARLY, COUNT)
        self.pool = concurrent.futures.ThreadPoolExecutor(2 * len(CUSTOMERS))
        self.branches = []
        for branch in CUSTOMERS:
            prospects = Prospects(demonstration, branch, self.days)
            self.branches.append((Deliveries(demonstration, branch, self.days), prospects, Care(demonstration, branch, self.days, prospects)))

    def _working(self, today):
        fields = {"for_branch_id": self.company.ids["SH01"], "from_date": self.demonstration.day,
                  "until_date": (today - datetime.timedelta(days=1)).isoformat()}
        return [datetime.date.fromisoformat(day["date"]) for day in self.company.call(ADMINISTRATOR, "staff.calendar.read", fields)["days"]
                if day["is_working"]]

    def play(self, say):
        for day in range(self.days.today):
            self._play(day)
            for service, job in JOBS:
                self._run(service, job, self.days.at(day, 1145))
            say(f"{self.days.date(day)}")
        list(self.pool.map(lambda parts: self._play_today(*parts), self.branches))
        self.company.all_have_passwords()
        self._finish()

    def _finish(self):
        """The last act, and the sign that everything before it was done: who stands in for the general manager next week."""
        fields = {"deputy_id": self.company.ids["deputy_general_manager@ZB"],
                  "from_date": (self.days.date(self.days.today) + datetime.timedelta(days=7)).isoformat(),
                  "until_date": (self.days.date(self.days.today) + datetime.timedelta(days=11)).isoformat()}
        self.company.call(GENERAL_MANAGER, "staff.deputy.appoint", fields, "next week", self.days.at(self.days.today, 525))

    def _play(self, day):
        """Side by side: in each branch the road, and the selling with what follows it."""
        parts = [self.pool.submit(self._play_road, day, deliveries) for deliveries, _, _ in self.branches]
        parts += [self.pool.submit(self._play_selling, day, *branch) for branch in self.branches]
        for part in parts:
            part.result()

    @staticmethod
    def _play_road(day, deliveries):
        deliveries.order(day)
        deliveries.drive(day, deliveries.load(day))
        deliveries.settle(day)

    @staticmethod
    def _play_selling(day, deliveries, prospects, care):
        prospects.play(day)
        care.play(day)
        care.discipline(day, deliveries.short_driver)

    def _play_today(self, deliveries, prospects, care):
        today = self.days.today
        selling = self.pool.submit(self._play_selling, today, deliveries, prospects, care)
        deliveries.order(today)
        routes = deliveries.load(today)
        selling.result()
        deliveries.drive(today, routes)
        deliveries.order(today + 1)
        care.today()
        deliveries.close_tomorrow()

    def _run(self, service, job, clock):
        for _ in range(200):
            if not self.company.call(ADMINISTRATOR, f"{service}.jobs.run", {"name": job}, None, clock).get("again"):
                return
