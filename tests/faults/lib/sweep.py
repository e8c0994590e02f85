"""Dies once at each failpoint of each service while the whole main job goes on; afterwards every request is accounted for."""
import collections
import contextlib
import os
import random
import re
import signal
import time

from nemesis import Nemesis
from place import ROOT, SERVICES

INSTANCES = "leads=2,collection=2,dispatch=2"  # two that read the same events: one of them fails and goes on
PATIENCE = {"positions_told": 70, "job_claimed": 15, "job_done": 15, "job_committed": 15}  # the sealer's turn comes every five seconds
ONCE = {"positions_told"}  # in one service is enough
RARE = {"positions_told", "event_failed", "rolling_back", "rolled_back", "job_claimed", "job_done", "job_committed"}
PROVOKED = {"event_failed", "rolling_back", "rolled_back"}  # nothing fails by itself: statements are cancelled meanwhile
REACH_SECONDS, REACH_REQUESTS, REACH_MOST = 4, 300, 120  # who has not come there after so much work does not come there


def points():
    """Name and meaning, from the table in common/base/failpoint.h."""
    text = (ROOT / "common" / "base" / "failpoint.h").read_text(encoding="utf-8")
    return dict(re.findall(r'POINT\((\w+),\s*"([^"]+)"\)', text))


class Sweep:
    """A nemesis of another kind: it has the counts and the recoveries that a report wants."""

    def __init__(self, place, staff, journal, seed):
        self.place, self.journal, self.chance = place, journal, random.Random(f"sweep {seed}")
        self.nemesis = Nemesis(place, staff, journal, seed)
        self.reached, self.kills, self.error = collections.defaultdict(list), 0, None

    def run(self):
        """Every point in every service that comes to it; those nobody came to are a failure."""
        names = list(points())
        self.chance.shuffle(names)
        try:
            for name in names:
                for service in SERVICES:
                    if name in ONCE and self.reached[name]:
                        continue
                    self.die(name, service)
                print(f"  {name}: died in {' '.join(self.reached[name]) or 'none'}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            self.error = f"{type(error).__name__}: {error}"
        return [f"nobody came to the failpoint {name}" for name in names if not self.reached[name]]

    def die(self, name, service):
        """Once there: the program is started armed, comes to the point, dies, and is started again unarmed."""
        unit, count = f"{service}-1", 1 if name in RARE else self.chance.randrange(1, 4)
        path = self.place.home / "run" / f"failpoint-{unit}"
        path.write_text(f"{name}:{count}\n", encoding="ascii")
        os.chmod(path, 0o666)
        self.place.signal(unit, signal.SIGTERM)
        asked, begun = len(self.journal.entries), time.monotonic()

        def is_patient():
            waited = time.monotonic() - begun
            return waited < PATIENCE.get(name, REACH_SECONDS) or len(self.journal.entries) < asked + REACH_REQUESTS and waited < REACH_MOST
        while path.exists() and is_patient():
            if name in PROVOKED:
                self.nemesis.cancel_statements(service)
            time.sleep(0.01)
        start = time.monotonic()
        if path.exists():
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            self.place.signal(unit, signal.SIGKILL)
            self.journal.trouble(f"{service} never came to {name}")
        else:
            self.reached[name].append(service)
            self.kills += 1
            self.journal.trouble(f"{service} died at {name}, the {count}. time")
            self.nemesis.counts[name] += 1
            self.nemesis.recoveries["failpoint"].append(0.0)
        while not self.nemesis.answers(service):
            if time.monotonic() - start > 60:
                raise RuntimeError(f"{service} does not answer after it died at {name}")
            time.sleep(0.02)
        if not path.exists() and self.nemesis.recoveries["failpoint"]:
            self.nemesis.recoveries["failpoint"][-1] = time.monotonic() - start
