"""Event streams with played services: who sees what, nothing missed over reconnects, a thousand listeners, the deaf let go."""
import resource
import sys
import time

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_company import company  # noqa: E402
from standin import CONTRACT, Listener, example_event, new_id, run_tests, text_id, wait_for  # noqa: E402

EVENT = "leads.lead.assigned"


def everything():
    return CONTRACT.functions


def numbers(listener, count, timeout=5):
    found = []
    end = time.monotonic() + timeout
    while len(found) < count and time.monotonic() < end and not listener.is_over:
        event = listener.next(0.5)
        if event:
            found.append(event["data"]["number"])
    return found


def ready(gateway, *services):
    """The gateway has seen the heads of these services."""
    for service in services:
        branch = next(iter(service.outbox), None) or new_id()
        before = gateway.metric("songda_gateway_events_applied_total")
        assert wait_for(lambda: service.emit(EVENT, branch) and
                        (time.sleep(0.1) or gateway.metric("songda_gateway_events_applied_total") > before), 5)


def test_an_event_arrives_as_json_by_its_shape(program):
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        branch = staff.branches[0]
        listener = Listener(gateway, staff.sign_in(everything()))
        assert listener.status == 200 and listener.headers["content-type"].startswith("text/event-stream")
        leads.emit(EVENT, branch)
        started = time.monotonic()
        event = listener.next()
        assert time.monotonic() - started < 0.5
        assert event["event"] == EVENT and listener.retry == "2000"
        data = event["data"]
        assert (data["event"], data["branch_id"], data["number"]) == (EVENT, text_id(branch), 1), data
        assert data["body"].keys() <= CONTRACT.events[EVENT]["body"].keys() and data["body"], data


def test_personal_data_leaves_masked(program):
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        name, field = next((name, field) for name, item in CONTRACT.events.items() if item["service"] == "leads"
                           for field, entry in item["body"].items() if entry.get("type") == "phone"
                           and "phone" in str(item["example"]))
        listener = Listener(gateway, staff.sign_in(everything()))
        body = example_event(name)
        body[field] = "13812345678"
        leads.emit(name, staff.branches[0], body)
        assert listener.next()["data"]["body"][field] == "138****5678"


def test_nobody_sees_another_branch_or_what_his_function_may_not(program):
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        ours, theirs = staff.branches
        all_seeing = Listener(gateway, staff.sign_in(everything(), [ours, theirs]))
        ours_only = Listener(gateway, staff.sign_in(everything(), [ours]))
        one_branch = Listener(gateway, staff.sign_in(everything(), [ours, theirs]), f"?branch={text_id(theirs)}")
        may_nothing = Listener(gateway, staff.sign_in([], [ours]))
        other_service = Listener(gateway, staff.sign_in(everything(), [ours]), "?services=staff%2Cleads")
        only_staff = Listener(gateway, staff.sign_in(everything(), [ours]), "?services=staff")
        leads.emit(EVENT, theirs)
        assert all_seeing.next()["data"]["branch_id"] == text_id(theirs)
        leads.emit(EVENT, ours)
        assert all_seeing.next()["data"]["branch_id"] == text_id(ours)
        assert ours_only.next()["data"]["branch_id"] == text_id(ours)
        assert other_service.next()["data"]["branch_id"] == text_id(ours)
        assert one_branch.next()["data"]["branch_id"] == text_id(theirs)
        for nothing_more in (all_seeing, ours_only, one_branch, may_nothing, only_staff):
            assert nothing_more.next(0.3) is None
        assert Listener(gateway, staff.sign_in(everything(), [ours]), f"?branch={text_id(theirs)}").status == 404
        assert Listener(gateway, staff.sign_in(everything(), [ours]), "?branch=nonsense").status == 404
        assert Listener(gateway, staff.sign_in(everything(), [ours]), "?services=nonsense").status == 422
        assert Listener(gateway, staff.sign_in(everything(), [ours]), last_id="nonsense!").status == 422


def test_a_reconnect_misses_nothing(program):
    with company(program, services=("leads", "contracts")) as (gateway, staff, leads, contracts):
        ready(gateway, leads)
        ours, theirs = staff.branches
        token = staff.sign_in(everything(), [ours, theirs])
        listener = Listener(gateway, token)
        leads.emit(EVENT, ours)
        assert numbers(listener, 1) == [1]
        last = listener.last_id
        listener.close()
        for _ in range(250):
            leads.emit(EVENT, ours, wake=False)
        leads.emit(EVENT, theirs)
        leads.emit(EVENT, ours)
        time.sleep(1.3)
        again = Listener(gateway, token, last_id=last)
        seen = {text_id(ours): [], text_id(theirs): []}
        while sum(map(len, seen.values())) < 252 and (event := again.next(3)):
            seen[event["data"]["branch_id"]].append(event["data"]["number"])
        assert seen[text_id(ours)] == list(range(2, 253)) and seen[text_id(theirs)] == [1], {k: len(v) for k, v in seen.items()}
        leads.emit(EVENT, ours)
        assert numbers(again, 1) == [253]


def test_a_new_gateway_goes_on_where_the_old_one_was(program):
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        ours = staff.branches[0]
        token = staff.sign_in(everything())
        listener = Listener(gateway, token)
        leads.emit(EVENT, ours)
        assert numbers(listener, 1) == [1]
        gateway.kill()
        for _ in range(3):
            leads.emit(EVENT, ours, wake=False)
        gateway.start()
        again = Listener(gateway, token, last_id=listener.last_id)
        leads.emit(EVENT, ours)
        assert numbers(again, 4, 8) == [2, 3, 4, 5]


def test_what_happens_while_a_listener_catches_up_comes_in_order(program):
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        ours = staff.branches[0]
        token = staff.sign_in(everything())
        first = Listener(gateway, token)
        leads.emit(EVENT, ours)
        numbers(first, 1)
        read = leads.handler("leads.events.read")

        def slowly(request, envelope):
            time.sleep(0.05)
            return read(request, envelope)

        for _ in range(500):
            leads.emit(EVENT, ours, wake=False)
        leads.emit(EVENT, ours)
        time.sleep(1.5)
        leads.handlers["leads.events.read"] = slowly
        again = Listener(gateway, token, last_id=first.last_id)
        for _ in range(40):
            leads.emit(EVENT, ours)
            time.sleep(0.005)
        assert numbers(again, 541, 15) == list(range(2, 543))
        assert numbers(first, 541, 15) == list(range(2, 543))


def test_a_lost_wake_up_costs_a_second_at_most(program):
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        listener = Listener(gateway, staff.sign_in(everything()))
        leads.emit(EVENT, staff.branches[0], wake=False)
        started = time.monotonic()
        assert numbers(listener, 1) == [1] and time.monotonic() - started < 1.5


def test_a_burst_is_too_much_for_nobody_and_the_deaf_are_let_go(program):
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        ours, token = staff.branches[0], staff.sign_in(everything())
        deaf, good = Listener(gateway, staff.sign_in(everything())), Listener(gateway, token)
        body = example_event(EVENT)
        before = gateway.rss()
        for _ in range(20000):
            leads.emit(EVENT, ours, body, wake=False)
        leads.emit(EVENT, ours, body)
        assert numbers(good, 20001, 60) == list(range(1, 20002))
        assert gateway.rss() - before < 8 << 20
        assert wait_for(lambda: gateway.metric("songda_gateway_streams_slow_total") == 1, 40)
        leads.emit(EVENT, ours)
        assert numbers(good, 1) == [20002]
        first = deaf.next()
        assert first["data"]["number"] == 1
        count = 1
        while event := deaf.next(2):
            count += 1
            assert event["data"]["number"] == count
        assert deaf.is_over and count < 20000
        again = Listener(gateway, token, last_id=deaf.last_id)
        assert numbers(again, 20002 - count, 60) == list(range(count + 1, 20003))


def test_a_heartbeat_keeps_a_quiet_stream_alive(program):
    with company(program) as (gateway, staff, leads):
        listener = Listener(gateway, staff.sign_in(everything()))
        listener.next(0.5)
        assert listener.last_id
        started = time.monotonic()
        listener.raw = b""
        while time.monotonic() - started < 18 and b"still here" not in listener.raw + listener.rest:
            listener.connection.settimeout(18)
            listener.raw += listener.connection.recv(4096)
        assert 12 < time.monotonic() - started < 17


def test_a_thousand_listeners_fit_into_sixty_megabytes(program):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with company(program) as (gateway, staff, leads):
        ready(gateway, leads)
        ours = staff.branches[0]
        tokens = [staff.sign_in(everything()) for _ in range(50)]
        listeners = [Listener(gateway, tokens[i % 50]) for i in range(1000)]
        assert all(listener.status == 200 for listener in listeners)
        for _ in range(20):
            leads.emit(EVENT, ours)
        last = listeners[-1]
        assert numbers(last, 20, 20) == list(range(1, 21))
        assert all(numbers(listener, 20, 20) == list(range(1, 21)) for listener in listeners[::50])
        assert gateway.metric("songda_gateway_streams") == 1000
        print(f"        {gateway.rss() >> 20} MiB with 1000 listeners", flush=True)
        assert gateway.rss() < 60 << 20, gateway.rss()
        for listener in listeners:
            listener.close()
        leads.emit(EVENT, ours)
        assert wait_for(lambda: gateway.metric("songda_gateway_streams") < 10, 20)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
