"""Dies once at each failpoint, in all services at once, while the whole main job goes on; afterwards every request is accounted for."""
import collections
import concurrent.futures
import os
import random
import re
import signal
import subprocess
import threading
import time

from nemesis import GIVE_UP_SECONDS, Nemesis
from place import ROOT, SERVICES

INSTANCES = "leads=2,collection=2,dispatch=2"  # two that read the same events: one of them fails and goes on
PATIENCE = {"positions_told": 240}  # each sixty sweeps of a second and more
JOBS, JOB_SECONDS = {"job_claimed", "job_done", "job_committed"}, 60  # the sealer's turn comes every five seconds
ONCE = {"positions_told"}  # in one service is enough
RARE = {"positions_told", "event_failed", "rolling_back", "rolled_back"}
PROVOKED = {"event_failed", "rolling_back", "rolled_back"}  # nothing fails by itself: statements are cancelled meanwhile
REACH_SECONDS, REACH_REQUESTS, REACH_MOST = 4, 300, 120  # who has not come there after so much work does not come there


def points():
    """Name and meaning, from the table in common/base/failpoint.h."""
    text = (ROOT / "common" / "base" / "failpoint.h").read_text(encoding="utf-8")
    return dict(re.findall(r'POINT\((\w+),[\s\\]*"([^"]+)"\)', text))  # a long line goes on behind a backslash


class Sweep:
    """A nemesis of another kind: it has the counts and the recoveries that a report wants."""

    def __init__(self, place, staff, journal, seed):
        self.place, self.journal, self.chance = place, journal, random.Random(f"sweep {seed}")
        self.nemesis = Nemesis(place, staff, journal, seed)
        self.reached, self.kills, self.error = collections.defaultdict(list), 0, None
        self.lock = threading.Lock()

    def run(self):
        """Every point, in all services that come to it; those nobody came to are a failure."""
        names = list(points())
        self.chance.shuffle(names)
        try:
            for name in names:
                if name in JOBS:
                    self._die_in_jobs(name)
                else:
                    self.die(name, SERVICES)
                print(f"  {name}: died in {' '.join(sorted(self.reached[name])) or 'none'}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            self.error = f"{type(error).__name__}: {error}"
        return [f"nobody came to the failpoint {name}" for name in names if not self.reached[name]]

    def die(self, name, services):
        """Once there in each of them: the programs are started armed, come to the point, die, and are started again unarmed."""
        before = {service: self.place.pid(f"{service}-1") for service in services}
        armed = {service: self._arm(name, service) for service in services}
        if name in PROVOKED:  # what is cancelled while it starts does not start
            self._wait_for_others(before)
        asked, begun, watches = len(self.journal.entries), time.monotonic(), []

        def is_patient():
            waited = time.monotonic() - begun
            if name in ONCE and len(armed) < len(services):
                return False
            return waited < PATIENCE.get(name, REACH_SECONDS) or len(self.journal.entries) < asked + REACH_REQUESTS and waited < REACH_MOST
        while armed and is_patient():
            for service in [service for service, path in armed.items() if not path.exists()]:
                del armed[service]
                watches.append(threading.Thread(target=self._dead, args=(name, service)))
                watches[-1].start()
            if armed and name in PROVOKED:
                self.nemesis.cancel_statements(self.chance.choice(sorted(armed)))
            time.sleep(0.01)
        for service, path in armed.items():
            path.unlink(missing_ok=True)
            self.place.signal(f"{service}-1", signal.SIGKILL)
            self.journal.trouble(f"{service} never came to {name}")
        for watch in watches:
            watch.join()
        for service in services:
            if not self._wait(service, time.monotonic()):
                raise RuntimeError(f"{service} does not answer after the deaths at {name}")

    def _wait_for_others(self, before):
        """Until in the place of each of these processes another one is ready."""
        end = time.monotonic() + GIVE_UP_SECONDS
        while waiting := [service for service, pid in before.items()
                          if self.place.pid(f"{service}-1") in (None, pid) or not self.place.is_ready(f"{service}-1")]:
            if time.monotonic() > end:
                raise RuntimeError(f"not ready after {GIVE_UP_SECONDS} s: {' '.join(waiting)}")
            time.sleep(0.1)

    def _die_in_jobs(self, name):
        """Programs whose clock is set run no jobs by themselves: one more of each, on the real clock, that no gateway knows."""
        with concurrent.futures.ThreadPoolExecutor(len(SERVICES)) as pool:
            list(pool.map(lambda service: self._die_in_job(name, service), SERVICES))

    def _die_in_job(self, name, service):
        home, end = self.place.home, time.monotonic() + JOB_SECONDS
        owner = os.stat(home)
        command = [home / "bin" / f"songda-{service}", "--settings", home / "settings" / f"{service}-1.conf", "--instance=jobs", "--clock=system",
                   f"--gateway=ipc://{home}/run/nobody", "--health="]
        while (left := end - time.monotonic()) > 0:  # the database of a busy machine may refuse it once
            process = subprocess.Popen(command, env={"SONGDA_FAILPOINT": f"{name}:1"}, user=owner.st_uid, group=owner.st_gid,
                                       stderr=subprocess.DEVNULL)
            try:
                if process.wait(left) == -signal.SIGKILL:
                    self._count(name, service)
                    return
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _count(self, name, service):
        self.journal.trouble(f"{service} died at {name}")
        with self.lock:
            self.reached[name].append(service)
            self.kills += 1
            self.nemesis.counts[name] += 1

    def _arm(self, name, service):
        unit, count = f"{service}-1", 1 if name in RARE else self.chance.randrange(1, 4)
        path = self.place.home / "run" / f"failpoint-{unit}"
        path.write_text(f"{name}:{count}\n", encoding="ascii")
        os.chmod(path, 0o666)
        self.place.signal(unit, signal.SIGTERM)
        return path

    def _dead(self, name, service):
        start = time.monotonic()
        self._count(name, service)
        if self._wait(service, start):
            self.nemesis.recoveries["failpoint"].append(time.monotonic() - start)

    def _wait(self, service, start):
        while not self.nemesis.answers(service):
            if time.monotonic() - start > GIVE_UP_SECONDS:
                return False
            time.sleep(0.02)
        return True
