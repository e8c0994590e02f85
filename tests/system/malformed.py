#!/usr/bin/python3
"""Malformed HTTP, JSON and MessagePack against the running gateway: refused with the right error, its memory stays flat, nothing dies.

Raw sockets, because no client library sends such things. MessagePack goes to the front socket (python3-zmq).
"""
import json
import os
import pathlib
import random
import re
import socket
import sys
import time

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import PASSWORD, SERVICES, Stack, arguments, check, rss, run_tests, test_company  # noqa: E402
from songda.client import new_key  # noqa: E402

SIGN_IN = {"sign_in_name": "operator@SH01", "password": "wrong"}
FLAT_BYTES = 3 * 10**6
SHAPE = {"malformed", "field_unknown", "field_missing", "field_type", "field_doubled", "text_invalid", "field_value", "field_range", "field_length"}


class Tests:
    def __init__(self, options):
        self.stack, self.address = Stack(options.stack), options.address
        self.company = test_company(options.address)
        self.token = self.company.client("operator@SH01").token
        self.chance = random.Random(options.seed)
        self.pids = self.all_pids()

    def all_pids(self):
        return {name: state[0] for name, state in self.stack.status().items() if name.split("-")[0] in ("gateway", *SERVICES)}

    # -- raw HTTP ----------------------------------------------------------------------------------------------------
    def raw(self, data, pieces=None, seconds=6):
        """What the server answers to these bytes, sent at once or piece by piece: the first answer, or what came until it closed."""
        host, port = self.address.split(":")
        answer = b""
        with socket.create_connection((host, int(port)), timeout=seconds) as line:
            try:
                for piece in pieces or [data]:
                    line.sendall(piece)
                while part := line.recv(65536):
                    answer += part
                    if self.is_whole(answer):
                        break
            except (OSError, TimeoutError):
                pass  # it closed in the middle
        return answer

    @staticmethod
    def is_whole(answer):
        head, separator, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return bool(separator and length and len(body) >= int(length.group(1)))

    @staticmethod
    def parts(answer):
        """(status, error's name) of the first answer; (None, None) when there was none."""
        head, _, body = answer.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
        if not status:
            return None, None
        try:
            problem = json.loads(re.split(rb"HTTP/1\.1 \d{3}", body)[0].decode())
        except ValueError:
            problem = {}
        return int(status.group(1)), problem.get("error") if isinstance(problem, dict) else None

    def post(self, body, headers=(), path="/api/v1/staff/sessions", length=None):
        lines = [f"POST {path} HTTP/1.1", f"Host: {self.address}", "Content-Type: application/json", f"Idempotency-Key: {new_key()}",
                 f"Content-Length: {len(body) if length is None else length}", *headers]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def refused(self, what, data, statuses, errors=None):
        """Refused with one of these statuses and errors; None among the statuses: the connection may also just be closed."""
        status, error = self.parts(self.raw(data, seconds=1 if None in statuses else 6))
        check(status in statuses, f"{what}: answered {status} {error}")
        if errors and status is not None and status not in (400, 408, 431, 501, 505):
            check(error in errors, f"{what}: {status} with error {error}, not {errors}")

    def lives(self):
        status, _ = self.parts(self.raw(f"GET /healthz HTTP/1.1\r\nHost: {self.address}\r\nConnection: close\r\n\r\n".encode()))
        check(status == 200, f"/healthz answers {status}")
        now = self.all_pids()
        check(now == self.pids, f"died: {[name for name in now if now[name] != self.pids[name]]}")

    def flat(self, work, rounds=3):
        """Runs it once to warm up, then some rounds; the memory of the gateway and of staff stays as it was."""
        work()
        pids = [self.pids["gateway-1"], self.pids["staff-1"]]
        before = [rss(pid) for pid in pids]
        for _ in range(rounds):
            work()
        self.lives()
        for name, old, pid in zip(("gateway", "staff"), before, pids):
            check(rss(pid) - old < FLAT_BYTES, f"{name} grew from {old / 1e6:.1f} to {rss(pid) / 1e6:.1f} MB")

    def framing(self):
        body = json.dumps(SIGN_IN).encode()
        start = f"POST /api/v1/staff/sessions HTTP/1.1\r\nHost: {self.address}\r\nContent-Type: application/json\r\n".encode()
        chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        size = len(body)
        bad = {400, None}
        for what, head, data, statuses in [
                ("Content-Length: +4", b"Content-Length: +4\r\n", body, bad), ("Content-Length: -1", b"Content-Length: -1\r\n", body, bad),
                ("Content-Length: 0x10", b"Content-Length: 0x10\r\n", body, bad), ("an empty Content-Length", b"Content-Length: \r\n", body, bad),
                ("two numbers in Content-Length", b"Content-Length: 4, 5\r\n", body, bad),
                ("Content-Length of 30 digits", b"Content-Length: " + b"9" * 30 + b"\r\n", body, {400, 413, None}),
                ("two Content-Lengths", b"Content-Length: %d\r\nContent-Length: %d\r\n" % (size, size + 1), body, bad),
                ("length and chunked", b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % size, chunk, bad),
                ("chunked and length", b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n" % size, chunk, bad),
                ("an unknown coding", b"Transfer-Encoding: gzip\r\n", body, {400, 411, 501, None}),
                ("a chunk that is no number", b"Transfer-Encoding: chunked\r\n", b"zz\r\n" + body, bad),
                ("a chunk of 2^64", b"Transfer-Encoding: chunked\r\n", b"ffffffffffffffff1\r\n" + body, {400, 413, None}),
                ("a space before the colon", b"Content-Length : %d\r\n" % size, body, bad),
                ("a folded header", b"X-A: b\r\n c\r\nContent-Length: %d\r\n" % size, body, bad),
                ("a NUL in a header", b"X-A: b\0c\r\nContent-Length: %d\r\n" % size, body, bad)]:
            self.refused(what, start + head + b"\r\n" + data, statuses)
        for what, data, statuses in [
                ("no Host", b"GET /healthz HTTP/1.1\r\n\r\n", bad), ("HTTP/3.7", b"GET /healthz HTTP/3.7\r\nHost: a\r\n\r\n", {400, 505, None}),
                ("not HTTP", b"hello\r\n\r\n", bad), ("binary", os.urandom(2000) + b"\r\n\r\n", bad), ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", bad),
                ("an unknown method", f"BREW /api/v1/staff/sessions HTTP/1.1\r\nHost: {self.address}\r\n\r\n".encode(), {400, 404, 405, 501, None})]:
            self.refused(what, data, statuses)
        self.lives()

    def oversize(self):
        header = f"GET /healthz HTTP/1.1\r\nHost: {self.address}\r\n".encode()
        self.refused("a header of 64 KiB", header + b"X-A: " + b"a" * 65536 + b"\r\n\r\n", {431, 413, 400, None})
        self.refused("5,000 headers", header + b"".join(b"X-%d: a\r\n" % number for number in range(5000)) + b"\r\n", {431, 400, None})
        self.refused("a path of 32 KiB", b"GET /" + b"a" * 32768 + b" HTTP/1.1\r\nHost: a\r\n\r\n", {414, 431, 400, None})
        self.refused("a body over 1 MiB", self.post(b'"' + b"a" * (1 << 20) + b'"'), {413, None}, {"body_too_large"})
        self.refused("a body said to be 1 TiB", self.post(b"{}", length=1 << 40), {413, None}, {"body_too_large"})
        big = b"%x\r\n%s\r\n" % (1 << 19, b"a" * (1 << 19))
        start = self.post(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        self.refused("chunks over 1 MiB", start + big * 4 + b"0\r\n\r\n", {413, None}, {"body_too_large"})

    def json_bodies(self):
        good = json.dumps(SIGN_IN).encode()
        cases = [b"", b"{", b"}", b"[]", b"null", b"1", b'"text"', b"{}{}", good + b"x", good[:-1], b'{"sign_in_name": }', b"{'a': 1}", b"{a: 1}", b"\xef\xbb\xbf" + good,
                 good[:-1] + b",}", good.replace(b"wrong", b"\xff\xfe"), good.replace(b"wrong", b"\xed\xa0\x80"), good.replace(b"wrong", b"\xc0\x80"),
                 good.replace(b"wrong", b"\\ud800"), good.replace(b"wrong", b"\\u0000"), good.replace(b"wrong", b"a\x01b"),
                 b"[" * 100000, b"[" * 5000 + b"]" * 5000, b'{"a":' * 5000 + b"1" + b"}" * 5000, good.replace(b'"wrong"', b"[" * 1000 + b"]" * 1000),
                 good.replace(b'"wrong"', b"1e400"), good.replace(b'"wrong"', b"123456789012345678901234567890"), good.replace(b'"wrong"', b"NaN"),
                 good.replace(b'"wrong"', b"1.5"), good.replace(b'"wrong"', b"true"), good.replace(b'"wrong"', b"null"), good.replace(b'"wrong"', b"{}"),
                 good[:-1] + b', "password": "again"}', good[:-1] + b', "colour": 1}', good[:-1] + b', "\\u0070assword": "x"}', b'{"sign_in_name": "a"}',
                 good.replace(b'"wrong"', b'"' + b"a" * 201 + b'"'), good.replace(b'"wrong"', b'""')]
        for body in cases:
            status, error = self.parts(self.raw(self.post(body)))
            check(status in (400, 422) and error in SHAPE, f"{body[:80]}: answered {status} {error}")
        expected = [(good[:-1] + b', "password": "again"}', {"field_doubled", "malformed"}), (good[:-1] + b', "colour": 1}', {"field_unknown"}),
                    (b'{"sign_in_name": "a"}', {"field_missing"}), (good.replace(b'"wrong"', b"7"), {"field_type"}),
                    (good.replace(b'"wrong"', b'""'), {"field_length"}), (good.replace(b"wrong", b"\xff\xfe"), {"text_invalid", "malformed"})]
        for body, errors in expected:
            status, error = self.parts(self.raw(self.post(body)))
            check(error in errors, f"{body[:80]}: {status} {error}, not {errors}")
        status, error = self.parts(self.raw(self.post(good).replace(b"application/json", b"text/plain")))
        check((status, error) == (415, "media_type"), f"text/plain: {status} {error}")
        status, error = self.parts(self.raw(self.post(good)))
        check(error == "sign_in_refused", f"the good one: {status} {error}")
        self.company.must(self.company.plain, "staff.session.open", {"sign_in_name": "operator@SH01", "password": PASSWORD}, None)

    def queries(self):
        get = "GET {} HTTP/1.1\r\nHost: " + self.address + f"\r\nAuthorization: Bearer {self.token}\r\nConnection: close\r\n\r\n"
        for path, statuses in [("/api/v1/dispatch/orders?limit=0", {422}), ("/api/v1/dispatch/orders?limit=x", {422}),
                               ("/api/v1/dispatch/orders?limit=1&limit=2", {400, 422}), ("/api/v1/dispatch/orders?colour=red", {422}),
                               ("/api/v1/dispatch/orders?limit=%zz", {400, 422}), ("/api/v1/dispatch/orders?status=%ff%fe", {400, 422}),
                               ("/api/v1/dispatch/orders?after=%00", {400, 422}), ("/api/v1/dispatch/orders/no-id", {400, 404, 422}),
                               ("/api/v1/dispatch/orders/%2e%2e/x", {400, 404}), ("/../../../etc/passwd", {400, 404}),
                               ("/%2e%2e/%2e%2e/etc/passwd", {400, 404}), ("/api/v1/nowhere", {404}), ("http://other/healthz", {200, 400, 404})]:
            status, error = self.parts(self.raw(get.format(path).encode()))
            check(status in statuses, f"{path}: answered {status} {error}")

    def torn(self):
        """Requests cut off at every place, and one that comes byte by byte."""
        whole = self.post(json.dumps(SIGN_IN).encode())
        for end in self.chance.sample(range(1, len(whole)), 25):
            status, _ = self.parts(self.raw(whole[:end], seconds=0.3))
            check(status is None or status in (400, 408), f"cut off at {end}: answered {status}")
        whole = self.post(json.dumps({**SIGN_IN, "password": PASSWORD}).encode())
        status, error = self.parts(self.raw(None, [bytes([byte]) for byte in whole]))
        check(status == 200, f"byte by byte: {status} {error}")

    def flipped(self):
        """Good requests with random bytes changed: any answer but a failure inside."""
        whole = self.post(json.dumps({**SIGN_IN, "password": "x"}).encode().replace(b"operator@SH01", b"nobody@SH01"))
        for _ in range(100):
            data = bytearray(whole)
            for _ in range(self.chance.randrange(1, 6)):
                data[self.chance.randrange(len(data))] = self.chance.randrange(256)
            status, error = self.parts(self.raw(bytes(data), seconds=0.5))
            check(status is None or status < 500 or status in (501, 505), f"{bytes(data)}: {status} {error}")

    # -- MessagePack -------------------------------------------------------------------------------------------------
    def wire(self):
        context = zmq.Context.instance()
        line = context.socket(zmq.DEALER)
        line.setsockopt(zmq.LINGER, 0)
        line.setsockopt(zmq.RCVTIMEO, 5000)
        line.connect(self.stack.show("clients"))
        return line

    def ask(self, line, body, operation="staff.session.open", token=None):
        key, correlation = os.urandom(16), os.urandom(8)
        line.send(msgpack.packb([1, 1, correlation, operation, token, key, 4000, 0, "", body, None]))
        while True:
            reply = msgpack.unpackb(line.recv(), strict_map_key=False)
            if reply[2] == correlation:
                return reply[10][0] if reply[10] else None

    def bodies(self):
        good = msgpack.packb({"sign_in_name": "a", "password": "b"})
        huge = [b"\xdf\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xde\xff\xff",
                b"\x81\xa8password\xdd\x7f\xff\xff\xff", b"\x81\xa8password" + b"\x91" * 60000, b"\x82\xa1a" + b"\xdd\x00\x01\x00\x00" + b"\xc0" * 65536]
        odd = [b"", b"\xc1", b"\xc0", b"\x90", b"\x01", good + b"\xc0", good[:-1], b"\x83" + good[1:], b"\x82\xa8password\xa1b\xa8password\xa1c",
               b"\x81\xc4\x08password\xa1b", b"\x81\x01\x02", b"\x81\xa1a\xc7\x01\x01\x01", b"\x81\xa1a\xd4\x01\x01", b"\x81\xa8password\xa2\xff\xfe",
               b"\x81\xa8password\xa3\xed\xa0\x80", msgpack.packb({"sign_in_name": "a", "password": "b\0"}), msgpack.packb({"sign_in_name": 1, "password": "b"}),
               msgpack.packb({"sign_in_name": "a", "password": "b", "x": 1}), msgpack.packb({"sign_in_name": "a", "password": 1.5}),
               msgpack.packb({"sign_in_name": "a", "password": "b" * 70000})]
        with self.wire() as line:
            for body in huge + odd:
                error = self.ask(line, body)
                check(error in SHAPE, f"{body[:40]}: {error}")
            for _ in range(200):
                body = bytearray(good)
                body[self.chance.randrange(len(body))] = self.chance.randrange(256)
                error = self.ask(line, bytes(body))
                check(error in SHAPE | {"sign_in_refused", "too_many_requests", "sign_in_locked"}, f"{bytes(body)}: {error}")

    def envelopes(self):
        good = msgpack.packb([1, 1, b"c", "staff.session.list", self.token, None, 1000, 0, "", b"\x80", None])
        with self.wire() as line:
            for _ in range(500):
                data = bytearray(good)
                for _ in range(self.chance.randrange(1, 4)):
                    data[self.chance.randrange(len(data))] = self.chance.randrange(256)
                line.send(bytes(data[:self.chance.randrange(1, len(data) + 1)]) if self.chance.random() < 0.3 else bytes(data))
            for count in (0, 2, 3, 50):
                line.send_multipart([good] * count or [b""])
        with self.wire() as line:
            check(self.ask(line, b"\x80", "staff.session.list", self.token) is None, "a good request after them is refused")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    start, tests = time.monotonic(), Tests(options)
    work = [("HTTP's framing", tests.framing), ("what is too large", tests.oversize), ("JSON bodies", tests.json_bodies),
            ("query and path", tests.queries), ("torn requests", tests.torn), ("flipped bytes", tests.flipped),
            ("MessagePack bodies", tests.bodies), ("MessagePack envelopes", tests.envelopes)]
    status = run_tests([(name, lambda test=test: tests.flat(test)) for name, test in work] + [("all processes live", tests.lives)], options.only)
    print(f"({time.monotonic() - start:.0f} s)", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
