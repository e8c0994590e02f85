#!/usr/bin/python3 -B
"""proxy_test - what the proxy of the fault programmes does to a line on command: proxy_test.py PROGRAM."""
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))
LONG = 20  # seconds after which something does not happen any more


class Proxy(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.heard = []  # what came on each connection behind the proxy
        self.pieces = []  # in the order in which they came
        self.target = socket.socket(socket.AF_UNIX)
        self.target.bind(f"{self.folder.name}/target")
        self.target.listen()
        threading.Thread(target=self.echo, daemon=True).start()
        self.proxy = subprocess.Popen([PROGRAM, "line", f"unix:{self.folder.name}/proxy", f"unix:{self.folder.name}/target"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertEqual(self.proxy.stdout.readline(), "ready\n")

    def tearDown(self):
        self.proxy.stdin.close()
        self.assertEqual(self.proxy.wait(LONG), 0)  # it ends with its orders
        self.proxy.stdout.close()
        self.target.close()
        self.folder.cleanup()

    def echo(self):
        def serve(line, number):
            with line:
                try:
                    while piece := line.recv(65536):
                        self.heard[number] += piece
                        self.pieces.append(piece)
                        line.sendall(piece)
                except OSError:
                    pass
        while True:
            try:
                line, _ = self.target.accept()
            except OSError:
                return
            self.heard.append(b"")
            threading.Thread(target=serve, args=(line, len(self.heard) - 1), daemon=True).start()

    def order(self, *words):
        """Takes effect a little later; callers repeat until it has."""
        self.proxy.stdin.write(" ".join(words) + "\n")
        self.proxy.stdin.flush()

    def line(self):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(LONG)
        line.connect(f"{self.folder.name}/proxy")
        self.addCleanup(line.close)
        return line

    @staticmethod
    def read(line, count):
        data = b""
        while len(data) < count and (piece := line.recv(65536)):
            data += piece
        return data

    @staticmethod
    def is_closed(line):
        try:
            return line.recv(10) == b""
        except ConnectionError:
            return True

    def until(self, condition):
        end = time.monotonic() + LONG
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def test_a_megabyte_comes_through_unchanged_and_the_end_of_it_too(self):
        line, data = self.line(), os.urandom(1 << 20)
        threading.Thread(target=line.sendall, args=(data,), daemon=True).start()
        self.assertEqual(self.read(line, len(data)), data)
        line.shutdown(socket.SHUT_WR)
        self.assertEqual(line.recv(10), b"")

    def test_a_cut_closes_every_connection_and_new_ones_are_served(self):
        lines = [self.line() for _ in range(5)]
        for line in lines:
            line.sendall(b"there")
            self.assertEqual(self.read(line, 5), b"there")
        self.order("cut", "line")
        for line in lines:
            self.assertTrue(self.is_closed(line))
        line = self.line()
        line.sendall(b"again")
        self.assertEqual(self.read(line, 5), b"again")

    def test_a_torn_piece_arrives_half_and_its_connection_ends(self):
        line, got = self.line(), []
        self.order("tear", "line")

        def is_torn():
            try:
                line.sendall(b"12345678")
                got.append(self.read(line, 8))
            except ConnectionError:
                return True
            return got[-1] != b"12345678"
        self.until(is_torn)
        self.until(lambda: b"1234" in got or self.heard and self.heard[0].endswith(b"1234"))  # on the way back or there

    def test_a_delayed_line_is_slow_and_quick_again_afterwards(self):
        line = self.line()

        def turn():
            begun = time.monotonic()
            line.sendall(b"x")
            self.assertEqual(self.read(line, 1), b"x")
            return time.monotonic() - begun
        self.order("delay", "line", "0.2", "1")
        self.until(lambda: turn() > 0.4)  # there and back
        self.until(lambda: turn() < 0.2)

    def test_a_request_that_writes_is_doubled_and_nobody_hears_the_copys_answer(self):
        line = self.line()
        self.order("double", "line", "60")

        def is_doubled():
            line.sendall(b"POST /one")
            self.assertEqual(self.read(line, 9), b"POST /one")
            return b"POST /one" in self.heard[1:]
        self.until(is_doubled)
        for request in (b"GET /two", b"POST /end"):
            line.sendall(request)
            self.assertEqual(self.read(line, len(request)), request)
        self.until(lambda: b"POST /end" in self.heard[1:])
        self.assertNotIn(b"GET /two", self.heard[1:])

    def test_requests_that_write_are_reordered(self):
        self.order("reorder", "line", "60")
        lines = [self.line() for _ in range(20)]

        def are_reordered():
            before = len(self.pieces)
            for number, line in enumerate(lines):
                line.sendall(b"POST %02d" % number)
            for number, line in enumerate(lines):
                self.assertEqual(self.read(line, 7), b"POST %02d" % number)
            return self.pieces[before:] != sorted(self.pieces[before:])
        self.until(are_reordered)


if __name__ == "__main__":
    unittest.main()
