#!/usr/bin/python3
"""What each role of the database may do, and row-level security with the services' own predicates away: asked by psql as those roles.

A service's role reads its own schema and no other, owns nothing, changes no table's form, and leaves insert-only tables alone. Without the
setting songda.branches, or with an empty one, it sees no row; with a branch in it that branch's rows, and it writes no other's.
"""
import pathlib
import random
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import Database, Findings, side_by_side  # noqa: E402
from running import SERVICES, Stack, arguments, check, run_tests, test_company  # noqa: E402

# Tables with branch_id that are not under row-level security, and why.
DIRECTORY = {
    "branch": "the tree of branches is the company's", "person": "names and posts stand beside everything people did, in every branch",
    "deputy": "who signs for whom is asked across branches", "calendar_day": "headquarters' days hold everywhere",
    "approval_chain": "the company's default chains stand under a branch of zeros",
}
OPEN = {
    "staff.company": "read before anybody is signed in", "staff.credential": "signing in has no branch yet",
    "staff.credential_past": "passwords are the person's, who may move", "staff.sign_in_failure": "counted for names nobody has",
    "staff.session": "a token is looked up before its branch is known", "staff.handover": "a departure reports from every branch",
    "discipline.shipped_rule": "comes with the program, belongs to no branch",
    "discipline.shipped_step": "comes with the program, belongs to no branch",
}
DENIED, READ_ONLY, TRIGGERED = "42501", "25006", "23514"  # the last: a trigger that stands before the policy
LOGINS = [f"songda_{service}" for service in SERVICES]


class Tests:
    def __init__(self, options):
        stack = Stack(options.stack)
        self.company = test_company(options.address)
        self.admin = Database(stack)
        self.roles = {role: Database(stack, role) for role in [*LOGINS, *(f"{login}_owner" for login in LOGINS), "songda_reader"]}
        self.tables = [tuple(row) for row in self.admin.sql(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1, 2")]
        check({schema for schema, _ in self.tables} == set(SERVICES), f"schemas: {sorted({schema for schema, _ in self.tables})}")
        self.findings = Findings()

    def many(self, role, statements, setting=None):
        """The SQLSTATE of each, "" where it was done; nothing stays."""
        script = ["\\set ON_ERROR_STOP off", "BEGIN;", f"{setting} \\g /dev/null" if setting else ""]
        for statement in statements:
            script += ["SAVEPOINT a;", statement + ";", "\\echo @ :SQLSTATE", "ROLLBACK TO a;"]
        is_done, said = self.roles[role].run("\n".join(script + ["ROLLBACK;"]))
        check(is_done, f"{role}: {said}")
        codes = [line[2:] for line in said.splitlines() if line.startswith("@ ")]
        check(len(codes) == len(statements), f"{role}: {len(codes)} answers to {len(statements)} statements")
        return ["" if code == "00000" else code for code in codes]

    def note(self, kind, role, statements, wanted, setting=None):
        for statement, code in zip(statements, self.many(role, statements, setting)):
            self.findings.note(kind, code in wanted, f"{role}: {statement}: {code or 'done'}")

    def roles_and_tables(self):
        """Each role × each table: its own schema's, no other's."""
        def one(role):
            own = role.removeprefix("songda_").removesuffix("_owner")
            for is_own in (True, False):
                tables = [f"{schema}.{table}" for schema, table in self.tables if (schema == own) == is_own]
                if role == "songda_reader":
                    self.note("reads all", role, [f"SELECT FROM {table} LIMIT 1" for table in tables], {""})
                    self.note("changes nothing", role, [f"DELETE FROM {table}" for table in tables], {DENIED, READ_ONLY})
                elif is_own:
                    self.note("reads its own", role, [f"SELECT FROM {table} LIMIT 1" for table in tables], {""})
                else:
                    for verb in ("SELECT FROM {}", "DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES", "TRUNCATE {}", "LOCK TABLE {}"):
                        self.note("others' refused", role, [verb.format(table) for table in tables], {DENIED})
        side_by_side(one, list(self.roles), 2)
        self.findings.settle()

    def attributes(self):
        rows = self.admin.sql("SELECT rolname FROM pg_roles WHERE (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)"
                              " AND rolname !~ '^pg_' ORDER BY 1")
        check(rows == [["postgres"], ["songda_reader"]], f"roles with power: {rows}")
        rows = self.admin.sql("SELECT r.rolname, m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member"
                              " WHERE m.rolname ~ '^songda_'")
        check(rows == [["pg_read_all_data", "songda_reader"]], f"members: {rows}")
        logins = ", ".join(f"'{login}'" for login in LOGINS)
        owned = self.admin.sql("SELECT c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN (%s) UNION ALL"
                               " SELECT n.oid::regnamespace::text FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE r.rolname IN (%s) UNION ALL"
                               " SELECT p.oid::regproc::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE r.rolname IN (%s)"
                               % ((logins,) * 3))
        check(not owned, f"a service's role owns {owned}")
        rows = self.admin.sql("SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND"
                              " n.nspname !~ '^(pg_|information_schema)'")
        check(not rows, f"functions with their owner's power: {rows}")

    def forms(self):
        """No DDL, no power over roles, no files, no program."""
        def one(role):
            schema = role.removeprefix("songda_")
            tables = [table for own, table in self.tables if own == schema]
            statements = [f"CREATE TABLE {schema}.t (a int)", "CREATE TABLE public.t (a int)", "CREATE SCHEMA s", "CREATE TEMP TABLE t (a int)",
                          f"CREATE FUNCTION {schema}.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE ROLE r", "ALTER ROLE postgres NOLOGIN",
                          f"SET ROLE {role}_owner", "SET ROLE postgres", f"ALTER ROLE {role} BYPASSRLS", "CREATE EXTENSION dblink",
                          "COPY (SELECT 1) TO PROGRAM 'true'", "COPY (SELECT 1) TO '/tmp/x'", "SELECT pg_read_file('/etc/passwd')",
                          "SELECT rolpassword FROM pg_authid", "ALTER SYSTEM SET fsync = off", f"DROP SCHEMA {schema} CASCADE",
                          f"CREATE VIEW {schema}.v AS SELECT 1", "SELECT lo_import('/etc/passwd')", "SELECT pg_reload_conf()",
                          "SET session_replication_role = replica"]
            # ALTER SYSTEM cannot be in a transaction: that alone would refuse it
            self.note("no power", role, statements, {DENIED, "25001"})
            for verb in ("DROP TABLE {}", "TRUNCATE {}", "ALTER TABLE {} ADD COLUMN z int", "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
                         "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", "DROP POLICY branches ON {}", "COMMENT ON TABLE {} IS ''",
                         "ALTER TABLE {} DISABLE TRIGGER ALL", "CREATE INDEX ON {} (branch_id)"):
                allowed = {DENIED, "42704"} if verb.startswith("DROP POLICY") else {DENIED}
                self.note("form kept", role, [verb.format(f"{schema}.{table}") for table in tables], allowed)
        side_by_side(one, LOGINS, 2)
        self.findings.settle("no power", "form kept")

    def insert_only(self):
        rows = self.admin.sql("SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                              " WHERE obj_description(c.oid, 'pg_class') LIKE 'insert-only%' ORDER BY 1, 2")
        check(len(rows) >= 2 * len(SERVICES), f"only {rows}")
        for schema, table in [*rows, *([service, "migration"] for service in SERVICES)]:
            column = self.admin.sql(f"SELECT attname FROM pg_attribute WHERE attrelid = '{schema}.{table}'::regclass AND attnum = 1")[0][0]
            statements = [f"UPDATE {schema}.{table} SET {column} = {column}", f"DELETE FROM {schema}.{table}", f"TRUNCATE {schema}.{table}",
                          f"SELECT FROM {schema}.{table} FOR UPDATE"]
            self.note("insert-only", f"songda_{schema}", statements, {DENIED})
        self.findings.settle("insert-only")

    def protected(self):
        """(schema, table) of all with branch_id under row-level security."""
        rows = self.admin.sql("SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')"
                              " AND n.nspname !~ '^(pg_|information_schema)' AND c.relrowsecurity AND c.relforcerowsecurity")
        return [tuple(row) for row in rows]

    def every_table_is_protected(self):
        with_branch = {tuple(row) for row in self.admin.sql(
            "SELECT table_schema, table_name FROM information_schema.columns JOIN pg_tables ON schemaname = table_schema AND tablename = table_name"
            " WHERE column_name = 'branch_id' AND table_schema !~ '^(pg_|information_schema)'")}
        bare = {f"{schema}.{table}" for schema, table in with_branch - set(self.protected())
                if table not in DIRECTORY and f"{schema}.{table}" not in OPEN}
        check(not bare, f"with branch_id, without row-level security, no reason given: {sorted(bare)}")
        stale = {name for name in OPEN if tuple(name.split(".")) in self.protected()}
        check(not stale, f"protected all the same: {stale}")
        without = {f"{schema}.{table}" for schema, table in self.tables if (schema, table) not in with_branch and table not in ("job", "migration", "audit_sealer")}
        check(not without, f"without branch_id: {sorted(without)}")
        policies = self.admin.sql("SELECT DISTINCT policyname, permissive, roles, cmd, regexp_replace(qual, '\\s+', ' ', 'g'), with_check FROM pg_policies")
        check(len(policies) == 1, f"policies of several kinds: {policies}")
        print(f"        {len(self.protected())} protected tables, {len(with_branch) - len(self.protected())} open with a reason")

    def rows_seen(self):
        """Each protected table as its service, by what the setting says."""
        one_branch = self.company.ids["SH01"]
        other = self.company.ids["HZ01"]
        settings = {"unset": None, "NULL": "NULL", "empty": "''", "nobody's": "'00000000-0000-7000-8000-000000000000'",
                    "SH01": f"'{one_branch}'", "two": f"'{one_branch},{other}'", "all": "'*'"}
        full = 0
        for schema in SERVICES:
            tables = [table for own, table in self.protected() if own == schema]
            count = " UNION ALL ".join(f"SELECT '{table}', count(*), count(*) FILTER (WHERE branch_id = '{one_branch}'),"
                                       f" count(*) FILTER (WHERE branch_id = '{other}') FROM {schema}.{table}" for table in tables)
            seen = {}
            for name, value in settings.items():
                setting = f"SELECT set_config('songda.branches', {value}, true) \\g /dev/null\n" if value else ""
                rows = self.roles[f"songda_{schema}"].sql(f"BEGIN ISOLATION LEVEL REPEATABLE READ; {setting}{count}; COMMIT;")
                seen[name] = {row[0]: tuple(map(int, row[1:])) for row in rows}
            truth = {row[0]: tuple(map(int, row[1:])) for row in self.admin.sql(count)}
            for table in tables:
                total, ours, theirs = truth[table]
                wanted = {"unset": 0, "NULL": 0, "empty": 0, "nobody's": 0, "SH01": ours, "two": ours + theirs, "all": total}
                full += bool(ours and total > ours)
                for name, number in wanted.items():
                    got = seen[name][table][0]
                    moving = name in ("SH01", "two", "all") and got <= number  # services go on writing between the two looks
                    self.findings.note(f"rows with {name}", got == number or moving and number - got < 50,
                                       f"{schema}.{table}: {got} rows, not {number}")
        print(f"        {full} tables have rows of SH01 and of others")
        check(full >= 5, "too few tables with rows to tell anything")
        self.findings.settle("rows")

    def rows_written(self):
        """WITH CHECK: a row that is there is written again under another branch, and taken away from one."""
        one_branch, other = self.company.ids["SH01"], self.company.ids["HZ01"]
        columns = {}
        for schema, table, column in self.admin.sql(
                "SELECT n.nspname, c.relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace"
                " WHERE attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'branch_id' AND c.relkind IN ('r', 'p')"):
            columns.setdefault((schema, table), []).append(f'"{column}"')
        setting = f"SELECT set_config('songda.branches', '{one_branch}', true)"
        triggered = {tuple(row) for row in self.admin.sql(
            "SELECT DISTINCT n.nspname, c.relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE NOT tgisinternal AND tgtype & 2 <> 0")}

        def one(schema):
            tables = [table for own, table in self.protected() if own == schema]
            full = self.admin.sql(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {schema}.{table} WHERE branch_id = '{one_branch}')"
                                                     for table in tables))
            statements, checked = [], []
            for (table,) in full:
                rest = ", ".join(["", *columns.get((schema, table), [])])
                name = f"{schema}.{table}"
                into = checked if (schema, table) in triggered else statements
                into += [f"INSERT INTO {name} (branch_id{rest}) SELECT '{other}'{rest} FROM {name} WHERE branch_id = '{one_branch}' LIMIT 1",
                         f"UPDATE {name} SET branch_id = '{other}' WHERE branch_id = '{one_branch}'"]
            self.note("written for another branch", f"songda_{schema}", statements, {DENIED}, setting)
            self.note("written for another branch", f"songda_{schema}", checked, {DENIED, TRIGGERED}, setting)
            there = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {schema}.{table} WHERE branch_id = '{other}'" for table in tables)
            for table, count in self.roles[f"songda_{schema}"].sql(f"BEGIN; {setting} \\g /dev/null\n{there}; ROLLBACK;"):
                self.findings.note("another branch's row is not there", count == "0", f"{schema}.{table}: {count}")
        side_by_side(one, SERVICES, 2)
        self.findings.settle("written", "another")

    def hostile_settings(self):
        """What is no list of branches denies or fails, and never opens."""
        table = "dispatch.customer_order"
        for value in ("**", "* ", "*,*", "%", "x", "{*}", "NULL", "' OR true --", ",", "''", "\\*", "＊", random.randbytes(4).hex()):
            quoted = value.replace("'", "''")
            is_done, said = self.roles["songda_dispatch"].run(
                f"BEGIN; SELECT set_config('songda.branches', '{quoted}', true) \\g /dev/null\nSELECT count(*) FROM {table}; ROLLBACK;")
            self.findings.note("hostile setting", not is_done or said.strip() == "0", f"{value!r}: {said}")
        self.findings.settle("hostile setting")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("each role reads its own schema and no other", tests.roles_and_tables),
                      ("no service's role has power or owns anything", tests.attributes), ("no service's role changes a form", tests.forms),
                      ("insert-only tables are only added to", tests.insert_only),
                      ("every table with a branch is protected or has a reason not to be", tests.every_table_is_protected),
                      ("a role sees the branches of the setting and no others", tests.rows_seen),
                      ("a role writes for the branches of the setting and no others", tests.rows_written),
                      ("what is no list of branches opens nothing", tests.hostile_settings)], options.only)


if __name__ == "__main__":
    sys.exit(main())
