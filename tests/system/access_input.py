#!/usr/bin/python3
"""Hostile texts in every text field of every operation: the answer is ok or a refusal, never an internal error, and nobody dies of it.

What is stored comes back as it was sent (NFC, trimmed); the programs keep their pids and do not grow.
"""
import itertools
import pathlib
import random
import sys
import unicodedata

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from asking import CONTRACT, Findings, example_of, functions_of, request_of, side_by_side, type_of  # noqa: E402
from running import SERVICES, Stack, arguments, check, run_tests, send, test_company  # noqa: E402
from songda.client import retrying  # noqa: E402

SQL = ["'", "''", '"', "';--", "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE customer; --", "\\'; SELECT pg_sleep(9); --", "1; SELECT 1", "$$", "$1", ":branch_id",
       "%", "_", "%%%", "\\", "\\\\", "\\x27", "E'\\''", "') UNION SELECT NULL --", "x' AND pg_sleep(5) IS NULL --", "{}", "{NULL}", "NULL", "nextval('x')",
       "\\copy x to program 'id'", "/* */", "--", "||", "'||(SELECT version())||'", "*", "current_setting('songda.branches')"]
LINES = ["a\r\nX-Injected: 1", "a\nb", "a\rb", "\r\n\r\n<html>", "a\r\n{\"level\":\"error\"}", "a\u2028b", "a\u2029b", "a\u0085b", "\tx", "a\x0bb", "a\x0cb"]
CONTROLS = ["\x00", "a\x00b", "\x01\x02", "\x07", "\x1b[31mred", "\x7f", "\u0080", "\u009f", "\ufeffx", "\ufffe", "\uffff", "\u202eabc", "\u202dabc\u202c", "\u2066x\u2069",
            "\u200b", "a\u200db", "\u200f", "\u061c", "\u00ad", "\ufff9", "\U000e0001", "\U0010ffff"]
UNICODE = ["\U0001f69a送达", "\U00020000", "𠮷野家", "e\u0301", "\u1e9b\u0323", "ﬁ", "Å\u212b", "각\u1112\u1161\u11ab", "́x", "a" + "\u0301" * 150, "👨‍👩‍👧‍👦", "İıſK", "ß", "ａｂｃ",
           "  x  ", "\u3000x\u3000", "\u00a0", " ", "۱۲۳", "﷽" * 30, "\ud7ff", "\ue000"]
MARKUP = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;", "&#0;", "\"><svg/onload=1>", "javascript:alert(1)", "{{7*7}}", "${7*7}", "<!--", "]]>",
          "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "#{1}"]
FORMULAS = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1"]
PATHS = ["../../etc/passwd", "..%2f..%2f", "/etc/passwd", "..\\..\\x", "file:///etc/passwd", ".", "..", "a/../b", "%00", "%2e%2e", "%0d%0a", "%s%n%x", "`id`", "$(id)", "|id", ";id"]
NUMBERS = ["0", "-0", "1e309", "NaN", "9223372036854775808", "0x10", "true", "null", "[]", "\"", "{\"a\":1}"]
LONG = ["x" * 199, "长" * 200, "x" * 201, "\U0001f69a" * 2000, "y" * 70000]
TEXTS = SQL + LINES + CONTROLS + UNICODE + MARKUP + FORMULAS + PATHS + NUMBERS + LONG
SENDS_MORE = {"staff.session.open", "staff.session.close", "staff.password.change", "staff.password.set", "staff.company.found"}
GENERAL = {"malformed", "field_unknown", "field_missing", "field_doubled", "field_type", "field_range", "field_length", "field_value", "text_invalid", "not_found",
           "conflict", "overflow", "reason_missing", "number_unknown", "number_used", "number_void", "setting_unknown", "body_too_large", "operation_unknown",
           "method_not_allowed", "approval_closed", "approval_not_yours", "approval_own", "header_too_large"}
GROWTH = 32 << 20
PER_FIELD = 12  # of the texts, others for each field; all of them in the fields that are read back


def text_paths(operation):
    """The text fields of a request as paths of names, in objects and lists too."""
    entry = CONTRACT.operations[operation]

    def walk(fields, before):
        for name, field in fields.items():
            scalar, declared = type_of(entry["service"], field.get("list") or field["type"])
            if "fields" in declared:
                yield from walk(declared["fields"], before + (name,))
            elif scalar == "text" and "enum" not in declared:
                yield before + (name,)
    return list(walk(entry.get("request", {}), ()))


def with_text(value, path, text):
    """The request with this text at the path, in the first element of lists."""
    if isinstance(value, list):
        return [with_text(value[0], path, text), *value[1:]] if value else [text] if not path else value
    return text if not path else {**value, path[0]: with_text(value.get(path[0]), path[1:], text)} if isinstance(value, dict) else value


class Tests:
    def __init__(self, options):
        self.stack, self.seed = Stack(options.stack), random.SystemRandom().randrange(10**6)
        self.company, self.random, self.findings = test_company(options.address), random.Random(self.seed), Findings()
        self.before = self.stack.status()

    def client(self, operation):
        functions, example = functions_of(operation), CONTRACT.operations[operation].get("example", {}).get("as")
        return self.company.client(f"{example if example and (functions is None or example in functions) else min(functions or {'clerk'})}@SH01")

    def everywhere(self):
        """Each text field of each operation gets its share of the texts, so that every text is in many fields."""
        check(len(TEXTS) > 100, "too few texts")
        turn, cases = itertools.cycle(self.random.sample(TEXTS, len(TEXTS))), []
        for operation, entry in sorted(CONTRACT.operations.items()):
            if entry["permission"] == "service" or operation in SENDS_MORE:
                continue
            base = {**request_of(entry["service"], entry.get("request", {}), True), **example_of(operation)}
            for path in text_paths(operation):
                cases += [(operation, path, with_text(base, path, text), text) for text in itertools.islice(turn, PER_FIELD)]

        def one(case):
            operation, path, request, text = case
            status, reply = retrying(lambda: self.client(operation).call(operation, request), 30)
            error = reply.get("error", "ok") if isinstance(reply, dict) else "ok"
            allowed = status < 300 or status == 414 or status < 500 and error in GENERAL | set(CONTRACT.operations[operation].get("errors", []))
            self.findings.note("text", allowed, f"{operation} {'.'.join(path)} = {text[:40]!r}: {status} {error}")
        side_by_side(one, cases, 4)
        print(f"        seed {self.seed}")
        self.findings.settle("text")

    def read_back(self):
        """All of them as a depot's name: what was taken comes back as it was sent, or nothing was taken."""
        writer = self.company.client("dispatcher@SH01")
        for number, text in enumerate(TEXTS):
            code = f"{self.random.randrange(36**5):05x}"[:5] + f"{number:03}"
            status, reply = retrying(lambda: writer.call("dispatch.depot.create", {"code": code, "name": text, "address": "路"}))
            if status >= 300:
                self.findings.note("refused text", status < 500, f"{text[:40]!r}: {status} {reply}")
                continue
            depots = send(writer, "dispatch.depot.list", {})["items"]
            found = [depot["name"] for depot in depots if depot["depot_id"] == reply["depot_id"]]
            same = unicodedata.normalize("NFC", text)
            self.findings.note("stored text", found and found[0] in (same, same.strip()), f"{text[:40]!r} came back as {found}")
        self.findings.settle("refused", "stored")

    def alive(self):
        after = self.stack.status()
        for name, (pid, size, health) in after.items():
            if name.rsplit("-", 1)[0] in [*SERVICES, "gateway"]:
                grown = (size - self.before[name][1]) * 1024
                self.findings.note("program", pid == self.before[name][0] and health == "ready" and grown < GROWTH,
                                   f"{name}: pid {self.before[name][0]} → {pid}, {health}, grown by {grown >> 20} MiB")
        self.findings.settle("program")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("hostile texts in every text field", tests.everywhere), ("what is stored comes back", tests.read_back),
                      ("the programs live on and have not grown", tests.alive)], options.only)


if __name__ == "__main__":
    sys.exit(main())
