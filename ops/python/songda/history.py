"""Order history as a file has it, and what a company's books must show if it had all happened: computed from the file alone."""
import collections
import csv
import dataclasses
import datetime
import gzip


@dataclasses.dataclass
class Invoice:
    number: str
    customer: str
    day: datetime.date
    lines: dict  # (sku, unit price in minor units) -> quantity, always positive

    @property
    def is_cancellation(self):
        return self.number.startswith("C")

    @property
    def total(self):
        return sum(price * quantity for (_, price), quantity in self.lines.items())


@dataclasses.dataclass
class Day:
    """The file's own totals of a day, in minor units."""
    date: datetime.date
    orders: list
    cancellations: list
    delivered: int = 0
    returned: int = 0
    received: int = 0
    outstanding: int = 0


class Account:
    """What a customer owes, oldest first, and what was paid too much."""

    def __init__(self):
        self.debts, self.credit = collections.deque(), 0

    @property
    def open(self):
        return sum(self.debts)

    def deliver(self, amount):
        used = min(self.credit, amount)
        self.credit -= used
        if amount - used:
            self.debts.append(amount - used)

    def pay(self, amount):
        while amount and self.debts:
            part = min(amount, self.debts[0])
            self.debts[0] -= part
            amount -= part
            if not self.debts[0]:
                self.debts.popleft()
        self.credit += amount


class History:
    def __init__(self, path, first, last):
        self.names, invoices = {}, {}
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                day = datetime.date.fromisoformat(row["time"][:10])
                if first <= day <= last:
                    self._add(invoices, row, day)
        self.days = [self._day(date, [invoice for invoice in invoices.values() if invoice.day == date and invoice.lines])
                     for date in sorted({invoice.day for invoice in invoices.values()})]
        self._keep_books()

    def _add(self, invoices, row, day):
        price, quantity = int(row["unit_price_minor"]), int(row["quantity"])
        product = (row["sku"], price)
        self.names.setdefault(product, row["name"] or row["sku"])
        invoice = invoices.setdefault(row["invoice"], Invoice(row["invoice"], row["customer"], day, {}))
        sign = -1 if invoice.is_cancellation else 1
        if sign * quantity < 0:
            raise ValueError(f"invoice {invoice.number}: quantity {quantity} has the wrong sign")
        if quantity:
            invoice.lines[product] = invoice.lines.get(product, 0) + sign * quantity

    @staticmethod
    def _day(date, invoices):
        return Day(date, [invoice for invoice in invoices if not invoice.is_cancellation],
                   [invoice for invoice in invoices if invoice.is_cancellation])

    def _keep_books(self):
        """The driver takes at the day's first delivery what earlier days left due; returned goods are credited in the evening."""
        accounts = collections.defaultdict(Account)
        for day in self.days:
            due = {invoice.customer: accounts[invoice.customer].open for invoice in day.orders}
            for invoice in day.orders:
                accounts[invoice.customer].deliver(invoice.total)
            for customer, amount in due.items():
                accounts[customer].pay(amount)
            for invoice in day.cancellations:
                accounts[invoice.customer].pay(invoice.total)
            day.delivered = sum(invoice.total for invoice in day.orders)
            day.returned = sum(invoice.total for invoice in day.cancellations)
            day.received = sum(due.values())
            day.outstanding = sum(account.open for account in accounts.values())

    def customers(self):
        """customer -> the products (sku, price) it bought, in order of appearance."""
        bought = collections.defaultdict(dict)
        for day in self.days:
            for invoice in day.orders:
                bought[invoice.customer].update(dict.fromkeys(invoice.lines))
            for invoice in day.cancellations:
                bought[invoice.customer].update({})
        return bought
