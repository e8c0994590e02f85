#!/usr/bin/python3
"""The replay of real order history while one random process is killed with SIGKILL every two seconds: it ends with the same figures.

It makes a stack of its own: beside --stack and with its programs and 200 ports further when that is given. Programs, PostgreSQL and Redis are
killed in turn of a random order; --seed repeats the order.
"""
import collections
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from replaying import options_of, play, prefer_own_stack  # noqa: E402
from running import check, run_tests  # noqa: E402

EVERY_SECONDS = 2


class Killer(threading.Thread):
    """Kills one process of the stack every two seconds until it is told to stop."""

    def __init__(self, stack, seed):
        super().__init__(daemon=True)
        self.stack, self.chance = stack, random.Random(seed)
        self.names = sorted(stack.status())
        self.deaths, self.is_stopped = collections.Counter(), threading.Event()

    def run(self):
        start = turn = 0
        while not self.is_stopped.wait(max(0.0, start + EVERY_SECONDS - time.monotonic()) if turn else 0):
            start, turn = time.monotonic(), turn + 1
            name = self.chance.choice(self.names)
            try:
                self.stack.run("kill9", name)
                self.deaths[name] += 1
            except Exception:  # pylint: disable=broad-except
                self.deaths["was dead already"] += 1

    def stop(self):
        self.is_stopped.set()
        self.join()
        print("  killed: " + ", ".join(f"{name} {count}" for name, count in sorted(self.deaths.items())), flush=True)


def main():
    options = options_of(__doc__, 2, {"seed": random.randrange(10**6), "minutes": 8})
    print(f"seed {options.seed}", flush=True)
    with prefer_own_stack(options, "replay-kill", 200) as (stack, address):
        def under_kill():
            killer = Killer(stack, options.seed)
            killer.start()
            start = time.monotonic()
            try:
                play(address, options.days, options.minutes * 60)
            finally:
                killer.stop()
            killed = killer.deaths.total() - killer.deaths["was dead already"]
            check(killed >= min(3, (time.monotonic() - start) / EVERY_SECONDS / 2), f"only {killed} were killed")
        return run_tests([("every difference is 0", under_kill), ("the invariants", stack.invariants)], options.only)


if __name__ == "__main__":
    sys.exit(main())
