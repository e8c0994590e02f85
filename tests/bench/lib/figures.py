"""What is measured, and the table."""
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

from keyed import Keyed
from people import BRANCH, MADE_ID, People
from same_sql import SameSql
from stack import SERVICES, Stack, resident_kb, say, wait_for

LISTENERS, EVENT_RATE = 1000, 200
ORDER = ('{"customer_id":"{customer}","address_id":"{address}","delivery_date":"{date}","lines":['
         '{"product_id":"%s","quantity":2000},{"product_id":"%s","quantity":3000}]}')


class Bench:
    def __init__(self, options):
        self.options, self.rows, self.ordered = options, [], 0
        self.stack = Stack(options.dir, options.programs, options.port_base)
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="songda-bench."))
        os.chmod(self.scratch, 0o777)
        self.extra = []

    def start(self):
        say("stack …")
        self.stack.up(self.options.again)
        self.resting = {unit: resident_kb(pid) for unit, pid in self.stack.pids().items()}
        say("company …")
        self.people = People(self.stack, 40 if self.options.quick else 512)
        with open(self.scratch / "targets", "w", encoding="ascii") as file:
            file.writelines(f"{customer} {address}\n" for customer, address in self.people.customers)
        os.chmod(self.scratch / "targets", 0o644)
        if self.options.again:
            days = self.stack.sql(f"SELECT coalesce(max(delivery_date) - date '{self.people.first_day}', 0) + 1 FROM dispatch.customer_order "
                                  f"WHERE delivery_date < date '{self.people.first_day}' + 18000 AND customer_id::text NOT LIKE '{MADE_ID}%'")[0][0]
            self.ordered = int(days) * len(self.people.customers)

    def stop(self):
        for process in self.extra:
            process.kill()
        if not self.options.keep:
            self.stack.down()

    def measure(self, wanted):
        if "sizes" in wanted:
            self.sizes()
        if "effect" in wanted:
            self.effect()
        if "read" in wanted:
            self.read()
        if "keys" in wanted:
            Keyed(self).measure()
        if {"order", "single"} & set(wanted):
            self.prepare_orders()
        if "single" in wanted:
            self.single()
        if "order" in wanted:
            self.order()

    # -- running ---------------------------------------------------------------------------------------------------------
    def program(self, name):
        return os.path.join(self.stack.programs, "tests", "bench", f"songda-bench-{name}")

    def orders_from(self, seconds):
        """Options that give a run orders of its own."""
        first = self.ordered
        self.ordered += 20000 * seconds
        return ["--targets", str(self.scratch / "targets"), "--first", str(first), "--day", self.people.first_day.isoformat()]

    @staticmethod
    def load(command):
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(done.stdout)
        if result["errors"] > 0:
            raise SystemExit(f"{result['errors']} of {result['requests']} refused: {' '.join(command)}")
        return result

    def http(self, clients, seconds, *more):
        return self.load([self.program("http"), "--address", self.stack.address, "--clients", str(clients), "--seconds", str(seconds), *more])

    def http_orders(self, clients, seconds, rate=0):
        return self.http(clients, seconds, "--path", "/api/v1/dispatch/orders", "--token", self.people.token, "--rate", str(rate),
                         "--body", ORDER % tuple(self.people.products), *self.orders_from(seconds))

    def alternate(self, *runs):
        """Medians of each, their rounds by turns."""
        rounds = [[run() for run in runs] for _ in range(self.options.rounds)]
        for one in rounds:
            say("  " + "  ".join(f"{figure:.0f}" for figure in one))
        return [statistics.median(column) for column in zip(*rounds)]

    def row(self, what, figure, beside, ratio, goal, is_met):
        self.rows.append((what, figure, beside, ratio, goal, "yes" if is_met else "NO"))

    def ratio_row(self, what, beside_what, figure, beside, goal, note=""):
        self.row(what, f"{figure:,.0f}/s{note}", f"{beside_what} {beside:,.0f}/s", f"{figure / beside:.2f}", f">= {goal}",
                 figure / beside >= goal)

    # -- orders ------------------------------------------------------------------------------------------------------------
    def prepare_orders(self):
        """What others do with the events of orders would be measured on both sides, and at different times: they rest."""
        say("orders …")
        self.same = SameSql(self.stack, self.people, self.scratch)
        self.stack.ops("stop", *(f"{name}-1" for name in SERVICES if name not in ("staff", "dispatch")))
        self.same.check()
        self.own = self.start_own_dispatch()

    def start_own_dispatch(self):
        """One more instance of dispatch, whose gateway is the load generator."""
        text = self.stack.plainly("cat", f"{self.stack.home}/settings/dispatch-1.conf")
        changed = {"instance": "bench", "gateway": f"ipc://{self.scratch}/workers", "wakeups_in": f"ipc://{self.scratch}/in",
                   "wakeups_out": f"ipc://{self.scratch}/out", "health": f"127.0.0.1:{self.stack.port_base + 79}"}
        lines = []
        for line in text.splitlines():
            name = line.split(" = ")[0]
            lines.append(f"{name} = {changed[name]}" if name in changed else line)
        settings = self.scratch / "dispatch.conf"
        settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.chmod(settings, 0o644)
        with open(self.scratch / "dispatch.log", "wb") as log:
            process = subprocess.Popen(self.stack.plain_command(f"{self.stack.home}/bin/songda-dispatch", "--settings", str(settings)),
                                       stdout=log, stderr=log, cwd="/")
        self.extra.append(process)
        return process

    def lane(self, seconds, address=None, *more):
        command = [self.program("lane"), "--bind", address or f"ipc://{self.scratch}/workers", "--in-flight", "64", "--seconds", str(seconds),
                   *self.people.actor(), *self.orders_from(seconds), *more]
        return self.load(self.stack.plain_command(*command))["rate"]

    def best_clients(self):
        seconds, counts = (1, (1, 8)) if self.options.quick else (2, (1, 2, 4, 8, 16, 32, 64))
        rates = {clients: self.same.run(clients, seconds) for clients in counts}
        say("  pgbench: " + ", ".join(f"{clients} clients {rate:.0f}/s" for clients, rate in rates.items()))
        return max(rates, key=rates.get)

    def order(self):
        seconds, best = self.options.seconds, self.best_clients()
        waits = []

        def http():
            result = self.http_orders(64, seconds)
            waits.append(result["p50"] / 1000)
            return result["rate"]
        beside, figure, lane = self.alternate(lambda: self.same.run(best, seconds), http, lambda: self.lane(seconds))
        name = f"pgbench -c {best} ({self.same.statement_count} statements)"
        self.ratio_row("order of 2 lines, HTTP, 64 clients", name, figure, beside, 1.5, f", p50 {statistics.median(waits):.1f} ms")
        self.ratio_row("the lane alone, 64 under way", name, lane, beside, 3)

    def single(self):
        seconds = self.options.seconds
        beside, figure = self.alternate(lambda: self.same.run(1, seconds), lambda: self.http_orders(1, seconds)["rate"])
        self.ratio_row("order of 2 lines, HTTP, 1 client", "pgbench -c 1", figure, beside, 0.6)

    # -- reads -------------------------------------------------------------------------------------------------------------
    def read(self):
        say("reads …")
        seconds = self.options.seconds
        path = f"/api/v1/leads/customers/{self.people.customers[0][0]}"
        before = self.stack.metric(r"songda_gateway_cache_hits_total\{.*customer\.read"), self.stack.metric(".*cache_misses_total.*customer.read")
        answered = []

        def card():
            result = self.http(64, seconds, "--path", path, "--token", self.people.token)
            answered.append(result["requests"])
            return result["rate"]
        beside, figure = self.alternate(lambda: self.http(64, seconds, "--path", "/healthz")["rate"], card)
        after = self.stack.metric(r"songda_gateway_cache_hits_total\{.*customer\.read"), self.stack.metric(".*cache_misses_total.*customer.read")
        hits, misses = after[0] - before[0], after[1] - before[1]
        if hits < 0.9 * sum(answered):
            raise SystemExit(f"{hits} hits and {misses} misses of {sum(answered)} reads: it is not hot")
        self.ratio_row("hot read of a customer's card", "/healthz", figure, beside, 0.5, f", {hits / sum(answered):.1%} hits")

    # -- events ------------------------------------------------------------------------------------------------------------
    def effect(self):
        """Commit to commit, by PostgreSQL's own time stamps of both transactions."""
        say("effects …")
        seconds = self.options.seconds
        start = self.stack.sql("SELECT clock_timestamp()")[0][0]
        result = self.http_orders(64, 2 * seconds, EVENT_RATE)
        counted = ("FROM dispatch.customer_order o JOIN leads.timeline t ON t.branch_id = o.branch_id AND t.customer_id = o.customer_id "
                   f"AND t.reference_id = o.order_id WHERE o.placed_at > timestamptz '{start}'")
        wait_for(lambda: int(self.stack.sql(f"SELECT count(*) {counted}")[0][0]) >= result["requests"], "the effects", 30)
        took = "extract(epoch FROM pg_xact_commit_timestamp(t.xmin) - pg_xact_commit_timestamp(o.xmin)) * 1000"
        p50, p99 = map(float, self.stack.sql(f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY {took}), percentile_cont(0.99) WITHIN GROUP "
                                             f"(ORDER BY {took}) {counted}")[0])
        self.row(f"commit -> effect in leads at {result['rate']:.0f} events/s", f"p50 {p50:.1f} ms",
                 f"p99 {p99:.1f} ms; one fdatasync {self.sync_ms():.1f} ms", "", "<= 5 ms", p50 <= 5)

    def sync_ms(self):
        """What the disk takes for a block, now: each effect waits for one such commit at least."""
        path = os.path.join(self.stack.home, "sync.test")
        times = []
        with open(path, "wb", buffering=0) as file:
            for _ in range(100):
                start = time.perf_counter()
                file.write(bytes(8192))
                os.fdatasync(file.fileno())
                times.append((time.perf_counter() - start) * 1000)
        os.unlink(path)
        return statistics.median(times)

    # -- sizes -------------------------------------------------------------------------------------------------------------
    def sizes(self):
        say("sizes …")
        pids = self.stack.pids()
        for unit, limit in [(f"{name}-1", 15) for name in SERVICES] + [("gateway-1", 25)]:
            kb = self.resting[unit]
            self.row(f"RSS of {unit}, resting", f"{kb / 1024:.1f} MB", f"used {resident_kb(pids[unit]) / 1024:.1f} MB", "", f"< {limit} MB",
                     kb < limit * 1024)
        self.listeners(pids["gateway-1"])

    def listeners(self, gateway):
        command = [self.program("http"), "--address", self.stack.address, "--clients", str(LISTENERS), "--path", "/api/v1/events", "--token",
                   self.people.token, "--listen", "1"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.extra.append(process)
        if process.stdout.readline().strip() != "listening":
            raise SystemExit("the listeners do not listen")
        quiet = resident_kb(gateway)
        self.http_orders(8, 2, 50)
        time.sleep(1)
        kb = resident_kb(gateway)
        process.stdin.close()
        process.wait()
        self.row(f"RSS of the gateway, {LISTENERS} listeners", f"{kb / 1024:.1f} MB", f"before the first event {quiet / 1024:.1f} MB", "",
                 "< 60 MB", kb < 60 * 1024)

    # -- the table ---------------------------------------------------------------------------------------------------------
    def table(self):
        rows = [("figure", "songda", "beside", "ratio", "goal", "met"), *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
        head = f"songda, branch {BRANCH}, {self.people.count} customers; medians of {self.options.rounds} rounds of {self.options.seconds} s"
        return "\n".join([head, lines[0], "-" * len(lines[0]), *lines[1:]])
