#!/usr/bin/python3
"""Every operation of schemas/ asked by a person of every function and without a session: the default is no.

A person whose function is not in the permission gets `forbidden`, nobody without a living session gets anything, what is for songda's own
programs is refused to all, and whoever has the permission gets any answer but these. Over HTTP with the schemas' examples as requests; over
the front socket with a request that no shape accepts, so that nothing is done.
"""
import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import CONTRACT, Findings, Front, ask, example_of, functions_of, may, random_token, side_by_side, sign_in  # noqa: E402
from running import PASSWORD, Stack, arguments, check, run_tests, send, test_company, wait_for  # noqa: E402
from songda.client import new_key, retrying  # noqa: E402

CLOSE, OPEN_SESSION = "staff.session.close", "staff.session.open"
NEVER = {"forbidden", "not_signed_in", "operation_unknown", "method_not_allowed", "internal"}
NOBODYS = {"staff.inexistent.read", "leads.customer.delete", "gateway.events.follow", "staff..read", "*.audit.read", ""}


def permission_kind(operation):
    permission = CONTRACT.operations[operation]["permission"]
    return permission if permission in ("public", "signed_in", "service") else "functions"


def request(operation):
    """The example; signing in with a name that nobody has, so that nobody is locked out."""
    fields = example_of(operation)
    return {**fields, "sign_in_name": "nobody-" + new_key()[-12:]} if operation == OPEN_SESSION else fields


def wanted(operation, function):
    """What the answer must be: the error's name, or None for anything but a refusal. `function`: None, nobody is signed in."""
    kind = permission_kind(operation)
    if kind == "service":
        return "operation_unknown"
    if kind == "public":
        return None
    if function is None:
        return "not_signed_in"
    return None if may(function, operation) else "forbidden"


def is_right(expected, error):
    return error == expected if expected else error not in NEVER


class Tests:
    def __init__(self, options):
        self.stack = Stack(options.stack)
        self.company = test_company(options.address)
        self.front = Front(self.stack.show("clients"))
        self.operations = sorted(CONTRACT.operations)
        self.people = dict(zip(CONTRACT.functions, side_by_side(lambda function: sign_in(self.company, f"{function}@SH01")[0], CONTRACT.functions, 2)))
        self.findings = Findings()

    def ask_http(self, kind, cells):
        """cells: (operation, who, client, what must be answered)"""
        def one(cell):
            operation, who, client, expected = cell
            status, error = ask(client, operation, request(operation))
            service = expected == "operation_unknown" and error == "method_not_allowed" and status == 405
            statuses = {"forbidden": 403, "not_signed_in": 401, "operation_unknown": 404}
            right = service or (is_right(expected, error) and (expected is None or status == statuses[expected]))
            name = f"HTTP {kind} {'refused' if expected else 'let in'}"
            self.findings.note(name, right, f"{operation} asked by {who}: {status} {error}, not {expected or 'let in'}")
        side_by_side(one, cells)

    def ask_front(self, kind, cells):
        """The same with a request that has a field no operation knows: what is let in goes no further than that."""
        answers = self.front.ask_all([(operation, client.token, {"zz": 1}) for operation, _, client, _ in cells])
        for (operation, who, _, expected), error in zip(cells, answers):
            right = error == (expected or "field_unknown")
            self.findings.note(f"front socket {kind} {'refused' if expected else 'let in'}", right,
                               f"{operation} asked by {who}: {error}, not {expected or 'field_unknown'}")

    def function_cells(self):
        return [(operation, function, client, wanted(operation, function)) for operation in self.operations if operation != CLOSE
                for function, client in self.people.items()]

    def functions_http(self):
        self.ask_http("function", self.function_cells())
        self.findings.settle("HTTP function")

    def functions_front(self):
        self.ask_front("function", self.function_cells())
        self.findings.settle("front socket function")

    def without_session(self, kind, client, operations=None):
        cells = [(operation, kind, client, wanted(operation, None)) for operation in operations or self.operations]
        self.ask_http(kind, cells)
        self.ask_front(kind, cells)
        self.findings.settle(f"HTTP {kind}", f"front socket {kind}")

    def none(self):
        self.without_session("no session", self.company.plain)

    def unknown_token(self):
        for token in (random_token(), "", "x", "A" * 43, "../" * 14 + "a", "é" * 43):
            client = self.company.plain.with_token(token.encode().decode("latin-1"))
            status, error = ask(client, "staff.person.list", {})
            check((status, error) == (401, "not_signed_in"), f"token {token!r}: {status} {error}")
        self.without_session("unknown token", self.company.plain.with_token(random_token()))

    def ends_within_a_second(self, client, what):
        started = time.monotonic()
        wait_for(lambda: ask(client, "staff.person.list", {})[0] == 401, 5, f"{what}: the session lives on")
        took = time.monotonic() - started
        check(took < 1, f"{what}: effective after {took:.2f} s")

    def revoked(self):
        client, session = sign_in(self.company, "everything@ZB")
        check(ask(client, "staff.person.list", {})[0] == 200, "the session was not good before")
        send(self.company.client("it_administrator@ZB"), "staff.session.revoke", {"session_id": session})
        self.ends_within_a_second(client, "revoked")
        self.without_session("revoked", client)

    def expired(self):
        client, session = sign_in(self.company, "everything@ZB")
        self.stack.sql(f"UPDATE staff.session SET expires_at = now() - interval '1 second' WHERE session_id = '{session}'")
        self.without_session("expired", client)

    def idle(self):
        client, session = sign_in(self.company, "everything@ZB")
        self.stack.sql(f"UPDATE staff.session SET seen_at = now() - interval '90 days' WHERE session_id = '{session}'")
        self.without_session("idle", client, self.operations[::5])

    def somebody(self):
        """A person of all functions, hired for this."""
        name = f"t{new_key()[-10:]}"
        self.company.hire(name, "ZB", CONTRACT.functions, "general_manager@ZB")
        return f"{name}@ZB"

    def suspended(self):
        name = self.somebody()
        client, _ = sign_in(self.company, name)
        check(ask(client, "staff.person.list", {})[0] == 200, "the session was not good before")
        send(self.company.client("it_administrator@ZB"), "staff.person.suspend", {"staff_id": self.company.ids[name], "reason": "调查"})
        self.ends_within_a_second(client, "suspended")
        self.without_session("suspended", client, self.operations[::5])
        status, reply = retrying(lambda: self.company.plain.call(OPEN_SESSION, {"sign_in_name": name, "password": PASSWORD}))
        check(reply.get("error") == "sign_in_refused", f"a suspended person signs in: {status} {reply}")

    def temporary(self):
        """Until a temporary password is changed a session has no function."""
        name = self.somebody()
        administrator = self.company.client("it_administrator@ZB")
        send(administrator, "staff.password.set", {"staff_id": self.company.ids[name], "password": PASSWORD + "x", "is_temporary": True})
        reply = send(self.company.plain, OPEN_SESSION, {"sign_in_name": name, "password": PASSWORD + "x"})
        client = self.company.plain.with_token(reply["token"])
        cells = [(operation, "a temporary password", client, "forbidden") for operation in self.operations if functions_of(operation) is not None]
        self.ask_http("temporary password", cells)
        self.findings.settle("HTTP temporary password")

    def function_taken(self):
        """A function that is taken away is gone within a second, in sessions that are open too."""
        name = self.somebody()
        client, _ = sign_in(self.company, name)
        check(ask(client, "staff.audit.search", {"limit": 1})[0] == 200, "the function was not there before")
        for function in ("general_manager", "discipline_officer", "it_administrator"):
            send(self.company.client("it_administrator@ZB"), "staff.function.revoke", {"staff_id": self.company.ids[name], "function": function})
        started = time.monotonic()
        wait_for(lambda: ask(client, "staff.audit.search", {"limit": 1}) == (403, "forbidden"), 5, "the function is still there")
        check(time.monotonic() - started < 1, f"effective after {time.monotonic() - started:.2f} s")

    def unknown_operations(self):
        client = self.company.client("everything@ZB")
        names = sorted(NOBODYS)
        answers = self.front.ask_all([(name, client.token, {}) for name in names])
        check(set(answers) == {"operation_unknown"}, f"{dict(zip(names, answers))}")

    def closing(self):
        """Everybody signed in may sign out; afterwards the session is nobody's."""
        self.ask_http("signing out", [(CLOSE, function, client, None) for function, client in self.people.items()])
        for function, client in self.people.items():
            self.ends_within_a_second(client, f"signed out as {function}")
        self.ask_http("signed out", [(operation, function, client, wanted(operation, None)) for operation in self.operations
                                     for function, client in self.people.items() if permission_kind(operation) == "functions"
                                     and function == min(functions_of(operation))])
        self.findings.settle("HTTP signing out", "HTTP signed out")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("every operation × every function, over HTTP", tests.functions_http),
                      ("every operation × every function, over the front socket", tests.functions_front),
                      ("every operation without a session", tests.none), ("every operation with an unknown token", tests.unknown_token),
                      ("every operation with a revoked session", tests.revoked), ("every operation with an expired session", tests.expired),
                      ("operations with a session that was not used for long", tests.idle),
                      ("operations asked by somebody suspended", tests.suspended),
                      ("every operation before a temporary password is changed", tests.temporary),
                      ("a function taken away is gone at once", tests.function_taken),
                      ("operations that do not exist", tests.unknown_operations), ("everybody signs out", tests.closing)], options.only)


if __name__ == "__main__":
    sys.exit(main())
