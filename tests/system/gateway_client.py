"""The command line client against played services: sessions, calls, imports, events, exit codes."""
import json
import os
import pathlib
import stat
import subprocess
import sys
import time

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_company import CUSTOMER, company  # noqa: E402
from standin import CONTRACT, Refusal, Silence, find_program, run_tests, wait_for  # noqa: E402


def client_program(program):
    places = [pathlib.Path(program).with_name("songda"), pathlib.Path(find_program([])).with_name("songda")]
    stack = pathlib.Path(program).parents[1] / "stack.conf"
    if stack.exists():  # the build folder that its programs came from
        built = next(line for line in stack.read_text().splitlines() if line.startswith("programs = "))
        places.append(pathlib.Path(built.removeprefix("programs = ")) / "services" / "gateway" / "songda")
    for place in places:
        if place.exists():
            return str(place)
    raise FileNotFoundError("songda is not built")


class Person:
    def __init__(self, program, gateway):
        self.program, self.gateway = client_program(program), gateway
        self.session = gateway.folder / "home" / "session"

    def environment(self):
        return {**os.environ, "SONGDA_GATEWAY": f"127.0.0.1:{self.gateway.port}", "SONGDA_FRONT": self.gateway.clients,
                "SONGDA_SESSION": str(self.session), "LANG": "en_GB.UTF-8"}

    def run(self, *words, text=None):
        done = subprocess.run([self.program, *words], input=text, env=self.environment(), capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def sign_in(self):
        code, out, err = self.run("sign-in", "wangfang", text="right\n")
        assert code == 0, err
        return out


def test_a_session_is_kept_where_only_its_owner_reads(program):
    with company(program) as (gateway, staff, leads):
        person = Person(program, gateway)
        assert person.run("call", "leads.customer.read", f"customer_id={CUSTOMER}")[0] == 3
        assert person.run("sign-in", "wangfang", text="wrong\n")[0] in (1, 3)
        person.sign_in()
        assert stat.S_IMODE(person.session.stat().st_mode) == 0o600
        assert not stat.S_IMODE(person.session.parent.stat().st_mode) & 0o077
        assert person.run("sign-out")[0] == 0 and not person.session.exists()


def test_any_operation_is_called_by_its_name(program):
    with company(program) as (gateway, staff, leads):
        person = Person(program, gateway)
        person.sign_in()
        for session in staff.sessions.values():
            session["functions"] = CONTRACT.functions
        code, out, err = person.run("call", "leads.customer.read", f"customer_id={CUSTOMER}")
        assert code == 0 and json.loads(out)["customer_id"] == CUSTOMER, err
        code, out, _ = person.run("call", "leads.customer.read", "--json", "-", text=json.dumps({"customer_id": CUSTOMER}))
        assert code == 0 and json.loads(out)["customer_id"] == CUSTOMER
        code, out, _ = person.run("call", "leads.customer.read", f"customer_id={CUSTOMER}", "--output", "table")
        assert code == 0 and f"customer_id              {CUSTOMER}" in out, out
        write = next(name for name, item in CONTRACT.operations.items() if item["service"] == "leads" and item["effect"] == "write"
                     and item["permission"] not in ("service", "public") and "request" in item.get("example", {}))
        code, out, err = person.run("call", write, "--json", json.dumps(CONTRACT.operations[write]["example"]["request"]))
        assert code == 0 and leads.envelopes[-1]["key"], (write, err)
        key = "01976f2a-7c00-7000-8000-00000000abcd"
        person.run("call", write, "--key", key, "--json", json.dumps(CONTRACT.operations[write]["example"]["request"]))
        assert leads.envelopes[-1]["key"].hex() == key.replace("-", "")


def test_every_outcome_has_its_exit_code(program):
    with company(program) as (gateway, staff, leads):
        person = Person(program, gateway)
        person.sign_in()
        for session in staff.sessions.values():
            session["functions"] = CONTRACT.functions
        read = ("call", "leads.customer.read", f"customer_id={CUSTOMER}")

        def refuse(name):
            def handler(_request, _envelope):
                raise Refusal(name, "7")
            leads.handlers["leads.customer.read"] = handler

        refuse("setting_unknown")
        code, _, err = person.run(*read)
        assert code == 1 and "There is no setting 7" in err, err
        code, _, err = person.run(*read, "--language", "zh")
        assert "没有设置项 7" in err
        refuse("conflict")
        assert person.run(*read)[0] == 4
        refuse("internal")
        assert person.run(*read)[0] == 5
        for wrong in (("call",), ("call", "no.such.thing"), ("call", "leads.customer.read"), ("dance",), (),
                      ("call", "leads.customer.read", "customer_id=7"), ("call", "leads.customer.read", "nothing=7"),
                      ("--nonsense",), ("call", "staff.session.read", "token=x")):
            assert person.run(*wrong)[0] == 2, wrong
        code, out, _ = person.run("--help")
        assert code == 0 and "Exit codes" in out
        code, out, _ = person.run("operations", "customer")
        assert code == 0 and "leads.customer.read" in out and "events.read" not in out
        assert "customer_id" in person.run("describe", "leads.customer.read")[1]


def test_without_a_gateway_it_says_so(program):
    with company(program) as (gateway, staff, leads):
        person = Person(program, gateway)
        person.sign_in()

        def silent(_request, _envelope):
            raise Silence

        leads.handlers["leads.customer.read"] = silent
        for session in staff.sessions.values():
            session["functions"] = CONTRACT.functions
        started = time.monotonic()
        assert person.run("call", "leads.customer.read", f"customer_id={CUSTOMER}")[0] == 5
        assert 3.5 < time.monotonic() - started < 5
        environment = person.environment()
        environment["SONGDA_FRONT"] = "tcp://127.0.0.1:1"
        done = subprocess.run([person.program, "call", "leads.customer.read", f"customer_id={CUSTOMER}"], env=environment,
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 6 and "no answer" in done.stderr


def test_a_file_is_imported_in_portions_and_safely_repeated(program):
    with company(program) as (gateway, staff, leads):
        person = Person(program, gateway)
        person.sign_in()
        for session in staff.sessions.values():
            session["functions"] = CONTRACT.functions

        def run(request, envelope):
            rows = request["csv"].rstrip("\n").split("\n")[1:]
            assert request["csv"].startswith("name,phone,note\n") and len(rows) <= 500
            leads.seen.append((envelope["key"], len(rows)))
            return {"rows": [{"row": i + 1, "name": row.split(",")[0], "outcome": "created"} for i, row in enumerate(rows)],
                    "created": len(rows), "taken": 0, "invalid": 0}

        leads.seen = []
        outcomes = CONTRACT.service_types["leads"]["import_outcome"]["enum"]
        assert "created" in outcomes, outcomes
        leads.handlers["leads.import.run"] = run
        file = gateway.folder / "leads.csv"
        file.write_text("name,phone,note\n" + "".join(f'客户{i},1381234{i:04d},"a, ""b"""\n' for i in range(1203)))
        code, out, err = person.run("import", str(file), "--source", "list")
        assert code == 0 and "created 1203" in err, err
        assert [json.loads(line)["row"] for line in out.splitlines()] == list(range(1, 1204))
        first, leads.seen = leads.seen, []
        assert [count for _, count in first] == [500, 500, 203]
        assert person.run("import", str(file), "--source", "list")[0] == 0
        assert leads.seen == first, "the same file has the same keys"
        assert person.run("import", str(file), "--source", "nonsense")[0] == 2
        file.write_text('name,phone\n"broken\n')
        assert person.run("import", str(file))[0] == 2


def test_events_are_followed_over_breaks(program):
    with company(program) as (gateway, staff, leads):
        person = Person(program, gateway)
        person.sign_in()
        for session in staff.sessions.values():
            session["functions"] = CONTRACT.functions
        time.sleep(1.2)
        follower = subprocess.Popen([person.program, "events", "--follow", "--services", "leads"], env=person.environment(),
                                    stdout=subprocess.PIPE, text=True)
        assert wait_for(lambda: gateway.metric("songda_gateway_streams") == 1)
        leads.emit("leads.lead.assigned", staff.branches[0])
        assert json.loads(follower.stdout.readline())["number"] == 1
        gateway.kill()
        leads.emit("leads.lead.assigned", staff.branches[0], wake=False)
        gateway.start()
        assert json.loads(follower.stdout.readline())["number"] == 2
        follower.kill()
        follower.wait()
        code, out, err = person.run("events", "--services", "leads")
        assert code == 0 and out == "", out
        last = err.split("--after ")[1].strip()
        leads.emit("leads.lead.assigned", staff.branches[0])
        time.sleep(0.3)
        code, out, _ = person.run("events", "--services", "leads", "--after", last)
        assert [json.loads(line)["number"] for line in out.splitlines()] == [3]
        code, out, _ = person.run("events", "--services", "leads", "--after", last, "--output", "table")
        assert "leads.lead.assigned" in out
        person.run("sign-out")
        assert person.run("events")[0] == 3


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
