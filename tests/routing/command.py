#!/usr/bin/env python3
"""songda-route as people run it: every form it reads, what it prints, and what it says of what it cannot read.

    command.py SONGDA-ROUTE
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

DATA = pathlib.Path(__file__).resolve().parents[1] / "data" / "routing"
PROBLEM = {
    "products": 2, "coordinates": [[121.40, 31.20], [121.50, 31.25], [121.45, 31.30]], "detour": 1300, "speed": [[3000, 20000], [9000, 40000]],
    "stops": [{"id": "A", "site": 1, "demand": [3, 4], "service": 300, "windows": [[28800, 36000]], "required": ["adr"]},
              {"id": "B", "site": 2, "demand": [1, 0]}, {"id": "C", "site": 2, "demand": [90, 0]}],
    "vehicles": [{"id": "V1", "capacity": [10, 10], "properties": ["adr"], "start_site": 0, "end_site": 0, "shift": [28800, 61200], "cost_per_km": 180}]}


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def check(is_true, *what):
    if not is_true:
        raise SystemExit(f"not true: {what}")


def reads_cvrplib(program):
    words = [DATA / "X-n101-k25.vrp", "--effort", 3000000]
    code, printed, _ = run(program, *words, "--seed", 2)
    lines = printed.splitlines()
    stops = [int(stop) for line in lines[:-1] for stop in re.fullmatch(r"Route #\d+: ([\d ]+)", line).group(1).split()]
    check(code == 0 and sorted(stops) == list(range(1, 101)), lines)
    check(re.fullmatch(r"Cost \d+", lines[-1]) and 27591 <= int(lines[-1].split()[1]) < 29500, lines[-1])
    check(run(program, *words, "--seed", 2)[1] == printed, "the same seed gives another plan")
    check(run(program, *words, "--seed", 3)[1] != printed, "another seed gives the same plan")


def reads_solomon(program):
    code, printed, _ = run(program, DATA / "C103.txt", "--seconds", 0.05)
    check(code == 0 and re.fullmatch(r"Cost \d+\.\d", printed.splitlines()[-1]), printed[-80:])


def reads_json(program, folder):
    path = folder / "problem.json"
    path.write_text(json.dumps(PROBLEM))
    code, printed, _ = run(program, path, "--effort", 100000, "--json")
    plan = json.loads(printed)
    visits = {visit["stop"]: visit for route in plan["routes"] for visit in route["visits"]}
    check(code == 0 and set(visits) == {"A", "B"} and visits["A"]["arrival"] >= 28800, plan)
    check([(one["stop"], one["reason"], one["amount"]) for one in plan["left_out"]] == [("C", "capacity", 84)], plan["left_out"])


def refuses(program, folder):
    for name, wrong in {"no vehicle": {"vehicles": []}, "negative": {"stops": [{"site": 1, "demand": [-1, 0]}]},
                        "window": {"stops": [{"site": 1, "demand": [1, 0], "windows": [[50, 40]]}]}}.items():
        path = folder / "wrong.json"
        path.write_text(json.dumps({**PROBLEM, **wrong}))
        code, printed, error = run(program, path)
        check(code == 1 and printed == "" and error.startswith("songda-route: "), name, error)
    check(run(program)[0] == 2, "without a file")


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        reads_cvrplib(program)
        reads_solomon(program)
        reads_json(program, pathlib.Path(folder))
        refuses(program, pathlib.Path(folder))


if __name__ == "__main__":
    main()
