#!/usr/bin/python3
"""Hostile texts (tests/access/payloads.txt) in every text field of every operation: the answer is ok or a refusal, never an internal error.

No answer costs more than 50 ms of processor; what was taken stands in the database byte for byte; nothing else is there or gone: the schemas,
another branch's rows; the logs have one record in a line; the programs keep their pids and do not grow. Some of the texts for each field, by the
seed; with --every all of them over HTTP and over the front socket (tests/access/inject runs that on a stack of its own).
"""
import fnmatch
import json
import pathlib
import random
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import CONTRACT, Database, Findings, example_of, functions_of  # noqa: E402
from belongings import Belongings  # noqa: E402
from payloads import PASSING, FrontLane, HttpLane, Processor, Question, is_phone, marked, packed_text, patiently, read_payloads, text_paths  # noqa: E402
from running import SERVICES, Stack, arguments, check, run_tests, send, test_company  # noqa: E402
from songda.client import retrying  # noqa: E402

ENDS_SESSION = {"staff.session.close", "staff.password.change", "staff.password.set", "staff.company.found"}
GENERAL = {"malformed", "field_unknown", "field_missing", "field_doubled", "field_type", "field_range", "field_length", "field_value", "text_invalid", "not_found",
           "conflict", "overflow", "reason_missing", "number_unknown", "number_used", "number_void", "setting_unknown", "body_too_large", "operation_unknown",
           "method_not_allowed", "approval_closed", "approval_not_yours", "approval_own", "header_too_large"}
GROWTH = 32 << 20
CPU_SECONDS = 0.050  # of gateway, service and PostgreSQL together, for one answer
HASHING = {"staff.company.found", "staff.password.change", "staff.password.set", "staff.session.open"}  # argon2id is dear on purpose
HASH_SECONDS = 0.300
PER_FIELD = 6        # of the texts for each field in a sample, half over HTTP and half over the front socket
CHUNK = 10
CANARY = "HZ01"      # nobody of this branch asks for anything
BLANK = " \t\r\n\x0b\x0c"
# Tables of the machinery, which moves by itself.
MOVING = ("audit", "audit_seal", "audit_sealer", "outbox", "outbox_counter", "outbox_consumer", "inbox_position", "inbox_parked", "idempotency", "job",
          "session", "sign_in")


class Tests:
    def __init__(self, options):
        self.stack, self.seed = Stack(options.stack), options.seed
        self.every, self.only = options.every, options.operations
        self.database = Database(self.stack)
        self.company, self.random, self.findings = test_company(options.address), random.Random(self.seed), Findings()
        self.payloads = read_payloads()
        self.front, self.http = FrontLane(self.stack.show("clients")), HttpLane(options.address)
        self.belongings = Belongings(self.database, self.company)
        self.before, self.processor = self.stack.status(), Processor(self.stack, SERVICES)
        self.question, self.columns = Question(self.database), {}
        self.audit_only = set()
        self.slowest = 0

    def client(self, operation):
        functions, example = functions_of(operation), CONTRACT.operations[operation].get("example", {}).get("as")
        return self.company.client(f"{example if example and (functions is None or example in functions) else min(functions or {'clerk'})}@SH01")

    def fields(self):
        """Every text field of every operation that can be asked: (operation, path, its request with a mark there)."""
        for operation, entry in sorted(CONTRACT.operations.items()):
            if entry["permission"] == "service" or operation in ENDS_SESSION or not fnmatch.fnmatchcase(operation, self.only):
                continue
            # Staff's own people stay who they are, and are not locked out: they do the asking.
            request = example_of(operation) if entry["service"] == "staff" else self.belongings.request(operation, "SH01")
            if operation == "staff.session.open":
                request["sign_in_name"] = "nobody@SH01"
            for path in text_paths(operation):
                yield operation, path, marked(operation, path, request)

    # -- asking

    def ask(self, lane, operation, path, request, payloads):
        """Some payloads in one field; if that was slow, each once more by itself."""
        service, token = CONTRACT.operations[operation]["service"], self.client(operation).token
        since = self.question.sql("SELECT pg_current_xact_id()")[0][0]
        before = self.processor.used(service)
        answers = lane.ask_all(operation, token, request, payloads)
        is_slow = self.processor.used(service) - before > CPU_SECONDS
        taken = None
        for payload, (status, error) in zip(payloads, answers):
            if error in PASSING:
                status, error = patiently(lambda payload=payload: lane.ask_all(operation, token, request, [payload])[0])
            self.judge(operation, path, payload, status, error)
            if error == "ok":
                taken = payload
            if is_slow:
                self.judge_cost(lane, operation, path, request, payload)
        if taken and taken.text is not None and CONTRACT.operations[operation]["effect"] == "write":
            self.judge_stored(operation, path, taken, since)

    def judge_cost(self, lane, operation, path, request, payload):
        """Other work of the same processes is counted too: the cheapest of five."""
        service, token, costs = CONTRACT.operations[operation]["service"], self.client(operation).token, []
        limit = CPU_SECONDS + (HASH_SECONDS if operation in HASHING else 0)
        while len(costs) < 5 and (not costs or min(costs) > limit):
            before = self.processor.used(service)
            lane.ask_all(operation, token, request, [payload])
            costs.append(self.processor.used(service) - before)
        self.slowest = max(self.slowest, min(costs))
        self.findings.note("cost of one", min(costs) <= limit, f"{operation} {'.'.join(path)} = {payload}: {min(costs) * 1000:.0f} ms of processor")

    def judge(self, operation, path, payload, status, error):
        entry = CONTRACT.operations[operation]
        is_named = error in GENERAL | set(entry.get("errors", [])) | ({"sign_in_refused", "sign_in_locked"} if operation == "staff.session.open" else set())
        allowed = error == "ok" or status == 414 or status in (None, 400, 431) and error in ("closed", "none") or is_named and (status or 0) < 500
        self.findings.note("text", allowed, f"{operation} {'.'.join(path)} = {payload}: {status} {error}")
        if error == "ok":
            self.findings.note("text that was taken is one", payload.text is not None and "\0" not in payload.text, f"{operation} {'.'.join(path)} = {payload}")

    def everywhere(self):
        """Each text field of each operation gets its share of the texts, so that every text is in many fields."""
        check(len(self.payloads) >= 500, "too few texts")
        on_wire = [payload for payload in self.payloads if payload.wire is not None]
        asked, fields = 0, list(self.fields())
        print(f"        seed {self.seed}: {len(self.payloads)} texts, {len(fields)} text fields", flush=True)
        for number, (operation, path, request) in enumerate(fields):
            if self.every:
                asked += self.all_of_them(operation, path, request, on_wire)
                if number % 20 == 19:
                    print(f"        {number + 1} fields, {asked} requests", flush=True)
                continue
            some = self.random.sample(on_wire, PER_FIELD // 2)
            over_http = self.payloads if is_in_body(operation, path) else on_wire
            self.ask(self.http, operation, path, request, self.random.sample(over_http, PER_FIELD // 2))
            self.ask(self.front, operation, path, request, some)
        print(f"        the dearest single answer {self.slowest * 1000:.0f} ms of processor")
        self.findings.settle("text", *(["cost"] if "cost of one" in self.findings.counts else []))

    def all_of_them(self, operation, path, request, on_wire):
        for lane, payloads in ((self.http, self.payloads if is_in_body(operation, path) else on_wire), (self.front, on_wire)):
            for start in range(0, len(payloads), CHUNK):
                self.ask(lane, operation, path, request, payloads[start:start + CHUNK])
        return 2 * len(payloads)

    # -- what is stored

    def text_columns(self, service):
        if service not in self.columns:
            self.columns[service] = self.database.sql(
                "SELECT table_name, column_name, data_type FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
                f" WHERE table_schema = '{service}' AND table_type = 'BASE TABLE' AND data_type IN ('text', 'jsonb', 'ARRAY')"
                " AND table_name NOT IN ('idempotency', 'audit', 'outbox')")
        return self.columns[service]

    def stands(self, service, texts, since):
        """Whether one of the texts stands, byte for byte, in a row of the service that was written since this transaction."""
        is_there = {"text": "t.{} IN (SELECT x FROM wanted)", "ARRAY": "EXISTS (SELECT FROM wanted WHERE x = ANY (t.{}::text[]))",
                    "jsonb": "EXISTS (SELECT FROM wanted WHERE position(to_json(x)::text in t.{}::text) > 0)"}
        wanted = ", ".join(f"(convert_from('\\x{text.encode().hex()}', 'UTF8'))" for text in texts)
        tables = {}
        for table, column, kind in self.text_columns(service):
            tables.setdefault(table, []).append(is_there[kind].format(column))
        rows = self.question.sql(f"WITH wanted (x) AS (VALUES {wanted}) SELECT " + " OR ".join(
            f"EXISTS (SELECT FROM {service}.{table} t WHERE t.xmin::text::bigint >= {since} AND ({' OR '.join(conditions)}))"
            for table, conditions in tables.items()))
        return rows == [["t"]]

    def stands_in_audit(self, service, texts, since):
        packed = ", ".join(f"'\\x{packed_text(text.encode()).hex()}'::bytea" for text in texts)
        return self.question.sql(f"SELECT EXISTS (SELECT FROM {service}.audit, unnest(ARRAY[{packed}]) p WHERE xmin::text::bigint >= {since}"
                                 " AND position(p in request) > 0)") == [["t"]]

    def judge_stored(self, operation, path, payload, since):
        """A reason, or what changes nothing, stands in the audit log only."""
        service, name = CONTRACT.operations[operation]["service"], f"{operation} {'.'.join(path)}"
        if not payload.text.strip(BLANK):
            return
        texts = payload.stored_phone() if is_phone(operation, path) else payload.stored()
        if self.stands(service, texts, since):
            self.findings.note("text that stands in the database as it was sent", True)
        else:
            self.findings.note("text that stands in the audit log as it was sent", self.stands_in_audit(service, texts, since), f"{name} = {payload}")
            self.audit_only.add(name)

    def stored(self):
        print(f"        in the audit log only: {', '.join(sorted(self.audit_only)) or 'none'}")
        self.findings.settle("text that stands")

    def read_back(self):
        """All of them as a depot's name: what was taken comes back as it was sent, or nothing was taken."""
        writer, kept, run = self.company.client("dispatcher@SH01"), {}, f"{self.random.randrange(36**5):05x}"[:5]
        texts = [payload for payload in self.payloads if payload.text is not None]
        for number, payload in enumerate(texts):
            status, reply = retrying(lambda: writer.call("dispatch.depot.create", {"code": f"{run}{number:03}", "name": payload.text, "address": "路"}))
            if status < 300:
                kept[reply["depot_id"]] = payload
            else:
                self.findings.note("refused text", status < 500, f"{payload}: {status} {reply}")
        back, after = {}, None
        while len(back) < len(kept):
            page = send(writer, "dispatch.depot.list", {"limit": 200, **({"after": after} if after else {})})
            back.update({item["depot_id"]: item["name"] for item in page["items"]})
            after = page.get("next")
            if not after:
                break
        for depot, payload in kept.items():
            self.findings.note("text that came back", back.get(depot) in payload.stored(), f"{payload} came back as {back.get(depot)!r}")
        self.findings.settle("refused", "text that came back")

    # -- what must not have changed

    def picture(self):
        """What nothing of this may change: the schemas, the roles, and the rows of a branch that nobody here is of."""
        parts = dict(self.database.sql("SELECT 'columns', md5(string_agg(concat_ws(' ', table_schema, table_name, column_name, data_type), ',' ORDER BY"
                                       " table_schema, table_name, column_name)) FROM information_schema.columns WHERE table_schema !~ '^(pg_|information)'"
                                       " UNION ALL SELECT 'functions', md5(string_agg(md5(p.prosrc) || p.proname, ',' ORDER BY p.proname, p.oid)) FROM pg_proc p JOIN"
                                       " pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^(pg_|information)'"
                                       " UNION ALL SELECT 'roles', md5(string_agg(r::text, ',' ORDER BY rolname)) FROM pg_authid r"
                                       " UNION ALL SELECT 'rules', md5(string_agg(p::text, ',' ORDER BY polname, oid)) FROM pg_policy p"))
        tables = self.database.sql("SELECT table_schema, table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
                                   f" WHERE column_name = 'branch_id' AND table_type = 'BASE TABLE' AND table_schema IN {tuple(SERVICES)}"
                                   f" AND table_name NOT IN {MOVING} ORDER BY 1, 2")
        branch = self.company.ids[CANARY]
        rows = self.database.sql(" UNION ALL ".join(f"SELECT '{schema}.{table}', count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY t::text)), '')"
                                                    f" FROM {schema}.{table} t WHERE branch_id = '{branch}'" for schema, table in tables))
        parts.update({name: f"{count} {digest}" for name, count, digest in rows})
        return parts

    def take_picture(self):
        self.canary = self.picture()
        print(f"        {sum(value[0] != '0' for value in self.canary.values())} tables have rows of {CANARY}")

    def unchanged(self):
        after = self.picture()
        for name, was in self.canary.items():
            self.findings.note("canary", after.get(name) == was, f"{name}: {was} → {after.get(name)}")
        self.findings.settle("canary")
        self.stack.invariants()

    def alive(self):
        after = self.stack.status()
        for name, (pid, size, health) in after.items():
            if name.rsplit("-", 1)[0] in [*SERVICES, "gateway"]:
                grown = (size - self.before[name][1]) * 1024
                self.findings.note("program", pid == self.before[name][0] and health == "ready" and grown < GROWTH,
                                   f"{name}: pid {self.before[name][0]} → {pid}, {health}, grown by {grown >> 20} MiB")
        self.findings.settle("program")

    def logs(self):
        """One record in a line, whatever was asked."""
        home = pathlib.Path(self.stack.show("home"))
        for folder in sorted((home / "log").iterdir()):
            if folder.name.rsplit("-", 1)[0] not in [*SERVICES, "gateway"]:
                continue
            lines = (folder / "current").read_bytes().split(b"\n")
            wrong = [line for line in lines[:-1] if not is_record(line)]
            self.findings.note(f"log, {len(lines) > 1 and 'of records' or 'empty'}", not wrong, f"{folder.name}: {wrong[:3]}")
        self.findings.settle("log")


def is_record(line):
    try:
        record = json.loads(line.decode())
    except ValueError:
        return False
    return isinstance(record, dict) and {"time", "level", "program", "event"} <= set(record) and not any(byte < 32 for byte in line)


def is_in_body(operation, path):
    method, template = CONTRACT.operations[operation]["http"].split(" ")
    return method != "GET" and "{%s}" % path[0] not in template


def strings_in(value):
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    return [value] if isinstance(value, str) else []


def main():
    parser = arguments(__doc__)
    parser.add_argument("--every", action="store_true", help="all texts in all fields, both ways")
    parser.add_argument("--operations", default="*", help="only those whose name is like this, e.g. 'leads.*'")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    tests = Tests(options)
    return run_tests([("before", tests.take_picture), ("hostile texts in every text field", tests.everywhere),
                      ("what was taken stands in the database as it was sent", tests.stored), ("what is stored comes back", tests.read_back),
                      ("schemas, roles, another branch's rows are as before, the invariants hold", tests.unchanged),
                      ("one record in a line of the logs", tests.logs),
                      ("the programs live on and have not grown", tests.alive)], options.only)


if __name__ == "__main__":
    sys.exit(main())
