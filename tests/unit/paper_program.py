"""songda-paper by itself: what it makes of right, wrong, hostile and endless input. paper_program.py PROGRAM"""

import io
import json
import subprocess
import sys
import unittest
import zipfile

PROGRAM = sys.argv.pop(1)
HEAD = {"language": "zh", "at": "2026-11-22T09:30:00+08:00", "title": "收款收据", "kind": "receipt"}
ROWS = {"language": "zh", "kind": "csv", "operation": "collection.receipt.list"}
HOSTILE = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "\u202e=1", "\u0001=1", '"quoted", with commas', "\ufffe\uffff", "😀" * 500,
           "e" + "\u0301" * 500, "\U0010fffd\ue000\U000e0041", "长" * 20000, "a\r\nb\u2028c", "مرحبا שלום"]


def make(*lines, raw=None):
    data = raw if raw is not None else "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
    return subprocess.run([PROGRAM], input=data, capture_output=True, check=False, timeout=120)


def answer(ask, **reply):
    return {"ask": ask, "reply": reply}


def receipt(number):
    return {"receipt_id": number, "number": number, "customer_id": "c", "method": "cash", "amount": 5, "business_date": "2026-11-20"}


class Paper(unittest.TestCase):
    def test_an_empty_paper_of_every_kind_is_a_paper(self):
        for kind in ("outbound-slip", "confirmation", "receipt", "contract", "statement"):
            for language in ("zh", "en"):
                done = make({**HEAD, "kind": kind, "language": language})
                self.assertEqual((done.returncode, done.stderr, done.stdout[:5]), (0, b"", b"%PDF-"), kind)

    def test_hostile_texts_end_nothing(self):
        for text in HOSTILE:
            done = make(HEAD, answer("receipt", number=text, note=text, amount=-2 ** 63, allocations=[{"receivable_id": text, "amount": 2 ** 63 - 1}]),
                        answer("account", account={"name": text}), answer("company", branch={"name": text}))
            self.assertEqual((done.returncode, done.stdout[:5]), (0, b"%PDF-"), (text[:20], done.stderr))

    def test_texts_in_places_of_other_things_end_nothing(self):
        wrong = (None, True, 1, 0.5, "x", [], {}, [1, "x", {}, None])
        for value in wrong:
            for ask in ("receipt", "account", "branch", "receivables"):
                done = make(HEAD, answer(ask, amount=value, number=value, allocations=value, account=value, branch=value, items=value, credit=value))
                self.assertEqual((done.returncode, done.stdout[:5]), (0, b"%PDF-"), (value, done.stderr))

    def test_amounts_beyond_all_bounds_are_refused(self):
        entry = {"journal_id": "1", "business_date": "2026-01-01", "kind": "delivery", "account": "receivable", "amount": 2 ** 63 - 1}
        done = make({**HEAD, "kind": "statement"}, answer("ledger", items=[entry, {**entry, "journal_id": "2"}]))
        self.assertEqual((done.returncode, done.stderr), (1, b"songda-paper: an amount beyond all bounds\n"))

    def test_pictures_that_are_none_leave_a_line_to_sign_on(self):
        for data in ("", "!", "c2lnbmVk", "iVBORw0KGgoAAAANSUhEUv////////8=", "/9j/4AAQ/8AAEQj//////w=="):
            done = make({**HEAD, "kind": "confirmation"}, answer("delivery", proof={"kind": "signature", "data": data}))
            self.assertEqual((done.returncode, done.stdout[:5]), (0, b"%PDF-"), (data, done.stderr))

    def test_what_is_no_input_is_refused_in_one_line(self):
        head = json.dumps(HEAD).encode() + b"\n"
        for raw in (b"", b"{", b"[]\n", b"1\n", b"{}", b"{}\n", b'{"kind": "invoice"}\n', head + b"x\n", head + b"{}\n", head + b'{"ask": 1, "reply": {}}\n',
                    head + b'{"ask": "a", "ask": "a", "reply": {}}\n', head + b"\xff\n", head[:-1], head + b"[" * 100000 + b"\n",
                    b'{"kind": "csv", "operation": "collection.receipt.burn"}\n', head + b" " * (9 << 20)):
            done = make(raw=raw)
            self.assertEqual(done.returncode, 1, raw[:50])
            self.assertEqual((done.stderr[:14], done.stderr.count(b"\n")), (b"songda-paper: ", 1), raw[:50])
            self.assertEqual(done.stdout, b"", raw[:50])

    def test_names_stand_for_ids(self):
        done = make(ROWS, answer("customer", items=[{"customer_id": "c", "name": "=晨光"}]), answer("rows", items=[receipt("1")]))
        head, row = done.stdout.decode("utf-8-sig").splitlines()
        self.assertEqual(head.split(",")[:3], ['"编号"', '"客户"', '"方式"'])
        self.assertEqual(row.split(",")[:5], ['"1"', '"\'=晨光"', '"现金"', '"0.05"', '"2026-11-20"'])

    def test_formulas_stay_text_in_both_kinds_of_lists(self):
        rows = [receipt(text) for text in HOSTILE]
        done = make(ROWS, answer("rows", items=rows))
        self.assertEqual(done.returncode, 0)
        for line in done.stdout.decode("utf-8-sig").splitlines():
            self.assertNotIn(line[1:2], list("=+-@\t"), line[:40])
        done = make({**ROWS, "kind": "xlsx"}, answer("rows", items=rows))
        self.assertEqual(done.returncode, 0, done.stderr)
        with zipfile.ZipFile(io.BytesIO(done.stdout)) as file:
            sheet = file.read("xl/worksheets/sheet1.xml").decode()
        self.assertNotIn("<f>", sheet)
        self.assertIn("<t>=1+1</t>", sheet)

    def test_a_list_ends_at_100_000_rows_and_says_so(self):
        page = answer("rows", items=[receipt("1")] * 1000)
        done = make(ROWS, *[page] * 100)
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (0, 100001))
        done = make(ROWS, *[page] * 101)
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (0, 100002))
        self.assertIn("仅前 100,000 行", done.stdout.decode().splitlines()[-1])

    def test_a_table_goes_on_over_pages_with_its_head(self):
        items = [{"product": f"产品 {number}", "unit": "升", "quantity": 1000} for number in range(200)]
        done = make({**HEAD, "kind": "outbound-slip"}, answer("slip", items=items))
        self.assertEqual(done.returncode, 0)
        self.assertGreater(len(done.stdout), len(make({**HEAD, "kind": "outbound-slip"}).stdout))
        self.assertGreaterEqual(done.stdout.count(b"/Type /Page\n") + done.stdout.count(b"/Type /Page "), 5)

    def test_endless_papers_are_refused(self):
        items = [{"product": "长" * 600, "unit": "升", "quantity": 1000}] * 20000
        done = make({**HEAD, "kind": "outbound-slip"}, answer("slip", items=items[:200]), *[answer("slip", items=items[:2000])] * 10)
        self.assertEqual((done.returncode, done.stderr), (1, b"songda-paper: more than 500 pages\n"))


if __name__ == "__main__":
    unittest.main()
