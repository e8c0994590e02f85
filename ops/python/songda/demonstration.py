"""The demonstration company: a fuel company with two branches, as a newcomer meets it."""
import concurrent.futures
import datetime

from songda.client import Client, retrying
from songda.company import ADMINISTRATOR, Company
from songda.clock import SHANGHAI, at
from songda.places import CUSTOMERS, FUELS
from songda.selling import Selling

PASSWORD = "songda-demo-2026"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
GIVEN = ["伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超", "霞", "平", "刚", "桂英"]
POSTS = ["general_manager@ZB", "deputy_general_manager@ZB", "department_head@ZB", "director@ZB", "finance@ZB", "discipline_officer@ZB",
         "marketing@ZB", "clerk@ZB", "sales_manager@ZB"]
BRANCH_POSTS = ["department_head", "sales_manager", "sales_manager2", "supervisor", "supervisor2", "representative", "representative2",
                "telesales", "telesales2", "operator", "operator2", "dispatcher", "dispatcher2", "driver", "driver2", "installer", "installer2",
                "warehouse", "cashier", "cashier2", "finance", "technician", "technician2", "marketing", "sales_support", "clerk",
                "group_administrator", "discipline_officer", "discipline_officer2", "it_administrator", "director", "deputy_general_manager",
                "general_manager"]


MORE_POSTS = [("driver3", "SH01", "driver")]
BRANCH_DIGITS = {"SH01": "21", "HZ01": "71"}


def names():
    posts = POSTS + [f"{post}@{branch}" for branch in ("SH01", "HZ01") for post in BRANCH_POSTS] + [f"{post}@{code}" for post, code, _ in MORE_POSTS]
    return {post: SURNAMES[index % len(SURNAMES)] + GIVEN[index % len(GIVEN)] for index, post in enumerate(posts)}


NAMES = names()

# code, name, unit, specification, tax in thousandths, equipment, list and floor price in 1/10,000 yuan
PRODUCTS = [("YL-15", "液化石油气", "瓶", "15 公斤", 90, False, 1150000, 1050000), ("YL-50", "液化石油气", "瓶", "50 公斤", 90, False, 3700000, 3450000),
            ("CJ-01", "醇基燃料", "升", "热值 5,000 大卡", 130, False, 48000, 42000), ("SW-01", "生物质燃料油", "升", "一级", 130, False, 62000, 57000),
            ("ZT-02", "双眼灶", "台", "不锈钢", 130, True, 16800000, 15000000)]
PRICE = {entry[0]: entry[6] for entry in PRODUCTS}

DEPOTS = {"SH01": ("KC-1", "闵行中心库", "上海市闵行区沪闵路 6088 号", 311130000, 1213810000), "HZ01": ("KC-1", "余杭中心库", "杭州市余杭区文一西路 969 号", 302790000, 1200260000)}
VEHICLES = {"SH01": [("沪A·D1001", 6000000), ("沪A·D1002", 6000000)], "HZ01": [("浙A·D2001", 5000000), ("浙A·D2002", 5000000)]}
# plate, capacity, compartments: name, capacity, products by code
COMPARTED = {"SH01": [("沪A·D1003", 6000000, [("前罐", 3000000, ["CJ-01"]), ("后罐", 3000000, ["SW-01", "CJ-01"])]),
                      ("沪A·D1004", 400000, [("瓶架", 360000, ["YL-15", "YL-50"]), ("工具箱", 40000, ["ZT-02"])])],
             "HZ01": [("浙A·D2003", 5000000, [("前罐", 2000000, ["CJ-01"]), ("后罐", 3000000, ["SW-01", "CJ-01"])])]}
# what a vehicle costs for leaving, for a kilometre, for an hour (fen); what it is and has
COSTS = {"沪A·D1001": (12000, 210, 5200), "沪A·D1002": (9000, 170, 4800), "沪A·D1003": (11000, 200, 5200), "沪A·D1004": (6000, 120, 4500),
         "浙A·D2001": (8500, 160, 4500), "浙A·D2002": (8500, 160, 4500), "浙A·D2003": (10500, 190, 4800)}
PROPERTIES = {"沪A·D1001": ["large", "dangerous_goods"], "沪A·D1002": ["dangerous_goods", "city_pass", "long_hose"],
              "沪A·D1003": ["dangerous_goods", "city_pass", "pump"], "沪A·D1004": ["city_pass", "clean", "tail_lift"],
              "浙A·D2001": ["large", "dangerous_goods"], "浙A·D2002": ["dangerous_goods", "city_pass"], "浙A·D2003": ["dangerous_goods", "pump"]}
# customer, which of its kitchens: what a vehicle must have to come there, what it must not be, and why
ACCESS = {("弄堂小馆", 0): ([], ["large"], "弄堂口限宽，大车进不去"), ("老街火锅", 0): (["city_pass"], [], "老城厢白天限行"),
          ("江边饭店", 0): ([], ["large"], "地下卸货区限高限长"), ("西湖小馆", 0): (["city_pass"], [], "景区内要通行证")}
# licence, shift in minutes from midnight
CARDS = {"driver": ("B2", 300, 840), "driver2": ("B2", 480, 1080), "driver3": ("B2", 360, 960)}
# who rests: begun between these minutes, for so many; which vehicle loads again on the same day, in how many minutes
RESTS = {"driver2@SH01": {"rest_from": 690, "rest_to": 810, "rest_minutes": 30}}
RELOADS = {"沪A·D1004": 40}
STOCK = {"YL-15": 4000000, "YL-50": 1500000, "CJ-01": 40000000, "SW-01": 30000000, "ZT-02": 60000}  # thousandths
CONTRACTED = {"YL-15": 1200000, "YL-50": 300000, "CJ-01": 24000000, "SW-01": 15000000}
LIMIT = 6000000  # what a customer may owe, fen
PAST = 75  # the company was founded so many days before it is first loaded


def founded_on(contract, address):
    """The company's first day; None when there is none yet. Its branches' identifiers begin with the instant they were made."""
    client = Client(contract, address)
    status, reply = retrying(lambda: client.call("staff.session.open", {"sign_in_name": ADMINISTRATOR, "password": PASSWORD}), 60)
    if status != 200:
        return None
    branches = Company.must(client.with_token(reply["token"]), "staff.branch.list", {}, None)["items"]
    first = min(branch["branch_id"] for branch in branches)
    return datetime.datetime.fromtimestamp(int(first.replace("-", "")[:12], 16) / 1000, SHANGHAI).date()


class Demonstration:
    """What there is before the first day: people, products and prices, depots, vehicles, customers with contracts in force."""

    def __init__(self, contract, address, founded):
        self.founded, self.day = founded, founded.isoformat()
        self.valid = (self.day, (founded + datetime.timedelta(days=PAST + 365)).isoformat())  # for a year from today
        self.company = Company(contract, address, PASSWORD, clock=at(founded, 540), people_names=NAMES, passwords_later=True)
        self.selling = Selling(self.company, founded)
        self.products, self.depots = {}, {}
        self.sites = {branch: [] for branch in CUSTOMERS}  # every kitchen that orders, in the order of the table

    def load(self):
        for post, code, function in MORE_POSTS:
            self.company.hire(post, code, [function], f"department_head@{code}")
        for code, name, unit, specification, tax, is_equipment, _, _ in PRODUCTS:
            self.products[code] = self.selling.product(code, name, unit, specification, tax, is_equipment)
        self.selling.price_policy("年度价格", self.day, [(self.products[entry[0]], entry[6], entry[7]) for entry in PRODUCTS])
        self.selling.template()
        self.company.adopt_rule_book()
        for branch in CUSTOMERS:
            self._prepare_depot(branch)
        entries = [(branch, number, *customer) for branch, customers in CUSTOMERS.items() for number, customer in enumerate(customers)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for (branch, *_), sites in zip(entries, pool.map(lambda entry: self._prepare_customer(*entry), entries)):
                self.sites[branch] += sites

    def _prepare_depot(self, branch):
        code, name, address, latitude, longitude = DEPOTS[branch]
        depot_id = self.depots[branch] = self.company.call(f"dispatcher@{branch}", "dispatch.depot.create", {
            "code": code, "name": name, "address": address, "latitude_e7": latitude, "longitude_e7": longitude}, branch)["depot_id"]
        for plate, capacity in VEHICLES[branch]:
            self.company.call(f"dispatcher@{branch}", "dispatch.vehicle.create", self._vehicle(plate, capacity), plate)
        for plate, capacity, compartments in COMPARTED[branch]:
            self.selling.eventually(f"dispatcher@{branch}", "dispatch.vehicle.create", {
                **self._vehicle(plate, capacity), "compartments": [
                    {"name": part, "capacity": room, "product_ids": [self.products[code] for code in carried]} for part, room, carried in compartments]},
                plate, ["product_unknown"])
        for driver, (licence, start, end) in CARDS.items():
            if f"{driver}@{branch}" in self.company.ids:
                self.selling.eventually(f"dispatcher@{branch}", "dispatch.driver.set", {
                    "driver_id": self.company.ids[f"{driver}@{branch}"], "licence": licence, "licence_until": self.valid[1], "shift_from": start,
                    "shift_to": end, **RESTS.get(f"{driver}@{branch}", {})}, f"{driver}@{branch}", ["driver_unknown"])
        lines = [{"product_id": product, "quantity": STOCK[code]} for code, product in self.products.items()]
        self.selling.eventually(f"warehouse@{branch}", "dispatch.stock.receive", {"depot_id": depot_id, "lines": lines}, branch, ["product_unknown"])

    def _vehicle(self, plate, capacity):
        fixed, km, hour = COSTS[plate]
        return {"plate": plate, "capacity": capacity, "inspected_until": self.valid[1], "cost_fixed": fixed, "cost_km": km, "cost_hour": hour,
                "properties": PROPERTIES[plate], **({"reload_minutes": RELOADS[plate]} if plate in RELOADS else {})}

    def _prepare_access(self, selling, branch, name, address_ids):
        for number, address_id in enumerate(address_ids):
            if (name, number) in ACCESS:
                required, forbidden, note = ACCESS[name, number]
                selling.eventually(f"dispatcher@{branch}", "dispatch.access.set", {
                    "address_id": address_id, "required": required, "forbidden": forbidden, "note": note}, address_id, ["address_unknown"])

    def _prepare_customer(self, branch, number, name, fuel, term, window, kitchens):
        """A customer under contract with all its kitchens; each customer a minute later than the one before."""
        selling = Selling(self.company.at(at(self.founded, 560 + number)), self.founded)
        selling.template_id = self.selling.template_id
        representative = "representative" if number % 2 == 0 else "representative2"
        person = f"{representative}@{branch}"
        customer_id, address_id = selling.customer(branch, name, f"1381{BRANCH_DIGITS[branch]}{number:05d}", kitchens[0], window, representative)
        address_ids = [address_id]
        for place in kitchens[1:]:
            address_ids.append(selling.address(person, customer_id, place, None, window)["address_id"])
        self._prepare_access(selling, branch, name, address_ids)
        lines = [(self.products[code], CONTRACTED[code], PRICE[code]) for code, _, _ in FUELS[fuel]]
        selling.contract(branch, customer_id, address_ids, lines, self.valid, LIMIT, [(self.products["ZT-02"], 1000, 50000)] if number % 3 == 0 else (),
                         representative, term, f"DA-{branch}-{number + 1:04d}")
        return [{"name": name, "customer_id": customer_id, "address_id": address_id, "fuel": fuel, "term": term, "number": number}
                for address_id in address_ids]
