"""The programmes: how many faults, for how long, and what comes out."""
import time

from asking import PATIENCE, Staff
from checker import Checker
from journal import ACKNOWLEDGED, Journal
from nemesis import Nemesis, Schedule
from overload import Overload, compare, sizes
from place import ROOT, Place  # noqa: F401
from record import Record
from report import print_report, print_violations
from sweep import INSTANCES, Sweep
from running import CONTRACT, PASSWORD
from workload import Workload, World

ENOUGH = 200  # acknowledged requests below which a run proves nothing
ROUND_KILLS, ROUND_THREADS = 500, 8
LARGE_DISK_MIB = 8192


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
        self.staff.patience = PATIENCE
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
        self.kills, self.nemesis, self.worked = schedule.kills, nemesis, worked
        return violations, len(checker.proved)

    def found(self):
        """The company, and a copy of everything to begin again from."""
        self.place.up()
        self.prepare()
        self.keep()

    def keep(self):
        time.sleep(2)
        self.staff.keep()
        self.place.keep()

    def begin_again(self, seed, programs, with_clock=True, environment=None):
        """From the copy, with these programs."""
        self.seed, self.journal = seed, Journal(seed)
        self.place.begin_again(programs, with_clock=with_clock, environment=environment)
        self.staff.begin_again(self.journal)

    def go_through(self, kills, seconds, gap, quotas=None, threads=3):
        """Trouble, its reckoning, and the work whose time is over; (violations, proofs)."""
        violations, proofs = self.trouble(self.options.kills or kills, self.options.seconds or seconds, gap, quotas, threads)
        late = Overload(self, self.options.programs).expired()
        print_violations(late)
        return violations + late, proofs + 1


def quick(options):
    """From nothing, once."""
    run = Run(options, options.seed)
    try:
        run.place.up()
        run.prepare()
        violations, proofs = run.go_through(200, 125, 0.2, None if options.only else {"postgres": 1, "redis": 1, "disk_full": 1, "clock": 1})
        return conclude(max(0, proofs - len(violations)), len(violations))
    finally:
        if not options.keep:
            run.place.down()


def rounds(options, want):
    """Rounds of trouble, each of the same young company with the next seed, until there were enough of everything. With a record, those that
    stand in it have been."""
    record, quotas = Record(options.record), {}
    if record.is_spoilt():
        print(f"VIOLATION  {options.record} has a round with violations: mend what it found, and begin a new record")
        return conclude(0, 1)
    for kind, name in (("crashes", "postgres"), ("losses", "redis")):
        quotas[name] = -(-want[kind] * ROUND_KILLS // want["kills"])
    if options.kills:  # a smaller one: of everything less
        want = {name: count * options.kills // want["kills"] for name, count in want.items()}
    options.kills, options.disk_mib = None, LARGE_DISK_MIB
    seed, passed, failed = max(options.seed, record.next_seed()), len(record.rounds), 0
    run = Run(options, seed)
    try:
        if record.is_short(want):
            run.found()
        while record.is_short(want) and failed == 0:
            print(f"round {len(record.rounds) + 1}, seed {seed}", flush=True)
            run.begin_again(seed, options.programs)
            violations, proofs = run.go_through(ROUND_KILLS, 3600, 0.2, quotas, ROUND_THREADS)
            passed, failed, seed = passed + max(0, proofs - len(violations)), failed + len(violations), seed + 1
            record.add(run, len(violations))
            print(f"  so far: {record.text(want)}", flush=True)
        return conclude(passed, failed)
    finally:
        if not options.keep:
            run.place.down()


def night(options):
    return rounds(options, {"kills": 2000, "crashes": 20, "losses": 20, "acknowledged": 0})


def release(options):
    return rounds(options, {"kills": 10000, "crashes": 500, "losses": 500, "acknowledged": 1000000})


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
    options.disk_mib = LARGE_DISK_MIB  # some ten thousand orders a minute
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
