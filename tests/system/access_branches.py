#!/usr/bin/python3
"""What belongs to one branch does not exist for another: an id of SH01 asked for in HZ01 answers like an id that nobody has.

For every operation and every id in its request: the same status, the same body but for the trace, about the same time. Headquarters sees it.
"""
import pathlib
import statistics
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import CONTRACT, Database, Findings, ask, functions_of, side_by_side  # noqa: E402
from belongings import UUID, Belongings, id_paths, nobodys_like, plain, play, with_id  # noqa: E402
from running import Stack, arguments, check, run_tests, test_company  # noqa: E402
from songda.client import new_key, retrying  # noqa: E402

OWNER, OTHER = "SH01", "HZ01"
# Fields whose ids are the company's, not a branch's: everybody may know that they exist.
COMPANYS = {
    "product_id": "products are headquarters' and readable below (design 6)", "policy_id": "price policies are headquarters'",
    "template_id": "contract templates are headquarters'", "rule_id": "rules of discipline bind the whole company",
}
# Ids of another branch that may be told from ids nobody has, and why.
EXCEPTIONS = {
    "staff.branch.read branch_id": "the tree of branches is the company's, everybody sees it whole (staff.branch.list)",
    "staff.person.leave successor_id": "who leaves or moves may hand everything to any active person of the company (S4)",
    "dispatch.installation.request contract_id": "takes a contract that dispatch has not heard of; asked again it is the asker's own installation",
    "*.audit.search object_id": "one's own branch's log holds one's own attempts at the id, refused as they were",
}
THEIR_OWN = {"dispatch.driver.day", "dispatch.stop.read"}  # a driver's own day and stops
ENDS_SESSION = {"staff.session.close"}
ROUNDS, FACTOR, FLOOR = 7, 2.5, 0.004


class Tests:
    def __init__(self, options):
        self.stack = Database(Stack(options.stack))
        self.company = test_company(options.address)
        self.findings = Findings()
        self.cases = []

    def prepare(self):
        """Things of every kind in both branches."""
        with tempfile.TemporaryDirectory() as folder:
            for branch in (OWNER, OTHER):
                for line in play(self.company, self.stack, branch, pathlib.Path(folder) / branch):
                    print(f"        {branch}: {line}")
        self.belongings = Belongings(self.stack, self.company)
        without = set()
        for operation, entry in sorted(CONTRACT.operations.items()):
            if entry["permission"] in ("service", "public") or operation in ENDS_SESSION:
                continue
            for path in id_paths(operation):
                name = f"{operation} {path[0]}"
                if path[-1].replace("_ids", "_id") in COMPANYS or name in EXCEPTIONS or name.replace(entry["service"], "*", 1) in EXCEPTIONS:
                    continue
                ids = self.belongings.ids(entry["service"], path[-1], OWNER)
                if ids:
                    self.cases.append((operation, path, ids))
                else:
                    without.add(f"{operation} {'.'.join(path)}")
        rest = {line.split(".", 1)[1] for line in without}
        print(f"        {len(self.cases)} ids in requests; nothing of the kind in {OWNER}: {', '.join(sorted(rest)) or 'none'}")
        check(len(self.cases) > 150, "too few")

    def person(self, operation, branch):
        functions, example = functions_of(operation), CONTRACT.operations[operation].get("example", {}).get("as")
        function = example if example and (functions is None or example in functions) else min(functions or {"department_head"})
        name = f"{function}@{branch}"
        return self.company.client(name)

    def ask(self, client, operation, request, ids):
        status, reply = retrying(lambda: client.call(operation, request), 30)
        error = reply.get("error") if isinstance(reply, dict) else None
        return status, error, plain(reply, ids)

    def pair(self, operation, path, foreign, everywhere):
        """The two requests: with an id of the other branch, and with nobody's; the other ids one's own, or the same."""
        nobodys = nobodys_like(foreign)
        requests = []
        for value in (foreign, nobodys):
            request = self.belongings.request(operation, OWNER if everywhere and value == foreign else OTHER)
            if everywhere and value == nobodys:
                for other in id_paths(operation):
                    if other[-1].replace("_ids", "_id") not in COMPANYS:
                        request = with_id(operation, request, other, new_key()) if any(name in request for name in other[:1]) else request
            requests.append(with_id(operation, request, path, value))
        return requests, nobodys

    def alike(self, operation, path, foreign, everywhere):
        client = self.person(operation, OTHER)
        for attempt in range(3):  # the first of two may be in the other's way: then the second round is alike
            requests, nobodys = self.pair(operation, path, foreign, everywhere)
            order = (0, 1) if attempt % 2 == 0 else (1, 0)
            answers = [None, None]
            ids = [value for request in requests for value in _ids(request)]
            for which in order:
                answers[which] = self.ask(client, operation, requests[which], ids)
            if answers[0] == answers[1]:
                break
        name = f"{answers[0][1] or 'ok'}"
        self.findings.note("alike", answers[0] == answers[1],
                           f"{operation} {'.'.join(path)}{' and all others' if everywhere else ''}\n      {OWNER}'s:   {str(answers[0])[:300]}"
                           f"\n      nobody's: {str(answers[1])[:300]}")
        self.findings.note(f"answers {name}", True)

    def all_alike(self):
        side_by_side(lambda case: [self.alike(case[0], case[1], foreign, False) for foreign in case[2][:3]], self.cases, 4)
        side_by_side(lambda case: self.alike(case[0], case[1], case[2][0], True), self.cases, 4)
        self.findings.settle("alike", "answers")

    def time_of(self, client, operation, request):
        started = time.perf_counter()
        client.call(operation, request)
        return time.perf_counter() - started

    def all_in_the_same_time(self):
        for operation, path, ids in self.cases:
            client = self.person(operation, OTHER)
            requests, _ = self.pair(operation, path, ids[0], False)
            for rounds in (ROUNDS, 5 * ROUNDS):
                times = [[], []]
                for number in range(rounds):
                    for which in (0, 1) if number % 2 else (1, 0):  # who comes second finds things warm
                        times[which].append(self.time_of(client, operation, requests[which]))
                foreign, nobodys = (statistics.median(values) for values in times)
                is_near = max(foreign, nobodys) < FACTOR * min(foreign, nobodys) or abs(foreign - nobodys) < FLOOR
                if is_near:
                    break
            self.findings.note("time", is_near, f"{operation} {'.'.join(path)}: {foreign * 1000:.1f} ms, nobody's {nobodys * 1000:.1f} ms")
        self.findings.settle("time")

    def of_one_thing(self):
        """Reads of one thing: the id is in the path."""
        for operation, path, ids in self.cases:
            entry = CONTRACT.operations[operation]
            if entry["effect"] == "read" and len(path) == 1 and "{%s}" % path[0] in entry["http"] and entry["http"].count("_id}") == 1:
                yield operation, path, ids

    def their_own_and_headquarters(self):
        """So that the answers above mean something: in the branch itself and at headquarters one of the ids is found."""
        everything = self.company.client("everything@ZB")
        for operation, path, ids in self.of_one_thing():
            for where, client in (("branch", self.person(operation, OWNER)), ("headquarters", everything)):
                if operation in THEIR_OWN:
                    continue
                answers = [ask(client, operation, with_id(operation, self.belongings.request(operation, OWNER, 0), path, value))
                           for value in [*ids, *self.belongings.of_noun(operation, path[0], OWNER)]]
                self.findings.note(f"found in {where}", any(status == 200 for status, _ in answers), f"{operation} {path[0]}: {answers}")
        self.findings.settle("found")

    def lists(self):
        """Lists without a filter name nothing of another branch."""
        theirs, cells = set(), []
        for service, column in self.belongings.columns:
            if column.endswith("_id") and column not in COMPANYS and "branch_id" not in column:
                theirs |= set(self.belongings.ids(service, column, OWNER)) - set(self.belongings.ids(service, column, OTHER)) \
                    - set(self.belongings.ids(service, column, "ZB"))
        people = {row[0] for row in self.stack.sql("SELECT staff_id FROM staff.person")}
        theirs -= people | {self.company.ids[OWNER]}
        for operation, entry in sorted(CONTRACT.operations.items()):
            if entry["effect"] != "read" or entry["permission"] in ("service", "public") or operation.endswith(".audit.search"):
                continue
            if any(not field.get("optional") for name, field in entry.get("request", {}).items() if "date" not in name):
                continue
            request = {name: value for name, value in self.belongings.request(operation, OTHER, 0).items() if "{%s}" % name in entry["http"]
                       or not entry["request"][name].get("optional")}
            for function in sorted(functions_of(operation) or CONTRACT.functions):
                cells.append((operation, function, request))

        def one(cell):
            operation, function, request = cell
            status, reply = retrying(lambda: self.company.client(f"{function}@{OTHER}").call(operation, request))
            seen = theirs & set(UUID.findall(str(reply)))
            self.findings.note("list", status < 500 and not seen, f"{operation} by {function}@{OTHER}: {status} {sorted(seen)[:3]}")
        side_by_side(one, cells, 4)
        self.findings.settle("list")


def _ids(value):
    if isinstance(value, dict):
        return [found for item in value.values() for found in _ids(item)]
    if isinstance(value, list):
        return [found for item in value for found in _ids(item)]
    return [value] if isinstance(value, str) and len(value) == 36 and value.count("-") == 4 else []


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("things of every kind in both branches", tests.prepare),
                      ("another branch's id answers like nobody's", tests.all_alike),
                      ("it takes as long", tests.all_in_the_same_time),
                      ("the branch itself and headquarters find it", tests.their_own_and_headquarters),
                      ("lists name nothing of another branch", tests.lists)], options.only)


if __name__ == "__main__":
    sys.exit(main())
