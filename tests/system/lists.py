#!/usr/bin/python3
"""Every list that can be sorted, by each of its columns upwards and downwards: the pages are the whole, in order, wherever one begins.

The rows are those that are there when it runs; what comes first of two texts PostgreSQL's Chinese dictionary says.
"""
import concurrent.futures
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import CONTRACT, Stack, arguments, check, run_tests, send, test_company  # noqa: E402

NOW = datetime.datetime.now(datetime.timezone.utc).isoformat()
PAGE, MOST = 3, 200
ROWS = 400  # of a list are looked at: the first ones in each order
PLACES = 4  # in each order where a page is begun
# what a list asks for and where it is taken from: the operation, its list, its fields
NEEDS = {"dispatch.list.read": ("dispatch.list.list", ["list_id"]),
         "contracts.price_policy.read": ("contracts.price_policy.list", ["policy_id"]),
         "dispatch.stock.history": ("dispatch.stock.list", ["depot_id", "product_id"])}


def sortable():
    return sorted(name for name, entry in CONTRACT.operations.items() if "sort" in entry)


class Listing:
    """One list: how its rows are got and how they compare."""

    def __init__(self, company, stack, operation):
        self.client, self.stack, self.operation = company.client("everything@ZB"), stack, operation
        entry = CONTRACT.operations[operation]
        self.columns = entry["sort"]
        self.items = next(name for name, field in entry["reply"].items()
                          if "list" in field and set(self.columns) <= set(self.fields_of(field["list"])))
        self.fields = self.fields_of(next(field["list"] for name, field in entry["reply"].items() if name == self.items))
        self.cursor = "before" if "before" in entry["request"] else "after"
        self.fixed = self.needed()

    def types(self):
        return CONTRACT.service_types[self.operation.split(".")[0]]

    def fields_of(self, name):
        return self.types().get(name, {}).get("fields", {})

    def needed(self):
        """The fields it must have: of the last row that another list has and that is still in use, of a view the widest; the audit log goes on meanwhile."""
        if self.operation.endswith(".audit.search"):
            return {"until": NOW}
        if self.operation == "contracts.price.list":
            return {"on": NOW[:10]}
        if "view" in CONTRACT.operations[self.operation]["request"]:
            return {"view": "all"}
        if self.operation not in NEEDS:
            return {}
        operation, names = NEEDS[self.operation]
        rows = send(self.client, operation, {"limit": MOST})["items"]
        found = ({name: row[name] for name in names} for row in reversed(rows))
        answered = next((fields for fields in found if self.client.call(self.operation, fields)[0] == 200), None)
        check(answered, f"{self.operation} answers of nothing in {operation}")
        return answered

    def page(self, order, after=None, limit=MOST):
        """(rows, where the next page begins); of the price list a page may have fewer rows than asked for, and still a next one"""
        rows = []
        while True:
            fields = {**self.fixed, **order, "limit": limit - len(rows), **({self.cursor: after} if after else {})}
            reply = send(self.client, self.operation, fields)
            rows, after = rows + reply[self.items], reply.get("next")
            if not after or len(rows) == limit:
                return rows, after

    def whole(self, order, limit=MOST, most=ROWS):
        rows, after = self.page(order, limit=limit)
        while after and len(rows) < most:
            more, after = self.page(order, after, limit)
            rows += more
        return rows, not after

    def unique(self):
        """The field that the cursor is."""
        rows, after = self.page({}, limit=1)
        return next(name for name, value in rows[0].items() if value == after)

    def key(self, column, ranks):
        """What a value of a column is compared by."""
        field = self.fields[column]["type"]
        declared = self.types().get(field, {})
        kind = declared.get("alias", field)
        if "enum" in declared:
            return list(declared["enum"]).index
        if kind == "text":
            return ranks.__getitem__
        return datetime.datetime.fromisoformat if kind == "time" else lambda value: value

    def ranks(self, rows):
        """Every text of the rows and its place in the dictionary; equal ones cannot be, for the bytes decide then."""
        texts = sorted({row[column] for row in rows for column in self.columns if isinstance(row.get(column), str)})
        listed = ", ".join(f"('x{text.encode().hex()}')" for text in texts)  # x: of an empty text, too, there is a line
        if not texts:
            return {}
        found = self.stack.sql("SELECT x FROM (VALUES " + listed + ") AS t(x) ORDER BY convert_from(decode(substr(x, 2), 'hex'), 'UTF8') COLLATE \"zh-x-icu\"")
        return {bytes.fromhex(line[0][1:]).decode(): place for place, line in enumerate(found)}

    def ordered(self, rows, column, down, unique, ranks):
        key = self.key(column, ranks)
        there = sorted((row for row in rows if row.get(column) is not None), key=lambda row: (key(row[column]), row[unique]), reverse=down)
        return there + sorted((row for row in rows if row.get(column) is None), key=lambda row: row[unique], reverse=down)


def places(rows, column):
    """Where to begin pages: the first ones, where the empty ones begin, the end, and between."""
    empty = next((place for place, row in enumerate(rows) if row.get(column) is None), 0)
    wanted = {0, max(0, empty - 2), empty, len(rows) // 2, len(rows) - PAGE - 1, len(rows) - PAGE}
    return sorted(place for place in wanted if 0 <= place < len(rows) - 1)[-PLACES:]


def compare(listing, order, got, unique, ranks):
    """got: the first rows in this order, or all."""
    column, down = order
    wanted = [row[unique] for row in listing.ordered(got, column, down, unique, ranks)]
    check([row[unique] for row in got] == wanted, f"by {column}{' downwards' if down else ''}: not in order")
    for place in places(got, column):
        page, _ = listing.page(asked(order), wanted[place], PAGE)
        check([row[unique] for row in page][:len(wanted) - place - 1] == wanted[place + 1:place + 1 + PAGE],
              f"by {column}{' downwards' if down else ''}: not what comes behind row {place}")


def asked(order):
    return {"sort": order[0], "is_descending": order[1]}


def pages_are_the_whole(listing):
    """How many rows were looked at."""
    rows, is_all = listing.whole({})
    if len(rows) < 2:
        return len(rows)
    unique = listing.unique()
    ids = sorted(row[unique] for row in rows)
    check(len(set(ids)) == len(ids), "a row comes twice")
    steps, _ = listing.whole({}, PAGE, 4 * PAGE)
    check([row[unique] for row in steps] == [row[unique] for row in rows[:len(steps)]], "the usual order differs in small pages")
    orders = {(column, down): listing.whole(asked((column, down)))[0] for column in listing.columns for down in (False, True)}
    ranks = listing.ranks([row for got in orders.values() for row in got])
    for order, got in orders.items():
        check(not is_all or sorted(row[unique] for row in got) == ids, f"by {order[0]}: {len(got)} rows of {len(rows)}")
        compare(listing, order, got, unique, ranks)
    return len(rows)


def place_outside_the_filter(listing):
    """A row that a filter does not take in, or no longer, still has its place in the order."""
    rows, _ = listing.whole({"sort": "amount"})
    for at, row in enumerate(rows):
        behind = next((other for other in rows[at + 1:] if other["status"] != row["status"]), None)
        if behind:
            page, _ = listing.page({"sort": "amount", "status": behind["status"]}, row["order_id"], 1)
            check([other["order_id"] for other in page] == [behind["order_id"]], f"{page} behind {row}, not {behind}")
            return
    check(False, "there are no orders of two states")


def patiently(listing):
    """Rows may change while they are looked at: what is wrong three times is wrong."""
    for left in (2, 1, 0):
        try:
            return pages_are_the_whole(listing)
        except Exception:  # pylint: disable=broad-except
            if left == 0:
                raise
    return None


def are_filled(running):
    """Without rows nothing was compared."""
    filled = [name for name, work in running.items() if work.result() > PAGE]
    check(len(filled) > len(running) / 2, f"only {filled} have more than a page")


def main():
    options = arguments(__doc__).parse_args()
    company, stack = test_company(options.address), Stack(options.stack)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        # each has a client of its own: all that wait for one another are four
        running = {name: pool.submit(lambda name=name: patiently(Listing(company, stack, name))) for name in sortable()}
        tests = [(f"{name} in every order", work.result) for name, work in running.items()]
        tests.append(("lists have rows", lambda: are_filled(running)))
        tests.append(("a place outside the filter", lambda: place_outside_the_filter(Listing(company, stack, "dispatch.order.list"))))
        return run_tests(tests, options.only)


if __name__ == "__main__":
    sys.exit(main())
