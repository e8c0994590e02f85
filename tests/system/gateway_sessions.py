"""Sessions with a played staff: kept while its events are heard, ended at once when revoked, refused when staff is not heard."""
import sys
import threading
import time
import uuid

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_company import CUSTOMER, company, key  # noqa: E402
from standin import Listener, example_event, new_id, run_tests, wait_for  # noqa: E402

PATH = f"/api/v1/leads/customers/{CUSTOMER}"


def test_staff_is_asked_once_for_a_session(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["representative"])
        assert [gateway.get(PATH, token=token)[0] for _ in range(20)] == [200] * 20
        assert staff.asked == 1


def test_twenty_requests_at_once_wait_for_one_question(program):
    with company(program) as (gateway, staff, leads):
        token, answers = staff.sign_in(["representative"]), []
        slow = staff.handlers["staff.session.read"]

        def slowly(request, envelope):
            time.sleep(0.3)
            return slow(request, envelope)

        staff.handlers["staff.session.read"] = slowly
        threads = [threading.Thread(target=lambda: answers.append(gateway.get(PATH, token=token)[0])) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [200] * 20 and staff.asked == 1, (answers, staff.asked)


def ends_within(gateway, token, seconds):
    started = time.monotonic()
    assert wait_for(lambda: gateway.get(PATH, token=token)[0] == 401, seconds + 1)
    return time.monotonic() - started


def test_a_revoked_session_ends_at_once(program):
    with company(program) as (gateway, staff, leads):
        token, other = staff.sign_in(["representative"]), staff.sign_in(["representative"])
        assert gateway.get(PATH, token=token)[0] == gateway.get(PATH, token=other)[0] == 200
        staff.revoke(token)
        assert ends_within(gateway, token, 1) < 1
        assert gateway.get(PATH, token=other)[0] == 200 and staff.asked == 3


def test_a_revoked_session_ends_within_two_seconds_when_the_wake_up_is_lost(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["representative"])
        assert gateway.get(PATH, token=token)[0] == 200
        time.sleep(1.2)
        staff.revoke(token, wake=False)
        assert ends_within(gateway, token, 2) < 1.6


def test_a_person_who_changed_is_asked_about_again(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["representative"])
        assert gateway.get(PATH, token=token)[0] == 200
        session = staff.sessions[token]
        session["functions"] = []
        body = example_event("staff.person.changed")
        body["staff_id"] = session["staff_id"]
        staff.emit("staff.person.changed", session["branch_id"], body)
        assert wait_for(lambda: gateway.get(PATH, token=token)[0] == 403, 2)


def test_a_change_while_staff_answers_is_not_missed(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["representative"])
        read = staff.handlers["staff.session.read"]
        staff.emit("staff.session.revoked", staff.branches[0], {"session_id": new_id(), "staff_id": new_id()})
        time.sleep(1.2)

        def late(request, envelope):
            answer = dict(read(request, envelope))
            if staff.asked == 1:  # it was true when staff looked, but is not when the answer arrives
                staff.sessions.pop(token)
                other.emit("staff.session.revoked", staff.branches[0],
                           {"session_id": answer["session_id"], "staff_id": answer["staff_id"]})
                time.sleep(0.6)
            return answer

        staff.handlers["staff.session.read"] = late
        from standin import Service
        other = Service("staff", gateway, {"staff.session.read": late}, outbox=staff.outbox, credit=1)
        time.sleep(0.3)
        status = gateway.get(PATH, token=token)[0]
        assert status == 401, status
        other.stop()


def test_without_word_from_staff_nobody_gets_in(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["representative"])
        assert gateway.get(PATH, token=token)[0] == 200
        staff.kill()
        assert gateway.get(PATH, token=token)[0] == 200
        assert wait_for(lambda: gateway.get(PATH, token=token)[0] != 200, 12)
        status, body, _ = gateway.get(PATH, token=token)
        assert (status, body["error"]) == (503, "service_unavailable"), body


def test_a_session_ends_when_it_expires(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["representative"], seconds=1.5)
        assert gateway.get(PATH, token=token)[0] == 200
        time.sleep(1.6)
        staff.sessions.pop(token)
        assert gateway.get(PATH, token=token)[0] == 401


def test_a_stream_ends_with_its_session(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["it_administrator"])
        listener = Listener(gateway, token)
        assert listener.status == 200
        listener.next(0.2)
        staff.revoke(token)
        started = time.monotonic()
        while not listener.is_over and time.monotonic() - started < 3:
            listener.next(0.1)
        assert listener.is_over and time.monotonic() - started < 1.2
        assert Listener(gateway, token, last_id=listener.last_id).status == 401


def test_signing_out_is_a_write_like_any(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in()
        same = {"Idempotency_Key": str(uuid.uuid4())}
        for _ in range(2):
            assert gateway.request("DELETE", "/api/v1/staff/sessions/current", token=token, **same)[0] == 200
        assert staff.envelopes[-1]["key"] == staff.envelopes[-2]["key"]
        assert key()


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
