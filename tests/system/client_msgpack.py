#!/usr/bin/python3
"""A client of songda's wire protocol, written from common/wire/PROTOCOL.md alone with python3-zmq and python3-msgpack.

It signs in at the gateway's front socket, sets up what an order needs, places one, repeats it, is refused, and sends what is malformed.
"""
import datetime
import os
import pathlib
import random
import sys
import time
import uuid

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import PASSWORD, Stack, arguments, check, run_tests, test_company  # noqa: E402

REQUEST, REPLY, HEARTBEAT = 1, 2, 4
RETRY = {"busy", "too_many_requests", "service_unavailable", "conflict"}
STILL_COMING = {"customer_unknown", "address_unknown", "product_unknown", "product_not_in_contract", "price_missing"}


class Refused(Exception):
    def __init__(self, error):
        super().__init__(error)
        self.name, self.value, self.field, self.policy = error


class Wire:
    def __init__(self, place):
        self.place, self.context = place, zmq.Context()
        self.connect()

    def connect(self):
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, 5000)
        self.socket.connect(self.place)

    def ask(self, operation, body, token=None, key=None, at=0):
        """The whole answer, as the eleven elements of its envelope."""
        correlation = os.urandom(8)
        self.socket.send(msgpack.packb([1, REQUEST, correlation, operation, token, key, 5000, at, "", body, None]))
        reply = msgpack.unpackb(self.socket.recv())
        check(len(reply) == 11 and reply[:3] == [1, REPLY, correlation] and reply[3] == operation, f"not an answer: {reply}")
        return reply

    def call(self, operation, request, token=None, key=None, at=0):
        while True:
            reply = self.ask(operation, msgpack.packb(request), token, key, at)
            if reply[10] is None:
                return msgpack.unpackb(reply[9])
            if reply[10][0] not in RETRY:
                raise Refused(reply[10])
            time.sleep((reply[6] or 100) / 1000)

    def refusal(self, *words, **more):
        try:
            answer = self.call(*words, **more)
        except Refused as refused:
            return refused
        raise AssertionError(f"{words[0]} was answered {answer}")

    def is_alive(self):
        self.socket.send(msgpack.packb([1, HEARTBEAT, b"", "", None, None, 0, 0, "", b"", None]))
        return msgpack.unpackb(self.socket.recv())[1] == HEARTBEAT


def new_key():
    n = int(time.time() * 1000) << 80 | 7 << 76 | 2 << 62
    n |= int.from_bytes(os.urandom(2), "big") >> 4 << 64 | int.from_bytes(os.urandom(8), "big") >> 2
    return n.to_bytes(16, "big")


class Tests:
    def __init__(self, options):
        self.stack = Stack(options.stack)
        test_company(options.address)  # founds it where nobody did yet
        self.wire = Wire(self.stack.show("clients"))
        self.tokens = {}
        self.today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        self.days = (self.today - datetime.date(1970, 1, 1)).days
        self.ten = (self.days * 86400 + 2 * 3600) * 1000000  # ten o'clock in Shanghai

    def as_(self, person, operation, request, key=True):
        if person not in self.tokens:
            self.tokens[person] = self.wire.call("staff.session.open", {"sign_in_name": person, "password": PASSWORD}, key=new_key())["token"]
        return self.wire.call(operation, request, self.tokens[person], new_key() if key is True else key, self.ten)

    def eventually(self, work):
        """Repeats what is refused because another service has not heard of it yet."""
        end = time.monotonic() + 15
        while True:
            try:
                return work()
            except Refused as refused:
                if refused.name not in STILL_COMING or time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def sign_in(self):
        check(self.wire.is_alive(), "the gateway does not answer a heartbeat")
        reply = self.wire.call("staff.session.open", {"sign_in_name": "operator@SH01", "password": PASSWORD}, key=new_key())
        check(len(reply["token"]) == 43 and len(reply["staff_id"]) == 16 and "operator" in reply["functions"], f"{reply}")
        mine = self.wire.call("staff.session.list", {}, reply["token"])["items"]
        check(reply["session_id"] in [item["session_id"] for item in mine], f"the session is not among one's own: {mine}")

    def prepare(self):
        """A product with a price, a customer with an address: what an order without a contract takes."""
        run = f"{random.SystemRandom().randrange(36**6):08x}"
        product = self.as_("department_head@ZB", "contracts.product.create",
                           {"code": f"W-{run}", "name": f"燃料 {run}", "unit": "升", "tax_permille": 130})["product_id"]
        lines = [{"product_id": product, "list_price": 68000, "floor_price": 60000}]
        policy = self.as_("department_head@ZB", "contracts.price_policy.draft",
                          {"name": f"价格 {run}", "valid_from": self.days, "lines": lines})["policy_id"]
        approval = self.as_("department_head@ZB", "contracts.price_policy.submit", {"policy_id": policy})["approval_id"]
        self.as_("general_manager@ZB", "contracts.approval.decide", {"approval_id": approval, "decision": "approve"})
        customer = self.as_("representative@SH01", "leads.customer.create", {
            "name": f"面馆 {run}", "phone": "17" + "".join(random.choices("0123456789", k=9)), "source": "visit"})["customer_id"]
        address = self.as_("representative@SH01", "leads.address.add", {"customer_id": customer, "label": "店面",
                                                                       "address": f"漕溪路 {run} 号"})["address_id"]
        return {"customer_id": customer, "address_id": address, "delivery_date": self.days + 2, "confirm_duplicate": True,
                "lines": [{"product_id": product, "quantity": 50000, "price": 68000}]}

    def order(self):
        fields = self.prepare()
        keys = []

        def place():
            keys.append(new_key())
            return self.as_("operator@SH01", "dispatch.order.place", fields, keys[-1])
        first = self.eventually(place)
        check(first["amount"] == 34000 and len(first["order_id"]) == 16 and first["lines"][0]["quantity"] == 50000, f"{first}")
        token = self.tokens["operator@SH01"]
        again = [self.wire.ask("dispatch.order.place", msgpack.packb(fields), token, keys[-1], self.ten)[9] for _ in range(3)]
        check(all(msgpack.unpackb(body) == first for body in again), f"another answer the second time: {first} {again}")
        seen = self.wire.call("dispatch.order.read", {"order_id": first["order_id"]}, token, at=self.ten)
        check(seen["order_id"] == first["order_id"] and seen["number"] == first["number"], f"{seen}")
        refused = self.wire.refusal("dispatch.order.place", {**fields, "note": "another"}, token, keys[-1], self.ten)
        check(refused.name == "key_reused", f"{refused}")

    def refusals(self):
        fields = self.prepare()
        self.eventually(lambda: self.as_("operator@SH01", "dispatch.order.place", fields))  # until dispatch has heard of everything
        self.as_("operator@SH01", "staff.session.list", {})
        token = self.tokens["operator@SH01"]

        def refusal(changes, without=()):
            request = {name: value for name, value in {**fields, **changes}.items() if name not in without}
            refused = self.wire.refusal("dispatch.order.place", request, token, new_key(), self.ten)
            return refused.name, refused.field
        line = fields["lines"][0]
        expected = [
            ({"lines": [line, {**line, "quantity": 0}]}, (), ("field_range", "lines[1].quantity")),
            ({"lines": []}, (), ("field_length", "lines")),
            ({"colour": 1}, (), ("field_unknown", "colour")),
            ({}, ("address_id",), ("field_missing", "address_id")),
            ({"customer_id": "text"}, (), ("field_type", "customer_id")),
            ({"payment_term": "never"}, (), ("field_value", "payment_term")),
        ]
        for changes, without, answer in expected:
            got = refusal(changes, without)
            check(got == answer, f"{changes} without {without}: {got}, not {answer}")
        refused = self.wire.refusal("dispatch.order.place", {**fields, "customer_id": uuid.uuid4().bytes}, token, new_key(), self.ten)
        check((refused.name, refused.field) == ("customer_unknown", "customer_id"), f"{refused}")
        refused = self.wire.refusal("dispatch.order.place", {**fields, "delivery_date": self.days - 5}, token, new_key(), self.ten)
        check((refused.name, refused.field, bool(refused.policy)) == ("date_passed", "delivery_date", True), f"{refused}")
        check(self.wire.refusal("dispatch.order.place", fields, token, None, self.ten).name == "key_missing", "a write without a key")
        check(self.wire.refusal("dispatch.order.fly", {}, token, new_key()).name == "operation_unknown", "an unknown operation")
        self.as_("driver@SH01", "staff.session.list", {})
        refused = self.wire.refusal("staff.branch.create", {"parent_id": fields["customer_id"], "kind": "branch", "code": "X9", "name": "x"},
                                    self.tokens["driver@SH01"], new_key())
        check(refused.name == "forbidden", f"{refused}")

    def wrong_tokens(self):
        for token in (None, "", "A" * 43, "short", "A" * 44):
            refused = self.wire.refusal("staff.session.list", {}, token)
            check(refused.name == "not_signed_in", f"token {token!r}: {refused}")
        refused = self.wire.refusal("staff.session.open", {"sign_in_name": "nobody@SH01", "password": "wrong"}, key=new_key())
        check(refused.name == "sign_in_refused", f"{refused}")
        actor = [os.urandom(16), os.urandom(16), os.urandom(16), os.urandom(16), [os.urandom(16)], 2**40, 1]
        self.wire.socket.send(msgpack.packb([1, REQUEST, b"c", "staff.session.list", actor, None, 5000, 0, "", msgpack.packb({}), None]))
        try:
            reply = msgpack.unpackb(self.wire.socket.recv())
            check(reply[10] and reply[10][0] in ("malformed", "not_signed_in"), f"a made-up actor was taken: {reply}")
        except zmq.Again:
            pass

    def malformed(self):
        """Every one is refused or dropped, and none of them disturbs the next client."""
        pid = self.stack.pid("gateway-1")
        good = [1, REQUEST, b"m", "staff.session.list", None, None, 1000, 0, "", msgpack.packb({}), None]
        bodies = [b"", b"\xc1", b"\x80\x00", b"\xdf\xff\xff\xff\xff", b"\x81\xa1a" * 9, b"\x82\xa1a\x01\xa1a\x01", b"\xdd\xff\xff\xff\xff",
                  b"\x81\xa1a\xdb\xff\xff\xff\xff", b"\x81\xa1a\xc7\xff\x01", os.urandom(500), b"\x90", b"\x81\x01\x01"]
        for body in bodies:
            refused = self.wire.ask("staff.session.open", body, key=new_key())[10]
            check(refused and refused[0] in ("malformed", "field_missing", "field_unknown", "field_doubled", "field_type"), f"{body}: {refused}")
        frames = [b"", b"\xc1", b"hello", os.urandom(300), msgpack.packb(good)[:-4], msgpack.packb(good) + b"\x00", msgpack.packb(good[:-1]),
                  msgpack.packb({"version": 1}), msgpack.packb([2] + good[1:]), msgpack.packb([1, 99] + good[2:]), b"\xdd\xff\xff\xff\xff",
                  msgpack.packb(good[:2] + [b"c" * 500] + good[3:]), msgpack.packb(good[:3] + ["x" * 5000] + good[4:]),
                  msgpack.packb([1, 3, b"evil", "staff", None, None, 1000, 0, "", b"", None]), b"\x9b" + b"\xc0" * 11]
        for frame in frames:
            self.wire.socket.send(frame)
        self.wire.socket.send_multipart([b"", msgpack.packb(good)])
        self.wire.socket.send_multipart([msgpack.packb(good)] * 3)
        self.drain()
        self.wire.socket.send(bytes(5 << 20))  # over 4 MiB: it ends the connection
        fresh = Wire(self.wire.place)
        check(fresh.is_alive(), "the gateway does not answer after what was malformed")
        self.wire = fresh
        check(len(self.wire.call("staff.session.open", {"sign_in_name": "operator@SH01", "password": PASSWORD}, key=new_key())["token"]) == 43,
              "no sign-in after what was malformed")
        check(self.stack.pid("gateway-1") == pid, "the gateway died of it")

    def drain(self):
        self.wire.socket.setsockopt(zmq.RCVTIMEO, 500)
        try:
            while True:
                reply = msgpack.unpackb(self.wire.socket.recv())
                check(reply[1] == HEARTBEAT or reply[10], f"something malformed was answered with success: {reply}")
        except zmq.Again:
            self.wire.socket.setsockopt(zmq.RCVTIMEO, 5000)


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("sign in", tests.sign_in), ("an order, and the same again", tests.order), ("refusals name the field", tests.refusals),
                      ("wrong tokens", tests.wrong_tokens), ("malformed messages", tests.malformed)], options.only)


if __name__ == "__main__":
    sys.exit(main())
