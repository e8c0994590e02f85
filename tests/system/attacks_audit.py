#!/usr/bin/python3
"""Whatever the database's administrator does to the audit log is found and named from outside (ops/audit), against heads that were kept elsewhere.

A change, a removal, a move, a row put between, the newest rows cut off, a chain written anew with all its hashes: at random, by the seed, each in
a transaction that is rolled back. The keeper writes the heads by itself.
"""
import pathlib
import random
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import Database, Findings  # noqa: E402
from payloads import Question  # noqa: E402
from running import ROOT, Stack, arguments, check, run_tests, seal_audit, send, test_company, wait_for  # noqa: E402
from songda.audit import ROWS_SQL, START, read_heads, row_hash, verify_chain  # noqa: E402
from songda.client import new_key  # noqa: E402

SERVICE, BRANCH, LONGEST = "dispatch", "SH01", 150
KINDS = ["change", "change", "remove", "remove with its seal", "move", "insert", "cut off", "cut off one", "write anew"]


class Tests:
    def __init__(self, options):
        self.stack, self.seed, self.count = Stack(options.stack), options.seed, options.mutations
        self.company, self.chance, self.findings = test_company(options.address), random.Random(options.seed), Findings()
        self.database = Database(self.stack)
        self.question = Question(self.database)
        self.home = pathlib.Path(self.stack.show("home"))
        self.sql = self.question.sql

    def audit(self, *words):
        done = subprocess.run([ROOT / "ops" / "audit", *words, "--dir", self.home], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def keeper_writes_heads(self):
        """Each day by itself; asked now because none were written, or the file is old."""
        heads = self.home / "audit-heads"
        seal_audit(self.company, self.database.sql, SERVICE, BRANCH)
        if heads.exists():
            subprocess.run(["touch", "-d", "2 days ago", heads], check=True)
        before = heads.stat().st_size if heads.exists() else 0

        def is_written():
            with open(self.home / "run" / "keeper", "w", encoding="ascii") as line:
                line.write("now\n")
            return heads.exists() and heads.stat().st_size > before
        wait_for(is_written, 180, "the keeper writes no heads")
        kept = read_heads(heads.read_text(encoding="utf-8").splitlines())
        last = dict(self.database.sql(f"SELECT branch_id, max(number) FROM {SERVICE}.audit_seal GROUP BY 1"))
        check(all((SERVICE, branch) in kept and max(kept[SERVICE, branch]) <= int(number) for branch, number in last.items()), f"{len(kept)} chains, not {last}")

    def whole(self):
        status, said = self.audit("verify")
        check(status == 0, said)
        print(f"        {said.strip().splitlines()[-1]}")

    # -- mutations

    def prepare(self):
        """A chain of its own length whose head was kept: the first rows of a real one, in a branch that nobody has."""
        source, self.branch = self.company.ids[BRANCH], new_key()
        self.sql("BEGIN")
        self.sql(f"INSERT INTO {SERVICE}.audit (branch_id, audit_id, at, staff_id, session_id, operation, object_id, request, before, outcome, trace)"
                 f" SELECT '{self.branch}', audit_id, at, staff_id, session_id, operation, object_id, request, before, outcome, trace FROM {SERVICE}.audit"
                 f" WHERE branch_id = '{source}' ORDER BY audit_id LIMIT {LONGEST}")
        self.sql(f"INSERT INTO {SERVICE}.audit_seal (branch_id, number, audit_id, xid, hash, sealed_at) SELECT branch_id, row_number() OVER (ORDER BY audit_id),"
                 f" audit_id, xid, '\\x00', now() FROM {SERVICE}.audit WHERE branch_id = '{self.branch}'")
        self.write_hashes(1)
        self.rows = self.sql(ROWS_SQL.format(SERVICE, self.branch, 0, LONGEST))
        self.heads = {int(row[0]): (row[1], "2026-11-23") for row in self.rows[9::10]}
        self.heads[len(self.rows)] = self.rows[-1][1], "2026-11-24"

    def write_hashes(self, first):
        """Seals as somebody would write them who knows how: all hashes from this number on."""
        rows = self.sql(ROWS_SQL.format(SERVICE, self.branch, 0, LONGEST * 2))
        hash_, values = START, []
        for row in rows:
            wanted = row_hash(hash_, self.branch, row) if int(row[0]) >= first else bytes.fromhex(row[1])
            if int(row[0]) >= first:
                values.append(f"({row[0]}, '\\x{wanted.hex()}'::bytea)")
            hash_ = wanted
        if values:
            self.sql(f"UPDATE {SERVICE}.audit_seal s SET hash = v.hash FROM (VALUES {', '.join(values)}) v (number, hash) WHERE s.number = v.number AND"
                     f" s.branch_id = '{self.branch}'")

    def where(self, number, table="audit"):
        return f"branch_id = '{self.branch}' AND " + (f"number = {number}" if table == "audit_seal" else f"audit_id = '{self.rows[number - 1][2]}'")

    def change(self, number):
        column, value = self.chance.choice([
            ("at", "at + interval '1 microsecond'"), ("staff_id", f"'{new_key()}'"), ("session_id", f"'{new_key()}'"), ("operation", "operation || 'x'"),
            ("object_id", f"'{new_key()}'"), ("request", "request || '\\x00'"), ("before", "coalesce(before, '') || ' '"), ("outcome", "outcome || 'x'"),
            ("trace", "trace || '0'"), ("xid", "(xid::text::bigint - 1)::text::xid8"), ("request", "''"), ("trace", "''")])
        self.sql(f"UPDATE {SERVICE}.audit SET {column} = {value} WHERE {self.where(number)}")

    def mutate(self, kind, number):
        """Does it; the number or the id that must be named."""
        seal, audit = f"{SERVICE}.audit_seal", f"{SERVICE}.audit"
        other = number % (len(self.rows) - 1) + 1
        if kind == "change":
            self.change(number)
        elif kind == "remove":
            self.sql(f"DELETE FROM {audit} WHERE {self.where(number)}")
        elif kind == "remove with its seal":
            number = min(number, len(self.rows) - 1)
            self.sql(f"DELETE FROM {audit} WHERE {self.where(number)}; DELETE FROM {seal} WHERE {self.where(number, 'audit_seal')}")
            return f"rows {number} to {number} are gone"
        elif kind == "move":
            first, second = sorted((number, other if other != number else number - 1 or 2))
            self.sql(f"UPDATE {seal} SET number = -1 WHERE {self.where(first, 'audit_seal')}; UPDATE {seal} SET number = {first} WHERE"
                     f" {self.where(second, 'audit_seal')}; UPDATE {seal} SET number = {second} WHERE branch_id = '{self.branch}' AND number = -1")
            return f"row {first},"
        elif kind == "insert":
            stranger = new_key()
            self.sql(f"INSERT INTO {audit} SELECT branch_id, '{stranger}', at, staff_id, session_id, operation, object_id, request, before, outcome, trace,"
                     f" '3' FROM {audit} WHERE {self.where(number)}")
            return f"row {stranger} has no seal"
        elif kind in ("cut off", "cut off one"):
            number = len(self.rows) if kind == "cut off one" else max(number, 2)
            self.sql(f"DELETE FROM {audit} a USING {seal} s WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id AND s.branch_id = '{self.branch}' AND"
                     f" s.number >= {number}; DELETE FROM {seal} WHERE branch_id = '{self.branch}' AND number >= {number}")
            return f"row {len(self.rows)}, which was the last one"
        else:
            self.change(number)
            self.sql(f"UPDATE {seal} s SET xid = a.xid FROM {audit} a WHERE a.branch_id = s.branch_id AND a.audit_id = s.audit_id AND s.branch_id = '{self.branch}'")
            self.write_hashes(number)
            return f"row {len(self.rows)} has another hash"
        return f"row {number},"

    def mutations(self):
        self.prepare()
        wrong, last = verify_chain(self.sql, SERVICE, self.branch, self.heads)
        check(not wrong and last == len(self.rows) >= 20, f"before anything was changed: {wrong[:3]}, {last} rows")
        print(f"        seed {self.seed}: {self.count} changes of a chain of {len(self.rows)} rows with {len(self.heads)} heads")
        for _ in range(self.count):
            kind, number = self.chance.choice(KINDS), self.chance.randrange(1, len(self.rows) + 1)
            self.sql("SAVEPOINT before")
            named = self.mutate(kind, number)
            said, _ = verify_chain(self.sql, SERVICE, self.branch, self.heads)
            self.sql("ROLLBACK TO SAVEPOINT before")
            self.findings.note(kind, any(named in sentence for sentence in said), f"{named}: {said[:3]}")
        wrong, _ = verify_chain(self.sql, SERVICE, self.branch, self.heads)
        self.sql("ROLLBACK")
        self.findings.note("whole again", not wrong, str(wrong[:3]))
        self.findings.settle()

    def over_the_service_too(self):
        """The reader's own memory of a head: a number that is not there any more is not whole."""
        reader = self.company.client("general_manager@ZB")
        reply = send(reader, f"{SERVICE}.audit.verify", {"branch_id": self.company.ids[BRANCH], "limit": 2000})
        while reply["checked"] == 2000:
            reply = send(reader, f"{SERVICE}.audit.verify", {"branch_id": self.company.ids[BRANCH], "after": reply["last"], "limit": 2000})
        check(reply["is_whole"], f"{reply}")
        kept = self.database.sql(f"SELECT encode(hash, 'hex') FROM {SERVICE}.audit_seal WHERE branch_id = '{self.company.ids[BRANCH]}' AND number = {reply['last']}")
        check(kept == [[reply["last_hash"]]], f"{reply}, not {kept}")
        beyond = send(reader, f"{SERVICE}.audit.verify", {"branch_id": self.company.ids[BRANCH], "after": reply["last"] + 10**6})
        check(not beyond["is_whole"] and beyond["wrong_number"] == reply["last"] + 10**6, f"{beyond}")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--mutations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    tests = Tests(options)
    return run_tests([("the keeper writes the heads of all chains", tests.keeper_writes_heads), ("every chain agrees with its rows and heads", tests.whole),
                      ("a reader who noted a head sees that it is gone", tests.over_the_service_too),
                      (f"{options.mutations} changes are found and named", tests.mutations)], options.only)


if __name__ == "__main__":
    sys.exit(main())
