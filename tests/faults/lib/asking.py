"""The company's people as the tests play them: each keyed request goes into the journal, is sent again through passing trouble, and must be
answered alike each time."""
import concurrent.futures
import http.client
import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "ops" / "python"))

from journal import ACKNOWLEDGED, REFUSED, UNDONE, UNKNOWN  # noqa: E402
from line import Line  # noqa: E402
from songda.client import Client, key_of, new_key  # noqa: E402
from songda.company import Company, CompanyError  # noqa: E402

ANSWER_SECONDS = 8  # the gateway answers within 4
PATIENCE, FOUNDING_PATIENCE = 300.0, 900.0  # a hundred passwords take their time where the machine has much else to do
TROUBLES = (OSError, http.client.HTTPException, json.JSONDecodeError, UnicodeDecodeError)


class TracedClient(Client):
    """The trace of a request is its key, so that the audit log and the events of it can be found; patience is short."""

    def with_token(self, token):
        """The same lines: a thread has one, whoever speaks."""
        other = TracedClient(self.contract, self.address, self.language)
        other.token, other.local = token, self.local
        return other

    def _hang_up(self):
        line = self.local.__dict__.pop("line", None)
        if line:
            line.close()

    def _exchange(self, method, path, headers, data):
        """Once more on a line of its own where the server had closed the old one."""
        for is_last in ("line" not in self.local.__dict__, True):
            try:
                if "line" not in self.local.__dict__:
                    self.local.line = Line(self.address, ANSWER_SECONDS)
                status, is_json, raw, may_stay = self.local.line.exchange(method, path, headers, data)
                if not may_stay:
                    self._hang_up()
                return status, is_json, raw
            except (ConnectionError, http.client.HTTPException):
                self._hang_up()
                if is_last:
                    raise
            except OSError:
                self._hang_up()
                raise
        raise AssertionError("the last one returns or raises")

    def request(self, method, path, body=None, headers=None):
        headers = {"Accept-Language": self.language, **(headers or {})}
        if "Idempotency-Key" in headers:
            headers["traceparent"] = f"00-{headers['Idempotency-Key'].replace('-', '')}-{'1' * 16}-01"
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if self.clock:
            headers["X-Songda-Clock"] = self.clock
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        status, is_json, raw = self._exchange(method, path, headers, data)
        text = raw.decode("utf-8")
        return status, json.loads(text) if is_json and text else text, None


def verdict(status, reply):
    """What an answer says about its request. One whose body was cut off says nothing."""
    if not isinstance(reply, dict):
        return UNKNOWN
    if 200 <= status < 300:
        return ACKNOWLEDGED
    return {"no": REFUSED, "retry": UNDONE}.get(reply.get("class"), UNKNOWN)


def without_trace(reply):
    return {name: value for name, value in reply.items() if name not in ("trace", "instance")} if isinstance(reply, dict) else reply


class Staff(Company):
    """The company whose people write down what they ask."""

    def __init__(self, contract, address, password, journal):
        self.journal, self.signing_in, self.local, self.is_over = journal, threading.Lock(), threading.local(), threading.Event()
        self.patience = FOUNDING_PATIENCE
        self.without_password, self.kept, self.giving = {}, {}, threading.RLock()
        super().__init__(contract, address, password)

    def _found(self):
        self.plain = TracedClient(self.contract, self.plain.address)
        super()._found()

    def must(self, client, operation, fields, step):
        """For founding and selling: repeated by the step's own key."""
        person = getattr(client, "person", None)
        if person is None or self.contract.operations[operation]["effect"] != "write":
            return Company.must(client, operation, fields, None if person is None and not step else step, self.patience)
        return self.ask(person, operation, fields, key_of(f"{operation} {step}") if step else None, client.clock)

    def give_password(self, sign_in_name, staff_id):
        """When it is needed: most of the company never sign in, and each takes a fifth of a second."""
        self.without_password[sign_in_name] = staff_id

    def keep(self):
        """The stack is being copied: who has no password in the copy?"""
        self.kept = dict(self.without_password)

    def begin_again(self, journal):
        self.journal, self.without_password = journal, dict(self.kept)

    def client(self, name):
        if name in self.without_password:
            with self.giving:
                if name in self.without_password:
                    super().give_password(name, self.without_password[name])
                    del self.without_password[name]
        client = super().client(name)
        client.person = name
        return client

    def line(self, person, clock=None):
        """This thread's own client of a person, with its connection kept."""
        lines = self.local.__dict__.setdefault("lines", {})
        signed_in = self.client(person)
        if person not in lines or lines[person].token != signed_in.token:
            lines[person] = signed_in
        lines[person].clock = clock
        return lines[person]

    def sign_in_again(self, person, token):
        """A session that ended is opened anew, once for all threads that noticed."""
        with self.signing_in:
            with self.lock:
                if person in self.clients and self.clients[person].token == token:
                    del self.clients[person]
            self.client(person)

    def once(self, person, operation, fields, key, clock=None):
        """(verdict, reply) of one sending."""
        try:
            line = self.line(person, clock)
            status, reply = line.call(operation, fields, key)
        except CompanyError as error:  # nobody could sign in: nothing was sent
            return UNDONE, {"error": str(error)[:200]}
        except TROUBLES as error:
            return UNKNOWN, {"error": type(error).__name__}
        if status == 401:
            self.sign_in_again(person, line.token)
            return UNDONE, reply
        return verdict(status, reply), reply

    def send(self, entry, fields, clock=None, patience=60.0):
        """Sends until it is done, refused, or patience is over. The reply, or None when nobody knows."""
        end = time.monotonic() + patience
        while True:
            entry.sent += 1
            result, reply = self.once(entry.person, entry.operation, fields, entry.key, clock)
            entry.in_doubt = entry.in_doubt or result == UNKNOWN
            if result in (ACKNOWLEDGED, REFUSED) or time.monotonic() > end or self.is_over.is_set():
                break
            time.sleep(0.05)
        entry.outcome = UNKNOWN if result == UNDONE and entry.in_doubt else result
        entry.error = None if result == ACKNOWLEDGED else (reply or {}).get("error") if isinstance(reply, dict) else str(reply)[:80]
        entry.ended = time.monotonic()
        self.remember(entry, reply)
        return reply if result in (ACKNOWLEDGED, REFUSED) else None

    @staticmethod
    def remember(entry, reply):
        """What was answered, as far as it is looked for afterwards."""
        if entry.outcome == ACKNOWLEDGED and entry.facts:
            entry.facts.update({name: value for name, value in reply.items() if name in ("amount", "number") or
                                name.endswith("_id") and isinstance(value, str)})

    def ask(self, person, operation, fields, key=None, clock=None):
        """A step that must succeed: its reply, or CompanyError."""
        entry = self.journal.open(key or new_key(), operation, person)
        reply = self.send(entry, fields, clock, self.patience)
        if entry.outcome != ACKNOWLEDGED:
            raise CompanyError(f"{operation} {fields}: {entry.outcome} {entry.error} {reply}")
        return reply

    def read(self, person, operation, fields, clock=None):
        end = time.monotonic() + self.patience
        while True:
            result, reply = self.once(person, operation, fields, None, clock)
            if result == ACKNOWLEDGED:
                return reply
            if result == REFUSED or time.monotonic() > end or self.is_over.is_set():
                raise CompanyError(f"{operation} {fields}: {result} {reply}")
            time.sleep(0.05)

    def again(self, entry, fields, reply, clock=None, times=1):
        """The same request once more, or many times at once: every definite answer is the first one."""
        def one(_=None):
            return self.once(entry.person, entry.operation, fields, entry.key, clock)
        if times == 1:
            answers = [one()]
        else:
            with concurrent.futures.ThreadPoolExecutor(times) as pool:
                answers = list(pool.map(one, range(times)))
        entry.sent += times
        definite = [(result, without_trace(answer)) for result, answer in answers if result in (ACKNOWLEDGED, REFUSED)]
        if entry.outcome in (ACKNOWLEDGED, REFUSED):
            definite.insert(0, (entry.outcome, without_trace(reply)))
        elif definite:
            entry.outcome, entry.ended = definite[0][0], time.monotonic()
            entry.error = None if definite[0][0] == ACKNOWLEDGED else definite[0][1].get("error")
            self.remember(entry, definite[0][1])
        others = [answer for answer in definite if answer != definite[0]]
        if others:
            self.journal.complain(entry, f"two answers to one key: {definite[0]} and {others[0]}")
        return definite[0][1] if definite else None
