"""A plain HTTP client of the gateway: one connection, one session, a clock that the test sets."""
import hashlib
import http.client
import json
import os
import re
import threading
import time
import urllib.parse
import uuid


def key_of(name):
    """The key of a step that has a name: the same step always has the same key, so that a script can be run again."""
    digest = hashlib.sha256(name.encode()).digest()
    return str(uuid.UUID(int=(int.from_bytes(digest[:16], "big") & ~(0xF << 76) & ~(3 << 62)) | (8 << 76) | (2 << 62)))


def new_key():
    """A UUIDv7, as clients make them."""
    value = (int(time.time() * 1000) << 80) | (7 << 76) | (int.from_bytes(os.urandom(2), "big") & 0xFFF) << 64
    value |= (2 << 62) | (int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1))
    return str(uuid.UUID(int=value))


class Client:
    def __init__(self, contract, address, language="en"):
        self.contract, self.address, self.language = contract, address, language
        self.token, self.clock = None, None
        self.local = threading.local()

    def with_token(self, token):
        """The same door for another session: in one thread both use one connection."""
        other = Client(self.contract, self.address, self.language)
        other.token, other.local = token, self.local
        return other

    def _connection(self, fresh):
        if fresh or not hasattr(self.local, "connection"):
            host, port = self.address.split(":")
            self.local.connection = http.client.HTTPConnection(host, int(port), timeout=30)
        return self.local.connection

    def request(self, method, path, body=None, headers=None):
        """(status, decoded body, headers); tries once more on a connection that the server had closed."""
        all_headers = {"Accept-Language": self.language, **(headers or {})}
        if self.token:
            all_headers["Authorization"] = "Bearer " + self.token
        if self.clock:
            all_headers["X-Songda-Clock"] = self.clock
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            all_headers["Content-Type"] = "application/json"
        for fresh in (False, True):
            try:
                connection = self._connection(fresh)
                connection.request(method, path, body=data, headers=all_headers)
                response = connection.getresponse()
                raw = response.read()
                break
            except (ConnectionError, http.client.HTTPException):
                if fresh:
                    raise
        text = raw.decode("utf-8")
        is_json = "json" in (response.getheader("Content-Type") or "")
        return response.status, json.loads(text) if is_json and text else text, response.headers

    def call(self, operation, fields, key=None):
        """Calls an operation by its name; returns (status, reply or problem)."""
        entry = self.contract.operations[operation]
        method, template = entry["http"].split(" ")
        rest = dict(fields)

        def fill(match):
            return urllib.parse.quote(str(rest.pop(match.group(1), "")), safe="")
        path = re.sub(r"\{(\w+)\}", fill, template)
        headers = {}
        if entry["effect"] == "write":
            headers["Idempotency-Key"] = key or new_key()
        if method == "GET":
            query = {name: ",".join(map(str, value)) if isinstance(value, list) else
                     (str(value).lower() if isinstance(value, bool) else value) for name, value in rest.items()}
            if query:
                path += "?" + urllib.parse.urlencode(query)
            rest = None
        status, reply, _ = self.request(method, path, rest, headers)
        return status, reply


def retrying(call, seconds=20):
    """Repeats a call while it is passing trouble (class retry or unknown, or no connection): the key makes that safe."""
    end = time.monotonic() + seconds
    while True:
        try:
            status, reply = call()
            passing = isinstance(reply, dict) and reply.get("class") in ("retry", "unknown")
            if not passing or time.monotonic() > end:
                return status, reply
        except (OSError, http.client.HTTPException):
            if time.monotonic() > end:
                raise
        time.sleep(0.1)


class EventTap(threading.Thread):
    """Follows /api/v1/events and keeps everything that was seen, in order."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client, self.seen, self.last_id = client, [], None
        self.condition = threading.Condition()
        self.start()

    def run(self):
        while True:
            try:
                self._follow()
            except (OSError, http.client.HTTPException, ValueError):
                pass
            time.sleep(0.3)

    def _follow(self):
        host, port = self.client.address.split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        headers = {"Authorization": "Bearer " + self.client.token, "Accept": "text/event-stream"}
        if self.last_id:
            headers["Last-Event-ID"] = self.last_id
        connection.request("GET", "/api/v1/events", headers=headers)
        response = connection.getresponse()
        event = {}
        for raw in response:
            line = raw.decode("utf-8").rstrip("\r\n")
            if not line:
                self._take(event)
                event = {}
            elif not line.startswith(":"):
                name, _, value = line.partition(":")
                event[name] = value.lstrip()

    def _take(self, event):
        if "id" in event:
            self.last_id = event["id"]
        if "data" not in event or "event" not in event:
            return
        with self.condition:
            self.seen.append((event["event"], json.loads(event["data"])["body"]))
            self.condition.notify_all()

    def mark(self):
        with self.condition:
            return len(self.seen)

    def wait(self, name, matches, start, seconds=10):
        """The body of the first event of that name since `start` that matches; None when none came."""
        end = time.monotonic() + seconds
        with self.condition:
            looked = start
            while True:
                for index in range(looked, len(self.seen)):
                    if self.seen[index][0] == name and matches(self.seen[index][1]):
                        return self.seen[index][1]
                looked = len(self.seen)
                if not self.condition.wait(max(0.0, end - time.monotonic())):
                    return None
