"""What the tests of a running company share: its stack, a small trade to play with, the list of checks. Not a test itself."""
import argparse
import contextlib
import datetime
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "ops" / "python"))

from songda.client import retrying  # noqa: E402
from songda.company import Company  # noqa: E402
from songda.contract import SERVICES, Contract  # noqa: E402,F401
from songda.selling import Selling  # noqa: E402

PASSWORD = "songda-test-2026"
CONTRACT = Contract()


class Failure(Exception):
    """Something that must be true is not."""


def check(is_true, what):
    if not is_true:
        raise Failure(what)


def arguments(doc, with_stack=True):
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", required=with_stack, help="of the gateway, e.g. 127.0.0.1:8080")
    parser.add_argument("--stack", required=with_stack, type=pathlib.Path, help="the stack's folder (ops/stack --dir)")
    parser.add_argument("--only", help="just the tests whose name has this in it")
    return parser


def run_tests(tests, only=None):
    """Runs (name, function) pairs; returns the exit status."""
    passed, failed = 0, 0
    for name, test in tests:
        if only and only not in name:
            continue
        start = time.monotonic()
        try:
            test()
            passed += 1
            print(f"ok      {name} ({time.monotonic() - start:.1f} s)", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            print(f"FAILED  {name}\n  {error}" if isinstance(error, Failure) else f"FAILED  {name}\n{traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def at(date, hour, minute=0):
    return f"{date.isoformat()}T{hour:02}:{minute:02}:00+08:00"


class Stack:
    """A stack of ops/stack, by its folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def run(self, *words, is_quiet=False):
        done = subprocess.run([ROOT / "ops" / "stack", words[0], "--dir", self.folder, *words[1:]], capture_output=True, text=True, check=False)
        if done.returncode and not is_quiet:
            raise Failure(f"ops/stack {' '.join(map(str, words))}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def show(self, name):
        return self.run("show", name)

    def up(self, port_base, *options):
        self.run("up", "--port-base", str(port_base), "--mode", "test", "--clock", "request", *options)
        return f"127.0.0.1:{port_base}"

    def down(self):
        self.run("down", "--wipe", is_quiet=True)

    def status(self):
        """name -> (pid, RSS in KiB, health)"""
        rows = [line.split("\t") for line in self.run("status", "--plain").splitlines()]
        return {row[0]: (int(row[1]) if row[1].isdigit() else None, int(row[4]) if row[4].isdigit() else 0, row[5]) for row in rows}

    def pid(self, name):
        return self.status()[name][0]

    def sql(self, text):
        """The rows of a query, as lists of texts."""
        return [line.split("\t") for line in self.run("psql", "-X", "-q", "-A", "-t", "-F", "\t", "-c", text).splitlines()]

    def redis(self, *words):
        """A command to Redis; its answer's first line."""
        place = re.sub("^unix:", "", self.show("redis"))
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(place)
            line.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words)))
            return line.recv(4096).split(b"\r\n")[0].decode()

    def invariants(self):
        """Waits until no event is on its way any more, then checks what must always be true."""
        end = time.monotonic() + 20
        while True:
            done = subprocess.run([ROOT / "ops" / "invariants" / "run", "--dir", self.folder], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return
            if time.monotonic() > end:
                broken = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("holds")]
                raise Failure("\n  ".join(broken))
            time.sleep(1)


def rss(pid):
    """Resident memory in bytes."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_company(address):
    company = Company(CONTRACT, address, PASSWORD)
    company.hire("everything", "ZB", CONTRACT.functions, "general_manager@ZB")
    return company


def send(client, operation, fields, key=None, seconds=60):
    """An operation repeated through passing trouble; the reply, or Failure."""
    status, reply = retrying(lambda: client.call(operation, fields, key), seconds)
    check(200 <= status < 300, f"{operation} {fields}: {status} {reply}")
    return reply


def wait_for(is_true, seconds=10, what="it never came true"):
    end = time.monotonic() + seconds
    while not is_true():
        check(time.monotonic() < end, what)
        time.sleep(0.05)


def seal_audit(company, sql, service, branch):
    """Until every row of the branch's audit log in the service is sealed."""
    administrator = company.client("it_administrator@ZB")

    def is_done():
        send(administrator, f"{service}.jobs.run", {"name": "audit_seal"})
        return sql(f"SELECT count(*) FROM {service}.audit a WHERE branch_id = '{company.ids[branch]}' AND NOT EXISTS"
                   f" (SELECT FROM {service}.audit_seal s WHERE s.audit_id = a.audit_id)") == [["0"]]
    wait_for(is_done, 60, "rows stay unsealed")


@contextlib.contextmanager
def own_stack(folder, port_base, programs=None, keep=False):
    """A stack for one test; the address."""
    stack = Stack(folder)
    stack.down()
    try:
        yield stack, stack.up(port_base, *(["--programs", programs] if programs else []))
    finally:
        if not keep:
            stack.down()


class Trade:
    """Products, customers with contracts in force, a depot and a vehicle in a branch; all with names of this run."""

    def __init__(self, company, customers=4, branch="SH01"):
        self.company, self.branch = company, branch
        self.run = f"{random.SystemRandom().randrange(36**6):08x}"
        self.today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        self.day = self.free_day(2)
        self.selling = Selling(company, self.today)
        self.products = [self.selling.product(f"T{number}-{self.run}", f"燃料 {number} {self.run}") for number in range(2)]
        self.selling.price_policy(f"价格 {self.run}", self.today.isoformat(), [(product, 68000, 60000) for product in self.products])
        self.selling.template()
        self.customers = [self._customer(number) for number in range(customers)]
        self.depot = self.as_("dispatcher", "dispatch.depot.create", {"code": self.run[:8], "name": "中心库", "address": "仓库路1号",
                                                                      "latitude_e7": 312000000, "longitude_e7": 1214000000})["depot_id"]
        self.vehicle = self.as_("dispatcher", "dispatch.vehicle.create", {
            "plate": f"T-{self.run}", "capacity": 10**11, "inspected_until": (self.today + datetime.timedelta(days=365)).isoformat()})["vehicle_id"]
        self._wait_for_copies()

    def _customer(self, number):
        phone = "15" + "".join(random.SystemRandom().choices("0123456789", k=9))
        customer_id, address_id = self.selling.customer(self.branch, f"食堂 {number} {self.run}", phone,
                                                        ("后门", f"测试路 {self.run} 弄 {number} 号", 311000000 + number * 20000, 1213000000))
        valid = (self.today.isoformat(), (self.today + datetime.timedelta(days=300)).isoformat())
        self.selling.contract(self.branch, customer_id, address_id, [(product, 1000, 68000) for product in self.products], valid)
        return customer_id, address_id

    def client(self, post, clock=None):
        client = self.company.client(f"{post}@{self.branch}")
        client.clock = clock
        return client

    def as_(self, post, operation, fields, clock=None):
        return send(self.client(post, clock), operation, fields)

    def free_day(self, ahead):
        """The first day, this many days from today or later, that has no order in the branch and no closed list: scenarios have days of the calendar."""
        for number in range(ahead, 365):
            day = self.today + datetime.timedelta(days=number)
            closed = self.as_("dispatcher", "dispatch.list.list", {"from": day.isoformat(), "to": day.isoformat()})
            ordered = self.as_("dispatcher", "dispatch.order.list", {"delivery_date": day.isoformat(), "limit": 1})
            if not closed["items"] and not ordered["items"]:
                return day
        raise AssertionError("no free day in a year")

    def order(self, number=0, quantity=1000, day=None):
        """The fields of an order of a customer."""
        customer_id, address_id = self.customers[number % len(self.customers)]
        return {"customer_id": customer_id, "address_id": address_id, "delivery_date": (day or self.day).isoformat(), "confirm_duplicate": True,
                "lines": [{"product_id": product, "quantity": quantity} for product in self.products]}

    def _wait_for_copies(self):
        """Until dispatch and collection have heard of the customers, their contracts and prices."""
        eve = at(self.today, 10)
        for number, (customer_id, _) in enumerate(self.customers):
            def is_known(number=number):
                status, reply = self.client("operator", eve).call("dispatch.order.place", self.order(number))
                return status == 200 and reply.get("contract_id")
            wait_for(is_known, 20, "dispatch never heard of the contract")
            wait_for(lambda customer_id=customer_id: self.client("cashier").call(
                "collection.account.read", {"customer_id": customer_id})[0] == 200, 20, "collection never heard of the customer")

    def receipt(self, number=0, amount=100):
        return {"customer_id": self.customers[number % len(self.customers)][0], "amount": amount, "method": "cash"}
