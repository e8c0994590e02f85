#!/usr/bin/python3
"""A small proxy between processes that makes trouble on command: it cuts, delays, doubles and reorders.

  proxy.py NAME LISTEN TARGET …     LISTEN and TARGET: unix:PATH or HOST:PORT

Commands come on standard input, one a line: `cut NAME`, `delay NAME SECONDS-OF-EACH SECONDS-IN-ALL`, `tear NAME` (the next chunk is cut in
its middle, then all are cut), and for HTTP `double NAME SECONDS`, `reorder NAME SECONDS`. A byte stream that is doubled or reordered is not one TCP could
deliver; therefore the last two are about whole requests on connections of their own.
"""
import asyncio
import collections
import contextlib
import os
import random
import sys
import time


async def connect(place):
    if place.startswith("unix:"):
        return await asyncio.open_unix_connection(place[5:])
    host, port = place.rsplit(":", 1)
    return await asyncio.open_connection(host, int(port))


class Link:
    def __init__(self, target, chance):
        self.target, self.chance = target, chance
        self.writers = set()
        self.delay, self.delayed_until, self.doubled_until, self.reordered_until = 0.0, 0.0, 0.0, 0.0
        self.tears = False

    def cut(self):
        for writer in list(self.writers):
            writer.transport.abort()

    async def serve(self, reader, writer):
        try:
            to_reader, to_writer = await connect(self.target)
        except OSError:
            writer.transport.abort()
            return
        self.writers |= {writer, to_writer}
        try:
            await asyncio.gather(self._carry(reader, to_writer, True), self._carry(to_reader, writer, False))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for one in (writer, to_writer):
                self.writers.discard(one)
                one.transport.abort()

    async def _carry(self, reader, writer, is_request):
        while chunk := await reader.read(65536):
            now = time.monotonic()
            if self.tears:
                self.tears = False
                writer.write(chunk[:len(chunk) // 2])
                await writer.drain()
                self.cut()
                return
            if now < self.delayed_until:
                await asyncio.sleep(self.delay)
            starts = is_request and chunk[:5] in (b"POST ", b"PUT /", b"PATCH", b"DELET")
            if starts and now < self.reordered_until:
                await asyncio.sleep(self.chance.random() * 0.3)
            if starts and now < self.doubled_until:
                asyncio.ensure_future(self._double(chunk))
            writer.write(chunk)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()

    async def _double(self, chunk):
        """The same request on a connection of its own; nobody hears the answer."""
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            reader, writer = await connect(self.target)
            writer.write(chunk)
            await asyncio.wait_for(reader.read(65536), 6)
            writer.transport.abort()


def obey(links, line):
    verb, name, *numbers = line.split()
    numbers, now = [float(number) for number in numbers], time.monotonic()
    for link in links[name]:
        obey_one(link, verb, numbers, now)


def obey_one(link, verb, numbers, now):
    if verb == "cut":
        link.cut()
    elif verb == "tear":
        link.tears = True
    elif verb == "delay":
        link.delay, link.delayed_until = numbers[0], now + numbers[1]
    elif verb == "double":
        link.doubled_until = now + numbers[0]
    elif verb == "reorder":
        link.reordered_until = now + numbers[0]


async def main(words):
    links = collections.defaultdict(list)  # by name; the lines to several gateways have the same
    for name, listen, target in zip(words[::3], words[1::3], words[2::3]):
        link = Link(target, random.Random(name))
        links[name].append(link)
        if listen.startswith("unix:"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(listen[5:])
            await asyncio.start_unix_server(link.serve, listen[5:])
            os.chmod(listen[5:], 0o777)
        else:
            host, port = listen.rsplit(":", 1)
            await asyncio.start_server(link.serve, host, int(port), backlog=512)
    print("ready", flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        obey(links, line.decode())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
