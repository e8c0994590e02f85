"""Proves afterwards that what was acknowledged is there once, what is unknown zero or one times, and that everything agrees with everything."""
import collections
import subprocess
import time

from journal import ACKNOWLEDGED, REFUSED, UNDONE, UNKNOWN
from place import ROOT, SERVICES
from songda.contract import read_json

# operation: table, column that holds the tag, the id its reply names, the event it brings about, whether leads keeps a line of that event
TAGGED = {
    "dispatch.order.place": ("dispatch.customer_order", "note", "order_id", "dispatch.order.placed", True),
    "collection.receipt.record": ("collection.receipt", "note", "receipt_id", "collection.receipt.recorded", True),
    "leads.call.record": ("leads.call", "said", "call_id", "leads.call.recorded", False),
    "leads.visit.plan": ("leads.visit", "purpose", "visit_id", None, False),
    "leads.customer.create": ("leads.customer", "name", "customer_id", None, False),
    "aftersales.case.open": ("aftersales.service_case", "summary", "case_id", "aftersales.case.opened", True),
    "discipline.case.open": ("discipline.conduct_case", "what", "case_id", "discipline.case.opened", False),
    "dispatch.stock.receive": ("dispatch.stock_movement", "reason", None, None, False),
}
QUIET_SECONDS = 60
ERRORS = read_json(ROOT / "schemas" / "errors.json")


class Checker:
    def __init__(self, place, world, workload, journal, quiet_seconds=QUIET_SECONDS):
        self.quiet_seconds = quiet_seconds
        self.place, self.world, self.workload, self.journal = place, world, workload, journal
        self.violations, self.proved = [], []
        self.by_key = {entry.key.replace("-", ""): entry for entry in journal.entries}

    def violate(self, text, entry=None):
        self.violations.append("\n".join([text, *(self.journal.around(entry) if entry else [f"seed {self.journal.seed}"])]))

    def check(self, is_one_enough=False):
        """Runs every proof; the violations."""
        for entry, text in self.journal.complaints:
            self.violate(text, entry)
        for proof in (self.quiet, self.audit, self.keys, self.tags, self.events, self.lines, self.copies, self.days, self.totals, self.chain,
                      self.invariants):
            before = len(self.violations)
            if before and is_one_enough:
                break
            try:
                proof()
            except Exception as error:  # pylint: disable=broad-except
                self.violate(f"{proof.__name__}: {type(error).__name__}: {error}")
            self.proved.append((proof.__doc__.splitlines()[0], len(self.violations) - before))
        return self.violations

    def quiet(self):
        """every consumer has come to the last number of every producer"""
        contract, behind = self.world.staff.contract, []
        heard = {service: set() for service in SERVICES}
        for service in SERVICES:
            for name in ("position",):
                rows = self.place.sql(f"SELECT DISTINCT producer FROM {service}.inbox_{name}")
                heard[service].update(row[0] for row in rows)
        if not any(heard.values()) or not contract.events:
            self.violate("nobody hears anybody")
        end = time.monotonic() + self.quiet_seconds
        while True:
            parts = [f"SELECT '{consumer}', '{producer}', c.branch_id, c.number, p.number FROM {producer}.outbox_counter c "
                     f"LEFT JOIN {consumer}.inbox_position p ON p.branch_id = c.branch_id AND p.producer = '{producer}' "
                     "WHERE c.number > coalesce(p.number, 0)" for consumer, producers in heard.items() for producer in producers]
            behind = self.place.sql(" UNION ALL ".join(parts))
            if not behind or time.monotonic() > end:
                break
            time.sleep(0.5)
        for consumer, producer, branch, there, here in behind:
            self.violate(f"{consumer} is at {here or 0} of {producer}'s {there} in branch {branch}, {self.quiet_seconds} s after the last trouble")

    def audit(self):
        """every acknowledged request stands once in the audit log, every other not at all or as what it is"""
        done, refused = collections.Counter(), collections.Counter()
        for service in SERVICES:
            for trace, operation, outcome, count in self.place.sql(
                    f"SELECT substr(trace, 4, 32), operation, outcome, count(*) FROM {service}.audit GROUP BY 1, 2, 3"):
                entry = self.by_key.get(trace)
                if entry is not None and entry.operation == operation:
                    (done if outcome == "ok" else refused)[trace] += int(count)
        self.done = done
        for key, entry in self.by_key.items():
            self._judge(entry, done[key], refused[key])

    def _judge(self, entry, done, refused):
        allowed = {ACKNOWLEDGED: [(1, 0)], REFUSED: [(0, 0), (0, 1)], UNDONE: [(0, 0)], UNKNOWN: [(0, 0), (0, 1), (1, 0)]}[entry.outcome]
        if (done, refused) not in allowed:
            self.violate(f"{entry.outcome}, and the audit log has it {done} times as done and {refused} times as refused", entry)

    def keys(self):
        """every acknowledged request has its key with its reply, and no key keeps a failure that passes"""
        found = collections.Counter()
        passing = {name for name, error in ERRORS.items() if error["class"] != "no"}
        for service in SERVICES:
            for key, has_reply, error in self.place.sql(
                    f"SELECT replace(key::text, '-', ''), reply IS NOT NULL, coalesce(error, '') FROM {service}.idempotency"):
                if has_reply == "t":
                    found[key] += 1
                if error in passing:
                    self.violate(f"{service} keeps {error} under the key {key}", self.by_key.get(key))
        for key, entry in self.by_key.items():
            if entry.outcome == ACKNOWLEDGED and found[key] != 1:
                self.violate(f"acknowledged, and its key is kept {found[key]} times", entry)
            elif found[key] != self.done[key]:
                self.violate(f"done {self.done[key]} times, and its key is kept {found[key]} times", entry)

    def tags(self):
        """every acknowledged request has its effect once, with the id that was answered; every unknown one zero or one times"""
        self.effects = collections.Counter()
        for operation, (table, column, id_name, _, _) in TAGGED.items():
            found = collections.defaultdict(list)
            id_column = {"dispatch.stock_movement": "movement_id"}.get(table, id_name)
            for tag, row_id in self.place.sql(f"SELECT right({column}, 36), {id_column} FROM {table} WHERE {column} IS NOT NULL"):
                found[tag].append(row_id)
            for entry in self.journal.entries:
                if entry.operation != operation or "tag" not in entry.facts:
                    continue
                rows = found[entry.facts["tag"]]
                self.effects[operation] += len(rows)
                if len(rows) != self.done[entry.key.replace("-", "")] or len(rows) > 1:
                    self.violate(f"{entry.outcome}, and {table} has it {len(rows)} times", entry)
                elif id_name and entry.outcome == ACKNOWLEDGED and rows != [entry.facts[id_name]]:
                    self.violate(f"answered {entry.facts[id_name]}, and {table} has {rows}", entry)

    def events(self):
        """every effect has its event once, no event is there twice, no event of what was not done"""
        counted = {event for *_, event, _ in TAGGED.values() if event} | {"dispatch.delivery.confirmed"}
        found = collections.defaultdict(collections.Counter)
        for service in SERVICES:
            for trace, event, count, different in self.place.sql(
                    f"SELECT substr(trace, 4, 32), event, count(*), count(DISTINCT (aggregate_id, body)) FROM {service}.outbox GROUP BY 1, 2"):
                entry = self.by_key.get(trace)
                if entry is None or not event.startswith(entry.service + "."):
                    continue
                found[trace][event] = int(count)
                if self.done[trace] == 0 and entry.outcome != REFUSED:
                    self.violate(f"{entry.outcome} and not done, and there is its event {event}", entry)
                if count != different:
                    self.violate(f"{count} events {event}, {different} of them different", entry)
        for key, entry in self.by_key.items():
            event = "dispatch.delivery.confirmed" if entry.operation == "dispatch.delivery.confirm" else TAGGED.get(entry.operation, [None] * 4)[3]
            if event in counted and found[key][event] != self.done[key]:
                self.violate(f"done {self.done[key]} times, and {found[key][event]} events {event}", entry)
        doubled = " UNION ALL ".join(f"SELECT '{service}', event_id, count(*) FROM {service}.outbox GROUP BY event_id HAVING count(*) > 1"
                                     for service in SERVICES)
        for service, event_id, count in self.place.sql(doubled):
            self.violate(f"{service} has event {event_id} {count} times")

    def lines(self):
        """every event was applied once: leads has one line of each order, receipt, delivery and case"""
        lines = collections.Counter({(event, reference): int(count) for event, reference, count in self.place.sql(
            "SELECT event, reference_id, count(*) FROM leads.timeline WHERE reference_id IS NOT NULL GROUP BY 1, 2")})
        for entry in self.journal.entries:
            known = TAGGED.get(entry.operation)
            if entry.outcome == ACKNOWLEDGED and known and known[4] and known[2] in entry.facts:
                count = lines[known[3], entry.facts[known[2]]]
                if count != 1:
                    self.violate(f"leads has {count} lines of its event {known[3]}", entry)

    def copies(self):
        """every customer is in the copies of those who need them, and every delivery has one receivable"""
        for consumer in ("contracts.customer", "dispatch.customer", "collection.customer_account", "aftersales.customer"):
            for kind, missing, extra in ((consumer, "leads.customer", consumer),):
                rows = self.place.sql(f"SELECT coalesce(a.customer_id, b.customer_id) FROM {missing} a FULL JOIN {extra} b USING (branch_id, customer_id) "
                                      "WHERE a.customer_id IS NULL OR b.customer_id IS NULL")
                if rows:
                    self.violate(f"{len(rows)} customers differ between leads and {kind}: {rows[:3]}")
        rows = self.place.sql("SELECT d.delivery_id, count(r.receivable_id) FROM dispatch.delivery d LEFT JOIN collection.receivable r "
                              "USING (branch_id, delivery_id) GROUP BY 1 HAVING count(r.receivable_id) <> 1")
        for delivery, count in rows:
            entry = next((one for one in self.journal.entries if one.facts.get("delivery_id") == delivery), None)
            self.violate(f"delivery {delivery} has {count} receivables", entry)

    def days(self):
        """every reconciled day has the figures of what was acknowledged on it, and no differences"""
        for day in self.workload.days:
            figures = day.figures
            got = (figures["delivered"], figures["receivable"], figures["received"], figures["remitted"], figures["differences"])
            want = (day.delivered, day.delivered, day.received, day.received, 0)
            if got != want or day.differences:
                self.violate(f"{day.branch} {day.date}: delivered, receivable, received, remitted, differences are {got} and were {want}: "
                             f"{day.differences}", day.confirmations[0])

    def totals(self):
        """the sum of what was taken and delivered is the sum of what was acknowledged"""
        sure = maybe = 0
        tags = set()
        for entry in self.journal.entries:
            if entry.operation == "collection.receipt.record" and "tag" in entry.facts:
                tags.add(entry.facts["tag"])
                sure += entry.facts["amount"] if entry.outcome == ACKNOWLEDGED else 0
                maybe += entry.facts["amount"] if entry.outcome == UNKNOWN else 0
        rows = self.place.sql("SELECT note, amount FROM collection.receipt WHERE note IS NOT NULL")
        there = sum(int(amount) for note, amount in rows if note in tags)
        if not sure <= there <= sure + maybe:
            self.violate(f"receipts of {there} are there; {sure} were acknowledged, {maybe} are unknown")
        self.sums = (sure, maybe, there)

    def chain(self):
        """the chain of the audit log of every service and branch verifies"""
        staff = self.world.staff
        for service in SERVICES:
            staff.read("it_administrator@ZB", f"{service}.setting.list", {})
            staff.ask("it_administrator@ZB", f"{service}.jobs.run", {"name": "audit_seal"})
            for branch in ("ZB", "SH01", "HZ01"):
                after = 0
                while True:
                    reply = staff.read("general_manager@ZB", f"{service}.audit.verify", {"branch_id": staff.ids[branch], "after": after, "limit": 2000})
                    if not reply["is_whole"]:
                        self.violate(f"{service}'s chain of {branch} is broken at {reply.get('wrong_number')}, row {reply.get('wrong_audit_id')}")
                        break
                    if reply["checked"] < 2000:
                        break
                    after = reply["last"]

    def invariants(self):
        """ops/invariants return no rows"""
        done = subprocess.run([ROOT / "ops" / "invariants" / "run", "--psql", "psql"], env=self.place.reader_environment(), capture_output=True,
                              text=True, check=False)
        if done.returncode:
            broken = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("holds")]
            self.violate("ops/invariants:\n  " + "\n  ".join(broken[:30]))
