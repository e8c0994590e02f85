"""Every mistake in the contract stops the build, and the complaint names the file and the mistake."""

import json
import unittest

from support import Copy, run

RECORD = "schemas/shop/receipt.record.json"
LIST = "schemas/shop/receipt.list.json"
RECORDED = "schemas/shop/receipt.recorded.json"
TYPES = "schemas/shop/types.json"
WORDS = "schemas/shop/words.json"
SQL = "services/shop/sql/receipt.sql"


def setting(*path_and_value):
    """A change that sets a value deep inside; None deletes it."""
    *path, last, value = path_and_value

    def change(inside):
        for step in path:
            inside = inside[step]
        if value is None:
            del inside[last]
        else:
            inside[last] = value
    return change


# file, change, what the complaint says
JSON = [
    (RECORD, setting("colour", 1), "unknown key `colour`"),
    (RECORD, setting("sort", ["amount"]), "is for lists that come in pages"),
    (LIST, setting("reply", "next", None), "is for lists that come in pages"),
    (LIST, setting("sort", ["colour"]), "`colour` is no column that can be compared"),
    (LIST, setting("sort", ["phone"]), "`phone` is no column that can be compared by those who see it"),
    (LIST, setting("sort", ["receipt_id"]), "`receipt_id` is no column that can be compared"),
    (LIST, setting("sort", "amount"), "must be a list of names"),
    (LIST, setting("request", "sort", {"type": "int", "optional": True, "zh": "序", "en": "order"}), "is there already"),
    (RECORD, setting("permission", None), "`permission` is missing"),
    (RECORD, setting("permission", "shop.receipt.burn"), "permission `shop.receipt.burn` is in no permissions.json"),
    (RECORD, setting("effect", "maybe"), "effect must be read or write"),
    (RECORD, setting("http", "POST /receipts"), "begins with /api/v1/shop/"),
    (RECORD, setting("http", "FETCH /api/v1/shop/receipts"), "must be a method and a path"),
    (RECORD, setting("http", "GET /api/v1/shop/receipts"), "GET is for reads"),
    (RECORD, setting("http", "POST /api/v1/shop/receipts/{nothing}"), "{nothing} must be a required plain field"),
    (RECORD, setting("http", "POST /api/v1/shop/receipts/{discount}"), "{discount} must be a required plain field"),
    (RECORD, setting("http", "POST /api/v1/shop/approvals/{customer_id}"), "has the same address as"),
    (RECORD, setting("events", ["shop.receipt.lost"]), "event `shop.receipt.lost` is declared nowhere"),
    (RECORD, setting("events", ["depot.vehicle.left"]), "event `depot.vehicle.left` is declared nowhere as this service's"),
    (RECORD, setting("errors", ["receipt_odd"]), "error `receipt_odd` is in no errors.json"),
    (RECORD, setting("serialize", ["lines"]), "serialize: `lines` is no plain field"),
    (RECORD, setting("object", "amount"), "object: `amount` is no id"),
    (RECORD, setting("confidential", True), "confidential is for reads"),
    (RECORD, setting("unmasked", "yes"), "unmasked must be true or false"),
    (RECORD, setting("summary", "en", None), "`en` is missing"),
    (RECORD, setting("summary", "zh", " "), "`zh` must be a text"),
    (RECORD, setting("operation", "shop.receipt.write"), "`operation` must be `shop.receipt.record`"),
    (RECORD, setting("request", "amount", "type", "fortune"), "unknown type `fortune`"),
    (RECORD, setting("request", "amount", "colour", 1), "unknown key `colour`"),
    (RECORD, setting("request", "amount", "list", "int"), "exactly one of type, list"),
    (RECORD, setting("request", "amount", "max", 0), "min is larger than max"),
    (RECORD, setting("request", "amount", "min", "1"), "must be a whole number"),
    (RECORD, setting("request", "paid_at", "min", 1), "has no min"),
    (RECORD, setting("request", "amount", "privacy", "phone"), "privacy `phone` is for texts"),
    (RECORD, setting("request", "amount", "optional", 1), "optional must be true or false"),
    (RECORD, setting("request", "Amount", {"type": "int"}), "`Amount` is not a name"),
    (RECORD, setting("request", "switch", {"type": "int"}), "`switch` is not a name"),
    (RECORD, setting("request", "has_discount", {"type": "bool"}), "is what the flag beside an optional field is called"),
    (RECORD, setting("request", "days", {"list": "date"}), "there are no lists of date"),
    (RECORD, setting("request", "lines", "max", 5000), "from 0 to 4096"),
    (RECORD, setting("example", None), "example: is missing"),
    ("schemas/common/approval.decide.json", setting("example", None), "example: is missing"),
    ("schemas/common/deadline.passed.json", setting("example", None), "`example` is missing"),
    (RECORD, setting("example", "as", "warehouse"), "there is no function `warehouse`"),
    (RECORD, setting("example", "as", None), "`as` must have the permission shop.receipt.record"),
    (RECORD, setting("example", "request", "amount", 0), "amount: is outside 1"),
    (RECORD, setting("example", "request", "amount", "1"), "amount: is not a money"),
    (RECORD, setting("example", "request", "amount", None), "`amount` is missing"),
    (RECORD, setting("example", "request", "extra", 1), "`extra` is not a field"),
    (RECORD, setting("example", "request", "method", "gold"), "must be one of cash, transfer"),
    (RECORD, setting("example", "request", "customer_id", "0197…"), "customer_id: is not a id"),
    (RECORD, setting("example", "request", "lines", []), "must be a list of 1 to 5"),
    (RECORD, setting("example", "request", "lines", 0, "quantity", 0), "lines[0]: quantity: is outside 1"),
    (LIST, setting("request", "lines", {"list": "receipt_line"}), "`lines` does not fit an address"),
    (LIST, setting("events", ["shop.receipt.recorded"]), "a read emits no events"),
    (LIST, setting("cache", "by", "moon"), "by must be branch, actor or company"),
    (LIST, setting("cache", "key", ["amount"]), "key must be fields of the request"),
    (LIST, setting("cache", "seconds", 0), "from 1 to 86400"),
    (LIST, setting("cache", "invalidated_by", {"shop.receipt.lost": []}), "there is no event `shop.receipt.lost`"),
    (LIST, setting("cache", "invalidated_by", {"shop.receipt.recorded": ["limit"]}), "must give fields of its body"),
    (LIST, setting("cache", "invalidated_by", {"shop.receipt.recorded": ["customer_id", "amount"]}), "one field for each of key"),
    (RECORDED, setting("aggregate", "amount"), "must be a required id of the body"),
    (RECORDED, setting("example", None), "`example` is missing"),
    (RECORDED, setting("errors", []), "unknown key `errors`"),
    (TYPES, setting("money", {"zh": "钱", "en": "money", "alias": "int"}), "is already a type"),
    (TYPES, setting("phone", {"zh": "电话", "en": "phone", "alias": "text"}), "is already a type"),
    (TYPES, setting("payment_method", "enum", {}), "an enum must have values"),
    (TYPES, setting("payment_method", "alias", "text"), "exactly one of enum, alias, fields"),
    (TYPES, setting("payment_method", "enum", "Gold", {"zh": "金", "en": "gold"}), "`Gold` is not a value's name"),
    (TYPES, setting("loop", {"zh": "环", "en": "loop", "fields": {"again": {"list": "loop"}}}), "contains itself"),
    (TYPES, setting("odd", {"zh": "怪", "en": "odd", "alias": "receipt_line"}), "an alias is of a scalar"),
    (RECORD, setting("request", "colour", {"type": "text"}), "request: colour: nothing says what `colour` is called"),
    (RECORD, setting("request", "colour", {"type": "reason"}), "request: colour: nothing says what `colour` is called"),
    (RECORDED, setting("body", "colour", {"list": "id"}), "body: colour: nothing says what `colour` is called"),
    (TYPES, setting("page", "fields", "colour", {"type": "text"}), "page: colour: nothing says what `colour` is called"),
    (RECORD, setting("request", "amount", "zh", "钱"), "must have both `zh` and `en`, or neither"),
    (WORDS, setting("colour", {"zh": "颜色", "en": "colour"}), "colour: there is no such field"),
    (WORDS, setting("amount", {"zh": "金额"}), "`en` is missing"),
    (WORDS, setting("amount", "en", " "), "`en` must be a text"),
    (WORDS, setting("Amount", {"zh": "金额", "en": "amount"}), "`Amount` is not a name"),
    ("schemas/shop/errors.json", setting("receipt_exceeds_balance", "class", "never"), "class must be one of"),
    ("schemas/shop/errors.json", setting("receipt_exceeds_balance", "status", 200), "from 400 to 599"),
    ("schemas/shop/errors.json", setting("receipt_exceeds_balance", "en", "Too much"), "{} once, or neither"),
    ("schemas/shop/errors.json", setting("busy", {"status": 503, "class": "retry", "zh": "忙", "en": "busy"}),
     "is already an error of every operation"),
    ("schemas/shop/permissions.json", setting("shop.read", "functions", ["king"]), "there is no function `king`"),
    ("schemas/shop/permissions.json", setting("depot.write", {"zh": "写", "en": "write", "functions": []}), "must begin with `shop.`"),
]

# what is replaced in the SQL, by what, what the complaint says
STATEMENTS = [
    (":customer_id::uuid", ":customer_id", ":customer_id must say its type"),
    (":customer_id::uuid", ":customer_id::serial", "`serial` of customer_id is neither one of"),
    ("branch_id = :branch_id::uuid", "branch_id = :branch_id::text", ":branch_id is filled in by the call and is uuid"),
    ("-- columns: id uuid, balance bigint, due date?, method payment_method\n", "", "`-- columns:` is missing"),
    ("balance bigint,", "balance bigint, more text,", "selects 4 columns, and `columns:` has 5"),
    ("id uuid, balance bigint,", "balance bigint, id uuid,", "column `id` stands where `columns:` has `balance`"),
    ("balance bigint,", "balance number,", "`number` of balance is neither one of"),
    ("balance bigint,", "balance,", "`balance` is not `name type`"),
    ("-- columns: receipt_summary", "-- columns: page", "field `lines` of page has no SQL type"),
    ("-- columns: receipt_summary", "-- columns: nothing", "`nothing` is no object type, and no statement with columns"),
    ("write one receipt_exceeds_balance", "write one odd", "error `odd` is in no errors.json"),
    ("-- receivable_reduce: write one receipt_exceeds_balance", "-- receivable_lock: write", "is also in"),
    ("-- sums: total", "-- sums: amount", "can be summed"),
    ("-- till_add: write", "-- till_add: one", "an UPDATE without RETURNING gives no rows"),
    ("-- receivable_count: one\n-- columns: count bigint", "-- receivable_count: write", "a SELECT is no write"),
    ("-- pages: receipt_id desc by", "-- pages: id desc by", "`id` is no column of type uuid"),
    ("-- pages: receipt_id desc by", "-- pages: receipt_id up by", "must be `id [desc] [by ENUM]`"),
    ("by receipt_list_sort", "by payment_method", "`payment_method` is made by no operation's `sort`"),
    ("-- receipt_list: many", "-- receipt_list: one", "must be `id [desc] [by ENUM]`, under a `many`"),
    ("receipt_id uuid, note text?\n-- pages: receipt_id", "receipt_id uuid, note text?\n-- pages: receipt_id by receipt_list_sort",
     "cannot sort by `due`, which is no column"),
    ("customer_id = :customer_id::uuid;\n\n-- receipt_kept", "customer_id = :after::uuid;\n\n-- receipt_kept", ":after comes from here"),
    ("customer_id = :customer_id::uuid;\n\n-- receipt_kept", "true ORDER BY id;\n\n-- receipt_kept", "the body must be SELECT"),
    ("customer_id = :customer_id::uuid;\n\n-- receipt_kept", "true OR false;\n\n-- receipt_kept", "an OR needs brackets"),
    ("-- receipt_list: many", f"-- {'receipt_list' * 5}: many", "is too long for PostgreSQL"),
    ("   FOR UPDATE;", "   FOR UPDATE", "must end with ;"),
    ("   FOR UPDATE;", "   FOR UPDATE; SELECT 1;", "is more than one statement"),
    ("-- receivable_lock: one\n", "SELECT 1;\n-- receivable_lock: one\n", "a statement must begin with"),
    ("   FOR UPDATE;", "   AND note = $$x$$ FOR UPDATE;", "`$` has no place in a statement"),
    ("-- receivable_count: one", "-- receipt_summary: one", "`struct receipt_summary` in C would be the same"),
]


class Refusals(unittest.TestCase):
    def test_the_fixture_itself_is_right(self):
        with Copy() as copy:
            self.assertEqual(copy.check(), (0, ""))

    def test_mistakes_in_the_schemas(self):
        for name, change, complaint in JSON:
            with self.subTest(complaint=complaint), Copy() as copy:
                copy.change(name, change)
                code, text = copy.check()
                self.assertEqual(code, 1)
                lines = [line for line in text.splitlines() if complaint in line]
                self.assertTrue(lines and copy.path(name) in lines[0], text)

    def test_mistakes_in_the_sql(self):
        for old, new, complaint in STATEMENTS:
            with self.subTest(complaint=complaint), Copy() as copy:
                copy.replace(SQL, old, new)
                code, text = copy.check()
                self.assertEqual(code, 1)
                lines = [line for line in text.splitlines() if complaint in line]
                self.assertTrue(lines and copy.path(SQL) in lines[0], text)

    def test_papers(self):
        ask = ("papers", "receipts", "asks", 0)
        cases = (
            ((*ask, "operation", "shop.receipt.record"), "is no read that people may ask for"),
            ((*ask, "operation", "shop.receipt.burn"), "is no read that people may ask for"),
            ((*ask, "with", "customer_id", "from"), "with: `customer_id` cannot be `from`"),
            ((*ask, "with", "customer_id", "list.receipts.receipt_id"), "with: `customer_id` cannot be `list.receipts.receipt_id`"),
            ((*ask, "with", "customer_id", None), "with: `customer_id` is missing"),
            ((*ask, "with", "colour", "customer_id"), "with: `colour` cannot be `customer_id`"),
            ((*ask, "colour", 1), "unknown key `colour`"),
            (("papers", "receipts", "query", ["colour"]), "query: `colour` is none of from, to"),
            (("papers", "receipts", "en", None), "`en` is missing"),
            (("names", "receipt", {"operation": "shop.receipt.record", "id": "receipt_id", "name": "amount", "fields": []}), "is no list"),
        )
        for path, complaint in cases:
            with self.subTest(complaint=complaint), Copy() as copy:
                copy.change("schemas/papers.json", setting(*path))
                code, text = run(copy.folder, None, "--papers")
                self.assertEqual(code, 1)
                self.assertIn(complaint, text)

    def test_words_come_from_the_nearest(self):
        cases = (({"type": "money", "zh": "钱", "en": "cash"}, "钱 · cash"), ({"type": "money"}, "收款金额 · amount taken"))
        for value, words in cases:
            with self.subTest(words=words), Copy() as copy:
                copy.change(RECORD, setting("request", "amount", {**value, "min": 1}))
                self.assertEqual(run(copy.folder, copy.path("out"), "--openapi"), (0, ""))
                document = json.loads(copy.text("out/openapi.json"))
                body = document["paths"]["/api/v1/shop/receipts"]["post"]["requestBody"]
                fields = body["content"]["application/json"]["schema"]["properties"]
                self.assertEqual(fields["amount"]["description"], f"{words} (分 · fen)")
                self.assertEqual(fields["discount"]["description"], "折扣 · discount (分 · fen)")
                self.assertEqual(fields["method"]["description"], "付款方式 · payment method")

    def test_a_key_that_occurs_twice(self):
        with Copy() as copy:
            copy.replace(RECORD, '"effect": "write",', '"effect": "write", "effect": "read",')
            self.assertIn(f"{copy.path(RECORD)}: key `effect` occurs twice", copy.check()[1])

    def test_a_fraction(self):
        with Copy() as copy:
            copy.replace(RECORD, '"min": 1', '"min": 1.5')
            self.assertIn("there are no fractions", copy.check()[1])

    def test_no_json_at_all(self):
        with Copy() as copy:
            copy.write(RECORD, "{")
            self.assertIn(f"{copy.path(RECORD)}: is not JSON", copy.check()[1])

    def test_a_file_with_a_wrong_name(self):
        with Copy() as copy:
            copy.write("schemas/shop/receipt.json", copy.text(RECORD))
            self.assertIn("must be called <noun>.<verb>.json", copy.check()[1])

    def test_an_operation_that_every_service_has(self):
        with Copy() as copy:
            copy.write("schemas/shop/approval.decide.json", copy.text("schemas/common/approval.decide.json")
                       .replace('"*.approval.decide",\n  "summary"', '"shop.approval.decide",\n  "summary"')
                       .replace("{service}", "shop"))
            self.assertIn("every service has this one", copy.check()[1])

    def test_subscriptions(self):
        cases = ((["depot.vehicle.right"], "there is no event"), (["shop.receipt.recorded"], "is this service's own"),
                 (["depot.person.changed"], "is listed already"), ({}, "must be a list"))
        for value, complaint in cases:
            with self.subTest(complaint=complaint), Copy() as copy:
                copy.write("schemas/shop/subscriptions.json", json.dumps(value))
                self.assertIn(complaint, copy.check()[1])

    def test_an_event_and_an_operation_of_one_name_in_c(self):
        with Copy() as copy:
            copy.write("services/shop/sql/more.sql", "-- receipt_recorded: one\n-- columns: id uuid\nSELECT id FROM x;\n")
            self.assertIn("`struct receipt_recorded` in C would be the same", copy.check()[1])

    def test_another_services_mistake_stops_that_service_only(self):
        with Copy() as copy:
            copy.write("schemas/depot/vehicle.wash.json", "{}")
            self.assertEqual(run(copy.folder, None, "--service", "shop"), (0, ""))
            self.assertEqual(run(copy.folder, None, "--service", "depot")[0], 1)
            self.assertEqual(run(copy.folder, None, "--gateway")[0], 1)

    def test_nothing_is_written_while_anything_is_wrong(self):
        with Copy() as copy:
            copy.change(RECORD, setting("effect", "maybe"))
            run(copy.folder, copy.path("out"), "--service", "shop")
            with self.assertRaises(FileNotFoundError):
                copy.text("out/shop.gen.h")


if __name__ == "__main__":
    unittest.main()
