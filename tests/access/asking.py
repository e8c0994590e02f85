"""What the access tests share: requests made from schemas/, who may ask what, people by function, the front socket. Not a test itself."""
import base64
import concurrent.futures
import datetime
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "system"), str(ROOT / "ops" / "python")]

import msgpack  # noqa: E402
import zmq  # noqa: E402
from running import CONTRACT, PASSWORD, check, send  # noqa: E402
from songda.client import new_key, retrying  # noqa: E402

THREADS = 8
OPEN = ("public", "signed_in", "service")
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def read_permissions():
    """permission -> the functions that have it."""
    table = {}
    for path in (ROOT / "schemas").glob("*/permissions.json"):
        for name, entry in json.loads(path.read_text(encoding="utf-8")).items():
            table[name] = set(entry["functions"])
    return table


PERMISSIONS = read_permissions()


def functions_of(operation):
    """The functions that may call it; None where the permission is no list of functions."""
    entry = CONTRACT.operations[operation]
    name = entry["permission"]
    if name in OPEN:
        return None
    own = name.replace("*", entry["service"], 1)
    return PERMISSIONS[own] if own in PERMISSIONS else PERMISSIONS[name]


def may(function, operation):
    functions = functions_of(operation)
    return functions is None or function in functions


def type_of(service, name):
    """(scalar, declaration): what a type name stands for."""
    declared = CONTRACT.service_types[service].get(name, {})
    return declared.get("alias", name), declared


def today():
    return datetime.datetime.now(CHINA).date()


def value_of(service, field, name):
    """A value that the shape of a field accepts."""
    scalar, declared = type_of(service, name)
    if "enum" in declared:
        return next(iter(declared["enum"]))
    if "fields" in declared:
        return request_of(service, declared["fields"])
    least = field.get("min", declared.get("min"))
    if scalar == "text":
        return "x" * max(least or 0, 1)
    if scalar in ("int", "money", "price", "quantity"):
        return least if least is not None else 1
    return {"id": new_key(), "bool": False, "bytes": base64.b64encode(b"x").decode(), "date": today().isoformat(),
            "time": datetime.datetime.now(CHINA).isoformat()}[scalar]


def request_of(service, fields, with_optional=False):
    """The smallest request that a shape accepts."""
    request = {}
    for name, field in fields.items():
        if field.get("optional") and not with_optional:
            continue
        if "list" in field:
            request[name] = [value_of(service, {}, field["list"]) for _ in range(max(field.get("min", 0), 1 if with_optional else 0))]
        else:
            request[name] = value_of(service, field, field["type"])
    return request


def example_of(operation):
    """The schema's example, or a request made from the shape where it has none."""
    entry = CONTRACT.operations[operation]
    if "example" in entry:
        return dict(entry["example"]["request"])
    return request_of(entry["service"], entry.get("request", {}))


def sign_in(company, name):
    """A session of its own for a person; (client, session id)."""
    reply = send(company.plain, "staff.session.open", {"sign_in_name": name, "password": PASSWORD})
    return company.plain.with_token(reply["token"]), reply["session_id"]


def ask(client, operation, fields, seconds=30):
    """(status, the error's name or "ok"), repeated through passing trouble."""
    status, reply = retrying(lambda: client.call(operation, fields), seconds)
    return status, reply.get("error", "ok") if isinstance(reply, dict) else "ok"


def side_by_side(work, items, threads=THREADS):
    """work(item) for every item by several threads; the results in order."""
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))


class Front:
    """The gateway's socket for programs (common/wire/PROTOCOL.md): many questions under way at once."""

    REQUEST, ANSWER = 1, 2
    PASSING = {"busy", "service_unavailable", "too_many_requests", "deadline_exceeded", "conflict"}

    def __init__(self, place):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, 20000)
        self.socket.connect(place)

    def ask_all(self, questions, window=200, seconds=60):
        """The error's name, or "ok", of each (operation, token, body); at most `window` at once."""
        answers, waiting, left = {}, {}, list(enumerate(questions))
        end = time.monotonic() + seconds
        while left or waiting:
            while left and len(waiting) < window:
                number, (operation, token, body) = left.pop()
                correlation = number.to_bytes(8, "big")
                waiting[correlation] = number
                self.socket.send(msgpack.packb([1, self.REQUEST, correlation, operation, token, uuid.UUID(new_key()).bytes, 4000, 0, "",
                                                msgpack.packb(body), None]))
            reply = msgpack.unpackb(self.socket.recv())
            number = waiting.pop(reply[2], None)
            error = reply[10][0] if reply[10] else "ok"
            if number is None:
                continue
            if error in self.PASSING and time.monotonic() < end:
                left.append((number, questions[number]))
            else:
                answers[number] = error
        return [answers[number] for number in range(len(questions))]


class Database:
    """psql as a role of the stack's database, straight and not through ops/stack: many short questions."""

    def __init__(self, stack, role="postgres"):
        home = stack.show("home")
        self.place = f"host={home}/run/postgres dbname=songda user={role} passfile={home}/secrets/{role}.pgpass"

    def run(self, text):
        """(is_done, what psql said)"""
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", self.place],
                              input=text, capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stdout if done.returncode == 0 else done.stderr

    def sql(self, text):
        """The rows, as lists of texts."""
        is_done, said = self.run(text)
        check(is_done, f"{text[:200]}: {said}")
        return [line.split("\t") for line in said.splitlines()]


class Findings:
    """What was wrong, counted by kind; only the first of a kind are printed."""

    SHOWN = 40

    def __init__(self):
        self.counts, self.wrong, self.lock = {}, {}, threading.Lock()

    def note(self, kind, is_right, what=""):
        with self.lock:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            if not is_right:
                self.wrong.setdefault(kind, []).append(what)

    def settle(self, *kinds):
        """Prints the counts of the kinds that begin so; fails when one of them has something wrong."""
        names = [name for name in self.counts if not kinds or name.startswith(kinds)]
        check(names, "nothing was asked")
        for name in names:
            print(f"        {self.counts[name]:6} × {name}" + (f", {len(self.wrong[name])} WRONG" if name in self.wrong else ""))
        lines = [f"{name}: {what}" for name in names for what in self.wrong.get(name, [])[:self.SHOWN]]
        check(not lines, "\n  ".join(lines))


def random_token():
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
