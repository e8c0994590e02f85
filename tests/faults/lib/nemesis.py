"""Makes trouble: one action after the other, chosen and parametrised by the seed, each with its entry in the journal."""
import collections
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

from place import SERVICES

# action: how often, relative to the others
MIX = {
    "kill": 40, "kill_some": 60, "kill_all": 2, "stop_and_go": 8, "end_politely": 3,
    "postgres": 2, "backend": 3, "disconnect": 3, "cancel": 3, "redis": 3, "redis_flush": 3, "redis_pause": 2,
    "http_cut": 3, "http_tear": 2, "http_delay": 2, "http_double": 3, "http_reorder": 2,
    "postgres_cut": 2, "postgres_tear": 2, "postgres_delay": 2, "redis_cut": 2, "redis_tear": 1, "redis_delay": 2,
    "lines_cut": 3, "lines_tear": 2, "lines_delay": 3, "wakeups_cut": 2, "wakeups_delay": 1,
    "disk_full": 0.7, "failing_call": 3, "clock": 2,
}
SOME = (2, 5)  # processes killed at once
RECOVERY_SECONDS = {"service": 3.0, "postgres": 15.0}
GIVE_UP_SECONDS = 300  # a machine without a processor to spare takes two minutes to start a program
CANCEL_SECONDS = 0.6
AFTERMATH_SECONDS = 1.5  # until those who suffer from a trouble have noticed
QUOTA_SHARE = 0.3  # of the turns, while something is owed
BUSY_SECONDS = 1.0  # a machine that takes longer for an answer without any trouble says nothing about the answers with it


class Nemesis:
    def __init__(self, place, staff, journal, seed, actions=None):
        self.place, self.staff, self.journal, self.chance = place, staff, journal, random.Random(f"nemesis {seed}")
        self.counts, self.skipped = collections.Counter(), {}
        self.recoveries, self.slowest = collections.defaultdict(list), {}
        self.disturbed_until, self.judged = 0.0, 0
        self.mix = {name: weight for name, weight in MIX.items() if not actions or name in actions}
        self.units = place.programs_running()
        self._leave_out()

    def _leave_out(self):
        """What cannot be done here, with the reason."""
        reasons = {"disk_full": None if self.place.has_disk else "no tmpfs can be mounted here, or the stack cannot live in it",
                   "failing_call": None if shutil.which("strace") and os.geteuid() == 0 else "strace is not installed, or may not be used",
                   "clock": None if self.place.has_clock else "libfaketime is not installed, or this programme sets no clock"}
        for name, reason in reasons.items():
            if reason and self.mix.pop(name, None) is not None:
                self.skipped[name] = reason

    # -- turns -------------------------------------------------------------------------------------------------------
    def turn(self):
        """One action; how many processes of services and gateway it killed."""
        names, weights = zip(*self.mix.items())
        name = self.chance.choices(names, weights)[0]
        return self.act(name)

    def act(self, name):
        self.counts[name] += 1
        return getattr(self, f"_{name}")() or 0

    def note(self, text, aftermath=AFTERMATH_SECONDS):
        self.journal.trouble(text)
        self.disturbed_until = max(self.disturbed_until, time.monotonic() + aftermath)

    def answers(self, service):
        result, _ = self.staff.once("it_administrator@ZB", f"{service}.setting.list", {}, None)
        return result == "acknowledged"

    def _wait_for(self, services, kind, start):
        """Until all of them answer again; how long that took is kept, if it is of a kind, and in the journal who took how long and was asked
        how often."""
        end, what, course = start + GIVE_UP_SECONDS, self.journal.troubles[-1][1] if self.journal.troubles else "nothing", []
        for service in services:
            begun, asked = time.monotonic(), 1
            while not self.answers(service):
                asked += 1
                if time.monotonic() > end:
                    raise RuntimeError(f"{service} does not answer {GIVE_UP_SECONDS} s after {what}")
                time.sleep(0.02)
            course.append(f"{service} {time.monotonic() - begun:.2f} s ({asked})")
        if kind:
            taken = time.monotonic() - start
            self.recoveries[kind].append(taken)
            self.slowest[kind] = max(self.slowest.get(kind, (0.0, "")), (taken, what))
            self.journal.trouble(f"answers again {taken:.2f} s after {what}: " + ", ".join(course))

    # -- processes ---------------------------------------------------------------------------------------------------
    def _kill_units(self, units):
        """How many were there to be killed."""
        start = time.monotonic()
        self.note("SIGKILL " + " ".join(units))
        killed = sum(self.place.signal(unit, signal.SIGKILL) for unit in units)
        services = {unit.rsplit("-", 1)[0] for unit in units}
        self._wait_for(SERVICES if "gateway" in services else sorted(services & set(SERVICES)), "service", start)
        return killed

    def _kill(self):
        time.sleep(self.chance.random() * 0.15)
        return self._kill_units([self.chance.choice(self.units)])

    def _kill_some(self):
        return self._kill_units(self.chance.sample(self.units, self.chance.randint(*SOME)))

    def _kill_all(self):
        return self._kill_units(self.units)

    def _end_politely(self):
        unit = self.chance.choice(self.units)
        self.note(f"SIGTERM {unit}")
        self.place.signal(unit, signal.SIGTERM)

    def _stop_and_go(self):
        unit = self.chance.choice([*self.units, "postgres", "redis"])
        seconds = self.chance.choice([0.2, 0.7, 1.5, 4.5])
        self.note(f"SIGSTOP {unit} for {seconds} s")
        self.place.signal(unit, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            self.place.signal(unit, signal.SIGCONT)

    # -- PostgreSQL --------------------------------------------------------------------------------------------------
    def _postgres(self):
        start = time.monotonic()
        self.note("SIGKILL postgres' postmaster")
        self.place.signal("postgres", signal.SIGKILL)
        self._wait_for(SERVICES, "postgres", start)

    def _backend(self):
        """One that dies takes all others with it: PostgreSQL starts anew."""
        backends = [pid for pid, title in self.place.backends() if "songda_" in title]
        if not backends:
            return
        pid, start = self.chance.choice(backends), time.monotonic()
        self.note(f"SIGKILL a PostgreSQL backend, {pid}")
        self._signal_backend(pid, signal.SIGKILL)
        time.sleep(0.05)
        self._wait_for(SERVICES, "postgres", start)

    def _disconnect(self):
        backends = [pid for pid, title in self.place.backends() if "songda_" in title]
        if backends:
            pid = self.chance.choice(backends)
            self.note(f"SIGTERM a PostgreSQL backend, {pid}")
            self._signal_backend(pid, signal.SIGTERM)

    def _cancel(self):
        """Statements of one service are cancelled for a while, one after the other: failures that pass."""
        service, end = self.chance.choice(SERVICES), time.monotonic() + CANCEL_SECONDS
        self.note(f"SIGINT {service}'s PostgreSQL backends for {CANCEL_SECONDS} s")
        while time.monotonic() < end:
            self.cancel_statements(service)
            time.sleep(0.004)

    def cancel_statements(self, service):
        """Those under way: who waits for its client has none."""
        for pid, title in self.place.backends():
            if f"songda_{service} " in title and not title.endswith(" idle"):
                self._signal_backend(pid, signal.SIGINT)

    @staticmethod
    def _signal_backend(pid, number):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    # -- Redis -------------------------------------------------------------------------------------------------------
    def _ask_redis(self, *words):
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.place.home / "run" / "redis.sock"))
                line.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words)))
                line.recv(100)
        except OSError:
            pass

    def _redis(self):
        """Killed; what is asked meanwhile must be answered without one repetition."""
        is_quick = self._calm()
        self.note("SIGKILL redis", 0)
        self.place.signal("redis", signal.SIGKILL)
        self._ask_through("redis killed", is_quick)

    def _redis_flush(self):
        is_quick = self._calm()
        self.note("FLUSHALL redis", 0)
        self._ask_redis("FLUSHALL")
        self._ask_through("redis flushed", is_quick)

    def _redis_pause(self):
        milliseconds, is_quick = self.chance.choice([100, 700, 2000]), self._calm()
        self.note(f"CLIENT PAUSE redis {milliseconds} ms", 0)
        self._ask_redis("CLIENT", "PAUSE", str(milliseconds))
        self._ask_through("redis paused", is_quick)

    def _calm(self):
        """Waits until nothing is left of other troubles; whether every service answers quickly then."""
        time.sleep(max(0.0, self.disturbed_until - time.monotonic()))
        self._wait_for(SERVICES, None, time.monotonic())
        begun = time.monotonic()
        return all(self.answers(service) for service in SERVICES) and time.monotonic() - begun < BUSY_SECONDS

    def _ask_through(self, why, is_quick):
        """A lost Redis costs speed, never an operation: each service is asked once."""
        for service in SERVICES:
            result, reply = self.staff.once("it_administrator@ZB", f"{service}.setting.list", {}, None)
            if is_quick and result != "acknowledged":
                self.recoveries["redis operations failed"].append(1)
                self.journal.complain(None, f"{why}, and {service} did not answer: {reply}")
        self.judged += is_quick

    # -- the wire ----------------------------------------------------------------------------------------------------
    def _proxied(self, *words):
        self.note("proxy: " + " ".join(map(str, words)), AFTERMATH_SECONDS + (words[-1] if isinstance(words[-1], (int, float)) else 0))
        self.place.tell_proxy(*words)

    def _http_cut(self):
        self._proxied("cut", "http")

    def _http_tear(self):
        self._proxied("tear", "http")

    def _http_delay(self):
        self._proxied("delay", "http", self.chance.choice([0.05, 0.5]), 1.5)

    def _http_double(self):
        self._proxied("double", "http", 2)

    def _http_reorder(self):
        self._proxied("reorder", "http", 2)

    def _postgres_cut(self):
        self._proxied("cut", "postgres")

    def _postgres_tear(self):
        self._proxied("tear", "postgres")

    def _postgres_delay(self):
        self._proxied("delay", "postgres", self.chance.choice([0.02, 0.3]), 1.0)

    def _redis_cut(self):
        is_quick = self._calm()
        self._proxied("cut", "redis")
        self._ask_through("redis cut", is_quick)

    def _redis_tear(self):
        self._proxied("tear", "redis")

    def _redis_delay(self):
        self._proxied("delay", "redis", self.chance.choice([0.02, 0.5]), 1.0)

    def _lines_cut(self):
        """Between the gateway and all services."""
        self._proxied("cut", "workers")

    def _lines_tear(self):
        """In the middle of a message."""
        self._proxied("tear", "workers")

    def _lines_delay(self):
        self._proxied("delay", "workers", self.chance.choice([0.02, 0.3]), self.chance.choice([1.0, 4.0]))

    def _wakeups_cut(self):
        self._proxied("cut", "wakeups_in")
        self._proxied("cut", "wakeups_out")

    def _wakeups_delay(self):
        self._proxied("delay", "wakeups_out", 0.3, 3.0)

    # -- the machine -------------------------------------------------------------------------------------------------
    def _disk_full(self):
        self.place.fill_disk()
        self.note("the disk is full for 1.5 s")
        time.sleep(1.5)
        self.place.empty_disk()
        start = time.monotonic()
        self._wait_for(SERVICES, "disk full", start)

    def _failing_call(self):
        """The n-th write, fsync or send of a process fails (strace)."""
        backends = [(pid, title) for pid, title in self.place.backends() if re.search("walwriter|checkpointer|songda_", title)]
        services = [(self.place.pid(unit), unit) for unit in self.units]
        calls = [("fdatasync", "EIO", backends), ("pwrite64", "ENOSPC", backends), ("sendto", "ECONNRESET", backends + services),
                 ("recvfrom", "ECONNRESET", backends + services), ("write", "EIO", services)]
        call, error, chosen = self.chance.choice(calls)
        pid, title = self.chance.choice(chosen) if chosen else (None, None)
        if pid is None:
            return
        number, start = self.chance.randrange(1, 30), time.monotonic()
        self.note(f"strace: the {number}th {call} of {title} ({pid}) fails with {error}")
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(pid), "-e", f"trace={call}",
                                   "-e", f"inject={call}:error={error}:when={number}"], stderr=subprocess.DEVNULL)
        try:
            tracer.wait(2)
        except subprocess.TimeoutExpired:
            tracer.terminate()
            tracer.wait()
        self._wait_for(SERVICES, "failing call", start)

    def _clock(self):
        seconds = self.chance.choice([-3600, -30, 30, 600, 7200])
        self.note(f"clock: {seconds:+d} s for 2.5 s")
        self.place.set_clock(seconds)
        time.sleep(2.5)
        self.place.set_clock(0)
        self.note("clock: as it was")
        time.sleep(1.1)


class Schedule(threading.Thread):
    """Turns of the nemesis until as many have been killed as shall be and every quota is met, or time is over."""

    def __init__(self, nemesis, kills, seconds, gap, quotas=None):
        super().__init__(daemon=True)
        self.nemesis, self.kills_wanted, self.gap, self.quotas = nemesis, kills, gap, dict(quotas or {})
        self.end, self.kills, self.error = time.monotonic() + seconds, 0, None

    def _owed(self):
        return [name for name, count in self.quotas.items() if name in self.nemesis.mix and self.nemesis.counts[name] < count]

    def run(self):
        try:
            while time.monotonic() < self.end and (self.kills < self.kills_wanted or self._owed()):
                owed, chance = self._owed(), self.nemesis.chance
                if owed and (self.kills >= self.kills_wanted or chance.random() < QUOTA_SHARE):
                    self.kills += self.nemesis.act(chance.choice(owed))
                else:
                    self.kills += self.nemesis.turn()
                time.sleep(chance.random() * self.gap)
        except Exception as error:  # pylint: disable=broad-except
            self.error = f"{type(error).__name__}: {error}"
