#!/usr/bin/python3
"""The audit log's chain outlives its cluster: the database is dumped, restored into a fresh cluster where transactions count anew, and goes on.

The stack that was given is only read from (and written to as by anybody); the fresh one is made beside it, 300 ports further.
"""
import pathlib
import subprocess
import sys
import uuid

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import Database  # noqa: E402
from running import CONTRACT, PASSWORD, SERVICES, Stack, arguments, check, run_tests, send, test_company, wait_for  # noqa: E402
from songda.client import Client  # noqa: E402

SERVICE, BRANCH = "leads", "SH01"
AGES = 20000  # transactions that the old cluster is ahead


class Tests:
    def __init__(self, options):
        self.old = Stack(options.stack)
        self.company = test_company(options.address)
        self.fresh = Stack(options.stack.parent / f"{options.stack.name}-restored")
        self.port = int(options.address.rsplit(":", 1)[1]) + 300
        self.branch_id = self.company.ids[BRANCH]
        self.last = 0

    @staticmethod
    def write(client):
        send(client, f"{SERVICE}.customer.create", {"name": f"搬家酒楼 {uuid.uuid4().hex[:8]}", "source": "list", "licence_number": uuid.uuid4().hex[:16].upper()})

    def sealed(self, stack, administrator):
        """Runs the sealer until every row of the branch has its seal, in every service; the running itself is headquarters' row."""
        for service in SERVICES:
            def is_done(service=service):
                send(administrator, f"{service}.jobs.run", {"name": "audit_seal"})
                return stack.sql(f"SELECT count(*) FROM {service}.audit a WHERE branch_id = '{self.branch_id}' AND NOT EXISTS"
                                 f" (SELECT FROM {service}.audit_seal s WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id)") == [["0"]]
            wait_for(is_done, 60, f"rows of {service} stay unsealed")

    def verify(self, reader, service):
        """(is_whole, the last number, the wrong row)"""
        after = 0
        while True:
            reply = send(reader, f"{service}.audit.verify", {"branch_id": self.branch_id, "after": after, "limit": 2000})
            if not reply["is_whole"] or reply["checked"] < 2000:
                return reply["is_whole"], reply["last"], reply.get("wrong_audit_id")
            after = reply["last"]

    def restore(self):
        """The old cluster is far ahead, and its last rows have no seals yet when it is dumped."""
        old = Database(self.old)
        self.sealed(old, self.company.client("it_administrator@ZB"))
        old.sql(f"DO $$ BEGIN FOR i IN 1..{AGES} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
        for _ in range(3):
            self.write(self.company.client(f"representative@{BRANCH}"))
        is_whole, self.last, wrong = self.verify(self.company.client("general_manager@ZB"), SERVICE)
        check(is_whole, f"not whole before: {wrong}")
        self.fresh.down()
        self.fresh.up(self.port, "--services", "none", "--programs", self.old.show("programs"))
        place = Database(self.fresh)
        dump = subprocess.Popen(["pg_dump", "--clean", "--if-exists", "-d", old.place], stdout=subprocess.PIPE)
        restored = subprocess.run(["psql", "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-1", place.place], stdin=dump.stdout,
                                  capture_output=True, text=True, check=False)
        check(dump.wait() == 0 and restored.returncode == 0, restored.stderr[-1000:])
        unsealed = place.sql(f"SELECT count(*) FROM {SERVICE}.audit a WHERE NOT EXISTS (SELECT FROM {SERVICE}.audit_seal s"
                             " WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id)")
        if unsealed == [["0"]]:  # the old one was quick
            place.sql(f"DELETE FROM {SERVICE}.audit_seal WHERE branch_id = '{self.branch_id}' AND number >= {self.last - 1}")
        ahead = place.sql(f"SELECT max(xid) > pg_current_xact_id()::text::xid8 FROM {SERVICE}.audit")
        check(ahead == [["t"]], "the fresh cluster is not behind the old one")
        self.address = self.fresh.up(self.port, "--services", "all")

    def goes_on(self):
        fresh, plain = Database(self.fresh), Client(CONTRACT, self.address)

        def client(name):
            return plain.with_token(send(plain, "staff.session.open", {"sign_in_name": name, "password": PASSWORD})["token"])
        reader, administrator, author = client("general_manager@ZB"), client("it_administrator@ZB"), client(f"representative@{BRANCH}")
        self.sealed(fresh, administrator)
        is_whole, settled, wrong = self.verify(reader, SERVICE)
        check(is_whole and settled >= self.last, f"after the restore: {is_whole} up to {settled} of {self.last}, {wrong}")
        for _ in range(5):
            self.write(author)
        self.sealed(fresh, administrator)
        is_whole, last, wrong = self.verify(reader, SERVICE)
        check(is_whole and last >= settled + 5, f"new rows: {is_whole} up to {last} from {settled}, {wrong}")
        for service in SERVICES:
            check(self.verify(reader, service)[0], f"{service}: {self.verify(reader, service)}")
        doubled = fresh.sql(f"SELECT count(*) - count(DISTINCT audit_id) FROM {SERVICE}.audit_seal")
        check(doubled == [["0"]], f"{doubled} rows sealed twice")
        self.tampering(fresh, reader)

    def tampering(self, fresh, reader):
        """A row that came along and is changed, and one that is slipped in behind the sealer, are named as before."""
        old = fresh.sql(f"SELECT audit_id FROM {SERVICE}.audit_seal WHERE branch_id = '{self.branch_id}' AND number = 3")[0][0]
        fresh.sql(f"UPDATE {SERVICE}.audit SET outcome = outcome || 'x' WHERE audit_id = '{old}'")
        found = self.verify(reader, SERVICE)
        fresh.sql(f"UPDATE {SERVICE}.audit SET outcome = left(outcome, -1) WHERE audit_id = '{old}'")
        check(not found[0] and found[2] == old, f"a changed row: {found}")
        slipped = str(uuid.uuid4())
        fresh.sql(f"INSERT INTO {SERVICE}.audit SELECT (json_populate_record(a, json_build_object('audit_id', '{slipped}', 'xid', '5'))).*"
                  f" FROM {SERVICE}.audit a WHERE audit_id = '{old}'")
        found = self.verify(reader, SERVICE)
        fresh.sql(f"DELETE FROM {SERVICE}.audit WHERE audit_id = '{slipped}'")
        check(not found[0] and found[2] == slipped, f"a row slipped in: {found}")
        check(self.verify(reader, SERVICE)[0], "not whole again")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    try:
        return run_tests([("a dump is restored into a cluster that counts anew", tests.restore),
                          ("the chain is whole there and goes on, without a row sealed twice", tests.goes_on)], options.only)
    finally:
        tests.fresh.down()


if __name__ == "__main__":
    sys.exit(main())
