"""Plays one scenario file against a running test company."""
import concurrent.futures
import datetime
import itertools
import json
import pathlib
import random
import re
import time

from language import ScenarioError, look_up, mismatch, pairs, words
from songda.client import new_key, retrying

LIBRARY = pathlib.Path(__file__).resolve().parent / "lib"
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
EVENTUALLY_SECONDS = 60  # of a slow machine: nothing waits longer than what it waits for


class Scenario:
    def __init__(self, company, path):
        self.company, self.path = company, path
        self.unique = f"{random.SystemRandom().randrange(36**6):06x}"
        self.token = self.unique
        self.variables, self.people = {}, []
        self.clock = None
        self.status, self.reply, self.last, self.results = None, None, None, []
        self.mark = company.tap.mark()

    def play(self):
        self._play_file(self.path)

    def _play_file(self, path):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                for step in re.split(r"\s/\s", line) if line.lstrip().startswith("together") else [line]:
                    self._step(step.strip())
            except ScenarioError as error:
                raise ScenarioError(f"{path.name}:{number}: {line.strip()}\n    {error}") from error

    def _step(self, line):
        parts = words(line)
        if not parts:
            return
        verb = getattr(self, "do_" + parts[0], None)
        if verb is None:
            raise ScenarioError(f"there is no step '{parts[0]}'")
        verb(parts[1:], line)

    # -- values ------------------------------------------------------------------------------------------------------
    def substitute(self, text):
        today = self._now().date()
        names = {"unique": self.unique, "token": self.token, "today": today.isoformat(), "now": self._now().isoformat(timespec="seconds"),
                 "tomorrow": (today + datetime.timedelta(days=1)).isoformat()}

        def special(match):
            value = match.group(2)
            return self.company.ids[value]
        text = re.sub(r"\$\{(staff|branch) ([^}]+)\}", special, text)
        text = text.replace("{phone}", "13" + "".join(random.SystemRandom().choices("0123456789", k=9)))
        text = re.sub(r"\{(unique|token|today|tomorrow|now)\}", lambda match: names[match.group(1)], text)
        text = re.sub(r"\{today([+-]\d+)\}", lambda match: (today + datetime.timedelta(days=int(match.group(1)))).isoformat(), text)

        def variable(match):
            if match.group(1) not in self.variables:
                raise ScenarioError(f"${match.group(1)} has no value yet")
            value = self.variables[match.group(1)]
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return re.sub(r"\$(\w+)", variable, text)

    def _now(self):
        return datetime.datetime.fromisoformat(self.clock) if self.clock else datetime.datetime.now(SHANGHAI)

    # -- steps -------------------------------------------------------------------------------------------------------
    def do_at(self, parts, _line):
        self.clock = parts[0]

    def do_as(self, parts, _line):
        self.people = self.substitute(parts[0]).split(",")

    def do_use(self, parts, _line):
        """Plays a shared block; {token} is another one each time."""
        self.token = f"{random.SystemRandom().randrange(16**6):06x}"
        self._play_file(LIBRARY / (parts[0] + ".txt"))

    def do_let(self, parts, _line):
        if len(parts) < 3 or parts[1] != "=":
            raise ScenarioError("let NAME = PATH of the last reply, or a value in quotes")
        source = " ".join(parts[2:])
        if source.startswith('"'):
            self.variables[parts[0]] = json.loads(self.substitute(source))
            return
        problem = mismatch({source: "*"}, self.reply)
        if problem:
            raise ScenarioError(problem)
        self.variables[parts[0]] = look_up(self.reply, source)

    def _parse(self, parts):
        operation = parts[0]
        if operation not in self.company.contract.operations:
            raise ScenarioError(f"there is no operation {operation}")
        fields = pairs(parts[1:], self.substitute, lambda name: self.company.contract.is_text(operation, name))
        return operation, fields

    def _send(self, person, operation, fields, key):
        client = self.company.client(person)
        client.clock = self.clock
        return retrying(lambda: client.call(operation, fields, key))

    def do_do(self, parts, _line):
        operation, fields = self._parse(parts)
        self.last = (self.people[0] if self.people else None, operation, fields, new_key())
        self.status, self.reply = self._send(*self.last)
        self.results = []

    def do_again(self, _parts, _line):
        before = (self.status, self.reply)
        self.status, self.reply = self._send(*self.last)
        plain = [{name: value for name, value in reply.items() if name != "trace"} if isinstance(reply, dict) else reply
                 for reply in (before[1], self.reply)]
        if (before[0], plain[0]) != (self.status, plain[1]):
            raise ScenarioError(f"the second answer differs: {before} then {(self.status, self.reply)}")

    def do_together(self, parts, _line):
        count = int(parts[0])
        if parts[1] != "do":
            raise ScenarioError("together N do OPERATION …")
        operation, fields = self._parse(parts[2:])
        people = list(itertools.islice(itertools.cycle(self.people), count))
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            sent = [pool.submit(self._send, person, operation, fields, new_key()) for person in people]
            self.results = [future.result() for future in sent]
        self.status, self.reply = self.results[0]

    def do_jobs(self, parts, _line):
        service, name = parts
        client = self.company.client("it_administrator@ZB")
        client.clock = self.clock
        for _ in range(200):
            status, reply = retrying(lambda: client.call(f"{service}.jobs.run", {"name": name}))
            if status != 200:
                raise ScenarioError(f"{service}.jobs.run {name}: {status} {reply}")
            if not reply.get("again"):
                return
        raise ScenarioError(f"the job {name} of {service} does not come to an end")

    def do_eventually(self, _parts, line):
        steps = [step.strip() for step in re.split(r"\s/\s", line[len("eventually"):])]
        end = time.monotonic() + EVENTUALLY_SECONDS
        while True:
            try:
                for step in steps:
                    self._step(step)
                return
            except ScenarioError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    # -- what must be true -------------------------------------------------------------------------------------------
    def do_expect(self, parts, line):
        if parts[0] == "event":
            return self._expect_event(parts)
        if parts[0].isdigit():
            return self._expect_counts(line)
        is_ok = self.status is not None and 200 <= self.status < 300
        if parts[0] == "ok":
            if not is_ok:
                raise ScenarioError(f"answered {self.status} {json.dumps(self.reply, ensure_ascii=False)}")
            problem = mismatch(pairs(parts[1:], self.substitute), self.reply)
        elif parts[0] == "error":
            if is_ok:
                raise ScenarioError(f"answered ok: {json.dumps(self.reply, ensure_ascii=False)}")
            problem = mismatch({"error": parts[1], **pairs(parts[2:], self.substitute)}, self.reply)
        else:
            raise ScenarioError("expect ok … | error NAME … | event NAME … | N ok, M error NAME")
        if problem:
            raise ScenarioError(f"{problem}\n    reply: {json.dumps(self.reply, ensure_ascii=False)[:2000]}")

    def _expect_event(self, parts):
        expected = pairs(parts[2:], self.substitute)
        if parts[1] not in self.company.contract.events:
            raise ScenarioError(f"there is no event {parts[1]}")
        body = self.company.tap.wait(parts[1], lambda body: mismatch(expected, body) is None, self.mark, EVENTUALLY_SECONDS)
        if body is None:
            same = [seen for name, seen in self.company.tap.seen[self.mark:] if name == parts[1]]
            raise ScenarioError(f"no such event came; of this name: {json.dumps(same[-3:], ensure_ascii=False)}")
        self.reply, self.status = body, 200

    def _expect_counts(self, line):
        outcomes = {}
        for status, reply in self.results:
            name = "ok" if 200 <= status < 300 else "error " + str(reply.get("error"))
            outcomes[name] = outcomes.get(name, 0) + 1
        expected = {}
        for part in line.split("expect", 1)[1].split(","):
            count, name = part.strip().split(" ", 1)
            expected[name.strip()] = int(count)
        if expected != outcomes:
            raise ScenarioError(f"the answers were {outcomes}")


