"""The front socket: a client in another language signs in, asks and writes over ZeroMQ and MessagePack; nonsense is refused."""
import os
import sys
import time

import msgpack
import zmq

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_company import CUSTOMER, company  # noqa: E402
from standin import CONTRACT, Front, HEARTBEAT, REQUEST, ROOT, new_id, pack_envelope, run_tests, to_wire, unpack_envelope  # noqa: E402
import uuid  # noqa: E402

READ = {"customer_id": uuid.UUID(CUSTOMER).bytes}


def test_a_client_signs_in_and_asks(program):
    with company(program) as (gateway, staff, leads):
        front = Front(gateway)
        reply = front.call("staff.session.open", {"sign_in_name": "a", "password": "right"}, key=new_id())
        assert reply["error"] is None, reply
        token = msgpack.unpackb(reply["body"])["token"]
        staff.sessions[token]["functions"] = ["representative"]
        reply = front.call("leads.customer.read", READ, token)
        assert reply["error"] is None and msgpack.unpackb(reply["body"])["customer_id"] == READ["customer_id"], reply
        assert len(reply["trace"]) == 55
        assert leads.envelopes[-1]["actor"][1] == staff.sessions[token]["session_id"]


def test_the_documentation_is_enough(program):
    text = (ROOT / "common" / "wire" / "PROTOCOL.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    with company(program) as (gateway, staff, leads):
        opened = staff.handlers["staff.session.open"]

        def sign_in(request, envelope):
            assert request == {"sign_in_name": "NAME", "password": "right"} and len(envelope["key"]) == 16
            assert envelope["key"][6] >> 4 == 7 and envelope["key"][8] >> 6 == 2
            reply = opened(request, envelope)
            staff.sessions[reply["token"]]["functions"] = ["representative"]
            return reply

        staff.handlers["staff.session.open"] = sign_in
        for written, meant in (("tcp://127.0.0.1:8081", gateway.clients), ("PASSWORD", "right"), ("CUSTOMER", CUSTOMER)):
            assert written in code
            code = code.replace(written, meant)
        names = {}
        exec(code, names)  # what a stranger would have copied
        assert names["card"]["customer_id"] == READ["customer_id"]


def test_a_client_places_an_order(program):
    with company(program, services=("dispatch",)) as (gateway, staff, dispatch):
        front, token, key = Front(gateway), staff.sign_in(CONTRACT.functions), new_id()
        item = CONTRACT.operations["dispatch.order.place"]
        request = to_wire("dispatch", item["request"], item["example"]["request"])
        assert front.call("dispatch.order.place", request, token)["error"][0] == "key_missing"
        for _ in range(2):
            reply = front.call("dispatch.order.place", request, token, key)
            assert reply["error"] is None and msgpack.unpackb(reply["body"]), reply
        assert [envelope["key"] for envelope in dispatch.envelopes] == [key, key]
        assert dispatch.calls[0] == ("dispatch.order.place", request)


def test_the_same_refusals_as_over_http(program):
    with company(program) as (gateway, staff, leads):
        front = Front(gateway)
        token = staff.sign_in(["representative"])
        for operation, with_token, error in (
                ("leads.customer.read", None, "not_signed_in"), ("leads.customer.read", "A" * 43, "not_signed_in"),
                ("nothing.at.all", token, "operation_unknown"), ("leads.customer.read", staff.sign_in([]), "forbidden"),
                ("staff.session.read", token, "operation_unknown"), ("leads.events.read", token, "operation_unknown")):
            reply = front.call(operation, READ, with_token)
            assert reply["error"][0] == error, (operation, reply)
        assert front.call("leads.customer.read", READ, token, at=1)["error"][0] == "clock_refused"
        front.socket.send(pack_envelope(REQUEST, b"1", "leads.customer.read", token, body=b"\x80" + b" " * (1 << 20)))
        assert unpack_envelope(front.socket.recv())["error"][0] == "body_too_large"


def test_nobody_makes_himself_an_actor(program):
    with company(program) as (gateway, staff, leads):
        front = Front(gateway)
        actor = [new_id(), new_id(), new_id(), new_id(), [new_id()], 0xffff, 1]
        front.socket.send(pack_envelope(REQUEST, b"1", "leads.customer.read", actor, body=msgpack.packb(READ)))
        reply = unpack_envelope(front.socket.recv())
        assert reply["error"][0] == "malformed" and reply["error"][2] == "actor", reply
        front.socket.send(pack_envelope(3, b"1", "leads", remaining=10))  # nor a service
        assert unpack_envelope(front.socket.recv())["error"][0] == "malformed"
        assert leads.calls == [] and gateway.metric('songda_gateway_workers{service="leads"}') == 1


def test_nonsense_is_answered_or_dropped_and_costs_nothing(program):
    with company(program) as (gateway, staff, leads):
        front = Front(gateway)
        before = gateway.rss()
        good = pack_envelope(REQUEST, b"corr", "leads.customer.read", body=msgpack.packb(READ))
        for i in range(2000):
            front.socket.send(os.urandom(i % 300) if i % 2 else good[:i % len(good)])
        front.socket.send(b"\xdd\xff\xff\xff\xff" * 10)
        front.socket.send_multipart([b"a", b"b", good])
        front.socket.send(good[:-1])
        time.sleep(0.5)
        while front.socket.poll(100):
            assert unpack_envelope(front.socket.recv())["error"][0] in ("malformed", "not_signed_in")
        assert front.call("leads.customer.read", READ)["error"][0] == "not_signed_in"
        assert gateway.rss() - before < 4 << 20
        huge = zmq.Context.instance().socket(zmq.DEALER)
        huge.setsockopt(zmq.LINGER, 0)
        huge.connect(gateway.clients)
        huge.send(b"x" * (8 << 20))
        assert not huge.poll(500)
        huge.close()
        assert gateway.get("/healthz")[0] == 200


def test_a_client_may_ask_whether_the_gateway_lives(program):
    with company(program) as (gateway, staff, leads):
        front = Front(gateway)
        front.socket.send(pack_envelope(HEARTBEAT))
        assert unpack_envelope(front.socket.recv())["kind"] == HEARTBEAT


def test_many_requests_are_under_way_at_once(program):
    with company(program) as (gateway, staff, leads):
        front, token = Front(gateway), staff.sign_in(["representative"])
        wanted = {os.urandom(8) for _ in range(500)}
        for correlation in wanted:
            front.socket.send(pack_envelope(REQUEST, correlation, "leads.customer.read", token, body=msgpack.packb(READ)))
        answers = [unpack_envelope(front.socket.recv()) for _ in range(500)]
        assert {answer["correlation"] for answer in answers} == wanted
        assert all(answer["error"] is None for answer in answers)


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
