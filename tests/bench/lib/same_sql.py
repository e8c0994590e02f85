"""pgbench of the very statements that placing one order executes, taken from PostgreSQL's log."""
import datetime
import os
import random
import re
import subprocess
import time
import uuid

from people import MADE_ID

# What differs from order to order, as pgbench can compute it: :seq rises in each client, clients are numbered.
NUMBER = "(:seq::bigint * 64 + :client_id::bigint)"
NEW_ID = f"('0f000000-0000-7000-8000-' || lpad(to_hex({NUMBER}), 12, '0'))"


class SameSql:
    def __init__(self, stack, people, scratch):
        self.stack, self.people, self.script = stack, people, scratch / "order.sql"
        self.runs = 0
        statements = self._capture()
        self.script.write_text(self._script(statements), encoding="utf-8")
        self.statement_count = len(statements)

    # -- what was executed ---------------------------------------------------------------------------------------------
    def _capture(self):
        """[(statement, {"$1": value})] of the transaction that placed an order."""
        self.stack.sql("ALTER SYSTEM SET log_statement = 'all';SELECT pg_reload_conf()", True)
        time.sleep(1)
        start = len(self._log())
        customer, address = random.choice(self.people.customers)
        day = self.people.first_day + datetime.timedelta(days=20000 + random.randrange(4000))
        body = {"customer_id": customer, "address_id": address, "delivery_date": day.isoformat(),
                "lines": [{"product_id": product, "quantity": 2000 + 1000 * number} for number, product in enumerate(self.people.products)]}
        client = self.people.company.plain.with_token(self.people.token)
        reply = self.people.company.must(client, "dispatch.order.place", body, None)
        time.sleep(0.5)
        lines = self._log()[start:]
        self.stack.sql("ALTER SYSTEM SET log_statement = 'none';SELECT pg_reload_conf()", True)
        self.known = {customer: self._customer("00"), address: self._customer("01"), reply["order_id"]: NEW_ID,
                      reply["number"]: f"('DD' || {NUMBER})", body["delivery_date"]: "(date '2075-01-01' + :day::int)"}
        return self._transaction(lines)

    @staticmethod
    def _customer(kind):
        return f"('{MADE_ID}{kind}' || lpad(to_hex(:customer::bigint), 10, '0'))"

    def _log(self):
        return self.stack.plainly("cat", str(self.stack.log("postgres"))).splitlines()

    @staticmethod
    def _transaction(lines):
        """The log's entries from a BEGIN to its COMMIT that contain the order."""
        entries, by_pid = [], {}
        for line in lines:
            head = re.match(r"\S+ \S+ \S+ \[(\d+)\] songda_dispatch (LOG|DETAIL):  (.*)", line)
            if head:
                by_pid.setdefault(head[1], []).append([head[2], head[3]])
                entries = by_pid[head[1]]
            elif line.startswith("\t") and entries:
                entries[-1][1] += "\n" + line[1:]
            else:
                entries = []
        for entries in by_pid.values():
            transaction = []
            for kind, text in entries:
                statement = re.match(r"execute \S+: (.*)", text, re.S)
                if kind == "DETAIL" and transaction:
                    transaction[-1][1].update(re.findall(r"(\$\d+) = (NULL|'(?:[^']|'')*')", text))
                elif statement and statement[1].lower().startswith("begin"):
                    transaction = [(statement[1], {})]
                elif statement:
                    transaction.append((statement[1], {}))
                    if statement[1].lower().startswith("commit"):
                        if any("INTO customer_order" in sql for sql, _ in transaction):
                            return transaction
                        transaction = []
        raise SystemExit("PostgreSQL's log does not show how the order was placed")

    # -- the script ----------------------------------------------------------------------------------------------------
    def _value(self, sql, name, literal):
        """What stands for a parameter: the literal that was seen, or what differs from order to order."""
        plain = literal[1:-1]
        is_made = re.search(r"(INTO|FROM) (audit|outbox|idempotency)", sql)
        items = plain.strip("{}").split(",")
        values = [self.known.get(item) or (NEW_ID if is_made and self._is_recent(item) else None) for item in items]
        if literal == "NULL" or not any(values):
            return literal
        if not plain.startswith("{"):
            return values[0] if len(values) == 1 else literal
        return "'{' || " + " || ',' || ".join(value or f"'{item}'" for value, item in zip(values, items)) + " || '}'"

    @staticmethod
    def _is_recent(text):
        """An id made while the order was placed."""
        if not re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}", text):
            return False
        return abs((uuid.UUID(text).int >> 80) / 1000 - time.time()) < 5

    def _script(self, statements):
        count = len(self.people.customers)
        lines = ["\\set seq :seq + 1", f"\\set customer random(0, {count - 1})", "\\set day random(0, 5000)"]
        for sql, values in statements:
            text = re.sub(r"\$\d+", lambda match: "(" + self._value(sql, match[0], values[match[0]]) + ")", sql)
            lines.append(re.sub(r"\s+", " ", re.sub(r"--.*", "", text)).rstrip("; ") + ";")
        return "\n".join(lines) + "\n"

    # -- running it ----------------------------------------------------------------------------------------------------
    def run(self, clients, seconds):
        """Transactions a second."""
        self.runs += 1
        options = " ".join(f"-c {name}={value}" for name, value in {
            "search_path": "dispatch,public", "plan_cache_mode": "force_generic_plan", "timezone": "UTC", "statement_timeout": "20000",
            "default_transaction_isolation": "read\\ committed", "jit": "off"}.items())
        conninfo = self.stack.setting("dispatch-1", "database")
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds), "-D",
                   f"seq={self.runs * 1000000}", "-f", str(self.script), conninfo]
        done = subprocess.run(command, env={**os.environ, "PGOPTIONS": options}, capture_output=True, text=True, check=False)
        rate = re.search(r"tps = ([\d.]+)", done.stdout)
        failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
        if done.returncode != 0 or not rate or (failed and int(failed[1]) > 0):
            raise SystemExit(f"pgbench: {done.stdout}\n{done.stderr[-2000:]}")
        return float(rate[1])

    def check(self):
        """One transaction writes what one order writes."""
        tables = ["customer_order", "order_line", "outbox", "idempotency", "audit"]
        query = "SELECT " + ", ".join(f"(SELECT count(*) FROM dispatch.{table})" for table in tables)
        before = [int(number) for number in self.stack.sql(query)[0]]
        rate = self.run(1, 1)
        after = [int(number) for number in self.stack.sql(query)[0]]
        grown = [b - a for a, b in zip(before, after)]
        if rate <= 0 or grown[0] == 0 or grown[1] != 2 * grown[0] or any(number != grown[0] for number in grown[2:]):
            raise SystemExit(f"pgbench writes {dict(zip(tables, grown))}: not what orders write")


