"""Hot reads from a real Redis: hits, what events make old, races between a fill and an event, and a Redis that is dead or slow."""
import os
import signal
import sys
import threading
import time
import uuid

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_company import CUSTOMER, company  # noqa: E402
from standin import Service, example_event, example_reply, new_id, run_tests, wait_for  # noqa: E402

PATH = f"/api/v1/leads/customers/{CUSTOMER}"
CHANGED = "leads.customer.changed"


def changed(customer=CUSTOMER):
    body = example_event(CHANGED)
    body["customer_id"] = uuid.UUID(customer).bytes
    return body


def hits(gateway):
    name = 'songda_gateway_cache_%s_total{operation="leads.customer.read"}'
    try:
        return gateway.metric(name % "hits"), gateway.metric(name % "misses")
    except KeyError:
        return 0, 0


def prepare(gateway, staff, leads):
    """Redis is there, the events are followed, and the played service counts up in every answer."""
    def read(request, _envelope):
        reply = example_reply("leads.customer.read")
        reply["customer_id"] = request["customer_id"]
        reply["name"] = f"version {leads.version}"
        return reply

    leads.version = 1
    leads.handlers["leads.customer.read"] = read
    token = staff.sign_in(["representative"])
    assert wait_for(lambda: gateway.metric("songda_gateway_cache_up") == 1)
    assert wait_for(lambda: gateway.get(PATH, token=token)[0] == 200 and hits(gateway)[0] > 0, 5)
    return token


def name_of(gateway, token, path=PATH):
    status, body, _ = gateway.get(path, token=token)
    assert status == 200, body
    return body["name"]


def test_a_second_read_comes_from_redis(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        asked = len(leads.calls)
        for _ in range(10):
            assert name_of(gateway, token) == "version 1"
        assert len(leads.calls) == asked and hits(gateway)[0] >= 10
        assert wait_for(lambda: any(line.get("cached") for line in gateway.log_lines()))


def test_the_hottest_are_kept_near_for_two_seconds_at_most(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        for _ in range(5):
            name_of(gateway, token)
        assert gateway.metric("songda_gateway_cache_near_hits_total") >= 4
        import subprocess
        subprocess.run(["redis-cli", "-s", f"{gateway.folder}/redis", "flushall"], check=True, stdout=subprocess.DEVNULL)
        leads.version = 2  # without an event: only time makes it old
        assert wait_for(lambda: name_of(gateway, token) == "version 2", 3)


def test_an_event_makes_only_its_own_customer_old(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        other = str(uuid.uuid4())
        assert name_of(gateway, token, f"/api/v1/leads/customers/{other}") == "version 1"
        leads.version = 2
        leads.emit(CHANGED, staff.branches[0], changed())
        assert wait_for(lambda: name_of(gateway, token) == "version 2", 1)
        assert name_of(gateway, token, f"/api/v1/leads/customers/{other}") == "version 1"
        leads.version = 3
        leads.emit(CHANGED, staff.branches[0], changed(), wake=False)  # a lost wake-up
        assert wait_for(lambda: name_of(gateway, token) == "version 3", 2)


def test_an_answer_asked_for_before_an_event_is_not_kept_after_it(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        read = leads.handlers["leads.customer.read"]
        leads.emit(CHANGED, staff.branches[0], changed())
        time.sleep(0.3)
        asked = threading.Event()

        def slowly(request, envelope):  # looks, and is overtaken by the event before its answer is out
            reply = read(request, envelope)
            asked.set()
            time.sleep(0.8)
            return reply

        leads.handlers["leads.customer.read"] = slowly
        other = Service("leads", gateway, outbox=leads.outbox, credit=1)
        other.handlers["leads.customer.read"] = slowly
        seen = []
        reader = threading.Thread(target=lambda: seen.append(name_of(gateway, token)))
        reader.start()
        assert asked.wait(3)
        leads.version = 2
        other.emit(CHANGED, staff.branches[0], changed())
        leads.emit("leads.lead.assigned", staff.branches[0])
        reader.join()
        leads.handlers["leads.customer.read"] = other.handlers["leads.customer.read"] = read
        time.sleep(1.2)
        assert seen == ["version 1"]
        assert name_of(gateway, token) == "version 2"
        other.stop()


def test_branches_and_people_do_not_share_answers(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        colleague = staff.sign_in(["representative"])
        elsewhere = staff.sign_in(["representative"], [staff.branches[1]])
        wider = staff.sign_in(["representative"], staff.branches)
        leads.version = 2
        assert name_of(gateway, token) == name_of(gateway, colleague) == "version 1"
        assert name_of(gateway, elsewhere) == name_of(gateway, wider) == "version 2"
        stranger = staff.sign_in([])
        assert gateway.get(PATH, token=stranger)[0] == 403


def test_a_dead_redis_costs_speed_only(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        gateway.redis.kill()
        gateway.redis.wait()
        leads.version = 2
        leads.emit(CHANGED, staff.branches[0], changed())
        assert wait_for(lambda: name_of(gateway, token) == "version 2", 1)
        assert gateway.metric("songda_gateway_cache_up") == 0 and gateway.get("/readyz")[0] == 200
        os.unlink(gateway.folder / "redis")
        gateway.start_redis()
        assert wait_for(lambda: gateway.metric("songda_gateway_cache_up") == 1, 5)
        before = hits(gateway)[0]
        assert wait_for(lambda: name_of(gateway, token) == "version 2" and hits(gateway)[0] > before, 3)


def test_a_slow_redis_is_not_waited_for(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        gateway.redis.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        assert name_of(gateway, token, f"/api/v1/leads/customers/{uuid.uuid4()}") == "version 1"
        assert time.monotonic() - started < 0.3
        assert gateway.metric("songda_gateway_cache_slow_total") >= 1
        leads.version = 2
        leads.emit(CHANGED, staff.branches[0], changed())
        time.sleep(0.3)
        gateway.redis.send_signal(signal.SIGCONT)
        time.sleep(0.3)
        for _ in range(20):
            assert name_of(gateway, token) == "version 2"


def test_what_redis_kept_is_not_believed_by_the_next_gateway(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        gateway.kill()
        leads.version = 2
        leads.emit(CHANGED, staff.branches[0], changed())
        gateway.start()
        assert wait_for(lambda: gateway.try_get("/readyz") == 200)
        assert name_of(gateway, token) == "version 2"


def test_a_thousand_changes_and_reads_never_show_an_older_answer_for_long(program):
    with company(program, redis=True) as (gateway, staff, leads):
        token = prepare(gateway, staff, leads)
        until, stale = time.monotonic() + 4, []
        while time.monotonic() < until:
            leads.version += 1
            leads.emit(CHANGED, staff.branches[0], changed())
            wanted = leads.version
            started = time.monotonic()
            while int(name_of(gateway, token).split()[1]) < wanted:
                assert time.monotonic() - started < 1, "an old answer stays"
            stale.append(time.monotonic() - started)
        assert len(stale) > 50 and hits(gateway)[0] >= 0
        assert new_id()


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
