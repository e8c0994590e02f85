#!/usr/bin/python3
"""The audit log: every write leaves its row, no change of a sealed row goes unnoticed, and no secret stands anywhere."""
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import uuid

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import CONTRACT, Database, Findings, example_of, functions_of, side_by_side  # noqa: E402
from secret_places import leaks, open_to_others, secrets_in  # noqa: E402
from running import PASSWORD, SERVICES, Stack, arguments, check, run_tests, seal_audit, send, test_company, wait_for  # noqa: E402
from songda.client import Client, new_key, retrying  # noqa: E402

SERVICE, BRANCH, MUTATIONS = "dispatch", "SH01", 200
NOBODY_YET = {"staff.session.open", "staff.company.found"}
ENDS_SESSION = {"staff.session.close", "staff.password.change", *NOBODY_YET}
COLUMNS = ["at", "staff_id", "session_id", "operation", "object_id", "request", "before", "outcome", "trace", "xid", "branch_id"]
PHONE = re.compile(r"(?<![0-9A-Za-z-])1[3-9]\d{9}(?![0-9A-Za-z-])")


class Traced(Client):
    """A client that says under which trace it asks."""

    def request(self, method, path, body=None, headers=None):
        return super().request(method, path, body, {**(headers or {}), "traceparent": f"00-{self.trace}-00f067aa0ba902b7-01"})


class Tests:
    def __init__(self, options):
        self.stack, self.seed = Stack(options.stack), random.SystemRandom().randrange(10**6)
        self.database = Database(self.stack)
        self.company = test_company(options.address)
        self.address, self.random, self.findings = options.address, random.Random(self.seed), Findings()
        self.reader = self.company.client("general_manager@ZB")

    # -- every write

    def one_write(self, operation):
        entry = CONTRACT.operations[operation]
        functions, example = functions_of(operation), entry.get("example", {}).get("as")
        function = example if example and (functions is None or example in functions) else min(functions or {"department_head"})
        person = f"{function}@{BRANCH}"
        client = Traced(CONTRACT, self.address)
        client.token, client.trace = self.company.client(person).token, uuid.uuid4().hex
        status, reply = retrying(lambda: client.call(operation, example_of(operation)))
        outcome = reply.get("error", "ok") if status >= 300 else "ok"
        if outcome.startswith("field_") or status >= 500:
            self.findings.note("write that got no further", status < 500, f"{operation}: {status} {reply}")
            return
        rows = self.database.sql(f"SELECT staff_id, session_id IS NOT NULL, branch_id, operation, outcome, object_id IS NOT NULL FROM"
                                 f" {entry['service']}.audit WHERE trace LIKE '00-{client.trace}-%'")
        wanted = [self.company.ids[person], "t", self.company.ids[BRANCH], operation, outcome]
        names_it = "object" not in entry or entry["object"] not in example_of(operation) or rows and rows[0][5] == "t"
        self.findings.note(f"write {'done' if outcome == 'ok' else 'refused'}", len(rows) == 1 and rows[0][:5] == wanted and names_it,
                           f"{operation} by {person}: {rows}, not {wanted}")

    def writes(self):
        operations = [name for name, entry in CONTRACT.operations.items()
                      if entry["effect"] == "write" and entry["permission"] != "service" and name not in ENDS_SESSION]
        side_by_side(self.one_write, sorted(operations), 4)
        self.findings.settle("write")

    def rows_so_far(self):
        """Whatever ran before on this stack: each row says who, in which session and branch, what, and under which trace."""
        for service in SERVICES:
            names = {name for name, entry in CONTRACT.operations.items() if entry["service"] == service}
            for operation, count, bare in self.database.sql(
                    f"SELECT operation, count(*), count(*) FILTER (WHERE staff_id IS NULL OR session_id IS NULL OR trace = '' OR outcome = '')"
                    f" FROM {service}.audit GROUP BY operation"):
                self.findings.note("operation in the log", operation in names and (bare == "0" or operation in NOBODY_YET),
                                   f"{operation}: {bare} of {count} rows without somebody")
        self.findings.settle("operation")

    # -- the chain

    def verify(self):
        """(is_whole, the wrong row's id) of the whole chain."""
        after = 0
        while True:
            reply = send(self.reader, f"{SERVICE}.audit.verify", {"branch_id": self.company.ids[BRANCH], "after": after, "limit": 2000})
            if not reply["is_whole"]:
                return False, reply.get("wrong_audit_id")
            if reply["checked"] < 2000:
                return True, None
            after = reply["last"]

    def row(self, audit_id):
        return self.database.sql(f"SELECT row_to_json(a) FROM {SERVICE}.audit a WHERE audit_id = '{audit_id}'")[0][0]

    def put(self, *rows):
        """SQL that makes these rows what they say."""
        text = ""
        for row in rows:
            quoted = row.replace("'", "''")
            text += (f"DELETE FROM {SERVICE}.audit WHERE audit_id = '{json.loads(row)['audit_id']}';"
                     f"INSERT INTO {SERVICE}.audit SELECT * FROM json_populate_record(NULL::{SERVICE}.audit, '{quoted}');")
        return f"BEGIN; {text} COMMIT;"

    def changed(self, row):
        """The row with one column that says something else, and what was changed."""
        fields = json.loads(row)
        column = self.random.choice(COLUMNS)
        value = fields[column]
        if column in ("staff_id", "session_id", "object_id"):
            fields[column] = new_key() if value is None or self.random.random() < 0.7 else None
        elif column == "branch_id":
            fields[column] = self.company.ids["HZ01"]
        elif column == "request":
            fields[column] = value[:-2] + ("00" if value[-2:] != "00" else "01") if len(value) > 2 else "\\x00"
        elif column == "at":
            fields[column] = value[:20] + ("1" if value[20:21] != "1" else "2") + value[21:] if "." in value else value[:19] + ".000001" + value[19:]
        elif column == "xid":
            fields[column] = str(int(value) - 1)
        else:
            fields[column] = (value or "") + "x" if self.random.random() < 0.7 or not value else value[:-1]
        return json.dumps(fields, ensure_ascii=False), column

    def mutations(self):
        seal_audit(self.company, self.database.sql, SERVICE, BRANCH)
        check(self.verify() == (True, None), f"not whole before anything was changed: {self.verify()}")
        sealed = [row[0] for row in self.database.sql(f"SELECT audit_id FROM {SERVICE}.audit_seal WHERE branch_id = '{self.company.ids[BRANCH]}'"
                                                      " ORDER BY number")]
        check(len(sealed) > 100, f"only {len(sealed)} sealed rows")
        print(f"        {len(sealed)} sealed rows, seed {self.seed}")
        for _ in range(MUTATIONS):
            kind = self.random.choice(["change", "change", "delete", "reorder", "insert"])
            first, second = sorted(self.random.sample(range(len(sealed)), 2))
            before = [self.row(sealed[first]), self.row(sealed[second])]
            wanted, undo = sealed[first], self.put(*before)
            if kind == "change":
                after, column = self.changed(before[0])
                kind, work = f"change of {column}", self.put(after)
            elif kind == "delete":
                work = f"DELETE FROM {SERVICE}.audit WHERE audit_id = '{sealed[first]}'"
            elif kind == "reorder":
                one, other = (json.loads(text) for text in before)
                one["audit_id"], other["audit_id"] = other["audit_id"], one["audit_id"]
                work = self.put(json.dumps(one, ensure_ascii=False), json.dumps(other, ensure_ascii=False))
            else:
                wanted = sealed[first][:-6] + f"{self.random.randrange(16**6):06x}"
                work = self.put(json.dumps({**json.loads(before[0]), "audit_id": wanted}, ensure_ascii=False))
                undo = f"DELETE FROM {SERVICE}.audit WHERE audit_id = '{wanted}'"
            self.database.sql(work)
            found = self.verify()
            self.database.sql(undo)
            self.findings.note(kind, found == (False, wanted), f"row {wanted}: {found}")
        whole = self.verify()
        self.findings.note("whole again", whole == (True, None), str(whole))
        self.findings.settle("change", "delete", "reorder", "insert", "whole")

    # -- secrets

    def tokens(self):
        return [client.token for client in self.company.clients.values()]

    def nothing_in_tables(self):
        secrets = [PASSWORD, *self.tokens()]
        shapes = "|".join(re.escape(secret) for secret in secrets) + "|" + "|".join(secret.encode().hex() for secret in secrets)
        tables = self.database.sql("SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'")

        def one(table):
            name = ".".join(table)
            rows = self.database.sql(f"SELECT count(*) FROM {name} t WHERE t::text ~ '{shapes}'")
            self.findings.note("table without a secret", rows == [["0"]], f"{name}: {rows}")
        side_by_side(one, tables, 2)
        self.findings.settle("table")

    def nothing_in_files(self):
        """Settings and logs; arguments and environments, for what is kept in files those of every process of the machine."""
        home = pathlib.Path(self.stack.show("home"))
        typed, kept = [secret.encode() for secret in [PASSWORD, *self.tokens()]], secrets_in(home / "secrets")
        check(len(kept) >= 2 * len(SERVICES) + 3, f"only {len(kept)} secrets: is the sessions' key there?")
        files = [path for folder in ("settings", "log", "sv", "run") for path in sorted((home / folder).rglob("*")) if path.is_file()]
        files += [home / "stack.conf", *(home / "postgres").glob("*.conf")]
        for path in files:
            found = leaks([*typed, *kept], [path], [])
            self.findings.note("file without a secret", not found, str(found))
            if home / "log" in path.parents:
                phones = sorted(set(PHONE.findall(path.read_bytes().decode("utf-8", "replace"))))
                self.findings.note("log without telephone numbers", not phones, f"{path}: {phones[:5]}")
        loose = open_to_others(home / "secrets")
        self.findings.note("secrets for their owner only", not loose, str(loose))
        pids = [pid for pid, _, _ in self.stack.status().values() if pid]
        for found in (leaks(typed, pids=pids), leaks(kept)):
            self.findings.note("process without a secret", not found, str(found))
        self.findings.settle("file", "log", "secrets", "process")

    def what_is_shown_is_found(self):
        """The search itself: a process that was given a secret the wrong way is named."""
        in_arguments, in_environment, nowhere = (os.urandom(16).hex() for _ in range(3))
        with subprocess.Popen(["sh", "-c", "read line", in_arguments], stdin=subprocess.PIPE, env={"WORD": in_environment}) as process:
            wait_for(lambda: leaks([in_arguments.encode()]), 30, "arguments are not seen")
            for secret, what in ((in_arguments, "cmdline"), (in_environment, "environ")):
                found = leaks([secret.encode()])
                check(any(place.startswith(f"{what} of {process.pid} ") for place in found), f"{what}: {found}")
            check(not leaks([nowhere.encode()]), "what nobody has is found")
            process.communicate(b"\n")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("every write leaves its row", tests.writes), ("the rows so far say who, where, what", tests.rows_so_far),
                      (f"{MUTATIONS} changes by the database's administrator are found and named", tests.mutations),
                      ("no password and no token in any table", tests.nothing_in_tables),
                      ("no secret in files, arguments, environments; no telephone number in logs", tests.nothing_in_files),
                      ("a secret with a process is found", tests.what_is_shown_is_found)], options.only)


if __name__ == "__main__":
    sys.exit(main())
