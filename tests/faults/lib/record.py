"""The rounds of a programme that takes longer than a sitting: a line of JSON each, in a file that the same command goes on from."""
import json
import pathlib
import subprocess

from journal import ACKNOWLEDGED, UNKNOWN
from place import ROOT
from report import percentile

CRASHES, LOSSES = ("postgres", "backend"), ("redis", "redis_flush")
SUMS = ("kills", "crashes", "losses", "acknowledged")


def commit():
    done = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "none"


class Record:
    def __init__(self, path=None):
        """Without a path it lasts as long as the process."""
        self.path, self.rounds = pathlib.Path(path) if path else None, []
        if self.path and self.path.exists():
            self.rounds = [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    def add(self, run, violations):
        counts, done = run.journal.counts(), run.nemesis.counts
        line = {"commit": commit(), "seed": run.seed, "seconds": round(run.worked), "kills": run.kills,
                "crashes": sum(done[name] for name in CRASHES), "losses": sum(done[name] for name in LOSSES),
                "losses_judged": run.nemesis.judged, "acknowledged": counts[ACKNOWLEDGED], "unknown": counts[UNKNOWN], "violations": violations,
                "recovery": {kind: [round(percentile(values, share), 2) for share in (0.5, 0.99)]
                             for kind, values in sorted(run.nemesis.recoveries.items()) if kind in ("service", "postgres")}}
        self.rounds.append(line)
        if self.path:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")

    def is_spoilt(self):
        return any(line["violations"] for line in self.rounds)

    def next_seed(self):
        return max((line["seed"] + 1 for line in self.rounds), default=0)

    def sums(self):
        return {name: sum(line[name] for line in self.rounds) for name in SUMS}

    def is_short(self, want):
        sums = self.sums()
        return any(sums[name] < count for name, count in want.items())

    def text(self, want):
        sums, commits = self.sums(), sorted({line["commit"] for line in self.rounds})
        return ", ".join(f"{sums[name]} of {count} {name}" for name, count in want.items()) + f" in {len(self.rounds)} rounds of {' '.join(commits)}"
