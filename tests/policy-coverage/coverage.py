#!/usr/bin/env python3
"""Which requirement of the policies is carried out by which operations and events, and proved by which tests.

  coverage.py            writes README.md, the table
  coverage.py --check    fails when the table is not up to date, when something cites a requirement that does not exist, and when a
                         requirement that an operation carries out has no test that cites it
Ends with "N passed, N failed".
"""
import argparse
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NUMBER = re.compile(r"(?<![A-Za-z0-9_])([SLCDRAPBX]\d{1,2})(?![A-Za-z0-9_])")
TESTS = ["tests/scenarios/**/*.txt", "tests/unit/*.c", "tests/system/*.py", "tests/routing/*", "ops/invariants/**/*.sql"]
HEAD = """# Requirements, operations, tests
Made by `tests/policy-coverage/coverage.py`; the tests fail when it is not up to date. A requirement without operations is not built yet.

| no. | requirement | operations and events | tests |
|---|---|---|---|
"""


def operations():
    """number -> names of the operations and events that cite it."""
    found = {}
    for path in sorted((ROOT / "schemas").glob("*/*.*.json")):
        if path.parent.name == "gen":
            continue
        item = json.loads(path.read_text(encoding="utf-8"))
        for number in item.get("policy", []):
            found.setdefault(number, []).append(item.get("operation") or item.get("event"))
    return found


def comment_of(line, suffix):
    """What a line says to its reader: comments, and in unit tests the opening sentence."""
    mark = {".txt": "#", ".sql": "--", ".py": "#", ".c": "*"}.get(suffix, "#")
    return line.split(mark, 1)[1] if mark in line else (line if '"""' in line else "")


def tests():
    """number -> test files that cite it."""
    found = {}
    for pattern in TESTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_dir() or "lib" in path.parts:
                continue
            text = "\n".join(comment_of(line, path.suffix) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
            for number in set(NUMBER.findall(text)):
                found.setdefault(number, []).append(str(path.relative_to(ROOT)))
    return found


def table(requirements, done, proved):
    rows = []
    for number, text in requirements.items():
        names = "<br>".join(f"`{name}`" for name in done.get(number, []))
        files = "<br>".join(f"[{pathlib.Path(name).name}](../../{name})" for name in proved.get(number, []))
        rows.append(f"| {number} | {text} | {names} | {files} |")
    return HEAD + "\n".join(rows) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    requirements = json.loads((HERE / "requirements.json").read_text(encoding="utf-8"))
    done, proved = operations(), tests()
    text = table(requirements, done, proved)
    if not options.check:
        (HERE / "README.md").write_text(text, encoding="utf-8")
        return 0
    faults = [f"{number} is cited by {name} but is no requirement" for number, names in done.items() if number not in requirements for name in names]
    faults += [f"{number} is carried out by {done[number][0]} but no test cites it" for number in done if number in requirements and number not in proved]
    if (HERE / "README.md").read_text(encoding="utf-8") != text:
        faults.append("README.md is not up to date: run tests/policy-coverage/coverage.py")
    for fault in faults:
        print(f"FAILED  {fault}")
    print(f"{len(done) + 1 - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
