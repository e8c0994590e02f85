#!/usr/bin/env python3
"""Plays scenario files against a running stack in test mode: run.py --address HOST:PORT [FILE or FOLDER …]

Ends with a line "N passed, N failed"; a file is one test.
"""
import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "ops" / "python"))

from language import ScenarioError
from scenario import Scenario
from songda.client import EventTap
from songda.company import Company
from songda.contract import Contract

PASSWORD = "songda-test-2026"


def files(paths):
    for path in paths or [HERE]:
        path = pathlib.Path(path)
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*.txt") if found.parent.name != "lib")
        else:
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True, help="of the gateway, e.g. 127.0.0.1:8080")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    company = Company(Contract(), options.address, PASSWORD)
    company.hire("everything", "ZB", company.contract.functions, "general_manager@ZB")
    company.adopt_rule_book()
    company.tap = EventTap(company.client("everything@ZB"))
    passed, failures = 0, []
    for path in files(options.paths):
        start = time.monotonic()
        name = path.resolve().relative_to(HERE) if path.resolve().is_relative_to(HERE) else path
        try:
            Scenario(company, path).play()
            passed += 1
            print(f"ok      {name} ({time.monotonic() - start:.1f} s)", flush=True)
        except ScenarioError as error:
            failures.append(name)
            print(f"FAILED  {name}\n  {error}", flush=True)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
