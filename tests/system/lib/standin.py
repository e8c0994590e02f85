"""A gateway of one's own with services that are only played: they speak the documented protocol (common/wire/PROTOCOL.md)."""
import base64
import datetime
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import traceback
import uuid

import msgpack
import zmq

ROOT = pathlib.Path(__file__).resolve().parents[3]
REQUEST, REPLY, READY, HEARTBEAT = 1, 2, 3, 4


class Contract:
    """Every operation and event of schemas/ by its full name, and the types by service."""

    def __init__(self, schemas=ROOT / "schemas"):
        self.operations, self.events, self.service_types = {}, {}, {}
        self.functions = list(read_json(schemas / "types.json")["function"]["enum"])
        for folder in sorted(path.parent for path in schemas.glob("*/permissions.json")):
            if folder.name == "common":
                continue
            self.service_types[folder.name] = {}
            for place in (schemas, schemas / "common", folder):
                if (place / "types.json").exists():
                    self.service_types[folder.name].update(read_json(place / "types.json"))
            for path in [*(schemas / "common").glob("*.*.json"), *folder.glob("*.*.json")]:
                self.add(folder.name, read_json(path))

    def add(self, service, item):
        for kind, table in (("operation", self.operations), ("event", self.events)):
            if kind in item:
                name = item[kind].replace("*.", service + ".", 1)
                table[name] = {**item, "service": service, "http": item.get("http", "").replace("{service}", service)}


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


CONTRACT = Contract()


def new_id():
    return uuid.uuid4().bytes[:6] + bytes([0x70 | os.urandom(1)[0] & 15]) + os.urandom(1) + \
        bytes([0x80 | os.urandom(1)[0] & 63]) + os.urandom(7)


def text_id(packed):
    return str(uuid.UUID(bytes=packed))


def pack_envelope(kind, correlation=b"", operation="", actor=None, key=None, remaining=4000, at=0, trace="",
                  body=b"", error=None):
    return msgpack.packb([1, kind, correlation, operation, actor, key, remaining, at, trace, body, error], use_bin_type=True)


NAMES = ["version", "kind", "correlation", "operation", "actor", "key", "remaining", "at", "trace", "body", "error"]


def unpack_envelope(packed):
    return dict(zip(NAMES, msgpack.unpackb(packed, raw=False, strict_map_key=True)))


# Values of the schemas' examples, as MessagePack has them

def micros(text):
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1e6)


def days(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


SCALARS = {"id": lambda v: uuid.UUID(v).bytes, "time": micros, "date": days, "bytes": base64.b64decode}


def to_wire(service, fields, value):
    return {name: field_to_wire(service, fields[name], item) for name, item in value.items()}


def field_to_wire(service, field, value):
    if "list" in field:
        return [scalar_to_wire(service, field["list"], item) for item in value]
    return scalar_to_wire(service, field["type"], value)


def scalar_to_wire(service, name, value):
    declared = CONTRACT.service_types[service].get(name, {})
    if "fields" in declared:
        return to_wire(service, declared["fields"], value)
    name = declared.get("alias", name)
    return SCALARS[name](value) if name in SCALARS else value


def example_reply(operation):
    item = CONTRACT.operations[operation]
    return to_wire(item["service"], item["reply"], item["example"]["reply"])


def example_event(event):
    item = CONTRACT.events[event]
    return to_wire(item["service"], item["body"], item["example"])


class Refusal(Exception):
    def __init__(self, name, value=None, field=None, policy=None):
        super().__init__(name)
        self.error = [name, value, field, policy]


class Silence(Exception):
    """No answer at all."""


class Service(threading.Thread):
    """An instance of a service. `handlers`: operation → function(request, envelope) → reply; `prepare` gets sockets before they connect."""

    def __init__(self, name, gateway, handlers=None, outbox=None, credit=64, context=None, prepare=lambda socket: None):
        super().__init__(daemon=True)
        self.name_of_service, self.gateway, self.credit = name, gateway, credit
        self.handlers = dict(handlers or {})
        self.outbox = {} if outbox is None else outbox
        self.context, self.prepare = context or zmq.Context.instance(), prepare
        self.calls, self.envelopes = [], []
        self.stopping = self.dead = self.deaf = False
        self.to_wake, self.to_send, self.replies = [], [], []
        self.start()

    # What others ask of it

    def emit(self, event, branch, body=None, wake=True):
        """Appends an event; returns its number."""
        events = self.outbox.setdefault(branch, [])
        events.append({"number": len(events) + 1, "event": event, "event_id": new_id(), "branch_id": branch,
                       "occurred_at": int(time.time() * 1e6), "trace": "",
                       "body": msgpack.packb(example_event(event) if body is None else body, use_bin_type=True)})
        if wake:
            self.to_wake.append(f"{self.name_of_service} {text_id(branch)}".encode())
        return len(events)

    def ask(self, operation, request, correlation=b"ask", **more):
        self.to_send.append(pack_envelope(REQUEST, correlation, operation, body=msgpack.packb(request, use_bin_type=True), **more))

    def kill(self):
        """Like SIGKILL: gone without a word."""
        self.dead = True
        self.join(5)

    def stop(self):
        self.stopping = True
        self.join(5)

    # Its own life

    def run(self):
        worker, waker = self.context.socket(zmq.DEALER), self.context.socket(zmq.PUB)
        for one in (worker, waker):
            one.setsockopt(zmq.LINGER, 0)
            self.prepare(one)
        worker.connect(self.gateway.workers)
        waker.connect(self.gateway.wakeups_in)
        ready, last, known = pack_envelope(READY, b"1", self.name_of_service, remaining=self.credit), 0, False
        while not (self.stopping or self.dead):
            now = time.monotonic()
            if now - last > (1 if known else 0.1):
                worker.send(pack_envelope(HEARTBEAT) if known else ready)
                last = now
            while self.to_wake:
                waker.send(self.to_wake.pop(0))
            while self.to_send:
                worker.send(self.to_send.pop(0))
            if worker.poll(5):
                message = unpack_envelope(worker.recv())
                if message["kind"] == READY:
                    worker.send(ready)
                known = True
                if message["kind"] == REPLY:
                    self.replies.append(message)
                if message["kind"] == REQUEST and not self.deaf:
                    self.serve(worker, message)
        worker.close()
        waker.close()

    def serve(self, worker, message):
        request = msgpack.unpackb(message["body"], raw=False)
        operation = message["operation"]
        body, error = b"", None
        if not operation.split(".")[1] == "events":
            self.calls.append((operation, request))
            self.envelopes.append(message)
        try:
            body = msgpack.packb(self.handler(operation)(request, message), use_bin_type=True)
        except Refusal as refusal:
            error = refusal.error
        except Silence:
            return
        if not self.dead:
            worker.send(pack_envelope(REPLY, message["correlation"], body=body, error=error))

    def handler(self, operation):
        if operation in self.handlers:
            return self.handlers[operation]
        if operation.endswith(".events.heads"):
            return lambda request, envelope: {"heads": [{"branch_id": branch, "number": len(events)}
                                                        for branch, events in sorted(self.outbox.items())]}
        if operation.endswith(".events.read"):
            return lambda request, envelope: {"events": [
                event for event in self.outbox.get(request["branch_id"], [])
                if event["number"] > request["after"]][:request.get("limit", 100)]}
        return lambda request, envelope: example_reply(operation)


class Staff(Service):
    """Knows some people by their tokens."""

    def __init__(self, gateway, **more):
        self.sessions = {}
        self.company, self.branches = new_id(), [new_id(), new_id()]
        self.asked = 0
        super().__init__("staff", gateway, {"staff.session.read": self.session_read,
                                            "staff.session.open": self.session_open}, **more)

    def sign_in(self, functions=("it_administrator",), scope=None, seconds=3600):
        """A new session; returns its token."""
        token = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
        scope = self.branches[:1] if scope is None else scope
        self.sessions[token] = {"session_id": new_id(), "staff_id": new_id(), "branch_id": scope[0], "company_id": self.company,
                                "scope": list(scope), "functions": list(functions), "permissions_version": 1,
                                "expires_at": int((time.time() + seconds) * 1e6)}
        return token

    def revoke(self, token, wake=True):
        session = self.sessions.pop(token)
        self.emit("staff.session.revoked", session["branch_id"],
                  {"session_id": session["session_id"], "staff_id": session["staff_id"]}, wake)
        return session

    def session_read(self, request, _envelope):
        self.asked += 1
        if request["token"] not in self.sessions:
            raise Refusal("not_signed_in")
        return self.sessions[request["token"]]

    def session_open(self, request, _envelope):
        if request["password"] != "right":
            raise Refusal("sign_in_refused")
        reply = example_reply("staff.session.open")
        reply["token"] = self.sign_in()
        return reply


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def as_nobody():
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []


class Gateway:
    def __init__(self, program, redis=False, **settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="songda-gateway-"))
        os.chmod(self.folder, 0o777)
        self.port, self.front = free_ports(2)
        self.workers = f"ipc://{self.folder}/workers"
        self.wakeups_in, self.wakeups_out, self.clients = f"ipc://{self.folder}/in", f"ipc://{self.folder}/out", f"tcp://127.0.0.1:{self.front}"
        self.program, self.process, self.redis = program, None, None
        self.settings = {"instance": "t", "mode": "test", "http": f"127.0.0.1:{self.port}", "clients": self.clients,
                         "workers": self.workers, "wakeups_in": self.wakeups_in, "wakeups_out": self.wakeups_out,
                         "log": "info", **settings}
        if redis:  # one's own, or another gateway's address
            self.settings["redis"] = redis if isinstance(redis, str) else f"unix:{self.folder}/redis"
        if redis is True:
            self.start_redis()
        self.start()

    def start_redis(self):
        self.redis = subprocess.Popen([*as_nobody(), "redis-server", "--port", "0", "--unixsocket", f"{self.folder}/redis",
                                       "--unixsocketperm", "777", "--save", "", "--dir", str(self.folder)],
                                      stdout=subprocess.DEVNULL)
        wait_for(lambda: (self.folder / "redis").exists(), 5)

    def start(self):
        conf = self.folder / "gateway.conf"
        conf.write_text("".join(f"{name} = {value}\n" for name, value in self.settings.items()))
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([self.program, "--settings", str(conf)], stderr=self.log)
        wait_for(lambda: self.try_get("/healthz") == 200, 10)

    def try_get(self, path):
        try:
            return self.get(path)[0]
        except OSError:
            return 0

    def log_lines(self):
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines() if line.startswith("{")]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self):
        self.process.terminate()
        return self.process.wait(10)

    def close(self):
        for process in (self.process, self.redis):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def rss(self):
        """Resident bytes; of a program with sanitizers, which keep what was freed, nothing is said."""
        if b"__asan_init" in pathlib.Path(self.program).read_bytes():
            return 0
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def request(self, method, path, body=None, token=None, timeout=10, **headers):
        """(status, JSON or text, headers)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        is_json = "json" in (response.getheader("Content-Type") or "")
        return response.status, json.loads(text) if is_json and text else text.decode(errors="replace"), response.headers

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def raw(self, data, timeout=3):
        """What comes back for these bytes, until the gateway closes or is silent."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(data)
            try:
                while chunk := connection.recv(65536):
                    answer += chunk
                    if b"\r\n\r\n" in answer and b"Connection: close" not in answer:
                        connection.settimeout(0.3)
            except (TimeoutError, ConnectionError):
                pass
        return answer

    def metric(self, name):
        for line in self.get("/metrics")[1].splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        raise KeyError(name)


class Listener:
    """An event stream."""

    def __init__(self, gateway, token, query="", last_id=None):
        self.connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=10)
        extra = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        self.connection.sendall(f"GET /api/v1/events{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                                f"{extra}\r\n".encode())
        self.raw, self.rest, self.is_over = b"", b"", False
        self.last_id, self.retry = last_id, None
        while b"\r\n\r\n" not in self.raw:
            self.raw += self.connection.recv(4096)
        head, self.raw = self.raw.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}

    def _take_chunks(self):
        while b"\r\n" in self.raw:
            size, rest = self.raw.split(b"\r\n", 1)
            count = int(size, 16)
            if count == 0:
                self.is_over = True
                return
            if len(rest) < count + 2:
                return
            self.rest, self.raw = self.rest + rest[:count], rest[count + 2:]

    def _read(self, timeout):
        self.connection.settimeout(timeout)
        try:
            data = self.connection.recv(65536)
            self.raw += data
            self.is_over = not data
        except TimeoutError:
            return
        except OSError:
            self.is_over = True
        self._take_chunks()

    def next(self, timeout=3):
        """The next event as {id, event, data}; None: nothing came, or the stream ended (is_over)."""
        end = time.monotonic() + timeout
        self._take_chunks()
        while True:
            while b"\n\n" in self.rest:
                block, self.rest = self.rest.split(b"\n\n", 1)
                fields = dict(line.split(": ", 1) for line in block.decode().split("\n") if not line.startswith(":"))
                self.last_id = fields.get("id", self.last_id)
                self.retry = fields.get("retry", self.retry)
                if "data" in fields:
                    return {"id": fields["id"], "event": fields["event"], "data": json.loads(fields["data"])}
            if self.is_over or time.monotonic() > end:
                return None
            self._read(max(0.01, end - time.monotonic()))

    def close(self):
        self.connection.close()


class Front:
    """A ZeroMQ client."""

    def __init__(self, gateway, context=None, prepare=lambda socket: None):
        self.socket = (context or zmq.Context.instance()).socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        prepare(self.socket)
        self.socket.connect(gateway.clients)

    def call(self, operation, request, token=None, key=None, timeout=6000, at=0):
        correlation = os.urandom(8)
        self.socket.send(pack_envelope(REQUEST, correlation, operation, token, key, at=at,
                                       body=msgpack.packb(request, use_bin_type=True)))
        if not self.socket.poll(timeout):
            return None
        reply = unpack_envelope(self.socket.recv())
        assert reply["correlation"] == correlation, reply
        return reply

    def close(self):
        self.socket.close()


def wait_for(condition, seconds=5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def find_program(arguments):
    for index, word in enumerate(arguments):
        if word == "--program":
            return arguments[index + 1]
        if word == "--stack" and (pathlib.Path(arguments[index + 1]) / "bin" / "songda-gateway").exists():
            return str(pathlib.Path(arguments[index + 1]) / "bin" / "songda-gateway")
    return str(ROOT / "var" / "build" / "services" / "gateway" / "songda-gateway")


def run_tests(tests, arguments):
    """Runs functions named after what is true; each gets the program's path. Ends with `N passed, N failed`."""
    program, failed = find_program(arguments), 0
    wanted = [word for word in arguments if word.startswith("test_")]
    chosen = [test for test in tests if not wanted or test.__name__ in wanted]
    for test in chosen:
        started = time.monotonic()
        try:
            test(program)
            print(f"ok      {test.__name__} ({time.monotonic() - started:.1f} s)", flush=True)
        except Exception as problem:  # noqa: BLE001 - a test may fail in any way
            failed += 1
            traceback.print_exc()
            print(f"FAILED  {test.__name__}: {problem}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0
