"""The demonstration company: a fuel company with two branches, as a newcomer meets it."""
import concurrent.futures
import datetime

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


def names():
    posts = POSTS + [f"{post}@{branch}" for branch in ("SH01", "HZ01") for post in BRANCH_POSTS]
    return {post: SURNAMES[index % len(SURNAMES)] + GIVEN[index % len(GIVEN)] for index, post in enumerate(posts)}


NAMES = names()

# code, name, unit, specification, tax in thousandths, equipment, list and floor price in 1/10,000 yuan
PRODUCTS = [("YL-15", "液化石油气", "瓶", "15 公斤", 90, False, 1150000, 1050000), ("YL-50", "液化石油气", "瓶", "50 公斤", 90, False, 3700000, 3450000),
            ("CJ-01", "醇基燃料", "升", "热值 5,000 大卡", 130, False, 48000, 42000), ("SW-01", "生物质燃料油", "升", "一级", 130, False, 62000, 57000),
            ("ZT-02", "双眼灶", "台", "不锈钢", 130, True, 16800000, 15000000)]

# name, district and street, latitude and longitude (WGS-84, 1e-7 degrees), delivery window in minutes, monthly litres
CUSTOMERS = {
    "SH01": [("晨光餐厅", "上海市徐汇区漕溪路 251 号", 311832000, 1214323000, (360, 600)), ("老街火锅", "上海市黄浦区方浜中路 388 号", 312247000, 1214901000, (540, 690)),
             ("江边饭店", "上海市浦东新区滨江大道 1088 号", 312352000, 1215012000, None), ("和平食堂", "上海市静安区江宁路 445 号", 312389000, 1214447000, (360, 540)),
             ("福记酒楼", "上海市虹口区四川北路 1661 号", 312567000, 1214812000, (480, 660)), ("明珠大酒店", "上海市浦东新区世纪大道 88 号", 312360000, 1215055000, (420, 720)),
             ("弄堂小馆", "上海市长宁区愚园路 1018 号", 312224000, 1214261000, None), ("鲜味面馆", "上海市杨浦区国权路 580 号", 312917000, 1215086000, (330, 480)),
             ("四季自助餐", "上海市闵行区七莘路 3655 号", 311541000, 1213674000, (480, 630)), ("师傅烧烤", "上海市普陀区曹杨路 680 号", 312416000, 1214136000, (840, 1020))],
    "HZ01": [("西湖小馆", "杭州市西湖区北山街 78 号", 302584000, 1201493000, (480, 660)), ("断桥面馆", "杭州市西湖区白堤路 2 号", 302601000, 1201541000, (360, 540)),
             ("运河酒家", "杭州市拱墅区小河路 458 号", 303166000, 1201392000, None), ("钱塘大酒店", "杭州市上城区钱江路 639 号", 302368000, 1201897000, (420, 720)),
             ("龙井人家", "杭州市西湖区龙井路 1 号", 302270000, 1201176000, (540, 690)), ("河坊食府", "杭州市上城区河坊街 180 号", 302417000, 1201725000, (480, 630))],
}
DEPOTS = {"SH01": ("KC-1", "闵行中心库", "上海市闵行区沪闵路 6088 号", 311130000, 1213810000), "HZ01": ("KC-1", "余杭中心库", "杭州市余杭区文一西路 969 号", 302790000, 1200260000)}
VEHICLES = {"SH01": [("沪A·D1001", 6000000), ("沪A·D1002", 6000000)], "HZ01": [("浙A·D2001", 5000000), ("浙A·D2002", 5000000)]}
# plate, capacity, compartments: name, capacity, products by code
COMPARTED = {"SH01": [("沪A·D1003", 6000000, [("前罐", 3000000, ["CJ-01"]), ("后罐", 3000000, ["SW-01", "CJ-01"])]),
                      ("沪A·D1004", 400000, [("瓶架", 360000, ["YL-15", "YL-50"]), ("工具箱", 40000, ["ZT-02"])])],
             "HZ01": [("浙A·D2003", 5000000, [("前罐", 2000000, ["CJ-01"]), ("后罐", 3000000, ["SW-01", "CJ-01"])])]}
# licence, shift in minutes from midnight
CARDS = {"driver": ("B2", 300, 840), "driver2": ("B2", 480, 1080)}


class Demonstration:
    def __init__(self, company, today):
        self.company, self.today = company, today
        self.selling = Selling(company, today)
        self.products = []

    def load(self):
        self._settle_founding_day()
        self.products = [(self.selling.product(code, name, unit, specification, tax, is_equipment), is_equipment, listed)
                         for code, name, unit, specification, tax, is_equipment, listed, _ in PRODUCTS]
        self.selling.price_policy("2026 年度价格", self.day, [(product[0], entry[6], entry[7]) for product, entry in zip(self.products, PRODUCTS)])
        self.selling.template()
        self.company.adopt_rule_book()
        for branch in CUSTOMERS:
            self._prepare_depot(branch)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda entry: self._prepare_customer(*entry), [(branch, number, *customer) for branch, customers in CUSTOMERS.items()
                                                                         for number, customer in enumerate(customers)]))

    def _settle_founding_day(self):
        """The day of the first load, whenever it is repeated: a step said twice must be the same step."""
        joined = self.company.call("general_manager@ZB", "staff.branch.list", {})["items"]
        first = min(branch["branch_id"] for branch in joined)
        milliseconds = int(first.replace("-", "")[:12], 16)
        self.today = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone(datetime.timedelta(hours=8))).date()
        self.day = self.today.isoformat()
        self.valid = (self.day, (self.today + datetime.timedelta(days=365)).isoformat())

    def _prepare_depot(self, branch):
        code, name, address, latitude, longitude = DEPOTS[branch]
        depot_id = self.company.call(f"dispatcher@{branch}", "dispatch.depot.create", {
            "code": code, "name": name, "address": address, "latitude_e7": latitude, "longitude_e7": longitude}, branch)["depot_id"]
        for plate, capacity in VEHICLES[branch]:
            self.company.call(f"dispatcher@{branch}", "dispatch.vehicle.create",
                              {"plate": plate, "capacity": capacity, "inspected_until": self.valid[1]}, plate)
        codes = {entry[0]: product[0] for product, entry in zip(self.products, PRODUCTS)}
        for plate, capacity, compartments in COMPARTED[branch]:
            self.selling.eventually(f"dispatcher@{branch}", "dispatch.vehicle.create", {
                "plate": plate, "capacity": capacity, "inspected_until": self.valid[1], "compartments": [
                    {"name": part, "capacity": room, "product_ids": [codes[code] for code in carried]} for part, room, carried in compartments]},
                plate, ["product_unknown"])
        for driver, (licence, start, end) in CARDS.items():
            self.selling.eventually(f"dispatcher@{branch}", "dispatch.driver.set", {
                "driver_id": self.company.ids[f"{driver}@{branch}"], "licence": licence, "licence_until": self.valid[1], "shift_from": start,
                "shift_to": end}, f"{driver}@{branch}", ["driver_unknown"])
        lines = [{"product_id": product, "quantity": 2000000 if not is_equipment else 20000} for product, is_equipment, _ in self.products]
        self.selling.eventually(f"warehouse@{branch}", "dispatch.stock.receive", {"depot_id": depot_id, "lines": lines}, branch, ["product_unknown"])

    def _prepare_customer(self, branch, number, name, address, latitude, longitude, window):
        representative = "representative" if number % 2 == 0 else "representative2"
        customer_id, address_id = self.selling.customer(branch, name, f"1381000{len(branch) * 100 + number + (500 if branch == 'HZ01' else 0):04d}",
                                                        ("厨房后门", address, latitude, longitude), window, representative)
        if number % 4 == 3:
            return  # one in four is still a lead: there must be something to sell to
        fuel = self.products[number % 4]
        self.selling.contract(branch, customer_id, address_id, [(fuel[0], 300000, fuel[2])], self.valid, 2000000,
                              [(self.products[4][0], 1000, 50000)] if number % 3 == 0 else (), representative)
        if number % 2 == 0:
            self._order(branch, customer_id, address_id, fuel[0], name)

    def _order(self, branch, customer_id, address_id, product_id, name):
        delivery = (self.today + datetime.timedelta(days=2)).isoformat()
        self.selling.eventually(f"operator@{branch}", "dispatch.order.place",
                                {"customer_id": customer_id, "address_id": address_id, "delivery_date": delivery,
                                 "lines": [{"product_id": product_id, "quantity": 20000}]}, name,
                                ["customer_unknown", "address_unknown", "product_unknown", "price_missing", "product_not_in_contract"])
