#!/usr/bin/python3
"""Keeping it: what is broken is counted each minute, and the database comes back from its backups as it was at a second.

The drill makes two stacks of its own: one that is backed up while it works, 600 ports further than the one given, and the one that is
restored from the backups, 100 further.
"""
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from running import CONTRACT, PASSWORD, ROOT, SERVICES, Stack, Trade, arguments, at, check, run_tests, send, wait_for  # noqa: E402
from secret_places import leaks, open_to_others, secret_in  # noqa: E402
from songda.client import Client, retrying  # noqa: E402
from songda.company import ADMINISTRATOR, Company  # noqa: E402

BRANCH = "SH01"
MONITORING = ROOT / "ops" / "monitoring"
# What a request leaves behind; not what jobs do at any time (seals, sessions' last use, turns of clocks).
COUNTED = ["{service}.outbox", "{service}.audit", "{service}.idempotency"]
COUNTED_ONCE = ["dispatch.customer_order", "dispatch.order_line", "collection.receipt", "collection.journal", "collection.posting",
                "leads.customer", "contracts.contract", "staff.person"]
METRIC = re.compile(r"\bsongda_[a-z_]+[a-z]\b")


def ops(command, *words, is_good=True):
    """What a command of ops/ printed; it must succeed, or must fail."""
    done = subprocess.run([ROOT / "ops" / command, *map(str, words)], capture_output=True, text=True, check=False)
    check((done.returncode == 0) == is_good, f"ops/{command} {' '.join(map(str, words))}: {done.returncode} {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout + done.stderr


def scrape(place):
    """name{labels} -> value of a page of figures."""
    with urllib.request.urlopen(f"http://{place}/metrics", timeout=10) as page:
        lines = page.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line and not line.startswith("#")}


def wake_keeper(stack):
    """Its next round begins now, and what it finds is new."""
    with open(stack.folder.resolve() / "run" / "keeper", "w", encoding="ascii") as pipe:
        pipe.write("\n")


class Violation:
    """A seal of the audit log that seals nothing, of a branch that nobody has."""
    FIGURE = 'songda_invariants_violations{rule="audit_is_sealed_once",service="discipline"}'

    def __init__(self, options):
        self.stack, self.address, self.branch_id = Stack(options.stack), options.address, str(uuid.uuid4())

    def is_counted(self, wanted):
        wake_keeper(self.stack)
        wait_for(lambda: scrape(self.address).get(self.FIGURE) == wanted, 120, f"{self.FIGURE} never became {wanted}")

    def run(self):
        self.is_counted(0)
        self.stack.sql(f"INSERT INTO discipline.audit_seal VALUES ('{self.branch_id}', 7, gen_random_uuid(), '1', '\\x00', now())")
        try:
            self.is_counted(1)
        finally:
            self.stack.sql(f"DELETE FROM discipline.audit_seal WHERE branch_id = '{self.branch_id}'")
        self.is_counted(0)
        figures = scrape(self.address)
        check(abs(figures["songda_invariants_last_run_timestamp_seconds"] - time.time()) < 300, "the last run is long ago")
        check(figures["songda_invariants_unasked"] == 0, "some rules were not asked")


class Load(threading.Thread):
    """Orders and receipts, one after the other, until told to stop; whoever has `turn` holds it up."""

    def __init__(self, trade):
        super().__init__(daemon=True)
        self.trade, self.turn = trade, threading.Lock()
        self.placed, self.is_over, self.error = [], False, None
        self.start()

    def run(self):
        number = 0
        while not self.is_over and not self.error:
            with self.turn:
                try:
                    self.placed.append(self.order(number))
                    self.trade.as_("cashier", "collection.receipt.record", self.trade.receipt(number))
                except Exception as error:  # pylint: disable=broad-except
                    self.error = error
            number += 1
            time.sleep(0.05)

    def order(self, number):
        return self.trade.as_("operator", "dispatch.order.place", self.trade.order(number), at(self.trade.today, 10))["order_id"]

    def some(self, more):
        wanted = len(self.placed) + more
        wait_for(lambda: len(self.placed) >= wanted or self.error, 60, "the load stands still")
        check(self.error is None, f"the load failed: {self.error}")


class SmallCompany(Company):
    """Only who is needed for orders and receipts, to have it sooner."""

    def _hire(self):
        self.hire("general_manager", "ZB", ["general_manager"], None)
        for function in ("deputy_general_manager", "department_head"):
            self.hire(function, "ZB", [function], "general_manager@ZB")
        for function in ("department_head", "sales_manager", "representative", "finance", "clerk", "operator", "cashier", "dispatcher"):
            self.hire(function, BRANCH, [function], "general_manager@ZB")


class Drill:
    def __init__(self, options):
        self.options, self.work = options, pathlib.Path(tempfile.mkdtemp(prefix="songda-keeping-"))
        self.work.chmod(0o755)
        self.port = int(options.address.rsplit(":", 1)[1]) + 600
        self.stack, self.fresh = Stack(self.work / "stack"), Stack(self.work / "fresh")
        self.programs = Stack(options.stack).show("programs")
        self.load = self.trade = self.company = None
        self.orders, self.before, self.remembered, self.second, self.later_token, self.address = [], [], {}, None, "", ""

    def close(self):
        if self.load:
            self.load.is_over = True
            self.load.join(30)
        self.stack.down()
        self.fresh.down()
        shutil.rmtree(self.work, ignore_errors=True)

    def begin(self):
        """The keeper makes the first backup by itself as soon as there is a place for it."""
        self.address = self.stack.up(self.port, "--programs", self.programs, "--backups", str(self.work / "backups"), "--wait", "300")
        self.company = SmallCompany(CONTRACT, self.address, PASSWORD)
        self.trade = Trade(self.company, customers=2)
        self.load = Load(self.trade)

        def is_made():
            wake_keeper(self.stack)
            time.sleep(0.5)
            figures = scrape(self.address)
            return figures.get('songda_backup_runs_total{type="full"}') == 1 and 'songda_backup_age_seconds{type="full"}' in figures
        wait_for(is_made, 120, "the keeper makes no backup")
        figures = scrape(self.address)
        check(figures['songda_backup_failures_total{type="full"}'] == 0 and figures["songda_backup_enabled"] == 1, f"backups: {figures}")

    def names(self):
        """Every figure that rules and dashboards ask for is one that somebody gives."""
        figures = set(scrape(self.address))
        for path in (self.stack.folder.resolve() / "settings").glob("*.conf"):
            health = re.search(r"^health = (\S+)$", path.read_text(encoding="utf-8"), re.M)
            figures |= set(scrape(health.group(1))) if health else set()
        given = {name.split("{")[0] for name in figures}
        wanted = {}
        for path in [MONITORING / "rules.yml", *MONITORING.glob("*.json")]:
            for name in METRIC.findall(path.read_text(encoding="utf-8")):
                wanted.setdefault(name, path.name)
        check(len(wanted) > 30, f"only {sorted(wanted)} are asked for")
        missing = {name: place for name, place in wanted.items() if name not in given}
        check(not missing, f"nobody gives {missing}")

    def counts(self, stack):
        tables = [name.format(service=service) for name in COUNTED for service in SERVICES] + COUNTED_ONCE
        return dict(stack.sql(" UNION ALL ".join(f"SELECT '{table}', count(*)::text FROM {table}" for table in tables)))

    def backup(self):
        """A whole and an incremental backup while work goes on; a second is remembered; work goes on."""
        whole = ops("backup", "full", "--dir", self.stack.folder)
        check("full backup: " in whole, whole)
        self.load.some(5)
        changed = ops("backup", "--dir", self.stack.folder)
        check("incr backup: " in changed, changed)
        self.load.some(5)
        with self.load.turn:
            self.before = list(self.load.placed)
            wait_for(self.is_second_found, 60, "there is always something going on")
        reply = send(self.company.plain, "staff.session.open", {"sign_in_name": f"clerk@{BRANCH}", "password": PASSWORD})
        self.later_token = reply["token"]
        self.load.some(5)
        self.no_key_is_shown()
        self.load.is_over = True
        checked = ops("backup", "check", "--dir", self.stack.folder)  # waits until the last change is archived
        check("every change is archived" in checked, checked)

    def no_key_is_shown(self):
        """The key of the backups stands in its file only: not where it is backed up to, in no settings and logs, with no process."""
        home = self.stack.folder.resolve()
        secret = secret_in(home / "secrets" / "backup" / "key.conf")
        check(secret and not open_to_others(home / "secrets"), open_to_others(home / "secrets"))
        places = [home / "settings", home / "log", home / "run", home / "sv", self.work / "backups"]
        found = leaks([secret], [path for place in places for path in place.rglob("*")] + [home / "stack.conf", *(home / "postgres").glob("*.conf")])
        check(not found, f"the key is shown: {found}")

    def is_second_found(self):
        """A second before and after which the same is there: what is counted is only ever added to."""
        self.remembered = self.counts(self.stack)
        time.sleep(0.3)
        self.second = datetime.datetime.now(datetime.timezone.utc)
        time.sleep(0.3)
        return self.counts(self.stack) == self.remembered

    def restore(self):
        """Into a fresh stack; clear words for what cannot be done."""
        key = self.work / "key"
        key.write_text(ops("backup", "key", "--dir", self.stack.folder), encoding="ascii")
        source = ["--dir", self.fresh.folder, "--from", self.work / "backups", "--key", key]
        too_early = ops("restore", *source, "--to", "2020-01-01 00:00:00", is_good=False)
        check("nothing before that can be restored" in too_early, too_early)
        in_place = ops("restore", "--dir", self.stack.folder, is_good=False)
        check("say --yes" in in_place, in_place)
        said = ops("restore", *source, "--to", self.second.isoformat(), "--", "--port-base", self.port + 100, "--mode", "test", "--clock", "request",
                   "--programs", self.programs, "--wait", 300)
        check("Restored" in said and "0 failed" in said, said)
        self.address = f"127.0.0.1:{self.port + 100}"

    def is_as_it_was(self):
        found = self.counts(self.fresh)
        different = {table: (count, found[table]) for table, count in self.remembered.items() if found[table] != count}
        check(not different, f"(remembered, restored): {different}")
        orders = {row[0] for row in self.fresh.sql("SELECT order_id FROM dispatch.customer_order")}
        check(orders.issuperset(self.before), "acknowledged orders are lost")
        check(not orders.intersection(self.load.placed[len(self.before):]), "orders of later are there")
        client = Client(CONTRACT, self.address).with_token(self.later_token)
        status, _ = retrying(lambda: client.call("staff.permission.list", {}))
        check(status == 401, f"a session that was opened later is let in: {status}")

    def goes_on(self):
        """New work on the restored database: numbers without doubles and gaps, the audit log's chain whole to its new end."""
        self.company.plain = Client(CONTRACT, self.address)
        self.company.clients.clear()
        for number in range(5):
            self.load.order(number)
            self.trade.as_("cashier", "collection.receipt.record", self.trade.receipt(number))
        doubled = self.fresh.sql("SELECT branch_id, number FROM dispatch.outbox GROUP BY 1, 2 HAVING count(*) > 1")
        check(not doubled, f"event numbers twice: {doubled}")
        self.fresh.invariants()
        administrator, reader = self.company.client(ADMINISTRATOR), self.company.client("general_manager@ZB")
        branch_id = self.company.ids[BRANCH]
        for service in ("dispatch", "collection", "staff"):
            def is_sealed(service=service):
                send(administrator, f"{service}.jobs.run", {"name": "audit_seal"})
                return self.fresh.sql(f"SELECT count(*) FROM {service}.audit a WHERE branch_id = '{branch_id}' AND NOT EXISTS"
                                      f" (SELECT FROM {service}.audit_seal s WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id)") == [["0"]]
            wait_for(is_sealed, 60, f"rows of {service} stay unsealed")
            reply = send(reader, f"{service}.audit.verify", {"branch_id": branch_id, "after": 0, "limit": 2000})
            check(reply["is_whole"] and reply["checked"] > 0, f"{service}: {reply}")

    def damaged_page(self):
        """One byte of one table on the disk: ops/check names the table, the keeper counts, a backup names it too."""
        self.fresh.run("up", "--backups", str(self.work / "backups-2"), "--wait", "300")
        path, = self.fresh.sql("CHECKPOINT; SELECT pg_relation_filepath('collection.receipt')")[0]
        check("0 failed" in ops("check", "--dir", self.fresh.folder, "--table", "collection.*"), "not whole before")
        ops("backup", "--dir", self.fresh.folder)  # the first is always whole, be it the keeper's or this one
        self.load.order(0)
        self.orders = self.fresh.sql("SELECT count(*) FROM dispatch.customer_order")
        self.fresh.run("stop", *[unit for unit in self.fresh.status() if unit not in ("redis", "gateway-1")])
        with open(self.fresh.folder.resolve() / "postgres" / path, "r+b") as file:
            file.seek(8000)
            byte = file.read(1)[0]
            file.seek(8000)
            file.write(bytes([byte ^ 0x10]))
        self.fresh.run("start", "postgres")
        wait_for(lambda: self.fresh.run("psql", "-At", "-c", "SELECT 1", is_quiet=True) == "1", 60, "PostgreSQL does not come back")
        said = ops("check", "--dir", self.fresh.folder, "--table", "collection.receipt", is_good=False)
        check('heap table "collection.receipt"' in said and "invalid page" in said, said)
        said = ops("backup", "full", "--dir", self.fresh.folder, is_good=False)
        check("damaged pages in collection.receipt" in said, said)
        self.fresh.run("start", "keeper")
        wait_for(lambda: "songda_database_damaged_pages_total 0" not in self.keeper_file() and "songda_backup_damaged 1" in self.keeper_file(), 120,
                 "the keeper does not count the damage")

    def mended_page(self):
        """Restored in place: from the backup before the damage, with every change since."""
        said = ops("restore", "--dir", self.fresh.folder, "--yes")
        check("0 failed" in ops("check", "--dir", self.fresh.folder, "--table", "collection.receipt"), "still damaged after a restore")
        check(self.fresh.sql("SELECT count(*) FROM dispatch.customer_order") == self.orders, f"not all is back: {said}")

    def keeper_file(self):
        path = self.fresh.folder.resolve() / "run" / "metrics" / "keeper.prom"
        return path.read_text(encoding="utf-8") if path.exists() else ""


class Rules:
    """The alert rules, asked of Prometheus' own tool."""

    def __init__(self):
        self.promtool = shutil.which("promtool")

    def is_there(self):
        if self.promtool is None:
            subprocess.run(["bash", "-c", f". {ROOT}/ops/lib.sh && install_packages {ROOT}/ops/packages.monitoring.txt"],
                           capture_output=True, check=False, timeout=300)
            self.promtool = shutil.which("promtool")
        return self.promtool is not None

    def tool(self, *words):
        if not self.is_there():
            print("        skipped: Debian's package prometheus cannot be installed here")
            return
        done = subprocess.run([self.promtool, *words], cwd=MONITORING, capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"promtool {' '.join(words)}: {done.stdout}{done.stderr}")

    def are_understood(self):
        self.tool("check", "rules", "rules.yml")
        self.tool("check", "config", "--syntax-only", "prometheus.yml")

    def ring(self):
        """Each alert has a test that makes it ring, and no dashboard is broken JSON."""
        alerts = set(re.findall(r"^ *- alert: (\w+)$", (MONITORING / "rules.yml").read_text(encoding="utf-8"), re.M))
        tested = set(re.findall(r"alertname: (\w+)", (MONITORING / "rules_test.yml").read_text(encoding="utf-8")))
        check(alerts and alerts == tested, f"without a test: {sorted(alerts - tested)}; without a rule: {sorted(tested - alerts)}")
        for path in MONITORING.glob("*.json"):
            board = json.loads(path.read_text(encoding="utf-8"))
            check(board["panels"] and board["uid"], f"{path.name} is no dashboard")
        self.tool("test", "rules", "rules_test.yml")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--whole", action="store_true", help="also what takes longer than a gate should: a restore in place")
    options = parser.parse_args()
    drill, rules = Drill(options), Rules()
    try:
        return run_tests([
            ("the alert rules are understood by Prometheus", rules.are_understood),
            ("every alert rings when it should", rules.ring),
            ("a planted violation is counted, and no longer when it is gone", Violation(options).run),
            ("drill: the first backup is made without being told", drill.begin),
            ("drill: rules and dashboards ask for figures that somebody gives", drill.names),
            ("drill: backups are made while work goes on", drill.backup),
            ("drill: a fresh stack is restored to a second", drill.restore),
            ("drill: it is as it was in that second", drill.is_as_it_was),
            ("drill: and goes on, with a whole audit log and no number twice", drill.goes_on),
            ("drill: a damaged page is noticed and named", drill.damaged_page),
            *([("drill: a restore in place mends it without loss", drill.mended_page)] if options.whole else []),
        ], options.only)
    finally:
        drill.close()


if __name__ == "__main__":
    sys.exit(main())
