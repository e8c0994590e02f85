#!/usr/bin/python3
"""10,000 malformed frames, always the same ones: mutations of tests/fuzz's corpora, sent to the gateway's two doors.

Nobody dies, the gateway and the services together do not grow by 64 MiB, no frame costs 50 ms of processor, and what is asked properly between
them is answered.
"""
import pathlib
import random
import socket
import subprocess
import sys
import tempfile

import msgpack
import zmq

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from payloads import Processor  # noqa: E402
from running import ROOT, SERVICES, Stack, arguments, check, rss, run_tests, test_company, wait_for  # noqa: E402
from songda.client import new_key  # noqa: E402

SEED, FRONT_FRAMES, HTTP_FRAMES = 20261123, 7000, 3000
CHUNK, CPU_SECONDS, GROWTH = 20, 0.050, 64 << 20
WARM_UP = 500
LARGEST = 16384


class Tests:
    def __init__(self, options):
        self.stack, self.address = Stack(options.stack), options.address
        self.company = test_company(options.address)
        self.token = self.company.client("operator@SH01").token
        self.chance = random.Random(SEED)
        self.pids = self.all_pids()
        self.processor = Processor(self.stack, ["staff"])
        self.before = None
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([ROOT / "tests" / "fuzz" / "seeds.py", folder], check=True)
            for path in pathlib.Path(folder).glob("*/staff.session.close*"):
                path.unlink()  # it would be done
            self.bodies, self.requests = self.read(pathlib.Path(folder) / "bodies"), self.read(pathlib.Path(folder) / "request")
        self.envelopes = self.read(ROOT / "tests" / "fuzz" / "corpus" / "envelope")

    @staticmethod
    def read(folder):
        return [path.read_bytes() for path in sorted(folder.iterdir())]

    def all_pids(self):
        return {name: state[0] for name, state in self.stack.status().items() if name.rsplit("-", 1)[0] in ("gateway", *SERVICES)}

    def size(self):
        return sum(rss(pid) for pid in self.pids.values())

    # -- frames

    def mutated(self, data, others):
        data = bytearray(data)
        for _ in range(self.chance.randrange(1, 6)):
            at, length, kind = self.chance.randrange(len(data) + 1), self.chance.randrange(1, 17), self.chance.randrange(7)
            if kind == 0 and at < len(data):
                data[at] = self.chance.randrange(256)
            elif kind == 1 and at < len(data):
                data[at] ^= 1 << self.chance.randrange(8)
            elif kind == 2:
                del data[at:at + length]
            elif kind == 3:
                data[at:at] = data[at:at + length]
            elif kind == 4:
                data[at:at + length] = self.chance.choice((b"\xff", b"\0", b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff")) * self.chance.randrange(1, 4)
            elif kind == 5:
                del data[at:]
            else:
                other = self.chance.choice(others)
                data[at:at] = other[:self.chance.randrange(len(other) + 1)]
        return bytes(data[:LARGEST])

    def envelope(self):
        """A frame of a client: the envelope broken, or its body, or one of the corpus broken."""
        kind = self.chance.randrange(3)
        if kind == 0:
            return self.mutated(self.chance.choice(self.envelopes), self.envelopes)
        name, _, body = self.chance.choice(self.bodies).partition(b"\n")
        body = self.mutated(body, self.bodies) if kind == 1 else body
        key = bytes(self.chance.randrange(256) for _ in range(16))
        frame = msgpack.packb([1, 1, b"frame", name.decode(), self.token, key, 1000, 0, "", body, None])
        return frame if kind == 1 else self.mutated(frame, self.bodies)

    def request(self):
        """A request of HTTP, its head or its body broken."""
        line, _, body = self.chance.choice(self.requests).partition(b"\n")
        head = b"%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n" % (
            line, self.address.encode(), self.token.encode(), new_key().encode(), len(body))
        if self.chance.randrange(2):
            return self.mutated(head, self.requests) + body
        body = self.mutated(body, self.requests)
        return head.replace(b"Content-Length: ", b"X-Was: ").replace(b"\r\n\r\n", b"\r\nContent-Length: %d\r\n\r\n" % len(body)) + body

    # -- doors

    def open_front(self):
        line = zmq.Context.instance().socket(zmq.DEALER)
        line.setsockopt(zmq.LINGER, 0)
        line.setsockopt(zmq.RCVTIMEO, 20000)
        line.connect(self.stack.show("clients"))
        return line

    def send_front(self, frames):
        """All of them, then a good one: when that is answered, all before it were read."""
        for frame in frames:
            self.front.send(frame)
        for _ in range(20):
            self.front.send(msgpack.packb([1, 1, b"good", "staff.session.list", self.token, None, 4000, 0, "", b"\x80", None]))
            while True:
                reply = msgpack.unpackb(self.front.recv(), strict_map_key=False)
                if reply[2] == b"good":
                    break
            if reply[10] is None:
                return
            check(reply[10][0] in ("busy", "service_unavailable", "too_many_requests"), f"a good request between them: {reply[10]}")
        check(False, "no good request between them was answered")

    def send_http(self, frames):
        """Each on a connection of its own, then a good request: what came before it was read. Torn ones would wait for their rest."""
        host, port = self.address.split(":")
        lines = []
        for frame in frames:
            line = socket.create_connection((host, int(port)), timeout=20)
            lines.append(line)
            try:
                line.sendall(frame)
                line.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # refused in the middle
        status, _ = self.company.client("operator@SH01").call("staff.session.list", {})
        for line in lines:
            line.close()
        check(status == 200, f"a good request between them: {status}")

    # -- judging

    def cost(self, send, frames):
        before = self.processor.used("staff")
        send(frames)
        return self.processor.used("staff") - before

    def play(self, make, send, count):
        dearest = 0
        for start in range(0, count, CHUNK):
            frames = [make() for _ in range(CHUNK)]
            if self.cost(send, frames) > CPU_SECONDS:
                for frame in frames:  # the cheapest of five: the same processes do other work too
                    costs = []
                    while len(costs) < 5 and (not costs or min(costs) > CPU_SECONDS):
                        costs.append(self.cost(send, [frame]))
                    dearest = max(dearest, min(costs))
                    check(min(costs) <= CPU_SECONDS, f"{min(costs) * 1000:.0f} ms of processor for {frame[:200]!r}")
            if start >= WARM_UP and self.before is None:
                self.before = self.size()
        return dearest

    def frames(self):
        self.front = self.open_front()
        dearest = max(self.play(self.envelope, self.send_front, FRONT_FRAMES), self.play(self.request, self.send_http, HTTP_FRAMES))
        # A sign-in among them takes 64 MiB for its hash and gives them back.
        wait_for(lambda: self.size() - self.before < GROWTH, 60, f"grown by {(self.size() - self.before) >> 20} MiB")
        grown = self.size() - self.before
        print(f"        {FRONT_FRAMES + HTTP_FRAMES} frames; the dearest single one {dearest * 1000:.0f} ms of processor; grown by {grown / 2**20:.1f} MiB")

    def alive(self):
        now = self.all_pids()
        check(now == self.pids, f"died: {[name for name in now if now[name] != self.pids[name]]}")
        status, _ = self.company.client("operator@SH01").call("staff.session.list", {})
        check(status == 200, f"a good request afterwards: {status}")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("10,000 malformed frames", tests.frames), ("all live on and answer", tests.alive)], options.only)


if __name__ == "__main__":
    sys.exit(main())
