"""Whose the ids in the database are, and requests with one's own, another branch's or nobody's ids in them. Not a test itself."""
import datetime
import random
import re
import sys

from asking import CONTRACT, ROOT, example_of, today, type_of
from running import SERVICES
from songda.client import new_key

sys.path.insert(0, str(ROOT / "tests" / "scenarios"))

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SINGULAR = re.compile(r"_ids$")
SCENARIOS = {"leads/visit": "leads.visit", "contracts/quotation": "contracts.quotation", "dispatch/installation": "dispatch.installation",
             "collection/receipt": "collection.remittance", "aftersales/case": "aftersales.service_case", "discipline/case": "discipline.conduct_case"}


def id_paths(operation):
    """The id fields of a request as paths of names: ("order_ids",), ("lines", "product_id")."""
    entry = CONTRACT.operations[operation]

    def walk(fields, before):
        for name, field in fields.items():
            scalar, declared = type_of(entry["service"], field.get("list") or field["type"])
            if scalar == "id":
                yield before + (name,)
            elif "fields" in declared:
                yield from walk(declared["fields"], before + (name,))
    return list(walk(entry.get("request", {}), ()))


def with_id(operation, request, path, value):
    """The request with this id at the path, in every element where there are lists; what was not there is put there."""
    entry = CONTRACT.operations[operation]

    def put(fields, inner, rest):
        name, field = rest[0], fields[rest[0]]
        if len(rest) == 1:
            return {**inner, name: [value] if "list" in field else value}
        if name not in inner:
            return inner
        declared = type_of(entry["service"], field.get("list") or field["type"])[1]
        if "list" in field:
            return {**inner, name: [put(declared["fields"], item, rest[1:]) for item in inner[name]]}
        return {**inner, name: put(declared["fields"], inner[name], rest[1:])}
    return put(entry["request"], request, path)


def is_there(operation, request, path):
    changed = with_id(operation, request, path, "?")
    return "?" in str(changed)


def with_dates(operation, request, days):
    """The request with this day from now in every date that it gives."""
    entry = CONTRACT.operations[operation]
    day = (today() + datetime.timedelta(days=days)).isoformat()
    return {name: day if "type" in entry["request"][name] and type_of(entry["service"], entry["request"][name]["type"])[0] == "date" else value
            for name, value in request.items()}


class Belongings:
    """The ids that each branch has, by service and column."""

    ENOUGH = 6

    def __init__(self, stack, company):
        self.stack, self.company = stack, company
        self.columns = {}
        rows = stack.sql("SELECT c.table_schema, c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t"
                         " USING (table_schema, table_name) WHERE t.table_type = 'BASE TABLE' AND c.data_type IN ('uuid', 'ARRAY') AND EXISTS"
                         " (SELECT FROM information_schema.columns b WHERE b.table_schema = c.table_schema AND b.table_name = c.table_name"
                         "  AND b.column_name = 'branch_id') AND c.data_type = 'uuid'")
        for schema, table, column in rows:
            if schema in SERVICES and (table != "audit" or column == "audit_id"):  # who did something there need not be of there
                self.columns.setdefault((schema, column), []).append(table)
        self.known = {}

    def ids(self, service, name, branch):
        """Some ids of that branch in columns of that name, the newest first; of tables where the id is the key before others."""
        key = service, SINGULAR.sub("_id", name), branch
        if key in self.known:
            return self.known[key]
        found, column = [], key[1]
        tables = sorted(self.columns.get((service, column), []), key=lambda table: (table + "_id" != column, not column.startswith(table), table))
        for table in tables[:4]:
            if len(found) < self.ENOUGH:
                rows = self.stack.sql(f"SELECT DISTINCT {column} FROM {service}.{table} WHERE branch_id = '{self.company.ids[branch]}' AND {column}"
                                      f" IS NOT NULL ORDER BY {column} DESC LIMIT {self.ENOUGH}")
                found += [row[0] for row in rows if row[0] not in found]
        if column in ("branch_id", "for_branch_id"):
            found = [self.company.ids[branch]]
        self.known[key] = found
        return found

    def of_noun(self, operation, name, branch):
        """Ids in the table that is called like the operation's noun: not every person has a handover."""
        service, noun = operation.split(".")[:2]
        if noun not in self.columns.get((service, name), []):
            return []
        return [row[0] for row in self.stack.sql(f"SELECT {name} FROM {service}.{noun} WHERE branch_id = '{self.company.ids[branch]}' LIMIT {self.ENOUGH}")]

    def one(self, service, name, branch):
        ids = self.ids(service, name, branch) or self.ids(service, name, "ZB")
        return ids[0] if ids else new_key()

    def request(self, operation, branch, days=1):
        """The example with ids of that branch; nobody's where it has none."""
        request = example_of(operation)
        for path in id_paths(operation):
            if is_there(operation, request, path):
                request = with_id(operation, request, path, self.one(CONTRACT.operations[operation]["service"], path[-1], branch))
        return with_dates(operation, request, days)


def nobodys_like(value):
    """An id that nobody has, right beside this one: where ids are compared it stands in the same place, also among those of the same millisecond."""
    return value[:28] + "".join(random.choices("0123456789abcdef", k=8))


def plain(reply, ids):
    """An answer without its trace and without the ids that were asked for."""
    if isinstance(reply, dict):
        reply = {name: value for name, value in reply.items() if name not in ("trace", "instance")}
    text = str(reply)
    for value in ids:
        text = text.replace(value, "ASKED")
    return UUID.sub("AN ID", text)


def play(company, stack, branch, folder):
    """Makes things of every kind in a branch, where it has none: by the scenarios, with the other branch's name in them. Returns what failed."""
    import scenario
    from language import ScenarioError
    from songda.client import EventTap
    lib, failed = folder / "lib", []
    lib.mkdir(parents=True)

    def put(source, target):
        text = source.read_text(encoding="utf-8")
        if branch != "SH01":
            text = text.replace("SH01", "\0").replace(branch, "SH01").replace("\0", branch)
        target.write_text(text, encoding="utf-8")
        return target
    for path in (ROOT / "tests" / "scenarios" / "lib").glob("*.txt"):
        put(path, lib / path.name)
    scenario.LIBRARY = lib
    company.tap = EventTap(company.client("everything@ZB"))
    for name, table in SCENARIOS.items():
        if stack.sql(f"SELECT 1 FROM {table} WHERE branch_id = '{company.ids[branch]}' LIMIT 1"):
            continue
        try:
            scenario.Scenario(company, put(ROOT / "tests" / "scenarios" / f"{name}.txt", folder / name.replace("/", "-"))).play()
        except ScenarioError as error:
            failed.append(f"{name}: {error}")
    return failed
