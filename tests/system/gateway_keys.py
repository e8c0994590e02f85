"""Over tcp only allowed keys get in, each only as itself, and none longer than it is allowed; silence and noise cost nobody anything."""
import os
import pathlib
import socket as sockets
import subprocess
import sys
import threading
import time
import uuid

import msgpack
import zmq

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_client import Person  # noqa: E402
from gateway_company import CUSTOMER  # noqa: E402
from keys import KeyedGateway, Pair, keyed_company  # noqa: E402
from standin import HEARTBEAT, READY, Front, Service, new_id, pack_envelope, run_tests, text_id, wait_for  # noqa: E402

READ = {"customer_id": uuid.UUID(CUSTOMER).bytes}
PATIENCE = 30  # seconds, for what happens within one on an idle machine
SILENT = 400


def dial(kind, address, prepare=None, topic=b""):
    socket = zmq.Context.instance().socket(kind)
    socket.setsockopt(zmq.LINGER, 0)
    if kind == zmq.SUB:
        socket.subscribe(topic)
    if prepare:
        prepare(socket)
    socket.connect(address)
    return socket


def strangers(gateway):
    """What nobody lets in: no key, an unknown key, and one that takes another for the gateway."""
    mistaken = gateway.of("service", "leads")
    other = Pair(Pair().public)
    other.public, other.secret = mistaken.public, mistaken.secret
    return {"no key": None, "unknown key": gateway.pair(), "another gateway's key": other}


def read(front, token):
    reply = front.call("leads.customer.read", READ, token)
    return reply and (reply["error"] or [None])[0]


def test_services_and_clients_work_with_their_keys(program):
    with keyed_company(program) as (gateway, staff, leads):
        front = Front(gateway, prepare=gateway.of("client", "erp"))
        reply = front.call("staff.session.open", {"sign_in_name": "a", "password": "right"}, key=new_id())
        token = msgpack.unpackb(reply["body"])["token"]
        staff.sessions[token]["functions"] = []
        assert read(front, token) == "forbidden"  # the session says what may be done, the key does not
        assert read(front, staff.sign_in(["representative"])) is None
        assert gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=staff.sign_in(["representative"]))[0] == 200
        hearing = dial(zmq.SUB, gateway.wakeups_out, gateway.of("service", "leads"))

        def is_heard():
            staff.emit("staff.session.revoked", staff.branches[0], {"session_id": new_id(), "staff_id": new_id()})
            return hearing.poll(100)

        assert wait_for(is_heard, PATIENCE) and hearing.recv().decode() == f"staff {text_id(staff.branches[0])}"
        assert gateway.metric("songda_gateway_keys") == 3 and gateway.metric("songda_gateway_keys_refused_total") == 0


def test_strangers_are_not_heard_and_hear_nothing(program):
    with keyed_company(program) as (gateway, staff, leads):
        token, branch = staff.sign_in(["representative"]), staff.branches[0]
        open_sockets = []
        for prepare in strangers(gateway).values():
            worker, client = dial(zmq.DEALER, gateway.workers, prepare), dial(zmq.DEALER, gateway.clients, prepare)
            waker, hearing = dial(zmq.PUB, gateway.wakeups_in, prepare), dial(zmq.SUB, gateway.wakeups_out, prepare)
            worker.send(pack_envelope(READY, b"x", "leads", remaining=64))
            client.send(pack_envelope(HEARTBEAT))
            open_sockets += [worker, client, waker, hearing]
        assert wait_for(lambda: gateway.refusals("not allowed to connect"), PATIENCE)  # the unknown key; the others get no further
        before = gateway.metric("songda_gateway_wakeups_total")
        front = Front(gateway, prepare=gateway.of("client", "erp"))
        for _ in range(30):
            for waker in open_sockets[2::4]:
                waker.send(f"leads {text_id(branch)}".encode())
            assert read(front, token) is None
            time.sleep(0.1)
        for socket in open_sockets:
            if socket.getsockopt(zmq.TYPE) != zmq.PUB:
                assert not socket.poll(0)
            socket.close()
        assert gateway.metric("songda_gateway_wakeups_total") == before
        assert gateway.instances("leads") == 1 and len(leads.calls) == 30


def test_a_key_is_for_one_kind_of_socket(program):
    with keyed_company(program) as (gateway, staff, leads):
        worker = dial(zmq.DEALER, gateway.workers, gateway.of("client", "erp"))
        worker.send(pack_envelope(READY, b"x", "leads", remaining=64))
        hearing = dial(zmq.SUB, gateway.wakeups_out, gateway.of("client", "erp"))
        front = dial(zmq.DEALER, gateway.clients, gateway.of("service", "leads"))
        front.send(pack_envelope(HEARTBEAT))
        assert wait_for(lambda: gateway.metric("songda_gateway_keys_refused_total") >= 3, PATIENCE)
        staff.emit("staff.session.revoked", staff.branches[0], {"session_id": new_id(), "staff_id": new_id()})
        assert not worker.poll(500) and not front.poll(0) and not hearing.poll(0)
        assert gateway.instances("leads") == 1
        for socket in (worker, hearing, front):
            socket.close()


def test_a_service_speaks_only_for_itself(program):
    with keyed_company(program) as (gateway, staff, leads):
        key, token = gateway.of("service", "leads"), staff.sign_in(["representative"])
        forger = dial(zmq.DEALER, gateway.workers, key)
        forger.send(pack_envelope(READY, b"x", "staff", remaining=64))
        assert wait_for(lambda: gateway.refusals("the key of another service"), PATIENCE)
        line = gateway.refusals("the key of another service")[0]
        assert line["service"] == "staff" and line["key"] == key.public.decode()
        assert not forger.poll(300) and gateway.instances("staff") == 1
        forger.send(pack_envelope(READY, b"x", "leads", remaining=64))  # its own name is its right
        assert forger.poll(PATIENCE * 1000) and gateway.instances("leads") == 2
        forger.send(pack_envelope(READY, b"x", "staff", remaining=64))
        forger.send(pack_envelope(4, b"x"))
        assert wait_for(lambda: len(gateway.refusals("the key of another service")) >= 2, PATIENCE)
        assert gateway.instances("staff") == 1
        forger.close()
        hearing = dial(zmq.SUB, gateway.wakeups_out, key)
        waker = dial(zmq.PUB, gateway.wakeups_in, key)
        branch = text_id(staff.branches[0])

        def both_were_said():
            waker.send(f"staff {branch}".encode())
            waker.send(f"leads {branch}".encode())
            return hearing.poll(100)

        assert wait_for(both_were_said, PATIENCE)
        assert wait_for(lambda: gateway.refusals("wakes for another service"), PATIENCE)
        while hearing.poll(300):
            assert hearing.recv().startswith(b"leads ")
        assert read(Front(gateway, prepare=gateway.of("client", "erp")), token) in (None, "deadline_exceeded")


def test_a_service_makes_no_actor(program):
    with keyed_company(program, services=("leads", "collection")) as (gateway, staff, leads, collection):
        actor = [new_id(), new_id(), staff.branches[0], staff.company, [staff.branches[0]], 0xffffffff, 1]
        leads.ask("collection.events.read", {"branch_id": staff.branches[0], "after": 0, "limit": 1}, actor=actor)
        assert wait_for(lambda: leads.replies, PATIENCE) and leads.replies[0]["error"] is None
        leads.replies.clear()
        leads.ask("leads.customer.read", READ, b"person", actor=actor)  # what a person's session is needed for
        assert wait_for(lambda: leads.replies, PATIENCE) and leads.replies[0]["error"][0] == "forbidden"
        seen = []
        staff.handlers["staff.session.read"] = lambda request, envelope: (seen.append(envelope), staff.session_read(request, envelope))[1]
        leads.ask("staff.session.read", {"token": "A" * 43}, b"token", actor=actor)
        assert wait_for(lambda: seen, PATIENCE) and seen[0]["actor"] is None


def test_a_revoked_service_is_none_from_then_on(program):
    with keyed_company(program) as (gateway, staff, leads):
        stolen = gateway.pair()  # a second host's key
        gateway.allowed["service", "leads"].append(stolen)
        gateway.write()
        thief = Service("leads", gateway, prepare=stolen)
        assert wait_for(lambda: gateway.instances("leads") == 2, PATIENCE)
        hearing, honest = dial(zmq.SUB, gateway.wakeups_out, stolen), dial(zmq.SUB, gateway.wakeups_out, gateway.of("service", "leads"))
        waker = dial(zmq.PUB, gateway.wakeups_in, stolen)

        def wake():
            staff.to_wake.append(f"staff {text_id(staff.branches[0])}".encode())
            return True

        assert wait_for(lambda: wake() and hearing.poll(50) and honest.poll(50), PATIENCE)
        front, token = Front(gateway, prepare=gateway.of("client", "erp")), staff.sign_in(["representative"])
        assert [read(front, token) for _ in range(4)] == [None] * 4 and thief.calls
        gateway.allowed["service", "leads"].pop()
        revoked = time.monotonic()
        gateway.write()
        assert wait_for(lambda: gateway.instances("leads") == 1, PATIENCE)
        print(f"        revoked after {time.monotonic() - revoked:.2f} s")
        calls = len(thief.calls)
        for _ in range(20):
            assert read(front, token) is None
        assert len(thief.calls) == calls
        while hearing.poll(0):
            hearing.recv()
        while honest.poll(0):
            honest.recv()
        before = gateway.metric("songda_gateway_keys_refused_total")
        assert wait_for(lambda: wake() and waker.send(f"leads {text_id(staff.branches[0])}".encode()) is None and honest.poll(50), PATIENCE)
        assert not hearing.poll(500)
        assert wait_for(lambda: gateway.metric("songda_gateway_keys_refused_total") > before, PATIENCE)  # it goes on trying
        assert gateway.instances("leads") == 1 and gateway.metric("songda_gateway_keys_revoked_total") == 1
        gateway.allowed["service", "leads"].append(stolen)  # and without a restart it may again
        gateway.write()
        assert wait_for(lambda: gateway.instances("leads") == 2, PATIENCE)
        thief.stop()
        for socket in (hearing, honest, waker):
            socket.close()


def test_a_revoked_client_gets_no_answer_any_more(program):
    with keyed_company(program) as (gateway, staff, leads):
        key, token = gateway.of("client", "erp"), staff.sign_in(["representative"])
        gateway.allowed["client", "till"] = [gateway.pair()]
        gateway.write()
        assert wait_for(lambda: gateway.metric("songda_gateway_keys") == 4, PATIENCE)
        front, other = Front(gateway, prepare=key), Front(gateway, prepare=gateway.of("client", "till"))
        assert read(front, token) is None and read(other, token) is None
        go = threading.Event()
        plain = leads.handler("leads.customer.read")
        leads.handlers["leads.customer.read"] = lambda request, envelope: go.wait(PATIENCE) and plain(request, envelope)
        front.socket.send(pack_envelope(1, b"1", "leads.customer.read", token, body=msgpack.packb(READ)))
        assert wait_for(lambda: len(leads.calls) == 3, PATIENCE)
        del gateway.allowed["client", "erp"]
        gateway.write()
        assert wait_for(lambda: gateway.metric("songda_gateway_keys") == 3, PATIENCE)
        dropped = gateway.metric("songda_gateway_answers_dropped_total")
        go.set()
        del leads.handlers["leads.customer.read"]
        assert wait_for(lambda: gateway.metric("songda_gateway_answers_dropped_total") > dropped, PATIENCE)
        assert front.call("leads.customer.read", READ, token, timeout=500) is None
        assert wait_for(lambda: gateway.refusals("not allowed any more"), PATIENCE)
        assert read(other, token) is None
        front.close()
        again = Front(gateway, prepare=key)
        assert again.call("leads.customer.read", READ, token, timeout=1000) is None


def test_the_command_line_client_has_a_key(program):
    with keyed_company(program) as (gateway, staff, leads):
        gateway.put("erp.key", gateway.of("client", "erp").secret, 0o400)
        gateway.put("gateway.pub", gateway.server.public)
        person = Person(program, gateway)
        person.environment = lambda plain=person.environment: {**plain(), "SONGDA_KEY_FILE": f"{gateway.keys}/erp.key",
                                                               "SONGDA_GATEWAY_KEY_FILE": f"{gateway.keys}/gateway.pub"}
        person.sign_in()
        assert person.run("call", "leads.customer.read", f"customer_id={CUSTOMER}")[0] == 0
        assert len(leads.calls) == 1
        code, _, said = person.run("sign-out", "--gateway-key-file", "")
        assert code == 2 and "go together" in said, said


def test_a_broken_list_changes_nothing_and_is_told(program):
    with keyed_company(program) as (gateway, staff, leads):
        front, token = Front(gateway, prepare=gateway.of("client", "erp")), staff.sign_in(["representative"])
        assert gateway.metric("songda_gateway_keys_stale") == 0
        gateway.put("allowed", b"service leads not-a-key\n")
        assert wait_for(lambda: gateway.metric("songda_gateway_keys_stale") == 1, PATIENCE)
        assert read(front, token) is None and gateway.instances("leads") == 1
        assert [line for line in gateway.log_lines() if line["event"] == "allowed_keys" and line.get("line") == 1]
        gateway.write()
        assert wait_for(lambda: gateway.metric("songda_gateway_keys_stale") == 0, PATIENCE)


def test_clients_need_no_key_where_none_is_required(program):
    with keyed_company(program, client_keys="loopback") as (gateway, staff, leads):
        assert read(Front(gateway), staff.sign_in(["representative"])) is None
        worker = dial(zmq.DEALER, gateway.workers)
        worker.send(pack_envelope(READY, b"x", "leads", remaining=64))
        assert not worker.poll(500)
        worker.close()


def test_services_of_the_same_machine_need_no_key(program):
    gateway = KeyedGateway(program, names=("leads",), services="leads")
    try:
        local = f"ipc://{gateway.folder}/local"
        gateway.settings["workers"] += " " + local
        gateway.terminate()
        gateway.start()
        far = Service("leads", gateway, prepare=gateway.of("service", "leads"))
        assert wait_for(lambda: gateway.instances("leads") == 1, PATIENCE)
        tcp, gateway.workers = gateway.workers, local
        near = Service("leads", gateway)  # its wake-ups go to an address that it has no key for
        assert wait_for(lambda: gateway.instances("leads") == 2, PATIENCE)
        gateway.allowed.clear()
        gateway.write()
        assert wait_for(lambda: gateway.instances("leads") == 1, PATIENCE)
        near.stop()
        assert wait_for(lambda: gateway.instances("leads") == 0, PATIENCE)
        far.stop()
        assert tcp != local
    finally:
        gateway.close()


def be_silent(address, count, until):
    """`count` connections that never finish the handshake: most say nothing, some begin; those that are closed come again."""
    host, port = address[6:].split(":")
    greeting = b"\xff" + b"\0" * 8 + b"\x7f\x03\0" + b"CURVE".ljust(20, b"\0") + b"\0" * 32
    crowd, opened = [], 0
    while not until.is_set():
        while len(crowd) < count and not until.is_set():
            one = sockets.create_connection((host, int(port)), timeout=10)
            one.setblocking(False)
            if opened % 4 == 1:
                one.send(greeting)
            if opened % 4 == 2:
                one.send(greeting + b"\x04\xc8\x05HELLO" + os.urandom(100))
            crowd.append(one)
            opened += 1
        time.sleep(0.1)
        for one in list(crowd):
            try:
                if one.recv(4096) == b"":
                    raise ConnectionResetError
            except BlockingIOError:
                continue
            except OSError:
                one.close()
                crowd.remove(one)
    for one in crowd:
        one.close()
    return opened


def test_a_silent_crowd_is_not_noticed_by_the_others(program):
    with keyed_company(program) as (gateway, staff, leads):
        front, token = Front(gateway, prepare=gateway.of("client", "erp")), staff.sign_in(["representative"])
        assert read(front, token) is None
        files, memory, until = gateway.files(), gateway.rss(), threading.Event()
        opened = []
        crowds = [threading.Thread(target=lambda to=to: opened.append(be_silent(to, SILENT // 2, until)))
                  for to in (gateway.workers, gateway.clients)]
        for crowd in crowds:
            crowd.start()
        assert wait_for(lambda: gateway.files() >= files + SILENT, PATIENCE)
        slowest, count, end = 0, 0, time.monotonic() + 5
        while time.monotonic() < end:
            started = time.monotonic()
            assert read(front, token) is None
            assert gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=token)[0] == 200
            slowest, count = max(slowest, time.monotonic() - started), count + 2
            time.sleep(0.01)
        newcomer = Service("leads", gateway, prepare=gateway.of("service", "leads"))
        assert wait_for(lambda: gateway.instances("leads") == 2, PATIENCE)
        until.set()
        for crowd in crowds:
            crowd.join(PATIENCE)
        grown = gateway.rss() - memory
        print(f"        {count} operations among {sum(opened)} silent connections, slowest {slowest * 1000:.0f} ms, {grown >> 20} MiB more")
        assert sum(opened) > SILENT and slowest < 4 and grown < 64 << 20
        assert wait_for(lambda: gateway.files() < files + 20, PATIENCE)
        newcomer.stop()


def test_what_is_open_does_not_start(program):
    def attempt(**settings):
        conf = gateway.folder / "other.conf"
        merged = {**gateway.settings, **settings}
        conf.write_text("".join(f"{name} = {value}\n" for name, value in merged.items()))
        done = subprocess.run([program, "--settings", str(conf)], capture_output=True, text=True, timeout=30)
        return done.returncode, done.stderr

    gateway = KeyedGateway(program)
    try:
        gateway.kill()
        key = pathlib.Path(gateway.settings["key_file"])
        without = {"key_file": "", "allowed_file": "", "client_keys": "loopback"}
        for settings, reason in (
                ({**without, "workers": "tcp://0.0.0.0:24199"}, "ipc or loopback only"),
                ({**without, "wakeups_out": "tcp://0.0.0.0:24199"}, "ipc or loopback only"),
                ({"mode": "production", "client_keys": "loopback", "clients": "tcp://0.0.0.0:24199"}, "ipc or loopback only"),
                ({"allowed_file": ""}, "go together"), ({"allowed_file": "/nonexistent"}, "No such file"),
                ({"key_file": "/nonexistent"}, "cannot be read"), ({"key_file": str(gateway.keys / "allowed")}, "not a key")):
            code, said = attempt(**settings)
            assert code in (1, 2) and reason in said, (settings, code, said)
        os.chmod(key, 0o440)
        code, said = attempt()
        assert code == 1 and "others may read it" in said, said
        os.chmod(key, 0o400)
        os.chmod(gateway.keys / "allowed", 0o620)
        code, said = attempt()
        assert code == 1 and "others may write it" in said, said
    finally:
        gateway.close()


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
