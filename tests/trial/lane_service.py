#!/usr/bin/python3
"""A whole service, killed, doubled and restarted: the trial program with a gateway that this test plays itself.

Run by tests/lib/with_postgres; the program's path is the first argument.
"""

import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import uuid

import msgpack
import zmq

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else None
REQUEST, REPLY, READY, HEARTBEAT, GOODBYE = range(1, 6)
OPERATOR, IT_ADMINISTRATOR = 9, 22
BRANCH, COMPANY, STAFF = (uuid.uuid4().bytes for _ in range(3))
ACTOR = [STAFF, uuid.uuid4().bytes, BRANCH, COMPANY, [BRANCH, COMPANY], 1 << OPERATOR | 1 << IT_ADMINISTRATOR, 1]


def key():
    """A UUIDv7."""
    number = int(time.time() * 1000) << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62)
    return number.to_bytes(16, "big")


def sql(text):
    run = subprocess.run(["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", os.environ["POSTGRES_ADMIN"], "-c",
                          "SET search_path = trial", "-c", text], capture_output=True, text=True, check=False)
    if run.returncode:
        raise AssertionError(run.stderr)
    return run.stdout.strip().removeprefix("SET").strip()


class Source:
    """The other service, whose events the trial's inbox reads."""

    def __init__(self):
        self.events = []

    def add(self, account_id, amount):
        body = msgpack.packb({"account_id": account_id, "amount": amount})
        self.events.append({"number": len(self.events) + 1, "event": "source.payment.made", "event_id": key(),
                            "branch_id": BRANCH, "occurred_at": int(time.time() * 1e6), "aggregate_id": account_id,
                            "trace": "", "body": body})

    def answer(self, operation, body):
        if operation == "source.events.heads":
            return {"heads": [{"branch_id": BRANCH, "number": len(self.events)}] if self.events else []}
        if operation == "source.events.read":
            return {"events": self.events[body["after"]:body["after"] + body["limit"]]}
        return {}


class Gateway:
    """What a service sees of a gateway: heartbeats, requests to live workers, questions answered, wake-ups passed on."""

    def __init__(self, folder):
        self.context = zmq.Context()
        self.router = self.context.socket(zmq.ROUTER)
        self.router.bind(f"ipc://{folder}/workers")
        self.wake_in = self.context.socket(zmq.XSUB)
        self.wake_in.bind(f"ipc://{folder}/wake_in")
        self.wake_in.send(b"\x01")  # the gateway's own event stream wants all
        self.wake_out = self.context.socket(zmq.XPUB)
        self.wake_out.bind(f"ipc://{folder}/wake_out")
        self.poller = zmq.Poller()
        for socket in (self.router, self.wake_in, self.wake_out):
            self.poller.register(socket, zmq.POLLIN)
        self.workers = {}  # identity → last heard
        self.instances = {}  # identity → instance
        self.goodbyes = 0
        self.askers, self.gone, self.questions_of_the_gone = set(), set(), 0
        self.replies = {}  # correlation → envelope
        self.source = Source()
        self.beat = 0
        self.wakeups = collections.Counter()
        self.loses_wakeups = False

    def send(self, worker, envelope):
        self.router.send_multipart([worker, msgpack.packb(envelope)])

    def turn(self, timeout=0.01):
        now = time.monotonic()
        if now - self.beat > 0.5:
            self.beat = now
            for worker in self.workers:
                self.send(worker, [1, HEARTBEAT, b"", "", None, None, 0, 0, "", b"", None])
        for socket, _ in self.poller.poll(int(timeout * 1000)):
            if socket is self.router:
                while self.router.poll(0):
                    self.take(*self.router.recv_multipart())
            elif socket is self.wake_in:
                topic = self.wake_in.recv()
                self.wakeups[topic] += 1
                if not self.loses_wakeups:
                    self.wake_out.send(topic)
            else:
                self.wake_in.send(self.wake_out.recv())

    def take(self, worker, packed):
        envelope = msgpack.unpackb(packed, strict_map_key=False)
        kind, correlation, operation = envelope[1:4]
        self.workers[worker] = time.monotonic()
        if kind == READY:
            self.instances[worker] = bytes(correlation).decode()
            self.send(worker, [1, HEARTBEAT, b"", "", None, None, 0, 0, "", b"", None])
        elif kind == GOODBYE:
            self.goodbyes += 1
            self.gone.add(worker)
            self.workers.pop(worker)
        elif kind == REPLY:
            self.replies.setdefault(bytes(correlation), envelope)  # who asked hears the first answer only
        elif kind == REQUEST:
            self.question(worker, correlation, operation, envelope)

    def question(self, worker, correlation, operation, envelope):
        if operation.startswith("source."):
            self.askers.add(worker)
            self.questions_of_the_gone += worker in self.gone
            body = msgpack.packb(self.source.answer(operation, msgpack.unpackb(envelope[9])))
            self.send(worker, [1, REPLY, correlation, operation, None, None, 0, 0, "", body, None])

    def live(self):
        return [worker for worker, heard in self.workers.items() if time.monotonic() - heard < 1.5]

    def worker_called(self, instance):
        return next((worker for worker in self.live() if self.instances.get(worker) == instance), None)

    def ask(self, operation, body, at=0, k=None, actor=ACTOR, worker=None):
        """Sends and returns the correlation."""
        correlation = uuid.uuid4().bytes
        live = self.live()
        if not live:
            return correlation
        envelope = [1, REQUEST, correlation, operation, actor, k, 4000, at, "", msgpack.packb(body), None]
        self.send(worker or random.choice(live), envelope)
        return correlation

    def wait(self, correlations, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(c not in self.replies for c in correlations):
            self.turn()
        return [self.replies.pop(c, None) for c in correlations]

    def call(self, operation, body, **more):
        """(body, error name) of one answer."""
        while not self.live():
            self.turn()
        envelope, = self.wait([self.ask(operation, body, **more)])
        if envelope is None:
            raise AssertionError(f"no answer to {operation}")
        return (msgpack.unpackb(envelope[9]) if envelope[9] else None), (envelope[10][0] if envelope[10] else None)


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="songda-lane.")
        cls.log = open(os.path.join(cls.folder, "log"), "a+", encoding="utf-8")  # pylint: disable=consider-using-with
        cls.gateway = Gateway(cls.folder)
        cls.processes = {}
        for instance in ("1", "2"):
            cls.start(instance)
        cls.until(lambda: len(cls.gateway.live()) == 2, 60)

    @classmethod
    def tearDownClass(cls):
        for process in cls.processes.values():
            process.kill()
            process.wait()
        cls.log.close()
        shutil.rmtree(cls.folder)

    @classmethod
    def start(cls, instance, clock="request", health=""):
        cls.processes[instance] = subprocess.Popen(
            [PROGRAM, f"--instance={instance}", "--mode=test", f"--clock={clock}", f"--gateway=ipc://{cls.folder}/workers",
             f"--wakeups_in=ipc://{cls.folder}/wake_in", f"--wakeups_out=ipc://{cls.folder}/wake_out", f"--health={health}",
             f"--database={os.environ['POSTGRES_SERVICE']}", f"--database_owner={os.environ['POSTGRES_OWNER']}"],
            stderr=cls.log)

    @classmethod
    def until(cls, condition, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                cls.log.seek(0)
                raise AssertionError("did not happen in time; the log ends\n" + "".join(cls.log.readlines()[-15:]))
            cls.gateway.turn()

    @staticmethod
    def ready(address):
        try:
            with urllib.request.urlopen(address, timeout=2) as page:
                return page.status == 200
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            return False

    def account(self, balance):
        reply, error = self.gateway.call("trial.account.open", {"balance": balance}, k=key())
        self.assertIsNone(error)
        return reply["account_id"]

    def effects(self, account):
        return self.gateway.call("trial.account.read", {"account_id": account})[0]["effects"]

    def test_it_serves(self):
        account = self.account(100)
        reply, error = self.gateway.call("trial.account.pay", {"account_id": account, "amount": 30}, k=key())
        self.assertEqual((error, reply["balance"]), (None, 70))
        reply, error = self.gateway.call("trial.account.read", {"account_id": account})
        self.assertEqual((reply["balance"], reply["payments"]), (70, 1))
        _, error = self.gateway.call("trial.account.read", {"account_id": uuid.uuid4().bytes})
        self.assertEqual(error, "account_unknown")
        reply, error = self.gateway.call("trial.health.read", {})
        self.assertEqual((error, reply["service"], reply["parked"]), (None, "trial", 0))
        topic = f"trial {uuid.UUID(bytes=BRANCH)}".encode()
        self.until(lambda: self.gateway.wakeups[topic] > 0)

    def test_what_fails_in_its_commit_is_not_answered_as_done(self):
        account = self.account(100)
        sql("CREATE OR REPLACE FUNCTION not_at_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not at all'; END $$; "
            "CREATE CONSTRAINT TRIGGER not_at_all AFTER INSERT ON payment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION not_at_all()")
        try:
            _, error = self.gateway.call("trial.account.pay", {"account_id": account, "amount": 30}, k=key())
        finally:
            sql("DROP FUNCTION not_at_all CASCADE")
        self.assertEqual(error, "internal")
        reply, _ = self.gateway.call("trial.account.read", {"account_id": account})
        self.assertEqual((reply["balance"], reply["payments"]), (100, 0))

    def test_twenty_clients_with_one_key_are_one_payment(self):
        account, k = self.account(1000), key()
        waiting, answers = 20, []
        while waiting:
            asked = [self.gateway.ask("trial.account.pay", {"account_id": account, "amount": 7}, k=k) for _ in range(waiting)]
            done = [reply for reply in self.gateway.wait(asked) if reply and (not reply[10] or reply[10][0] != "conflict")]
            answers += done
            waiting -= len(done)
        self.assertEqual(len({bytes(reply[9]) for reply in answers}), 1)
        self.assertEqual(self.gateway.call("trial.account.read", {"account_id": account})[0]["balance"], 993)

    def test_debts_are_not_paid_twice_between_two_processes(self):
        account = self.account(100)
        asked = [self.gateway.ask("trial.account.pay", {"account_id": account, "amount": 80}, k=key()) for _ in range(10)]
        outcomes = collections.Counter(reply[10][0] if reply[10] else "ok" for reply in self.gateway.wait(asked))
        self.assertEqual(outcomes, {"ok": 1, "balance_too_low": 9})

    def test_killing_a_process_loses_nothing_and_doubles_nothing(self):
        accounts = [self.account(10 ** 9) for _ in range(8)]
        open_keys = {key(): random.choice(accounts) for _ in range(600)}
        total, sent, acknowledged = len(open_keys), {}, 0
        end, next_kill = time.monotonic() + 60, time.monotonic() + 0.3
        while open_keys and time.monotonic() < end:
            for k, account in list(open_keys.items())[:48]:
                if time.monotonic() - sent.get(k, (None, 0))[1] > 1:
                    correlation = self.gateway.ask("trial.account.pay", {"account_id": account, "amount": 1}, k=k)
                    sent[k] = (correlation, time.monotonic())
            self.gateway.turn()
            for k in [k for k in open_keys if k in sent and sent[k][0] in self.gateway.replies]:
                if not self.gateway.replies.pop(sent[k][0])[10]:
                    del open_keys[k]
                    acknowledged += 1
            if time.monotonic() > next_kill and len(open_keys) > 100:
                next_kill = time.monotonic() + 0.7
                self.kill_and_restart(random.choice(list(self.processes)))
        self.assertEqual((len(open_keys), acknowledged), (0, total))
        ids = ", ".join(f"'{uuid.UUID(bytes=bytes(a))}'" for a in accounts)
        self.assertEqual(sql(f"SELECT count(*) FROM payment WHERE account_id IN ({ids})"), str(total))
        self.assertEqual(sql(f"SELECT sum(1000000000 - balance) FROM account WHERE account_id IN ({ids})"), str(total))
        self.assertEqual(sql("SELECT count(*) FROM outbox_counter c WHERE number <> (SELECT count(*) FROM outbox o "
                             "WHERE o.branch_id = c.branch_id) OR number <> (SELECT max(number) FROM outbox o "
                             "WHERE o.branch_id = c.branch_id)"), "0")

    def kill_and_restart(self, instance):
        process = self.processes[instance]
        process.kill()
        process.wait()
        for worker in [w for w, name in self.gateway.instances.items() if name == instance]:
            self.gateway.workers.pop(worker, None)
        self.start(instance)

    def test_events_have_their_effect_exactly_once(self):
        accounts = [self.account(0) for _ in range(4)]
        for index in range(400):
            self.gateway.source.add(accounts[index % 4], 1)
            if index % 10 == 0:
                self.gateway.wake_out.send(f"source {uuid.UUID(bytes=BRANCH)}".encode())
                self.gateway.turn(0.001)
            if index == 200:
                self.kill_and_restart("1")
        self.until(lambda: sum(self.effects(account) for account in accounts) == 400, 60)
        time.sleep(0.3)
        self.assertEqual([self.effects(account) for account in accounts], [100] * 4)
        self.assertEqual(sql("SELECT number FROM inbox_position"), str(len(self.gateway.source.events)))

    def test_a_lost_wake_up_is_found_by_the_sweep(self):
        account = self.account(0)
        self.gateway.source.add(account, 1)
        self.until(lambda: self.effects(account) == 1, 24)

    def test_an_effect_follows_its_wake_up_at_once(self):
        account, times = self.account(0), []
        for count in range(1, 21):
            self.gateway.source.add(account, 1)
            began = time.monotonic()
            self.gateway.wake_out.send(f"source {uuid.UUID(bytes=BRANCH)}".encode())
            self.until(lambda wanted=count: self.effects(account) >= wanted)
            times.append(time.monotonic() - began)
        self.assertLess(sorted(times)[10], 0.2)  # the sweep alone would take 0.5

    def test_a_poison_event_is_parked_and_only_its_aggregate_waits(self):
        poisoned, healthy = self.account(0), self.account(0)
        first = len(self.gateway.source.events) + 1
        for account, amount in ((poisoned, 13), (poisoned, 5), (healthy, 5)):
            self.gateway.source.add(account, amount)
        self.until(lambda: self.effects(healthy) == 1, 60)
        reply, _ = self.gateway.call("trial.inbox.parked", {})
        parked = {event["number"]: event.get("error") for event in reply["events"]}
        self.assertEqual(parked, {first: "balance_too_low", first + 1: None})
        self.assertEqual(self.effects(poisoned), 0)
        named = {"branch_id": BRANCH, "producer": "source"}
        self.assertEqual(self.gateway.call("trial.inbox.retry", {**named, "number": first + 1}, k=key())[1], "inbox_order")
        self.assertEqual(self.gateway.call("trial.inbox.retry", {**named, "number": first}, k=key())[1], "balance_too_low")
        self.assertIsNone(self.gateway.call("trial.inbox.drop", {**named, "number": first, "reason": "poison"}, k=key())[1])
        reply, error = self.gateway.call("trial.inbox.retry", {**named, "number": first + 1}, k=key())
        self.assertEqual((error, reply["done"]), (None, 1))
        self.assertEqual(self.effects(poisoned), 1)

    def test_an_event_that_fails_for_now_is_never_parked(self):
        account = self.account(0)
        sql("CREATE OR REPLACE FUNCTION not_now() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'not now' USING ERRCODE = 'serialization_failure'; END $$; "
            "CREATE TRIGGER not_now BEFORE INSERT ON effect FOR EACH ROW EXECUTE FUNCTION not_now()")
        number, failed = len(self.gateway.source.events) + 1, self.failures()
        try:
            self.gateway.source.add(account, 1)
            self.until(lambda: self.failures() >= failed + 30 or self.position() >= number, 30)  # a definite failure is given up after ten
        finally:
            sql("DROP FUNCTION not_now CASCADE")
        self.until(lambda: self.position() >= number, 60)
        self.assertEqual(sql(f"SELECT count(*) FROM inbox_parked WHERE number = {number}"), "0")
        self.assertEqual(self.effects(account), 1)

    @staticmethod
    def position():
        return int(sql("SELECT coalesce(max(number), 0) FROM inbox_position"))

    def failures(self):
        with open(self.log.name, encoding="utf-8") as log:
            return sum("event_failed" in line for line in log)

    def test_events_are_read_without_gaps_by_services_only(self):
        account = self.account(100)
        for _ in range(3):
            self.gateway.call("trial.account.pay", {"account_id": account, "amount": 1}, k=key())
        self.assertEqual(self.gateway.call("trial.events.heads", {})[1], "forbidden")
        heads, _ = self.gateway.call("trial.events.heads", {}, actor=None)
        number = {head["branch_id"]: head["number"] for head in heads["heads"]}[BRANCH]
        page, _ = self.gateway.call("trial.events.read", {"branch_id": BRANCH, "after": number - 3}, actor=None)
        self.assertEqual([event["number"] for event in page["events"]], [number - 2, number - 1, number])
        self.assertEqual(page["events"][0]["event"], "trial.account.paid")
        self.assertEqual(msgpack.unpackb(page["events"][0]["body"])["account_id"], account)
        _, error = self.gateway.call("trial.events.confirm", {
            "consumer": "other", "positions": [{"branch_id": BRANCH, "number": 2}]}, actor=None, k=key())
        self.assertIsNone(error)
        self.assertEqual(sql("SELECT number FROM outbox_consumer WHERE consumer = 'other'"), "2")

    def test_a_job_runs_by_hand_at_the_instant_of_the_request(self):
        at = 1_300_000_000_000_000
        reply, error = self.gateway.call("trial.jobs.run", {"name": "count_accounts"}, at=at, k=key())
        self.assertEqual((error, reply), (None, {"runs": 1}))
        self.assertEqual(self.gateway.call("trial.jobs.run", {"name": "none"}, k=key())[1], "job_unknown")
        self.assertEqual(sql("SELECT count(*) FROM job"), "0")  # none by itself on a set clock

    def test_a_setting_is_changed_for_a_branch_and_from_an_instant_on(self):
        change = {"name": "trial_limit", "number": 7}
        self.assertEqual(self.gateway.call("trial.setting.change", {**change, "number": 11}, k=key())[1], "setting_range")
        self.assertEqual(self.gateway.call("trial.setting.change", {**change, "name": "x"}, k=key())[1], "setting_unknown")
        at = 1_300_000_000_000_000
        self.assertIsNone(self.gateway.call("trial.setting.change", change, at=at, k=key())[1])

        def value(instant):
            reply, _ = self.gateway.call("trial.setting.list", {}, at=instant)
            return {item["name"]: item["number"] for item in reply["settings"] if "number" in item}["trial_limit"]
        self.assertEqual((value(at - 1), value(at)), (5, 7))

    def test_it_leaves_tidily(self):
        self.start("3", health="127.0.0.1:18499")
        self.until(lambda: len(self.gateway.live()) == 3, 60)
        self.until(lambda: self.ready("http://127.0.0.1:18499/readyz"), 60)  # it has heard its gateway, too
        with urllib.request.urlopen("http://127.0.0.1:18499/metrics", timeout=2) as page:
            self.assertIn(b"songda_batch_size_count", page.read())
        process = self.processes.pop("3")
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
            size = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        with open(f"/proc/{process.pid}/maps", encoding="utf-8") as file:
            sanitized = "libasan" in file.read()
        goodbyes = self.gateway.goodbyes
        process.send_signal(signal.SIGTERM)
        self.until(lambda: process.poll() is not None)
        self.assertEqual((process.returncode, self.gateway.goodbyes), (0, goodbyes + 1))
        if not sanitized:
            self.assertLess(size, 15 * 1024)

    def test_who_leaves_takes_no_more_events(self):
        """However many come: with one after the other it would never be done."""
        account = self.account(0)
        self.start("4")
        self.until(lambda: self.gateway.worker_called("4") in self.gateway.askers, 60)
        process = self.processes.pop("4")
        goodbyes, questions, added = self.gateway.goodbyes, self.gateway.questions_of_the_gone, 0
        process.send_signal(signal.SIGTERM)
        while process.poll() is None and added < 10000:
            added += 1
            self.gateway.source.add(account, 1)
            self.gateway.wake_out.send(f"source {uuid.UUID(bytes=BRANCH)}".encode())
            self.gateway.turn()
        process.wait(30)
        self.assertEqual(process.returncode, 0)
        self.assertGreater(self.gateway.goodbyes, goodbyes)
        self.assertEqual(self.gateway.questions_of_the_gone, questions)
        self.until(lambda: self.effects(account) == added, 60)

    def test_who_is_not_done_in_time_leaves_all_the_same(self):
        """Its database falls silent in the middle of a call: that is not committed, and another one does it."""
        account, k = self.account(10), key()
        self.start("5")
        self.until(lambda: self.gateway.worker_called("5"), 60)
        worker, process = self.gateway.worker_called("5"), self.processes.pop("5")
        backend = sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'songda trial 5'")
        waits = f"SELECT 1 FROM pg_stat_activity WHERE pid = {backend} AND wait_event_type = 'Lock'"

        def is_in_the_middle():
            self.gateway.ask("trial.account.pay", {"account_id": account, "amount": 7}, k=k, worker=worker)
            self.gateway.turn()
            return sql(waits) == "1"
        with subprocess.Popen(["psql", "-X", "-q", os.environ["POSTGRES_ADMIN"], "-c", "SET application_name = 'holder'; BEGIN; "
                               "LOCK TABLE trial.account IN EXCLUSIVE MODE; SELECT pg_sleep(120)"], stderr=subprocess.DEVNULL):
            try:
                self.until(is_in_the_middle)
                os.kill(int(backend), signal.SIGSTOP)
                process.send_signal(signal.SIGTERM)
                self.until(lambda: process.poll() is not None)
            finally:
                os.kill(int(backend), signal.SIGCONT)
                sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'")
        self.assertEqual(process.returncode, 0)
        self.assertIsNone(self.gateway.call("trial.account.pay", {"account_id": account, "amount": 7}, k=k)[1])
        self.assertEqual(self.gateway.call("trial.account.read", {"account_id": account})[0]["balance"], 3)

    def test_y_a_job_runs_once_however_many_processes_there_are(self):
        before = int(sql("SELECT count(*) FROM trace WHERE word LIKE 'other%'"))
        for instance in ("6", "7", "8"):
            self.start(instance, clock="system")
        self.until(lambda: sql("SELECT count(*) FROM job") not in ("0", "1"), 60)
        time.sleep(1)
        self.assertEqual(int(sql("SELECT count(*) FROM trace WHERE word LIKE 'other%'")), before + 1)
        self.until(lambda: sql("SELECT (SELECT count(*) FROM audit) - (SELECT count(*) FROM audit_seal)") == "0", 60)
        reply, error = self.gateway.call("trial.audit.verify", {})
        self.assertEqual((error, reply["is_whole"]), (None, True))
        self.assertGreater(reply["checked"], 100)
        for instance in ("6", "7", "8"):
            process = self.processes.pop(instance)
            process.kill()
            process.wait()

    def test_production_refuses_a_set_clock(self):
        run = subprocess.run([PROGRAM, "--mode=production", "--clock=request", "--database=x", "--database_owner=x",
                              "--gateway=ipc:///x"], capture_output=True, text=True, check=False)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("refused in production", run.stderr)

    def test_z_without_its_database_it_ends_and_says_so(self):
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'songda trial 2'")
        self.until(lambda: self.processes["2"].poll() is not None)
        self.assertEqual(self.processes["2"].returncode, 1)
        self.log.seek(0)
        self.assertTrue(any("database_lost" in line for line in self.log))


if __name__ == "__main__":
    unittest.main(verbosity=2)
