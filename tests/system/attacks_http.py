#!/usr/bin/python3
"""Attacks at the corners of HTTP, on raw sockets: paths out of the folders, lines smuggled into headers and logs, requests inside of bodies, and what
is meant to be dear.

No file of the machine is ever in an answer, no answer has a header that was sent as a value, one request has one answer, the log has one record in
a line, nothing costs more than 50 ms of processor.
"""
import json
import pathlib
import re
import socket
import sys
import urllib.parse

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from payloads import FILE, Payload, Processor  # noqa: E402
from running import Stack, arguments, check, run_tests, test_company  # noqa: E402
from songda.client import new_key  # noqa: E402

CPU_SECONDS = 0.050
PLACES = ["/{}", "/assets/{}", "/driver/{}", "/papers/{}", "/papers/receipt/{}.pdf", "/papers/lists/{}.csv", "/api/v1/staff/people/{}", "/api/v1/{}", "/{}/index.html"]
INSIDE = re.compile(rb"root:[^:]*:0:0|passfile=|-----BEGIN|PATH=/|\[extensions\]")
HEADERS = ["Accept-Language", "Idempotency-Key", "traceparent", "X-Forwarded-For", "Origin", "Referer", "User-Agent", "Cookie", "Authorization", "Last-Event-ID",
           "If-None-Match", "X-Songda-Person", "X-Songda-Clock", "X-Requested-With", "Accept", "Accept-Encoding", "Range", "Host", "Content-Type", "Expect"]
LINES = [b"a\r\nX-Injected: 1", b"a\nX-Injected: 1", b"a\rX-Injected: 1", b"a\r\n X-Injected: 1", b"a%0d%0aX-Injected: 1", b"a\0X-Injected: 1", b"a\xe5\x98\x8a\xe5\x98\x8dX-Injected: 1",
         b"a\r\n\r\n<html>X-Injected: 1", b"a\"}\n{\"level\":\"error\",\"X-Injected\":\"1", b"a\x0b\x0cX-Injected: 1", b"a\x1b[2JX-Injected: 1"]
HIDDEN = b"GET /healthz?hidden HTTP/1.1\r\nHost: x\r\n\r\n"


class Tests:
    def __init__(self, options):
        self.stack, self.address = Stack(options.stack), options.address
        self.client = test_company(options.address).client("everything@ZB")
        self.token = self.client.token.encode()
        self.processor = Processor(self.stack, ["staff"])
        self.dearest = 0

    def raw(self, data):
        """All that comes back until the server closes; the sender closes its side behind the request. A request that is not whole for libmicrohttpd waits
        for its rest: after a silence, and a good request that was answered meanwhile, there is nothing to come."""
        host, port = self.address.split(":")
        answer = b""
        with socket.create_connection((host, int(port)), timeout=1) as line:
            try:
                line.sendall(data)
                line.shutdown(socket.SHUT_WR)
                while part := line.recv(65536):
                    answer += part
            except TimeoutError:
                answer += self.rest(line)
            except OSError:
                pass  # refused in the middle
        return answer

    def rest(self, line):
        status, _ = self.client.call("staff.session.list", {})
        check(status == 200, f"a good request meanwhile: {status}")
        try:
            return line.recv(1 << 20)
        except OSError:
            return b""

    def cheap(self, data):
        """The answer, which has not cost too much: the cheapest of five, because others ask too."""
        costs = []
        while len(costs) < 5 and (not costs or min(costs) > CPU_SECONDS):
            before = self.processor.used("staff")
            answer = self.raw(data)
            costs.append(self.processor.used("staff") - before)
        self.dearest = max(self.dearest, min(costs))
        check(min(costs) <= CPU_SECONDS, f"{min(costs) * 1000:.0f} ms of processor for {data[:120]!r}")
        return answer

    def get(self, path, *lines):
        head = [b"GET " + path + b" HTTP/1.1", b"Host: " + self.address.encode(), b"Authorization: Bearer " + self.token, b"Connection: close", *lines]
        return self.cheap(b"\r\n".join(head) + b"\r\n\r\n")

    @staticmethod
    def status(answer):
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
        return int(found.group(1)) if found else None

    def fine(self, what, answer):
        status = self.status(answer)
        check(status is None or status < 500 or status in (501, 505) or status == 503 and b'"busy"' in answer, f"{what}: {answer[:300]!r}")
        check(not INSIDE.search(answer.split(b"\r\n\r\n", 1)[-1]), f"{what}: {answer[:600]!r}")
        head = answer.split(b"\r\n\r\n", 1)[0]
        check(b"\nX-Injected" not in head and b"\nx-injected" not in head.lower(), f"{what}: {head!r}")

    def paths(self):
        text = FILE.read_text(encoding="utf-8").split("\n# paths and addresses\n")[1].split("\n# ")[0]
        payloads = [Payload(line) for line in text.split("\n")]
        check(len(payloads) > 50, "too few paths")
        asked = 0
        for place in PLACES:
            before, after = place.encode().split(b"{}")
            for payload in payloads:
                encoded = urllib.parse.quote_from_bytes(payload.wire, safe="/").encode()
                forms = {encoded, urllib.parse.quote_from_bytes(payload.wire, safe="").encode(), encoded.replace(b"%", b"%25")}
                if not re.search(rb"[\x00-\x20\x7f]", payload.wire):
                    forms.add(payload.wire)
                for form in forms:
                    self.fine(f"{place} {payload}", self.get(before + form + after))
                    asked += 1
        print(f"        {asked} paths; the dearest answer {self.dearest * 1000:.0f} ms of processor")

    def headers(self):
        for name in HEADERS:
            for line in LINES:
                answer = self.get(b"/api/v1/staff/people?limit=1", name.encode() + b": " + line)
                self.fine(f"{name}: {line!r}", answer)
        for line in LINES:
            quoted = urllib.parse.quote_from_bytes(line, safe="").encode()
            for path in (b"/%s", b"/api/v1/staff/people?status=%s", b"/papers/lists/staff.person.list.csv?%s=1", b"/api/v1/%s", b"/api/v1/staff/people/%s"):
                self.fine(f"{path!r} {line!r}", self.get(path % quoted))

    def one_record_in_a_line(self):
        home = pathlib.Path(self.stack.show("home"))
        for folder in sorted((home / "log").glob("gateway-*")):
            lines = (folder / "current").read_bytes().split(b"\n")[:-1]
            for line in lines:
                try:
                    record = json.loads(line.decode())
                except ValueError:
                    record = None
                check(isinstance(record, dict) and {"time", "level", "event"} <= set(record) and "X-Injected" not in record, f"{folder.name}: {line[:300]!r}")
            check(lines, "the log is empty")

    def smuggled(self):
        """Whatever is said about where a body ends: never two answers."""
        start = b"POST /api/v1/staff/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: " + new_key().encode() + b"\r\n"
        inside = b"0\r\n\r\n" + HIDDEN
        whole = b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)
        codings = [b"chunked", b"xchunked", b"chunked, chunked", b"identity, chunked", b"chunked, identity", b"\tchunked", b"chunked\x0b", b"Chunked", b"chunked;q=1", b"gzip, chunked", b"\"chunked\""]
        cases = [b"Content-Length: %d\r\nTransfer-Encoding: %s\r\n\r\n%s" % (len(inside), coding, inside) for coding in codings]
        cases += [b"Transfer-Encoding: %s\r\nContent-Length: 4\r\n\r\n%s" % (coding, whole) for coding in codings]
        cases += [b"Content-Length: %d\r\n%s\r\n\r\n%s" % (len(inside), line, inside) for line in (
            b"Transfer-Encoding : chunked", b" Transfer-Encoding: chunked", b"X: a\nTransfer-Encoding: chunked", b"X: a\rTransfer-Encoding: chunked",
            b"Transfer-Encoding:\r\n chunked", b"Transfer_Encoding: chunked", b"Transfer-Encoding\0: chunked", b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked")]
        cases += [b"Content-Length: %s\r\n\r\n%s" % (length, HIDDEN) for length in (b"0, %d" % len(HIDDEN), b"%d, 0" % len(HIDDEN), b"0x10", b"1e1", b"-0", b"0 0", b"\xef\xbc\x91", b"00000000000000000000000000000099")]
        cases += [b"Transfer-Encoding: chunked\r\n\r\n" + body + HIDDEN for body in (
            b"+2\r\n{}\r\n0\r\n\r\n", b"0x2\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"fffffffffffffffe\r\n{}\r\n0\r\n\r\n", b"2\r\n{}0\r\n\r\n", b"g\r\n{}\r\n0\r\n\r\n")]
        refused = 0
        for case in cases:
            answer = self.cheap(start + case)
            answers = len(re.findall(rb"HTTP/1\.1 \d{3} ", answer))
            # libmicrohttpd writes the head of its own 400 twice; it closes behind it.
            is_closing = len(re.findall(rb"HTTP/1\.1 400 [^\0]*?Connection: close", answer)) == answers
            check(answers <= 1 or answers == 2 and is_closing, f"{case!r} has {answers} answers: {answer[:400]!r}")
            check(b'{"status":"ok"}' not in answer, f"{case!r}: the request inside was answered")
            self.fine(repr(case), answer)
            refused += self.status(answer) in (400, None)
        print(f"        {len(cases)} ways, {refused} of them refused as malformed")
        check(refused > len(cases) / 2, "too few were refused")

    def dear(self):
        """What is meant to be dear is cheap."""
        post = b"POST /api/v1/staff/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nIdempotency-Key: " + new_key().encode() + b"\r\n"
        numbers = b",".join(b'"k%d":%d' % (number, number) for number in range(60000))
        bodies = [b"[" * (1 << 20), b"[" * (1 << 19) + b"]" * (1 << 19), b'{"a":' * 200000, b"{" + numbers + b"}", b'"' + b"\\u0041" * 170000 + b'"', b'{"password":"' + b"\\" * 1000000 + b'"}',
                  b'{"sign_in_name":"' + "\u0301".encode() * 500000 + b'"}', b"1" * 1000000, b"-1e" + b"9" * 1000000, b" " * (1 << 20), b'{"a":"' + b"\xf0\x9f\x9a\x9a" * 250000 + b'"}', b"\n" * (1 << 20)]
        for body in bodies:
            answer = self.cheap(post + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            check(self.status(answer) in (400, 413, 422), f"{body[:60]!r}: {answer[:200]!r}")
        for path in (b"/api/v1/staff/people?" + b"&".join(b"a%d=1" % number for number in range(1500)), b"/api/v1/staff/people?" + b"&" * 12000, b"/" + b"a/" * 6000,
                     b"/" + b"%2e%2e%2f" * 1300, b"/api/v1/staff/people?status=" + b",".join([b"active"] * 1700)):
            answer = self.get(path)
            check(self.status(answer) in (200, 400, 404, 414, 422, 431, None), f"{path[:60]!r}: {answer[:200]!r}")
        for line in (b"Cookie: " + b"; ".join(b"a%d=b" % number for number in range(1300)), b"Accept-Language: " + b",".join([b"zh;q=0.%d" % number for number in range(1200)]),
                     b"Range: bytes=" + b",".join(b"%d-" % number for number in range(2000)), b"If-None-Match: " + b", ".join(b'"%d"' % number for number in range(1500))):
            answer = self.get(b"/healthz", line)
            check(self.status(answer) in (200, 400, 431, None), f"{line[:60]!r}: {answer[:200]!r}")
        print(f"        the dearest answer {self.dearest * 1000:.0f} ms of processor")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("paths lead to no file of the machine", tests.paths), ("no header is made of a value", tests.headers),
                      ("one request has one answer", tests.smuggled), ("what is meant to be dear is cheap", tests.dear),
                      ("the log has one record in a line", tests.one_record_in_a_line)], options.only)


if __name__ == "__main__":
    sys.exit(main())
