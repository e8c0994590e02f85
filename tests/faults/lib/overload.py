"""More than can be done: orders at twice the rate the system manages; what it still does, how long its queues get, and that nothing whose time is
over reaches the database. And the soak: a long time of work with flat memory, file descriptors and connections."""
import concurrent.futures
import datetime
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request

from journal import ACKNOWLEDGED, Journal
from songda.client import new_key
from workload import at

SECONDS = 8
CUSTOMERS = 48
CLIENTS = 512  # enough for the full rate: with fewer, a busy machine is waited for and not its work
CROWD = 3500  # of those who come at twice the rate: fewer than the gateway takes connections
SLOTS_MAX = 4096
GOODPUT = 0.9
ROUNDS, ROUNDS_MOST = 3, 12
STEADY = 1.4  # times the smaller of the full rates before and after a round is the larger one, at most: otherwise the round says nothing
LATE_MAX = 0.01  # of what is done: what was under way in the database when its time was over
FROZEN_SECONDS = 5.5
GROWTH_MIB = 24


def figures_of(address):
    """The metrics of a program, by name and labels."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line and not line.startswith("#")}


class Watch(threading.Thread):
    """The longest that queues get while something goes on."""

    def __init__(self, gateway, services):
        super().__init__(daemon=True)
        self.gateway, self.services, self.is_stopped = gateway, services, threading.Event()
        self.slots = self.queue = self.memory = 0

    def run(self):
        while not self.is_stopped.wait(0.25):
            try:
                self.slots = max(self.slots, figures_of(self.gateway).get("songda_gateway_slots_used", 0))
            except OSError:
                pass
            for service in self.services:
                try:
                    figures = figures_of(service)
                except OSError:
                    continue
                self.queue = max(self.queue, figures["songda_queue_length"])
                self.memory = max(self.memory, figures["songda_requests_in_memory"])

    def stop(self):
        self.is_stopped.set()
        self.join()
        return self


class Overload:
    def __init__(self, run, programs):
        self.run, self.place, self.world, self.staff = run, run.place, run.world, run.staff
        self.program = pathlib.Path(programs) / "tests" / "bench" / "songda-bench-http"
        self.scratch = tempfile.TemporaryDirectory()
        self.placed = 0

    def prepare(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            customers = list(pool.map(lambda number: self.world.customer("SH01", number), range(CUSTOMERS)))
        path = pathlib.Path(self.scratch.name) / "targets"
        path.write_text("".join(f"{customer} {address}\n" for customer, address in customers), encoding="ascii")
        lines = ",".join('{"product_id":"%s","quantity":1000}' % product for product in self.world.products)
        body = f'{{"customer_id":"{{customer}}","address_id":"{{address}}","delivery_date":"{{date}}","confirm_duplicate":true,"lines":[{lines}]}}'
        token = self.staff.client("operator@SH01").token
        self.command = [self.program, "--address", self.place.direct, "--path", "/api/v1/dispatch/orders", "--token", token, "--body", body,
                        "--targets", path, "--day",
                        (self.world.today + datetime.timedelta(days=30)).isoformat()]
        for customer, address in customers[-1:]:
            self._wait_for(customer, address)

    def _wait_for(self, customer, address):
        fields = {"customer_id": customer, "address_id": address, "delivery_date": (self.world.until), "confirm_duplicate": True,
                  "lines": [{"product_id": product, "quantity": 1000} for product in self.world.products]}
        for _ in range(100):
            result, _ = self.staff.once("operator@SH01", "dispatch.order.place", fields, None, at(self.world.today, 10))
            if result == ACKNOWLEDGED:
                return
            time.sleep(0.2)
        raise RuntimeError("dispatch never heard of the last customer")

    def load(self, clients, rate=0):
        """{requests: those done, errors: those refused, seconds, …} of orders at this rate; each for a day of its own, while there are prices."""
        done = subprocess.run([*self.command, "--clients", str(clients), "--seconds", str(SECONDS), "--rate", str(rate), "--first", str(self.placed)],
                              capture_output=True, text=True, check=False, preexec_fn=lambda: os.nice(-5) if os.geteuid() == 0 else None)
        if not done.stdout:
            raise RuntimeError(f"the load generator: {done.stderr[-500:]}")
        answered = json.loads(done.stdout)
        self.placed += answered["requests"] + answered["errors"]
        return answered

    def stored(self):
        return int(self.place.sql("SELECT count(*) FROM dispatch.customer_order")[0][0])

    def capacity(self):
        """Orders a second, by as many clients as it takes."""
        done = self.load(CLIENTS)
        return done["requests"] / done["seconds"]

    def goodput(self):
        """at twice its rate the system still does nine tenths of it, its queues stay bounded, and what is answered is what is stored"""
        self.load(CLIENTS)
        wrong, shares, rounds, before = [], [], 0, self.capacity()
        while len(shares) < ROUNDS and rounds < ROUNDS_MOST:  # what the machine does besides changes: the full rate is measured before and after
            rounds += 1
            stored, watch = self.stored(), Watch(self.place.direct, [f"127.0.0.1:{self.place.port_base + 40}"])
            watch.start()
            twice = self.load(CROWD, int(2 * before))
            watch.stop()
            stored, done = self.stored() - stored, twice["requests"]
            after = self.capacity()
            rate, full = done / twice["seconds"], (before + after) / 2
            is_steady = max(before, after) <= STEADY * min(before, after)
            shares += [rate / full] * is_steady
            print(f"  {before:.0f} orders a second before, {after:.0f} after; asked for {2 * before:.0f}: {rate:.0f} done ({rate / full:.2f} of it"
                  f"{'' if is_steady else ', not judged: the machine was busy with something else'}), "
                  f"{twice['errors']} refused in {twice['seconds']:.1f} s; at most {watch.slots:.0f} slots of the gateway, {watch.queue:.0f} calls "
                  f"waiting in dispatch, {watch.memory:.0f} in its memory; p50 {twice['p50'] / 1000:.0f} ms, p99 {twice['p99'] / 1000:.0f} ms; "
                  f"{stored - done} done after their asker had been told that nobody knows", flush=True)
            if watch.slots > SLOTS_MAX or watch.queue > SLOTS_MAX:
                wrong.append(f"{watch.slots} slots, {watch.queue} waiting")
            if not 0 <= stored - done <= LATE_MAX * done:
                wrong.append(f"{stored} orders are stored and {done} were answered")
            before = after
        if not shares:
            wrong.append(f"in {rounds} rounds the full rate was never the same before and after: that proves nothing")
        elif statistics.median(shares) < GOODPUT:
            wrong.append(f"goodput at twice the rate is {', '.join(f'{share:.2f}' for share in shares)} of the full rate")
        return wrong

    def expired(self):
        """what nobody waits for any more is not carried out: dispatch sleeps until all askers were told, wakes, and does nothing of it"""
        journal, entries = Journal(self.run.seed), []
        customer_id, address_id = self.world.customers["SH01"][0]
        begun, units = time.monotonic(), [unit for unit in self.place.programs_running() if unit.startswith("dispatch-")]
        for unit in units:
            self.place.signal(unit, signal.SIGSTOP)

        def ask(number):
            fields = {"customer_id": customer_id, "address_id": address_id, "delivery_date": self.world.until, "confirm_duplicate": True,
                      "note": f"late {number}", "lines": [{"product_id": product, "quantity": 1000} for product in self.world.products]}
            entry = journal.open(new_key(), "dispatch.order.place", "operator@SH01")
            self.staff.send(entry, fields, at(self.world.today, 10), 0)
            return entry
        try:
            with concurrent.futures.ThreadPoolExecutor(40) as pool:
                entries = list(pool.map(ask, range(40)))
            time.sleep(max(0, FROZEN_SECONDS - (time.monotonic() - begun)))
        finally:
            for unit in units:
                self.place.signal(unit, signal.SIGCONT)
        time.sleep(3)
        keys = ", ".join(f"'{entry.key.replace('-', '')}'" for entry in entries)
        late = int(self.place.sql(f"SELECT count(*) FROM dispatch.audit WHERE substr(trace, 4, 32) IN ({keys})")[0][0])
        told = sum(entry.outcome != ACKNOWLEDGED for entry in entries)
        print(f"  dispatch slept {FROZEN_SECONDS} s: {told} of {len(entries)} askers were told that nobody knows; {late} of their orders were "
              "carried out afterwards")
        wrong = [] if told == len(entries) else [f"{len(entries) - told} were answered by a process that slept"]
        return wrong + ([f"{late} orders were carried out after their time was over"] if late else [])


def sizes(place):
    """name -> (MiB of memory, file descriptors), and PostgreSQL's connections."""
    found = {}
    for unit in place.programs_running():
        pid = place.pid(unit)
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        found[unit] = (int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, len(os.listdir(f"/proc/{pid}/fd")))
    connections = int(place.sql("SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'songda%' AND usename <> 'songda_reader'")[0][0])
    return found, connections


def compare(early, late):
    """What grew between a quarter of the time and its end."""
    wrong = []
    for unit, (memory, files) in late[0].items():
        old_memory, old_files = early[0][unit]
        print(f"  {unit:14} {old_memory:7.1f} MiB → {memory:7.1f} MiB, {old_files} → {files} file descriptors")
        if memory > old_memory + GROWTH_MIB:
            wrong.append(f"{unit} grew from {old_memory:.0f} to {memory:.0f} MiB")
        if files > old_files + 40:
            wrong.append(f"{unit} has {files} file descriptors and had {old_files}")
    print(f"  {early[1]} → {late[1]} connections of PostgreSQL")
    if late[1] > early[1] + 2:
        wrong.append(f"{late[1]} connections of PostgreSQL, {early[1]} before")
    return wrong
