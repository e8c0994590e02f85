#!/usr/bin/python3
"""Every operation's example of schemas/ is sent to a running company as the function it names.

The answer must be ok, with the fields that the schema declares and no others, or an error that the operation declares, or one that any
well-formed request may get (there is no such thing, such a number, …). Operations for other programs only must be refused.
"""
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import CONTRACT, PASSWORD, arguments, check, run_tests, test_company  # noqa: E402
from songda.client import retrying  # noqa: E402

# what any well-formed, permitted request may get besides its own declared errors
ANY = {"not_found", "conflict", "number_unknown", "number_used", "number_void", "reason_missing", "setting_unknown"}
APPROVAL = {"approval_closed", "approval_not_yours", "approval_own"}
ENDS_SESSION = {"staff.session.close", "staff.password.change"}


def client_of(company, operation, function):
    if function is None:
        return company.plain
    person = next((name for name in (f"{function}@SH01", f"{function}@ZB") if name in company.ids), None)
    check(person, f"the example's function {function} has nobody in the test company")
    if operation not in ENDS_SESSION:
        return company.client(person)
    opened = company.must(company.plain, "staff.session.open", {"sign_in_name": person, "password": PASSWORD}, None)
    return company.plain.with_token(opened["token"])


def check_reply(entry, reply):
    declared = entry.get("reply", {})
    missing = {name for name, field in declared.items() if not field.get("optional") and name not in reply}
    check(not missing, f"the reply lacks {sorted(missing)}: {reply}")
    check(set(reply) <= set(declared), f"the reply has undeclared {sorted(set(reply) - set(declared))}")


def send_example(company, operation, entry):
    example = entry.get("example", {"as": "it_administrator", "request": {}})
    client = client_of(company, operation, example.get("as"))
    status, reply = retrying(lambda: client.call(operation, example["request"]))
    if 200 <= status < 300:
        check_reply(entry, reply)
        return
    check(isinstance(reply, dict) and "error" in reply, f"{status} {reply}")
    allowed = set(entry.get("errors", [])) | ANY | (APPROVAL if ".approval." in operation else set())
    check(reply["error"] in allowed, f"{status} {reply['error']} ({reply.get('detail')}, field {reply.get('field')}) is not declared")
    check(reply["status"] == status and reply["title"] and reply["class"] in ("no", "retry", "unknown") and reply["trace"], f"{reply}")


def must_not_be_callable(company, operation, entry):
    fields = entry.get("example", {}).get("request", {})
    client = company.client("everything@ZB")
    status, reply = retrying(lambda: client.call(operation, fields))
    check(status in (404, 405) and reply["error"] in ("operation_unknown", "method_not_allowed"), f"{status} {reply}")


def main():
    options = arguments(__doc__).parse_args()
    company = test_company(options.address)
    tests = []
    for operation, entry in sorted(CONTRACT.operations.items(), key=lambda item: random.Random(item[0]).random()):
        if entry["permission"] == "service":
            tests.append((operation, lambda operation=operation, entry=entry: must_not_be_callable(company, operation, entry)))
        elif "example" in entry or not entry.get("request"):
            tests.append((operation, lambda operation=operation, entry=entry: send_example(company, operation, entry)))
    return run_tests(tests, options.only)


if __name__ == "__main__":
    sys.exit(main())
