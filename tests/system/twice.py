#!/usr/bin/python3
"""The same request twenty times at once with the same key: one effect and twenty equal answers. Another request under the key is refused."""
import concurrent.futures
import datetime
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import Stack, Trade, arguments, at, check, run_tests, send, test_company, wait_for  # noqa: E402
from songda.cash import in_notes  # noqa: E402
from songda.client import new_key, retrying  # noqa: E402

TIMES = 20


class Tests:
    def __init__(self, options):
        self.stack = Stack(options.stack)
        self.trade = Trade(test_company(options.address), customers=2)
        self.eve = at(self.trade.today, 10)

    def together(self, post, operation, fields, other, clock=None):
        """Sends it 20 times at once; the one answer. `other`: fields that make it another request."""
        client, key = self.trade.client(post, clock), new_key()
        barrier = threading.Barrier(TIMES)

        def one(_):
            barrier.wait()
            return retrying(lambda: client.call(operation, fields, key))
        with concurrent.futures.ThreadPoolExecutor(TIMES) as pool:
            answers = list(pool.map(one, range(TIMES)))
        check(all(answer == answers[0] for answer in answers), f"{operation}: the answers differ: {answers}")
        status, reply = answers[0]
        check(200 <= status < 300, f"{operation}: {status} {reply}")
        status, later = retrying(lambda: client.call(operation, fields, key))
        check((status, later) == answers[0], f"{operation}: another answer later: {later}")
        status, problem = retrying(lambda: client.call(operation, {**fields, **other}, key))
        check((status, problem["error"]) == (409, "key_reused"), f"{operation} with another body: {status} {problem}")
        status, problem = retrying(lambda: client.call(operation, {**fields, **other}, key))
        check((status, problem["error"]) == (409, "key_reused"), f"{operation} with another body again: {status} {problem}")
        return reply

    def count(self, table, where):
        return int(self.stack.sql(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def order(self):
        customer = self.trade.customers[0][0]
        placed = f"event = 'dispatch.order.placed' AND aggregate_id = '{customer}'"
        before, told = self.count("dispatch.customer_order", f"customer_id = '{customer}'"), self.count("dispatch.outbox", placed)
        self.together("operator", "dispatch.order.place", self.trade.order(), {"note": "另一单"}, self.eve)
        check(self.count("dispatch.customer_order", f"customer_id = '{customer}'") == before + 1, "not one more order")
        check(self.count("dispatch.outbox", placed) == told + 1, "not one event of one order")

    def receipt(self):
        customer = self.trade.customers[0][0]
        reply = self.together("cashier", "collection.receipt.record", self.trade.receipt(amount=777), {"amount": 778})
        check(self.count("collection.receipt", f"customer_id = '{customer}' AND amount = 777") == 1, "not one receipt")
        check(self.count("collection.receipt", f"customer_id = '{customer}' AND amount = 778") == 0, "the refused request had an effect")
        check(reply["credit"] == 777, f"{reply}")

    def delivery(self):
        """An order of its own on a day of its own goes through list, route, slip and truck."""
        trade = self.trade
        call, date = trade.as_, trade.free_day(20)
        eve = date - datetime.timedelta(days=1)
        evening, morning = at(eve, 18, 5), at(date, 9)
        order = call("operator", "dispatch.order.place", trade.order(1, 100000, date), at(eve, 10))["order_id"]
        call("warehouse", "dispatch.stock.receive", {"depot_id": trade.depot, "lines": [
            {"product_id": product, "quantity": 10**8} for product in trade.products]}, evening)
        call("dispatcher", "dispatch.list.close", {"delivery_date": date.isoformat()}, evening)
        route = call("dispatcher", "dispatch.route.create", {
            "delivery_date": date.isoformat(), "depot_id": trade.depot, "vehicle_id": trade.vehicle,
            "driver_id": trade.company.ids["driver@SH01"], "order_ids": [order]}, evening)["route_id"]
        call("dispatcher", "dispatch.route.publish", {"route_id": route}, evening)
        slip = call("warehouse", "dispatch.slip.make", {"route_id": route}, evening)["slip_id"]
        call("warehouse", "dispatch.slip.check_out", {"slip_id": slip}, at(date, 5, 30))
        call("driver", "dispatch.route.start", {"route_id": route}, at(date, 6))
        stop = call("dispatcher", "dispatch.route.read", {"route_id": route}, morning)["stops"][0]["stop_id"]
        call("driver", "dispatch.stop.arrive", {"stop_id": stop}, morning)
        lines = [{"product_id": line["product_id"], "quantity": line["quantity"]}
                 for line in call("driver", "dispatch.stop.read", {"stop_id": stop}, morning)["lines"]]
        proof = {"kind": "signature", "data": "c2lnbmVk"}
        reply = self.together("driver", "dispatch.delivery.confirm", {"stop_id": stop, "lines": lines, "proof": proof, "confirm_outlier": True},
                              {"note": "另一次"}, morning)
        check(self.count("dispatch.delivery", f"stop_id = '{stop}'") == 1, "not one delivery")
        delivery = f"delivery_id = '{reply['delivery_id']}'"
        wait_for(lambda: self.count("collection.receivable", delivery) == 1, 10, "no receivable")
        due = int(self.stack.sql(f"SELECT amount FROM collection.receivable WHERE {delivery}")[0][0])
        check(due == reply["amount"] > 0, f"delivered {reply['amount']}, due {due}")
        call("warehouse", "dispatch.route.close", {"route_id": route, "handed_back": []}, at(date, 15))

    def remittance(self):
        trade, driver = self.trade, self.trade.company.ids["driver2@SH01"]
        trade.as_("driver2", "collection.receipt.record", trade.receipt(1, 12345))
        cash = trade.as_("driver2", "collection.cash.due", {})["cash"]
        open_ones = f"driver_id = '{driver}' AND status = 'handed'"
        before = self.count("collection.remittance", open_ones)
        handed = self.together("driver2", "collection.remittance.hand", {"lines": in_notes(cash)}, {"note": "另一次"})
        check(handed["expected"] == handed["handed"] == cash, f"{handed} of {cash}")
        remittance = handed["remittance_id"]
        check(self.count("collection.remittance", open_ones) == before + 1, "not one remittance")
        accepted_event = f"event = 'collection.remittance.accepted' AND aggregate_id = '{driver}'"
        told = self.count("collection.outbox", accepted_event)
        accepted = self.together("cashier", "collection.remittance.accept", {"remittance_id": remittance, "lines": in_notes(cash)}, {"note": "另一次"})
        check(accepted["difference"] == 0 and accepted["counted"] == cash, f"{accepted}")
        check(self.count("collection.outbox", accepted_event) == told + 1, "not one event of one acceptance")
        status, problem = trade.client("cashier").call("collection.remittance.accept", {"remittance_id": remittance, "lines": in_notes(cash)})
        check((status, problem["error"]) == (409, "remittance_accepted"), f"with another key: {status} {problem}")

    def refusal(self):
        """A refusal is kept as well: the same answer to the same key, also when the reason for it is gone."""
        client, key = self.trade.client("operator", self.eve), new_key()
        fields = {**self.trade.order(), "confirm_duplicate": False}
        send(client, "dispatch.order.place", self.trade.order())
        answers = [client.call("dispatch.order.place", fields, key) for _ in range(3)]
        plain = [(status, {name: value for name, value in reply.items() if name != "trace"}) for status, reply in answers]
        check(plain[0][1].get("error") == "order_duplicate" and plain == [plain[0]] * 3, f"{answers}")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("an order", tests.order), ("a receipt", tests.receipt), ("a delivery", tests.delivery),
                      ("a remittance, handed and accepted", tests.remittance), ("a refusal", tests.refusal),
                      ("the invariants", tests.stack.invariants)], options.only)


if __name__ == "__main__":
    sys.exit(main())
