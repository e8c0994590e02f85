#!/usr/bin/python3
"""Papers and lists as files, of a running company: what they say, who gets them, what hostile names and killed processes do to them."""
import base64
import concurrent.futures
import csv
import datetime
import http.client
import io
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import CONTRACT, Selling, Stack, arguments, at, check, rss, run_tests, send, test_company, wait_for  # noqa: E402
from songda.client import Client, new_key  # noqa: E402

FORMULA = '=HYPERLINK("http://x","点")'
HOSTILE = "+SUM(1)<img src=x onerror=alert(1)>\u202e餐厅"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
GROWTH = 16 << 20  # of the gateway, by all papers and lists of this file


def picture(width=240, height=80):
    """A PNG with a line across, as a finger draws it."""
    rows = b"".join(b"\0" + bytes(0 if abs(x * height // width - y) < 3 else 255 for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def pdf_text(data):
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(text):
    return re.sub(r"\s+", "", text)


class Workbook:
    """The rows of the first sheet: texts, numbers and whether anything in it is a formula."""

    def __init__(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            check(file.testzip() is None, "the workbook is broken")
            self.sheet = file.read("xl/worksheets/sheet1.xml").decode()
            self.strings = []
            if "xl/sharedStrings.xml" in file.namelist():
                tree = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
                self.strings = ["".join(part.text or "" for part in item.iter(f"{MAIN}t")) for item in tree]
        tree = ElementTree.fromstring(self.sheet)
        self.formulas = len(list(tree.iter(f"{MAIN}f"))) + len(list(tree.iter(f"{MAIN}hyperlink")))
        self.rows = [self.row(row) for row in tree.iter(f"{MAIN}row")]

    def row(self, row):
        cells = {}
        for cell in row:
            place = re.match("[A-Z]+", cell.get("r"))[0]
            if cell.get("t") == "inlineStr":
                cells[place] = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
            elif cell.get("t") == "s":
                cells[place] = self.strings[int(cell.find(f"{MAIN}v").text)]
            elif cell.find(f"{MAIN}v") is not None:
                cells[place] = float(cell.find(f"{MAIN}v").text)
        return cells

    def table(self):
        """Rows by heading."""
        head = self.rows[0]
        return [{head[place]: value for place, value in row.items()} for row in self.rows[1:]]


class Tests:
    def __init__(self, options):
        self.stack, self.company, self.address = Stack(options.stack), test_company(options.address), options.address
        self.mark = new_key()[-6:]
        self.today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        self.day = self.today + datetime.timedelta(days=1)
        self.gateway = self.stack.pid("gateway-1")
        self.resting = rss(self.gateway)

    # -- a day's work, so that there is every paper ------------------------------------------------------------------
    def prepare(self):
        selling = Selling(self.company, self.today)
        self.product = selling.product(f"PP-{self.mark}", f"醇基燃料{self.mark}")
        selling.price_policy(f"单据 {self.mark}", self.today.isoformat(), [(self.product, 68125, 60000)])
        selling.template()
        until = (self.today + datetime.timedelta(days=300)).isoformat()
        self.customer, address = selling.customer("SH01", f"{HOSTILE}{self.mark}", f"1390{int(self.mark, 16) % 10000000:07d}",
                                                  ("后门", "嘉定区安亭镇一路 1 号", 312000000, 1214000000))
        self.contract = selling.contract("SH01", self.customer, address, [(self.product, 300000, 68125)], (self.today.isoformat(), until))
        self.order(selling, address, until)
        self.deliver()
        self.receipt_of()
        self.formula = send(self.company.client("representative@SH01"), "leads.customer.create", {
            "name": f"{FORMULA}{self.mark}", "phone": f"1380{int(self.mark, 16) % 10000000:07d}", "source": "visit", "has_consent": True})["customer_id"]

    def call(self, person, operation, fields, clock):
        return self.company.call(person, operation, fields, f"papers {operation} {self.mark}", clock)

    def order(self, selling, address, until):
        eve = at(self.today, 9)
        depot = self.call("dispatcher@SH01", "dispatch.depot.create", {
            "code": f"P{self.mark}", "name": f"单据仓{self.mark}", "address": "仓库路 1 号", "latitude_e7": 312000000, "longitude_e7": 1214000000},
            eve)["depot_id"]
        vehicle = self.call("dispatcher@SH01", "dispatch.vehicle.create", {
            "plate": f"沪P{self.mark}", "capacity": 10 ** 9, "inspected_until": until}, eve)["vehicle_id"]
        selling.eventually("warehouse@SH01", "dispatch.stock.receive", {
            "depot_id": depot, "lines": [{"product_id": self.product, "quantity": 10 ** 6}]}, f"papers stock {self.mark}", ["product_unknown"])
        end = time.monotonic() + 60
        while True:
            placed = self.company.client("operator@SH01").call("dispatch.order.place", {
                "customer_id": self.customer, "address_id": address, "delivery_date": self.day.isoformat(),
                "lines": [{"product_id": self.product, "quantity": 50500}], "confirm_duplicate": True})
            if placed[0] == 200 and placed[1]["contract_id"]:
                break
            check(time.monotonic() < end, f"the order is refused: {placed}")
            time.sleep(0.2)
        self.order_number, order_id = placed[1]["number"], placed[1]["order_id"]
        if placed[1]["is_urgent"]:
            self.call("dispatcher@SH01", "dispatch.order.accept_urgent", {"order_id": order_id, "accepted": True}, eve)
        else:
            self.company.call("dispatcher@SH01", "dispatch.list.close", {"delivery_date": self.day.isoformat()}, None, at(self.today, 18, 5))
        self.route = self.call("dispatcher@SH01", "dispatch.route.create", {
            "delivery_date": self.day.isoformat(), "depot_id": depot, "vehicle_id": vehicle, "driver_id": self.company.ids["driver@SH01"],
            "order_ids": [order_id]}, at(self.today, 18, 6))["route_id"]

    def deliver(self):
        early, morning = at(self.day, 5), at(self.day, 9)
        self.call("dispatcher@SH01", "dispatch.route.publish", {"route_id": self.route}, early)
        slip = self.call("warehouse@SH01", "dispatch.slip.make", {"route_id": self.route}, early)
        self.slip, self.slip_number = slip["slip_id"], slip["number"]
        self.call("warehouse@SH01", "dispatch.slip.check_out", {"slip_id": self.slip}, early)
        self.call("driver@SH01", "dispatch.route.start", {"route_id": self.route}, early)
        stop = self.company.call("dispatcher@SH01", "dispatch.route.read", {"route_id": self.route})["stops"][0]["stop_id"]
        self.call("driver@SH01", "dispatch.stop.arrive", {"stop_id": stop}, morning)
        done = self.call("driver@SH01", "dispatch.delivery.confirm", {
            "stop_id": stop, "lines": [{"product_id": self.product, "quantity": 50500}], "confirm_outlier": True,
            "proof": {"kind": "signature", "data": base64.b64encode(picture()).decode(), "signer": "张老板"}}, morning)
        self.delivery, self.amount = done["delivery_id"], done["amount"]
        self.call("warehouse@SH01", "dispatch.route.close", {"route_id": self.route, "handed_back": []}, at(self.day, 15))

    def receipt_of(self):
        finance = self.company.client("finance@SH01")
        wait_for(lambda: finance.call("collection.account.read", {"customer_id": self.customer})[1].get("account", {}).get("balance") == self.amount,
                 30, "collection never heard of the delivery")
        paid = self.call("cashier@SH01", "collection.receipt.record", {
            "customer_id": self.customer, "amount": self.amount + 5, "method": "cash", "note": FORMULA}, at(self.day, 16))
        self.receipt, self.receipt_number = paid["receipt_id"], paid["number"]

    # -- asking ------------------------------------------------------------------------------------------------------
    def get(self, path, person="finance@SH01", language="zh", query=None):
        client = self.company.client(person) if person else Client(CONTRACT, self.address)
        connection = urllib.parse.quote(path) + (f"?{urllib.parse.urlencode(query)}" if query else "")
        headers = {"Accept-Language": language, "Authorization": f"Bearer {client.token}"} if person else {"Accept-Language": language}
        line = http.client.HTTPConnection(self.address, timeout=70)
        try:
            line.request("GET", connection, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            line.close()

    def paper(self, path, person="finance@SH01", language="zh", query=None):
        status, data, headers = self.get(path, person, language, query)
        check(status == 200 and data.startswith(b"%PDF-"), f"{path}: {status} {data[:300]}")
        check(headers["Content-Type"] == "application/pdf" and "inline" in headers["Content-Disposition"], f"{path}: {headers}")
        return pdf_text(data)

    def says(self, text, *words):
        for word in words:
            check(squeezed(word) in squeezed(text), f"`{word}` is missing in\n{text}")

    # -- what papers say ---------------------------------------------------------------------------------------------
    def slip_paper(self):
        text = self.paper(f"/papers/outbound-slip/{self.slip}.pdf", "warehouse@SH01")
        self.says(text, "送达燃料有限公司", "上海一分公司", "出库单", self.slip_number, f"沪P{self.mark}", f"醇基燃料{self.mark}", "50.5", f"单据仓{self.mark}",
                  "driver@SH01", "第 1 页，共 1 页", "仓管员")
        self.says(self.paper(f"/papers/outbound-slip/{self.slip}.pdf", "warehouse@SH01", "en"), "Outbound slip", "Page 1 of 1", "Warehouse")

    def confirmation_paper(self):
        path = f"/papers/confirmation/{self.delivery}.pdf"
        text = self.paper(path)
        fen = self.amount
        self.says(text, "送货确认单", self.order_number, f"{fen // 100}.{fen % 100:02}", "6.8125", "张老板", "人民币", "叁佰肆拾肆元零叁分", "下次配送时付清")
        self.says(text, f"+SUM(1)<img src=x onerror=alert(1)>餐厅{self.mark}")
        check("\u202e" not in text, "the direction of writing is turned")
        images = subprocess.run(["pdfimages", "-list", "-"], input=self.get(path)[1], capture_output=True, text=False, check=True).stdout
        check(b"240" in images and b"80" in images, f"the signature is not there: {images}")

    def receipt_paper(self):
        text = self.paper(f"/papers/receipt/{self.receipt}.pdf", "cashier@SH01")
        self.says(text, "收款收据", self.receipt_number, "今收到", "现金", "人民币大写", "叁佰肆拾肆元零捌分", "其中 0.05 元转入预存余额", self.order_number,
                  "cashier@SH01", "收款单位（盖章）")

    def contract_paper(self):
        text = self.paper(f"/papers/contract/{self.contract}.pdf", "clerk@SH01")
        self.says(text, "合同", "甲方（供方）", "第 1 条", "供货", "履行地点：乙方厨房", f"醇基燃料{self.mark}", "300", "13%", "贰仟零肆拾叁元柒角伍分",
                  "授权代表", "骑缝章")

    def statement_paper(self):
        path = f"/papers/statement/{self.customer}.pdf"
        text = self.paper(path)
        self.says(text, "客户对账单", "期初余额", "送货", self.order_number, "收款", self.receipt_number, "-0.05", "负伍分")
        later = (self.day + datetime.timedelta(days=1)).isoformat()
        text = self.paper(path, query={"from": later, "to": later})
        self.says(text, "期初余额", "-0.05")
        check(self.receipt_number not in text, "what lies outside of the days is there")

    # -- lists -------------------------------------------------------------------------------------------------------
    def list_of(self, operation, form="xlsx", person="finance@SH01", language="zh", query=None):
        status, data, headers = self.get(f"/papers/lists/{operation}.{form}", person, language, query)
        check(status == 200, f"{operation}.{form}: {status} {data[:300]}")
        check(f'attachment; filename="{operation}.{form}"' == headers["Content-Disposition"], headers["Content-Disposition"])
        return data

    def workbook_has_numbers_days_and_words(self):
        book = Workbook(self.list_of("collection.receipt.list", query={"customer_id": self.customer}))
        row, = book.table()
        check(row["编号"] == self.receipt_number and row["付款方式" if "付款方式" in row else "方式"] == "现金" and row["状态"] == "有效", row)
        names = {f"{HOSTILE}{self.mark}".replace("\u202e", ""), "cashier@SH01"}
        check({row["客户"], row["收款人"]} == names, row)
        check(abs(row["金额"] - (self.amount + 5) / 100) < 0.001, row)
        check(row["业务日期"] == (self.day - datetime.date(1899, 12, 30)).days, row)
        row, = Workbook(self.list_of("collection.receipt.list", language="en", query={"customer_id": self.customer})).table()
        check(row["number"] == self.receipt_number and row["status"] == "valid", row)

    def names_with_formulas_stay_text(self):
        query = {"search": self.mark}
        book = Workbook(self.list_of("leads.customer.list", person="representative@SH01", query=query))
        names = [row["名称"] for row in book.table()]
        check(f"{FORMULA}{self.mark}" in names and f"{HOSTILE}{self.mark}".replace("\u202e", "") in names, names)
        check(book.formulas == 0, "a formula in the workbook")
        text = self.list_of("leads.customer.list", "csv", "representative@SH01", query=query).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        names = [row["名称"] for row in rows]
        check("'" + f"{FORMULA}{self.mark}" in names and "'" + f"{HOSTILE}{self.mark}".replace("\u202e", "") in names, names)
        check(all(not re.match("[=+@\t-]", cell) or re.fullmatch(r"-?[\d.]+", cell) for row in rows for cell in row.values()), rows)

    def all_pages_come(self):
        """More rows than a page has, and exactly those that a client gets page by page."""
        client, before, ids = self.company.client("everything@ZB"), None, []
        asked = {"until": datetime.datetime.now(datetime.timezone.utc).isoformat()}
        while True:
            status, reply = client.call("staff.audit.search", {"limit": 50, **asked, **({"before": before} if before else {})})
            check(status == 200, reply)
            ids += [row["audit_id"] for row in reply["entries"]]
            before = reply.get("next")
            if not before:
                break
        check(len(ids) > 200, f"only {len(ids)} entries: not enough for two pages")
        rows = Workbook(self.list_of("staff.audit.search", person="everything@ZB", query=asked)).table()
        check([row["审计记录"] for row in rows] == ids, f"{len(rows)} rows, not {len(ids)}")

    def every_list_can_be_had(self):
        got, needs = [], []
        for operation, entry in sorted(CONTRACT.operations.items()):
            reply = entry.get("reply", {})
            if entry["permission"] == "service" or entry["effect"] != "read" or "items" not in reply or "list" not in reply["items"]:
                continue
            status, data, _ = self.get(f"/papers/lists/{operation}.xlsx", "everything@ZB")
            if status == 200:
                check(Workbook(data).rows[0], operation)
                got.append(operation)
            else:
                check(status in (404, 422, 409), f"{operation}: {status} {data[:200]}")
                needs.append(operation)
        check(len(got) > 30, f"only {got}; {needs}")

    # -- who gets them -----------------------------------------------------------------------------------------------
    def refusals(self):
        cases = [
            (f"/papers/receipt/{self.receipt}.pdf", None, {}, 401, "not_signed_in"),
            (f"/papers/receipt/{self.receipt}.pdf", "telesales@SH01", {}, 403, "forbidden"),
            (f"/papers/lists/collection.receipt.list.xlsx", "telesales@SH01", {}, 403, "forbidden"),
            (f"/papers/lists/staff.audit.search.xlsx", "driver@SH01", {}, 403, "forbidden"),
            (f"/papers/receipt/{new_key()}.pdf", "finance@SH01", {}, 404, None),
            ("/papers/receipt/no-id.pdf", "finance@SH01", {}, 404, "not_found"),
            (f"/papers/invoice/{self.receipt}.pdf", "finance@SH01", {}, 404, "not_found"),
            (f"/papers/receipt/{self.receipt}.xlsx", "finance@SH01", {}, 404, "not_found"),
            ("/papers/lists/collection.receipt.record.xlsx", "finance@SH01", {}, 404, "not_found"),
            ("/papers/lists/collection.receipt.list.pdf", "finance@SH01", {}, 404, "not_found"),
            ("/papers/../papers", "finance@SH01", {}, 404, "not_found"),
            (f"/papers/receipt/{self.receipt}.pdf", "finance@SH01", {"from": "2026-01-01"}, 422, "field_unknown"),
            (f"/papers/statement/{self.customer}.pdf", "finance@SH01", {"from": '2026-01-01","kind":"csv'}, 422, "field_type"),
            ("/papers/lists/collection.receipt.list.xlsx", "finance@SH01", {"colour": "red"}, 422, "field_unknown"),
            ("/papers/lists/collection.receipt.list.xlsx", "finance@SH01", {"after": new_key()}, 422, "field_unknown"),
            ("/papers/lists/collection.receipt.list.xlsx", "finance@SH01", {"customer_id": "red"}, 422, None),
        ]
        for path, person, query, wanted, error in cases:
            status, data, _ = self.get(path, person, query=query)
            check(status == wanted and (error is None or f'"error":"{error}"'.encode() in data), f"{path} as {person}: {status} {data[:300]}")

    def another_branchs_papers_are_nobodys(self):
        papers = [("outbound-slip", self.slip, "dispatcher"), ("confirmation", self.delivery, "dispatcher"), ("receipt", self.receipt, "finance"),
                  ("contract", self.contract, "clerk"), ("statement", self.customer, "finance")]
        for kind, one, person in papers:
            answers = []
            for value in (one, new_key()):
                status, data, _ = self.get(f"/papers/{kind}/{value}.pdf", f"{person}@HZ01")
                answers.append((status, re.sub(rb'"trace":"[^"]*"', b"", data).replace(value.encode(), b"ID")))
            check(answers[0] == answers[1] and answers[0][0] == 404, f"{kind}: {answers}")
        rows = Workbook(self.list_of("collection.receipt.list", person="finance@HZ01", query={"customer_id": self.customer})).rows
        check(len(rows) == 1, f"another branch sees {rows}")

    def masking_is_the_operations(self):
        text = self.paper(f"/papers/confirmation/{self.delivery}.pdf")
        status, order = self.company.client("finance@SH01").call("dispatch.order.list", {"customer_id": self.customer})
        check(status == 200, order)
        status, order = self.company.client("finance@SH01").call("dispatch.order.read", {"order_id": order["items"][0]["order_id"]})
        self.says(text, order["phone"], order["address"])

    # -- what goes wrong ---------------------------------------------------------------------------------------------
    def children(self):
        with open(f"/proc/{self.gateway}/task/{self.gateway}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def hunt(self, what, until):
        """Sends a signal to every paper process that is seen."""
        seen = set()
        while not until.is_set():
            for pid in set(self.children()) - seen:
                try:
                    comm = pathlib.Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
                    if comm == "songda-paper":  # until then it is the gateway itself, which waits for it
                        os.kill(pid, what)
                        seen.add(pid)
                except (ProcessLookupError, FileNotFoundError):
                    pass
            time.sleep(0.002)
        return seen

    def a_killed_process_costs_one_paper(self):
        until = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            hunter = pool.submit(self.hunt, signal.SIGKILL, until)
            answers = [self.get(f"/papers/receipt/{self.receipt}.pdf") for _ in range(10)]
            until.set()
        check(hunter.result(), "no process was seen")
        check(any(status == 503 and b'"error":"paper_failed"' in data for status, data, _ in answers), [status for status, _, _ in answers])
        check(all(status in (200, 503) for status, _, _ in answers), [status for status, _, _ in answers])
        self.receipt_paper()

    def a_stopped_process_is_late(self):
        until = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            hunter = pool.submit(self.hunt, signal.SIGSTOP, until)
            start = time.monotonic()
            status, data, headers = self.get(f"/papers/receipt/{self.receipt}.pdf")
            took = time.monotonic() - start
            until.set()
        check(hunter.result() and status == 504 and b'"error":"paper_late"' in data, f"{status} {data[:200]}")
        check(9 < took < 15 and headers["Retry-After"], f"after {took:.1f} s")
        wait_for(lambda: not self.children(), 5, "the stopped process is still there")
        self.receipt_paper()

    def twenty_at_once(self):
        path = f"/papers/receipt/{self.receipt}.pdf"
        client = self.company.client("finance@SH01")
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = [pool.submit(self.get, path) for _ in range(20)]
            time.sleep(0.2)
            start = time.monotonic()
            status, _ = client.call("collection.receipt.list", {"customer_id": self.customer})
            took, most = time.monotonic() - start, len(self.children())
            answers = [answer.result() for answer in answers]
        check(status == 200 and took < 2, f"the others wait {took:.1f} s")
        check(most <= 2, f"{most} processes")
        good = [data for status, data, _ in answers if status == 200]
        rest = [(status, headers["Retry-After"]) for status, _, headers in answers if status != 200]
        check(len(good) >= 10 and all(data.startswith(b"%PDF") for data in good), f"{len(good)} papers")
        check(all(status in (503, 504) and wait for status, wait in rest), rest)

    def a_visitor_who_leaves_takes_the_process_along(self):
        token = self.company.client("finance@SH01").token
        for wait in (0, 0.01, 0.05, 0.1, 0.2):
            line = http.client.HTTPConnection(self.address, timeout=10)
            line.request("GET", f"/papers/statement/{self.customer}.pdf", headers={"Authorization": f"Bearer {token}"})
            time.sleep(wait)
            line.close()
        wait_for(lambda: not self.children(), 15, "processes stay behind")
        self.receipt_paper()

    def the_gateway_stays_small(self):
        self.gateway = self.stack.pid("gateway-1")
        size = rss(self.gateway)
        with open(f"/proc/{self.gateway}/maps", encoding="utf-8") as maps:
            check("libcairo" not in maps.read(), "the gateway has cairo in it")
        files = len(os.listdir(f"/proc/{self.gateway}/fd"))
        self.receipt_paper()
        time.sleep(0.5)
        check(len(os.listdir(f"/proc/{self.gateway}/fd")) <= files + 2, "files stay open")
        check(size - self.resting < GROWTH, f"{self.resting >> 20} MiB, then {size >> 20} MiB")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    run_tests_of = [
        ("a day's work leaves every paper", tests.prepare), ("an outbound slip", tests.slip_paper),
        ("a delivery confirmation with the customer's signature", tests.confirmation_paper), ("a receipt", tests.receipt_paper),
        ("a contract", tests.contract_paper), ("an account statement", tests.statement_paper),
        ("a workbook has numbers, days and words", tests.workbook_has_numbers_days_and_words),
        ("names with formulas stay text", tests.names_with_formulas_stay_text), ("all pages of a list come", tests.all_pages_come),
        ("every list can be had", tests.every_list_can_be_had), ("what is refused, and how", tests.refusals),
        ("another branch's papers are nobody's", tests.another_branchs_papers_are_nobodys),
        ("what the operation masks, the paper masks", tests.masking_is_the_operations),
        ("a killed process costs one paper", tests.a_killed_process_costs_one_paper),
        ("a stopped process is late", tests.a_stopped_process_is_late), ("twenty at once", tests.twenty_at_once),
        ("a visitor who leaves takes the process along", tests.a_visitor_who_leaves_takes_the_process_along),
        ("the gateway stays small", tests.the_gateway_stays_small),
    ]
    return run_tests(run_tests_of, options.only)


if __name__ == "__main__":
    sys.exit(main())
