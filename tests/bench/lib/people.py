"""A company whose branch SH01 has many customers with a contract."""
import concurrent.futures
import datetime
import uuid

from stack import PASSWORD, say, wait_for

from songda.company import Company
from songda.contract import Contract
from songda.selling import Selling

BRANCH, OPERATOR = "SH01", "operator@SH01"
# Customers that only pgbench orders for have ids it can compute: it knows no text.
MADE_ID = "0e000000-0000-7000-8000-"


class People:
    """customers: [(customer_id, address_id)]; products: two ids. The first customer's contract came about as the policies say; the
    others' are copied to where dispatch keeps what it was told of it."""

    def __init__(self, stack, count):
        self.stack, self.count = stack, count
        today = datetime.date.today()
        self.first_day = today + datetime.timedelta(days=30)
        self.company = Company(Contract(), stack.address, PASSWORD)
        say("  founded")
        selling = Selling(self.company, today)
        self.products = [selling.product(f"P{number}", f"燃料 {number}") for number in (1, 2)]
        selling.price_policy("价格", today.isoformat(), [(product, 68000, 60000) for product in self.products])
        selling.template()
        self.company.call("general_manager@ZB", "leads.setting.change", {"name": "lead_limit", "number": 100000}, "lead_limit")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.customers = list(pool.map(lambda number: self._customer(selling, number), range(count)))
        say(f"  {count} customers")
        last = datetime.date(today.year + 90, 12, 31).isoformat()
        self.contract_id = selling.contract(BRANCH, *self.customers[0], [(product, 1000, 68000) for product in self.products],
                                            (today.isoformat(), last))
        if self._count("contract") < count:
            self._copy_contracts()
        signed_in = self.company.must(self.company.plain, "staff.session.open", {"sign_in_name": OPERATOR, "password": PASSWORD}, None)
        self.token, self.staff_id, self.branch_id = signed_in["token"], signed_in["staff_id"], signed_in["branch_id"]
        self.functions = 1 << (self.company.contract.functions.index("operator") + 1)

    def _customer(self, selling, number):
        place = ("厨房", f"一路 {number} 号", 311000000 + number * 2000, 1213000000 + number * 20000)
        return selling.customer(BRANCH, f"客户 {number}", f"139{number:08d}", place)

    def _count(self, table):
        return int(self.stack.sql(f"SELECT count(*) FROM dispatch.{table}")[0][0])

    def _copy_contracts(self):
        """Also doubles the customers: those with made ids are pgbench's."""
        wait_for(lambda: self._count("contract_price") == 2 and self._count("address") == self.count and
                 self._count("customer WHERE name IS NOT NULL") == self.count, "events of the customers")
        for table in ("customer", "address"):
            names = [row[0] for row in self.stack.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'dispatch' "
                                                      f"AND table_name = '{table}' ORDER BY ordinal_position")]
            made = {"customer_id": "c", "address_id": "a"}
            values = [f"('{MADE_ID}{'0' + str('ca'.index(made[name]))}' || lpad(to_hex(n), 10, '0'))::uuid" if name in made else name
                      for name in names]
            self.stack.sql(f"INSERT INTO dispatch.{table} SELECT {', '.join(values)} FROM (SELECT t.*, "
                           f"row_number() OVER (ORDER BY customer_id) - 1 AS n FROM dispatch.{table} t) x")
        self.stack.sql("INSERT INTO dispatch.contract SELECT k.branch_id, gen_random_uuid(), c.customer_id, k.number, k.payment_term, "
                       "k.payment_days, k.valid_from, k.valid_until, k.is_ended FROM dispatch.contract k, dispatch.customer c "
                       "WHERE c.customer_id <> k.customer_id AND c.branch_id = k.branch_id")
        self.stack.sql("INSERT INTO dispatch.contract_price SELECT p.branch_id, k.contract_id, p.product_id, p.price, p.tax_permille "
                       f"FROM dispatch.contract_price p, dispatch.contract k WHERE p.contract_id = '{self.contract_id}' "
                       f"AND k.contract_id <> '{self.contract_id}'")
        self.stack.sql("VACUUM ANALYZE")

    def actor(self):
        """Arguments of the load generator that plays the gateway."""
        return ["--staff", self.staff_id, "--session", str(uuid.uuid4()), "--branch", self.branch_id, "--company", self.company.ids["ZB"],
                "--functions", str(self.functions), "--products", " ".join(self.products)]
