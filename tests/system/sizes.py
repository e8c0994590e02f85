#!/usr/bin/python3
"""Memory: a resting service under 15 MB, the gateway under 25 MB, with 1,000 listeners to the event stream under 60 MB.

Resident memory (RSS) of the processes as Linux counts it, code of shared libraries included, 1 MB = 1,000,000 bytes. A service rests when it
has been started again and has answered a question.
"""
import pathlib
import selectors
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import SERVICES, Stack, arguments, check, rss, run_tests, send, test_company, wait_for  # noqa: E402

SERVICE_BYTES, GATEWAY_BYTES, LISTENED_BYTES = 15 * 10**6, 25 * 10**6, 60 * 10**6
LISTENERS = 1000


class Listeners:
    """Open event streams that read what comes; counts those that have begun and the events they got."""

    def __init__(self, address, token, count):
        host, port = address.split(":")
        self.selector, self.lines, self.bytes = selectors.DefaultSelector(), [], {}
        request = (f"GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n"
                   "Accept: text/event-stream\r\n\r\n").encode()
        for _ in range(count):
            line = socket.create_connection((host, int(port)), timeout=10)
            line.sendall(request)
            line.setblocking(False)
            self.selector.register(line, selectors.EVENT_READ)
            self.lines.append(line)
            self.bytes[line] = b""
            if len(self.lines) % 50 == 0:
                self.read(0.05)

    def read(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for key, _ in self.selector.select(0.05):
                data = key.fileobj.recv(65536)
                if data:
                    self.bytes[key.fileobj] += data
                else:
                    self.selector.unregister(key.fileobj)

    def count(self, text):
        return sum(text in data for data in self.bytes.values())

    def close(self):
        for line in self.lines:
            line.close()


class Tests:
    def __init__(self, options):
        self.stack, self.address = Stack(options.stack), options.address
        self.company = test_company(options.address)
        self.administrator = self.company.client("it_administrator@ZB")

    def restart(self, name):
        self.stack.run("stop", name)
        self.stack.run("start", name)

    def service(self, name):
        self.restart(name)
        send(self.administrator, f"{name}.setting.list", {})
        time.sleep(2)
        size = rss(self.stack.pid(f"{name}-1"))
        print(f"  {name}: {size / 1e6:.1f} MB", flush=True)
        check(size < SERVICE_BYTES, f"{name} rests at {size / 1e6:.1f} MB")

    def gateway(self):
        self.restart("gateway")
        wait_for(lambda: self.stack.status()["gateway-1"][2] == "ready", 10, "the gateway does not get ready")
        send(self.administrator, "staff.setting.list", {})
        time.sleep(2)
        size = rss(self.stack.pid("gateway-1"))
        print(f"  gateway: {size / 1e6:.1f} MB", flush=True)
        check(size < GATEWAY_BYTES, f"the gateway rests at {size / 1e6:.1f} MB")

    def listeners(self):
        name = f"听众 {time.time_ns()}"
        before = rss(self.stack.pid("gateway-1"))
        listeners = Listeners(self.address, self.company.client("everything@ZB").token, LISTENERS)
        try:
            end = time.monotonic() + 15
            while listeners.count(b"retry:") < LISTENERS and time.monotonic() < end:
                listeners.read(0.5)
            begun = listeners.count(b"HTTP/1.1 200")
            check(begun == LISTENERS, f"only {begun} of {LISTENERS} streams began")
            for number in range(5):
                phone = f"19{time.time_ns() % 10**9:09d}"
                send(self.company.client("representative@SH01"), "leads.customer.create",
                     {"name": f"{name} {number}", "phone": phone, "source": "visit"})
            end = time.monotonic() + 20
            while listeners.count(b"event: leads.") < LISTENERS and time.monotonic() < end:
                listeners.read(0.5)
            heard = listeners.count(b"event: leads.")
            size = rss(self.stack.pid("gateway-1"))
            print(f"  gateway with {LISTENERS} listeners: {size / 1e6:.1f} MB (before: {before / 1e6:.1f} MB)", flush=True)
            check(heard == LISTENERS, f"only {heard} of {LISTENERS} listeners heard of it")
            check(size < LISTENED_BYTES, f"the gateway has {size / 1e6:.1f} MB")
        finally:
            listeners.close()


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([*((name, lambda name=name: tests.service(name)) for name in SERVICES), ("gateway", tests.gateway),
                      (f"{LISTENERS} listeners", tests.listeners)], options.only)


if __name__ == "__main__":
    sys.exit(main())
