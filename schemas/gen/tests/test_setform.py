"""Set forms give for each call what the statement itself gives, on PostgreSQL; and where there can be none, there is none."""

import os
import shutil
import subprocess
import tempfile
import unittest

from support import Copy

import setform
import sql
from contract import Contract
from model import Problems

BIN = next((path for path in ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin")
            if os.path.exists(path)), None)
TABLES = """
CREATE TABLE debt (id bigint PRIMARY KEY, owner text, balance bigint NOT NULL, due date);
INSERT INTO debt VALUES (1, 'a', 100, NULL), (2, 'a', 50, '2026-01-01'), (3, 'b', 7, NULL);
CREATE TABLE entry (id bigint PRIMARY KEY, owner text, amount bigint, note text);
"""


def parsed(text):
    """The statements of a text, as the generator reads them."""
    problems = Problems()
    with Copy() as copy:
        copy.write("services/shop/sql/receipt.sql", text)
        contract = Contract(copy.path("schemas"), problems)
        shop = contract.component("shop")
        found = sql.read_folder(contract.reader, copy.path("services/shop/sql"), contract.scope(shop), lambda name: True)
    assert not problems.lines, problems.lines
    return found


def statement(mode, text, *directives):
    return parsed(f"-- it: {mode}\n" + "".join(f"-- {line}\n" for line in directives) + text + ";\n")[0]


class Forms(unittest.TestCase):
    def none(self, mode, text, *directives):
        self.assertIsNone(setform.set_text(statement(mode, text, *directives)))

    def test_there_is_none_where_it_would_not_mean_the_same(self):
        self.none("many", "SELECT id FROM debt WHERE id = ANY(:ids::bigint[])", "columns: id bigint")
        self.none("many", "SELECT id FROM debt WHERE branch = ANY(:scope)", "columns: id bigint")
        self.none("one", "SELECT count(*) FROM debt", "columns: n bigint")
        self.none("one", "INSERT INTO entry (id) VALUES (:id::bigint) RETURNING id", "columns: id bigint")
        self.none("one", "WITH d AS (DELETE FROM debt WHERE id = :id::bigint RETURNING id) SELECT id FROM d", "columns: id bigint")
        self.none("write", "INSERT INTO entry (id) VALUES (:id::bigint), (:id::bigint)")
        self.none("write", "INSERT INTO entry (id, amount) VALUES (:id::bigint, (SELECT max(id) FROM entry))")
        self.none("write", "INSERT INTO entry (id, amount) VALUES (:id::bigint, DEFAULT)")
        self.none("write", "INSERT INTO entry (id) VALUES (:id::bigint) ON CONFLICT (id) DO UPDATE SET amount = 1")
        self.none("write", "INSERT INTO entry (id) SELECT :id::bigint")
        self.none("write one busy", "INSERT INTO entry (id) VALUES (:id::bigint)")
        self.none("write", "UPDATE debt SET balance = balance - :a::bigint WHERE id = :id::bigint")
        self.none("write", "DELETE FROM debt WHERE id = :id::bigint")

    def test_sums_are_refused_where_a_row_could_belong_to_two_groups_or_a_guard_be_passed_together(self):
        for text in ("UPDATE debt SET balance = balance - :a::bigint WHERE id = :id::bigint AND balance >= :a::bigint",
                     "UPDATE debt SET balance = balance - :a::bigint WHERE id > :id::bigint",
                     "UPDATE debt SET balance = balance - :a::bigint WHERE id = :id::bigint OR id = 1",
                     "UPDATE debt SET balance = balance - :a::bigint, owner = :owner::text WHERE id = :id::bigint",
                     "UPDATE debt SET balance = :a::bigint WHERE id = :id::bigint",
                     "UPDATE debt SET balance = balance - :a::bigint"):
            with self.subTest(text=text), self.assertRaisesRegex(AssertionError, "can be summed"):
                statement("write", text, "sums: balance")

    def test_locks_are_seen(self):
        for text, locks in (("FOR UPDATE", True), ("FOR NO KEY UPDATE OF d", True), ("FOR SHARE", True), ("", False)):
            made = statement("one", f"SELECT id FROM debt d WHERE id = :id::bigint {text}", "columns: id bigint")
            self.assertEqual(made.locks(), locks)

    def test_literals_and_comments_are_no_parameters(self):
        made = statement("one", "SELECT id, ':x::y', \":z\" /* :a */ FROM debt -- :b\n WHERE id = :id::bigint",
                         "columns: id bigint, a text, z text")
        self.assertEqual([value.name for value in made.parameters], ["id"])
        self.assertEqual(setform.plain_text(made), "SELECT id, ':x::y', \":z\"  FROM debt \n WHERE id = $1::bigint")


@unittest.skipUnless(BIN, "PostgreSQL is not installed")
class Database(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.user = "postgres" if os.getuid() == 0 else None
        if cls.user:
            shutil.chown(cls.folder, cls.user)
        data = os.path.join(cls.folder, "data")
        cls.server("initdb", "-D", data, "-A", "trust", "-U", "songda", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{cls.folder}' -c fsync=off"
        cls.server("pg_ctl", "-D", data, "-o", options, "-l", os.path.join(cls.folder, "log"), "-w", "start")

    @classmethod
    def tearDownClass(cls):
        cls.server("pg_ctl", "-D", os.path.join(cls.folder, "data"), "-m", "immediate", "stop")
        shutil.rmtree(cls.folder)

    @classmethod
    def server(cls, program, *arguments):
        subprocess.run([os.path.join(BIN, program), *arguments], user=cls.user, cwd=cls.folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def psql(self, script):
        done = subprocess.run(["psql", "-X", "-q", "-t", "-A", "-h", self.folder, "-U", "songda", "-d", "postgres", "-v",
                               "ON_ERROR_STOP=1"], input=script, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def rows(self, made, arguments, after="", text=None):
        """What the set form gives, in a transaction that is rolled back."""
        text = text or setform.set_text(made)
        self.assertIsNotNone(text)
        return self.psql(f"BEGIN; {TABLES} PREPARE it AS {text}; EXECUTE it({arguments}); {after} ROLLBACK;")

    def test_each_call_gets_its_rows_in_the_order_of_the_statement(self):
        made = statement("many", "SELECT id, balance FROM debt WHERE owner = :owner::text ORDER BY balance, id LIMIT :n::bigint",
                         "columns: id bigint, balance bigint")
        self.assertEqual(self.rows(made, "'{b,a,x,a,NULL}', '{9,9,9,1,9}'"), ["1|3|7", "2|2|50", "2|1|100", "4|2|50"])

    def test_null_is_null_in_a_set_too(self):
        made = statement("one", "SELECT id FROM debt WHERE id = :id::bigint? AND due IS NOT DISTINCT FROM :due::date",
                         "columns: id bigint")
        self.assertEqual(self.rows(made, "'{1,2,2,NULL}', '{NULL,2026-01-01,NULL,NULL}'"), ["1|1", "2|2"])

    def test_a_set_of_locks_locks(self):
        made = statement("one", "SELECT id, balance FROM debt WHERE id = :id::bigint FOR UPDATE",
                         "columns: id bigint, balance bigint")
        again = f"psql -X -q -t -A -h {self.folder} -U songda -d postgres -c 'SELECT id FROM debt ORDER BY id FOR UPDATE SKIP LOCKED'"
        self.psql(TABLES)
        self.addCleanup(self.psql, "DROP TABLE debt, entry")
        found = self.psql(f"PREPARE it AS {setform.set_text(made)}; BEGIN; EXECUTE it('{{3,1,3}}');\n\\! {again}\nROLLBACK;")
        self.assertEqual(found, ["1|3|7", "2|1|100", "3|3|7", "2"])

    def test_a_with_may_read_the_parameters(self):
        made = statement("one", "WITH own AS (SELECT :owner::text AS owner), more AS (SELECT 1) "
                         "SELECT sum(balance)::bigint FROM debt JOIN own USING (owner)", "columns: total bigint?")
        self.assertEqual(self.rows(made, "'{a,b,c}'"), ["1|150", "2|7", "3|"])

    def test_inserts_go_in_together_in_order(self):
        made = statement("write", "INSERT INTO entry (id, owner, amount, note) VALUES (:id::bigint, 'x', "
                         "coalesce(:amount::bigint?, 5), upper(:note::text))")
        found = self.rows(made, "'{2,1}', '{NULL,7}', '{n,NULL}'", "SELECT * FROM entry;")
        self.assertEqual(found, ["2|x|5|N", "1|x|7|"])

    def test_the_first_of_a_conflict_wins(self):
        made = statement("write", "INSERT INTO entry (id, owner) VALUES (:id::bigint, :owner::text) ON CONFLICT (id) DO NOTHING")
        self.assertEqual(self.rows(made, "'{1,1,2}', '{first,second,third}'", "SELECT id, owner FROM entry;"), ["1|first", "2|third"])

    def test_sums_add_up_and_touch_a_row_once(self):
        made = statement("write", "UPDATE debt SET balance = balance - :amount::bigint WHERE id = :id::bigint AND owner = 'a'",
                         "sums: balance")
        found = self.rows(made, "'{10,5,1,3}', '{1,2,1,3}'", "SELECT id, balance FROM debt ORDER BY id;")
        self.assertEqual(found, ["1|89", "2|45", "3|7"])

    def test_one_call_alone_gives_the_same_both_ways(self):
        made = statement("many", "SELECT id FROM debt WHERE owner = :owner::text ORDER BY id DESC", "columns: id bigint")
        alone = self.rows(made, "'a'", text=setform.plain_text(made))
        self.assertEqual([row.split("|")[1] for row in self.rows(made, "'{a}'")], alone)


if __name__ == "__main__":
    unittest.main()
