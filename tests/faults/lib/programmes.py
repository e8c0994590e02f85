"""The programmes: how many faults, for how long, and what comes out."""
import time

from asking import Staff
from checker import Checker
from journal import ACKNOWLEDGED, Journal
from nemesis import Nemesis, Schedule
from overload import Overload, compare, sizes
from place import ROOT, Place  # noqa: F401
from report import print_report, print_violations
from sweep import INSTANCES, Sweep
from running import CONTRACT, PASSWORD
from workload import Workload, World

ENOUGH = 200  # acknowledged requests below which a run proves nothing


def conclude(passed, failed):
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


class Run:
    """One stack, one company, one time of trouble, one reckoning."""

    def __init__(self, options, seed, place=None):
        self.options, self.seed = options, seed
        self.place = place or Place(options.dir, options.port_base, options.programs, options.disk_mib)
        self.journal = Journal(seed)

    def prepare(self):
        start = time.monotonic()
        self.staff = Staff(CONTRACT, self.place.address, PASSWORD, self.journal)
        self.world = World(self.staff, self.seed)
        print(f"  a company was founded in {time.monotonic() - start:.0f} s", flush=True)

    def trouble(self, kills, seconds, gap, quotas=None, threads=3):
        """The work with the nemesis beside it, then the reckoning; the violations."""
        start = time.monotonic()
        workload = Workload(self.world, self.seed, threads)
        nemesis = Nemesis(self.place, self.staff, self.journal, self.seed, self.options.only)
        schedule = Schedule(nemesis, kills, seconds, gap, quotas)
        workload.start()
        schedule.start()
        schedule.join()
        self.journal.trouble("the nemesis is done")
        failures = ([f"the nemesis: {schedule.error}"] if schedule.error else []) + workload.stop()
        worked = time.monotonic() - start
        self.place.wait_until_ready()
        checker = Checker(self.place, self.world, workload, self.journal)
        violations = failures + checker.check()
        print(f"  {len(workload.days)} days of delivery were reconciled", flush=True)
        print_report(self.journal, schedule, nemesis, checker, worked, violations)
        acknowledged = self.journal.counts()[ACKNOWLEDGED]
        if acknowledged < ENOUGH or len(workload.days) < 1:
            violations.append(f"only {acknowledged} requests were acknowledged and {len(workload.days)} days reconciled: that proves nothing")
            print(f"VIOLATION  {violations[-1]}")
        if self.options.journal:
            self.journal.write(self.options.journal)
        self.kills, self.nemesis = schedule.kills, nemesis
        return violations, len(checker.proved)


def once(options, kills, seconds, gap, quotas=None):
    """One run of its own; (violations, proofs, run)."""
    run = Run(options, options.seed)
    try:
        run.place.up()
        run.prepare()
        violations, proofs = run.trouble(options.kills or kills, options.seconds or seconds, gap, quotas)
        late = Overload(run, options.programs).expired()
        print_violations(late)
        return violations + late, proofs + 1, run
    finally:
        if not options.keep:
            run.place.down()


def quick(options):
    violations, proofs, _ = once(options, 140, 125, 0.2, None if options.only else {"postgres": 1, "redis": 1, "disk_full": 1, "clock": 1})
    return conclude(max(0, proofs - len(violations)), len(violations))


def rounds(options, kills, databases, caches, operations):
    """Runs of 500 kills each, every one from nothing with the next seed, until there were enough of everything."""
    total = {"kills": 0, "postgres": 0, "redis": 0, "acknowledged": 0}
    want = {"kills": options.kills or kills, "postgres": databases, "redis": caches, "acknowledged": operations}
    passed = failed = 0
    options.kills, options.disk_mib, first = None, 8192, options.seed
    while any(total[name] < want[name] for name in want) and failed == 0:
        print(f"round {options.seed - first + 1}, seed {options.seed}", flush=True)
        left = max(1, min(500, want["kills"] - total["kills"]))
        share = -(-left * databases // want["kills"]) if databases else 0
        violations, proofs, run = once(options, left, 3600, 1.0, {"postgres": share, "redis": share})
        passed, failed = passed + max(0, proofs - len(violations)), failed + len(violations)
        total["kills"] += run.kills
        total["postgres"] += run.nemesis.counts["postgres"] + run.nemesis.counts["backend"]
        total["redis"] += run.nemesis.counts["redis"]
        total["acknowledged"] += run.journal.counts()[ACKNOWLEDGED]
        print(f"  so far: {total} of {want}", flush=True)
        options.seed += 1
    return conclude(passed, failed)


def night(options):
    return rounds(options, 2000, 20, 20, 0)


def release(options):
    return rounds(options, 10000, 500, 500, 1000000)


def sweep(options):
    """One run whose nemesis is the table of failpoints."""
    run = Run(options, options.seed)
    try:
        run.place.up(with_proxies=False, with_clock=False, instances=INSTANCES,
                     environment={"SONGDA_FAILPOINT": "@@HOME@/run/failpoint-@UNIT@"})
        run.prepare()
        workload, start = Workload(run.world, options.seed, threads=1, pause=0.02), time.monotonic()
        workload.start()
        deaths = Sweep(run.place, run.staff, run.journal, options.seed)
        violations = deaths.run() + ([deaths.error] if deaths.error else []) + workload.stop()
        run.place.wait_until_ready()
        checker = Checker(run.place, run.world, workload, run.journal)
        violations += checker.check()
        print_report(run.journal, deaths, deaths.nemesis, checker, time.monotonic() - start, violations)
        return conclude(len(checker.proved) + sum(map(bool, deaths.reached.values())), len(violations))
    finally:
        if options.journal:
            run.journal.write(options.journal)
        if not options.keep:
            run.place.down()


def overload(options):
    """Twice the rate that the system can do; then work whose time is over."""
    run = Run(options, options.seed)
    try:
        run.place.up(with_proxies=False, with_clock=False)
        run.prepare()
        crowd = Overload(run, options.programs)
        crowd.prepare()
        violations = []
        for test in (crowd.goodput, crowd.expired):
            wrong = test()
            print(f"  {'not so' if wrong else 'proved'}: {test.__doc__}")
            violations += wrong
        print_violations(violations)
        return conclude(2 - min(2, len(violations)), len(violations))
    finally:
        if not options.keep:
            run.place.down()


def soak(options):
    """Work without faults; a quarter of the time is for warming up."""
    run = Run(options, options.seed)
    try:
        run.place.up(with_proxies=False, with_clock=False)
        run.prepare()
        workload = Workload(run.world, options.seed, threads=2, pause=0.02)
        workload.start()
        time.sleep(options.minutes * 15)
        early = sizes(run.place)
        time.sleep(options.minutes * 45)
        late = sizes(run.place)
        violations = workload.stop() + compare(early, late)
        checker = Checker(run.place, run.world, workload, run.journal)
        violations += checker.check()
        print(f"  {len(run.journal.entries)} requests, {len(workload.days)} days of delivery")
        print_violations(violations)
        return conclude(len(checker.proved) + 1, len(violations))
    finally:
        if not options.keep:
            run.place.down()


PROGRAMMES = {"overload": overload, "soak": soak, "sweep": sweep, "quick": quick, "night": night, "release": release}
