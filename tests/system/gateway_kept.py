"""Sessions in a real Redis, shared by gateways: found by the second and the restarted one, never revived once revoked, never forged."""
import contextlib
import os
import pathlib
import signal
import socket
import sys
import tempfile
import time
import uuid

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_company import CUSTOMER  # noqa: E402
from standin import Gateway, Service, Staff, example_event, new_id, run_tests, wait_for  # noqa: E402

PATH = f"/api/v1/leads/customers/{CUSTOMER}"


class Redis:
    """A few commands, with binary values."""

    def __init__(self, path):
        self.path = path

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(self.path))
            line.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
            file = line.makefile("rb")
            return self.answer(file)

    def answer(self, file):
        head = file.readline()
        if head[:1] == b"*":
            return [self.answer(file) for _ in range(int(head[1:]))]
        if head[:1] != b"$":
            return head[1:-2]
        size = int(head[1:])
        return file.read(size + 2)[:-2] if size >= 0 else None

    def sessions(self, count):
        """The sessions' keys, as soon as there are so many: a gateway leaves them there beside its answer, not before it."""
        found = lambda: self("KEYS", "songda:session:*")
        assert wait_for(lambda: len(found()) == count), found()
        return sorted(found())


class House:
    """Gateways that share a Redis and a key; each has staff and leads of its own, which know the same."""

    def __init__(self, program):
        self.program, self.gateways, self.services = program, [], []
        self.key = pathlib.Path(tempfile.mkdtemp(prefix="songda-kept-")) / "session.key"
        self.redis = None

    def gateway(self, **settings):
        first = self.gateways[0] if self.gateways else None
        settings.setdefault("session_key_file", self.key)
        gateway = Gateway(self.program, f"unix:{first.folder}/redis" if first else True, services="staff leads", **settings)
        self.gateways.append(gateway)
        self.redis = self.redis or Redis(gateway.folder / "redis")
        staff = self.people(gateway)
        self.services += [staff, Service("leads", gateway)]
        assert wait_for(lambda: gateway.try_get("/readyz") == 200), "never ready"
        assert wait_for(lambda: gateway.metric("songda_gateway_cache_up") == 1)
        assert wait_for(lambda: gateway.metric('songda_gateway_followed{service="staff"}') == 1), "staff is not followed"
        return gateway, staff

    def people(self, gateway):
        if not self.services:
            return Staff(gateway)
        first = self.services[0]
        staff = Staff(gateway, outbox=first.outbox)
        staff.sessions, staff.company, staff.branches = first.sessions, first.company, first.branches
        return staff

    def close(self):
        for service in self.services:
            service.stop()
        for gateway in reversed(self.gateways):
            if gateway.process.poll() is None:
                code, log = gateway.terminate(), (gateway.folder / "log").read_text()
                assert code == 0 and "Sanitizer" not in log and "runtime error" not in log, (code, log[-4000:])
        for gateway in reversed(self.gateways):
            gateway.close()


@contextlib.contextmanager
def house(program):
    house_ = House(program)
    try:
        yield house_
    finally:
        house_.close()


def kept(gateway):
    """(found in Redis, not found there)"""
    name = 'songda_gateway_cache_%s_total{operation="session"}'
    try:
        return gateway.metric(name % "hits"), gateway.metric(name % "misses")
    except KeyError:
        return 0, 0


def status(gateway, token):
    return gateway.get(PATH, token=token)[0]


def revoke(house_, token):
    """As staff does it: its wake-up goes to every gateway."""
    first = house_.services[0]
    session = first.revoke(token)
    for staff in house_.services[2::2]:
        staff.to_wake.append(first_wake(session))


def first_wake(session):
    return f"staff {uuid.UUID(bytes=session['branch_id'])}".encode()


def everywhere_refused(gateways, token, seconds=1.0):
    """Refused by all within so long, and for good."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(status(gateway, token) != 401 for gateway in gateways):
        time.sleep(0.02)
    return all(status(gateway, token) == 401 for gateway in gateways for _ in range(3))


def test_a_second_gateway_finds_the_session_and_does_not_ask_staff(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        second, other = house_.gateway()
        token = staff.sign_in(["representative"])
        assert status(first, token) == 200 and staff.asked == 1 and kept(first) == (0, 1)
        house_.redis.sessions(1)
        assert status(second, token) == 200 and other.asked == 0 and kept(second) == (1, 0)
        assert [call for call in house_.services[3].envelopes if call["operation"] == "leads.customer.read"], "leads was not asked"


def test_a_restarted_gateway_finds_its_sessions_again(program):
    with house(program) as house_:
        gateway, staff = house_.gateway()
        for _ in range(5):
            staff.emit("staff.session.revoked", staff.branches[0], {"session_id": new_id(), "staff_id": new_id()})
        time.sleep(1.2)
        tokens = [staff.sign_in(["representative"]) for _ in range(10)]
        assert [status(gateway, token) for token in tokens] == [200] * 10
        house_.redis.sessions(10)
        for _ in range(5):  # others go while it is away: that says nothing about these
            staff.emit("staff.session.revoked", staff.branches[0], {"session_id": new_id(), "staff_id": new_id()})
        gateway.kill()
        asked = staff.asked
        gateway.start()
        assert wait_for(lambda: gateway.try_get("/readyz") == 200)
        assert wait_for(lambda: gateway.metric('songda_gateway_followed{service="staff"}') == 1)
        assert [status(gateway, token) for token in tokens] == [200] * 10
        assert staff.asked == asked and kept(gateway) == (10, 0), (staff.asked - asked, kept(gateway))


def test_the_actor_is_the_one_that_staff_named(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        second, other = house_.gateway()
        token = staff.sign_in(["representative", "operator"], staff.branches)
        assert status(first, token) == 200 and house_.redis.sessions(1)
        assert status(second, token) == 200
        actors = [next(one["actor"] for one in service.envelopes if one["operation"] == "leads.customer.read")
                  for service in house_.services[1::2]]
        assert actors[0] and actors[0] == actors[1] and other.asked == 0, actors


def test_revoked_is_refused_everywhere_within_a_second(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        second, _other = house_.gateway()
        for _ in range(3):
            token = staff.sign_in(["representative"])
            assert status(first, token) == status(second, token) == 200
            revoke(house_, token)
            assert everywhere_refused([first, second], token)


def test_a_stale_key_revives_nothing(program):
    """What was kept before the end is written again behind it, as a slow gateway or anybody may: no gateway believes it, be it old or new."""
    with house(program) as house_:
        first, staff = house_.gateway()
        second, _other = house_.gateway()
        token = staff.sign_in(["representative"])
        assert status(first, token) == status(second, token) == 200
        [name] = house_.redis.sessions(1)
        stale = house_.redis("GET", name)
        revoke(house_, token)
        assert everywhere_refused([first, second], token)
        house_.redis("SET", name, stale)
        assert everywhere_refused([first, second], token, 0)
        third, newest = house_.gateway()
        house_.redis("SET", name, stale)
        assert everywhere_refused([third], token, 0) and kept(third)[0] == 0 and newest.asked > 0
        assert house_.redis("GET", name) == stale


def test_what_is_older_than_a_gateway_remembers_is_not_believed(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        token = staff.sign_in(["representative"])
        assert status(first, token) == 200
        [name] = house_.redis.sessions(1)
        stale = house_.redis("GET", name)
        revoke(house_, token)
        for _ in range(400):  # so many that a gateway that starts does not look back to the end of the session
            staff.emit("staff.session.revoked", staff.branches[0], {"session_id": new_id(), "staff_id": new_id()}, wake=False)
        second, other = house_.gateway()
        house_.redis("SET", name, stale)
        assert everywhere_refused([second], token, 0) and kept(second)[0] == 0 and other.asked > 0


def test_an_answer_that_was_overtaken_by_the_end_is_not_kept(program):
    """staff said yes, then the session ended, then the gateway got the yes: neither it nor another one lets in."""
    with house(program) as house_:
        first, staff = house_.gateway()
        second, _other = house_.gateway()
        token = staff.sign_in(["representative"])
        read, late = staff.handlers["staff.session.read"], []

        def overtaken(request, envelope):
            answer = dict(read(request, envelope))
            if not late:
                late.append(True)
                staff.sessions.pop(token)
                body = {"session_id": answer["session_id"], "staff_id": answer["staff_id"]}
                helper.emit("staff.session.revoked", answer["branch_id"], body)
                time.sleep(0.7)
            return answer

        helper = Service("staff", first, {"staff.session.read": overtaken}, outbox=staff.outbox, credit=1)
        staff.handlers["staff.session.read"] = overtaken
        time.sleep(0.3)
        assert status(first, token) == 401
        assert status(second, token) == 401 and late
        helper.stop()


def test_who_changed_is_asked_about_again_by_all(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        second, other = house_.gateway()
        token = staff.sign_in(["representative"])
        assert status(first, token) == status(second, token) == 200
        session = staff.sessions[token]
        session["functions"] = []
        body = example_event("staff.person.changed")
        body["staff_id"] = session["staff_id"]
        staff.emit("staff.person.changed", staff.branches[1], body)  # in another branch than the session's
        other.to_wake.append(f"staff {uuid.UUID(bytes=staff.branches[1])}".encode())
        assert wait_for(lambda: status(first, token) == status(second, token) == 403, 2)
        third, _newest = house_.gateway()
        assert status(third, token) == 403


def test_a_writer_of_redis_makes_no_actor(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        strong = staff.sign_in(["representative"])
        assert status(first, strong) == 200
        [name] = house_.redis.sessions(1)
        sealed = house_.redis("GET", name)
        weak = staff.sign_in([])
        assert status(first, weak) == 403
        [weak_name] = [one for one in house_.redis.sessions(2) if one != name]
        second, other = house_.gateway()
        for forged in (sealed, sealed[:-1], bytes(len(sealed)), b"", os.urandom(4096), sealed[:24] + os.urandom(len(sealed) - 24)):
            house_.redis("SET", weak_name, forged)
            assert status(second, weak) == 403
            second.kill()
            second.start()
            assert wait_for(lambda: second.try_get("/readyz") == 200)
            assert wait_for(lambda: second.metric('songda_gateway_followed{service="staff"}') == 1)
        assert other.asked >= 5
        stranger, unknown = house_.gateway(session_key_file=house_.key.parent / "other.key")
        assert status(stranger, strong) == 200 and unknown.asked == 1 and kept(stranger)[0] == 0


def test_redis_shows_neither_tokens_nor_people(program):
    with house(program) as house_:
        gateway, staff = house_.gateway()
        token = staff.sign_in(["representative"])
        assert status(gateway, token) == 200
        [name] = house_.redis.sessions(1)
        value, session = house_.redis("GET", name), staff.sessions[token]
        for secret in (token.encode(), session["staff_id"], session["session_id"], session["branch_id"]):
            assert secret not in name + value
        assert 0 < int(house_.redis("TTL", name)) <= 600


def test_a_dead_flushed_or_slow_redis_is_only_a_miss(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        second, other = house_.gateway()
        token = staff.sign_in(["representative"])
        assert status(first, token) == 200 and house_.redis.sessions(1)
        house_.redis("FLUSHALL")
        assert status(second, token) == 200 and other.asked == 1
        first.redis.send_signal(signal.SIGSTOP)
        token, started = staff.sign_in(["representative"]), time.monotonic()
        assert status(first, token) == status(second, token) == 200 and time.monotonic() - started < 0.5
        first.redis.send_signal(signal.SIGCONT)
        token = staff.sign_in(["representative"])
        first.redis.kill()
        first.redis.wait()
        assert status(first, token) == status(second, token) == 200
        revoke(house_, token)
        assert everywhere_refused([first, second], token)


def test_an_expired_session_is_not_found(program):
    with house(program) as house_:
        first, staff = house_.gateway()
        second, other = house_.gateway()
        token = staff.sign_in(["representative"], seconds=1.5)
        assert status(first, token) == 200
        staff.sessions.pop(token)
        time.sleep(1.6)
        assert status(second, token) == status(first, token) == 401 and other.asked == 1


def test_without_a_key_sessions_stay_in_the_process(program):
    with house(program) as house_:
        first, staff = house_.gateway(session_key_file="")
        assert status(first, staff.sign_in(["representative"])) == 200
        time.sleep(0.2)
        assert house_.redis.sessions(0) == []


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
