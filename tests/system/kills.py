#!/usr/bin/python3
"""Processes die in the middle of work, PostgreSQL goes and comes, Redis is flushed and dead, a consumer sleeps.

Several threads place orders and record receipts, each with a key of its own, repeated through passing trouble as clients do. Afterwards the
database has each of them exactly once, no event is missing and the invariants hold.
"""
import http.client
import itertools
import os
import pathlib
import random
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import CONTRACT, SERVICES, Failure, Stack, Trade, arguments, at, check, run_tests, send, test_company, wait_for  # noqa: E402
from songda.client import new_key  # noqa: E402

THREADS = 4
BACK_SECONDS = 3
QUESTIONS = {service: f"{service}.setting.list" for service in SERVICES}


class Stream:
    """Keyed writes by several threads until it is stopped; keeps what was acknowledged and what failed."""

    def __init__(self, trade, clock, patience=60, pause=0.01):
        self.trade, self.clock, self.patience, self.pause = trade, clock, patience, pause
        self.orders, self.receipts, self.failures = {}, {}, []
        self.numbers, self.is_stopped = itertools.count(), threading.Event()
        self.threads = [threading.Thread(target=self._work, args=(turn,)) for turn in range(THREADS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, kind, *_):
        time.sleep(0.5 if kind is None else 0)
        self.is_stopped.set()
        for thread in self.threads:
            thread.join()

    def _work(self, turn):
        operator, cashier = self.trade.client("operator", self.clock), self.trade.client("cashier")
        while not self.is_stopped.is_set():
            number, key = next(self.numbers), new_key()
            is_order = (number + turn) % 2 == 0
            try:
                if is_order:
                    reply = self._send(operator, "dispatch.order.place", self.trade.order(number, 1000 + number), key)
                    self.orders[key] = (reply["order_id"], reply["amount"])
                else:
                    reply = self._send(cashier, "collection.receipt.record", self.trade.receipt(number, 1 + number), key)
                    self.receipts[key] = (reply["receipt_id"], 1 + number)
            except (Failure, OSError, http.client.HTTPException) as error:
                self.failures.append(str(error)[:500])
            time.sleep(self.pause)

    def _send(self, client, operation, fields, key):
        if self.patience:
            return send(client, operation, fields, key, self.patience)
        status, reply = client.call(operation, fields, key)
        check(status == 200, f"{operation}: {status} {reply}")
        return reply


class Tests:
    def __init__(self, options):
        self.stack = Stack(options.stack)
        self.trade = Trade(test_company(options.address), customers=6)
        self.clock = at(self.trade.today, 10)
        self.administrator = self.trade.company.client("it_administrator@ZB")
        self.customers = ", ".join(f"'{customer_id}'" for customer_id, _ in self.trade.customers)
        self.seed = options.seed

    def stored(self):
        """What the database has of this run's customers: orders and receipts."""
        orders = self.stack.sql("SELECT o.order_id, o.amount FROM dispatch.customer_order o "
                                f"WHERE o.customer_id IN ({self.customers})")
        receipts = self.stack.sql(f"SELECT receipt_id, amount FROM collection.receipt WHERE customer_id IN ({self.customers})")
        return [sorted((row[0], int(row[1])) for row in rows) for rows in (orders, receipts)]

    def through(self, trouble, patience=60):
        """Runs the stream, makes trouble in the middle; then everything acknowledged is there once and nothing else is."""
        before = self.stored()
        with Stream(self.trade, self.clock, patience) as stream:
            trouble(stream)
        check(not stream.failures, f"{len(stream.failures)} requests failed, e.g. {stream.failures[:3]}")
        after = self.stored()
        for name, old, new, acknowledged in zip(("orders", "receipts"), before, after, (stream.orders, stream.receipts)):
            expected = sorted(set(acknowledged.values()))
            check(len(expected) == len(acknowledged) > 5, f"{len(acknowledged)} {name} acknowledged, {len(expected)} different")
            extra = [row for row in new if row not in set(old)]
            lost, unasked = set(expected) - set(extra), set(extra) - set(expected)
            check(not lost, f"{len(lost)} {name} acknowledged but lost: {sorted(lost)[:3]}")
            check(not unasked and len(extra) == len(expected), f"{len(unasked)} {name} nobody was told of: {sorted(unasked)[:3]}")
        return stream

    def answers(self, service):
        try:
            status, _ = self.administrator.call(QUESTIONS[service], {})
            return status == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self, name):
        def trouble(_):
            for _ in range(2):
                old, start = self.stack.pid(f"{name}-1"), time.monotonic()
                self.stack.run("kill9", f"{name}-1")
                service = "dispatch" if name == "gateway" else name
                wait_for(lambda: self.stack.pid(f"{name}-1") not in (None, old), BACK_SECONDS, f"{name} was not started again")
                wait_for(lambda: self.answers(service), BACK_SECONDS - (time.monotonic() - start),
                         f"{name} does not answer {BACK_SECONDS} s after its death")
                time.sleep(0.5)
        self.through(trouble)

    def database(self):
        def trouble(_):
            for seconds in (1, 4):
                self.stack.run("stop", "postgres")
                time.sleep(seconds)
                self.stack.run("start", "postgres")
                wait_for(lambda: all(map(self.answers, SERVICES)), 15, "not every service came back after PostgreSQL")
        self.through(trouble)
        self.stack.run("kill9", "postgres")
        wait_for(lambda: all(map(self.answers, SERVICES)), 20, "not every service came back after PostgreSQL was killed")

    def cache(self):
        """Without one repetition by the client: a lost Redis costs speed only."""
        def trouble(_):
            reader = self.trade.client("operator", self.clock)
            for step in (lambda: check(self.stack.redis("FLUSHALL") == "+OK", "FLUSHALL"), lambda: self.stack.run("stop", "redis"),
                         lambda: self.stack.run("start", "redis"), lambda: self.stack.run("kill9", "redis")):
                step()
                for customer_id, _ in self.trade.customers * 3:
                    status, reply = reader.call("leads.customer.read", {"customer_id": customer_id})
                    check(status == 200, f"a cached read without Redis: {status} {reply}")
                time.sleep(1)
        try:
            self.through(trouble, patience=0)
        finally:
            self.stack.run("start", "redis")

    def hears_of(self, number, seconds):
        """Dispatch takes an order of a customer that leads made `number`-th in this test."""
        trade = self.trade
        customer_id, address_id = self.fresh[number]
        fields = {**trade.order(), "customer_id": customer_id, "address_id": address_id}
        fields["lines"] = [{**line, "price": 68000} for line in fields["lines"]]
        last = []

        def is_known():
            last[:] = trade.client("operator", self.clock).call("dispatch.order.place", fields)
            return last[0] == 200
        wait_for(is_known, seconds, f"dispatch has not heard of it: {last}")

    def make_customers(self, count):
        trade = self.trade
        self.fresh = []
        for number in range(count):
            name = f"店 {number} {new_key()[-12:]}"
            phone = "18" + "".join(random.SystemRandom().choices("0123456789", k=9))
            self.fresh.append(trade.selling.customer("SH01", name, phone, ("门口", f"路 {name} 号", 311000000, 1213000000)))

    def sleeping_consumer(self):
        """Events of three seconds pass dispatch by; it has them all soon after it wakes."""
        pid = self.stack.pid("dispatch-1")
        os.kill(pid, signal.SIGSTOP)
        try:
            start = time.monotonic()
            self.make_customers(8)
            time.sleep(max(0, 3 - (time.monotonic() - start)))
        finally:
            os.kill(pid, signal.SIGCONT)
        for number in range(len(self.fresh)):
            self.hears_of(number, 5)
        check(self.stack.pid("dispatch-1") == pid, "it was started anew")

    def lost_wakeups(self):
        """Wake-ups that nobody hears: the consumer is away, and the gateway that carries them has just been killed."""
        self.stack.run("stop", "dispatch")
        try:
            self.make_customers(4)
        finally:
            self.stack.run("start", "dispatch")
        for number in range(len(self.fresh)):
            self.hears_of(number, 10)
        self.stack.run("kill9", "gateway-1")
        wait_for(lambda: self.answers("leads"), 5, "no leads after the gateway's death")
        self.make_customers(4)
        for number in range(len(self.fresh)):
            self.hears_of(number, 5)

    def everything(self):
        """All programs at once, and one after the other at random."""
        chance = random.Random(self.seed)

        def trouble(_):
            names = [f"{service}-1" for service in SERVICES] + ["gateway-1"]
            for chosen in (names, *([name] for name in chance.sample(names, 4)), names):
                self.stack.run("kill9", *chosen)
                wait_for(lambda: all(map(self.answers, SERVICES)), 10, f"not all is back after {chosen}")
        print(f"  seed {self.seed}", flush=True)
        self.through(trouble)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    tests = Tests(options)
    check(all(question in CONTRACT.operations for question in QUESTIONS.values()), "the questions of schemas/ have changed")
    names = ["gateway", *SERVICES]
    return run_tests([*((f"{name} killed at work", lambda name=name: tests.kill(name)) for name in names),
                      ("all killed at once", tests.everything), ("PostgreSQL stopped and started", tests.database),
                      ("Redis flushed, stopped, started, killed", tests.cache), ("a consumer sleeps", tests.sleeping_consumer),
                      ("wake-ups are lost", tests.lost_wakeups), ("the invariants", tests.stack.invariants)], options.only)


if __name__ == "__main__":
    sys.exit(main())
