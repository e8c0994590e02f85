#!/usr/bin/python3
"""Guessing at the door: a name that nobody has answers like one that somebody has, in words and in work, and guesses slow nobody who is signed in.

Work is the processor's time of staff, not the clock's: other things run on the machine.
"""
import pathlib
import random
import statistics
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from payloads import Processor  # noqa: E402
from running import Stack, arguments, check, run_tests, test_company  # noqa: E402
from songda.client import new_key  # noqa: E402

PAIRS, FACTOR = 12, 1.3
GUESSES_A_SECOND = 10000 / 3600
ROUNDS, READS = 4, 40
SLOWER, FLOOR = 4, 0.050  # a read beside guesses takes at most that many times as long, or so many seconds more
PASSING = {"busy", "service_unavailable", "too_many_requests", "deadline_exceeded", "conflict"}


class Tests:
    def __init__(self, options):
        self.stack, self.company = Stack(options.stack), test_company(options.address)
        self.processor = Processor(self.stack, ["staff"])
        self.client = self.company.client("operator@SH01")
        self.names = [name for name in self.company.ids if name.endswith("@HZ01") and "." not in name]
        random.shuffle(self.names)

    def guess(self, name):
        """(the answer without its trace, the processor's time)"""
        while True:
            before = self.processor.used("staff")
            status, reply = self.company.plain.call("staff.session.open", {"sign_in_name": name, "password": "a wrong guess of this test"})
            cost = self.processor.used("staff") - before
            if reply.get("error") not in PASSING:
                return (status, {key: value for key, value in reply.items() if key not in ("trace", "instance")}), cost

    def nobody_is_told_apart(self):
        """Interleaved, each name once; a second and third look where other work was in the way."""
        check(len(self.names) >= PAIRS, f"only {len(self.names)} names")
        for attempt in range(3):
            costs = {"somebody": [], "nobody": []}
            for number in range(PAIRS):
                somebody = self.names[number]
                nobody = f"{somebody.split('@')[0]}{new_key()[-4:]}@HZ01"
                pair = [("somebody", somebody), ("nobody", nobody)]
                answers = {}
                for kind, name in pair if number % 2 else reversed(pair):
                    answers[kind], cost = self.guess(name)
                    costs[kind].append(cost)
                check(answers["somebody"] == answers["nobody"], f"{somebody}: {answers}")
                check(answers["nobody"][1]["error"] == "sign_in_refused", f"{answers}")
            somebody, nobody = (statistics.median(costs[kind]) for kind in ("somebody", "nobody"))
            print(f"        {PAIRS} of each: {somebody * 1000:.1f} ms of processor for a name that is there, {nobody * 1000:.1f} ms for nobody's")
            if max(somebody, nobody) < FACTOR * min(somebody, nobody):
                check(min(somebody, nobody) > 0.02, "no password was hashed")
                return
            check(attempt < 2, "a name that is there can be told by the work")

    def read(self):
        started = time.perf_counter()
        status, reply = self.client.call("staff.person.list", {"limit": 20})
        check(status == 200, f"{status} {reply}")
        return time.perf_counter() - started

    def guesses_slow_nobody(self):
        over, on, answers = threading.Event(), threading.Event(), []

        def work():
            while not over.is_set():
                if on.wait(0.1):
                    answers.append(self.guess(f"guessed{new_key()[-8:]}@SH01")[0][1]["error"])
                    time.sleep(3 / GUESSES_A_SECOND / 2)  # three of them, together up to twice the rate
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        times = {"alone": [], "beside guesses": []}
        try:
            for _ in range(ROUNDS):
                for kind in times:
                    (on.set if kind == "beside guesses" else on.clear)()
                    for _ in range(READS):
                        times[kind].append(self.read())
                        time.sleep(0.02)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        alone, beside = (statistics.median(times[kind]) for kind in times)
        print(f"        {len(answers)} guesses; a read takes {alone * 1000:.1f} ms alone, {beside * 1000:.1f} ms beside them")
        check(len(answers) > 3 and set(answers) <= {"sign_in_refused", "sign_in_locked"}, f"{set(answers)} of {len(answers)}")
        check(beside < SLOWER * alone or beside < alone + FLOOR, "guesses slow those who are signed in")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("nobody's name answers like somebody's, in words and in work", tests.nobody_is_told_apart),
                      ("guesses at twice 10,000 an hour slow nobody who is signed in", tests.guesses_slow_nobody)], options.only)


if __name__ == "__main__":
    sys.exit(main())
