#!/usr/bin/python3
"""Checks asvs.md, the table of the OWASP ASVS 5.0: every requirement of levels 1 and 2 stands in it once, and what it names is there.

Usage: asvs.py [root of the tree]. Prints what is wrong, one per line; exits 1 when there is any.
"""
import collections
import pathlib
import re
import sys

PLACE = "tests/access/asvs.md"
# The level of each requirement of a section in its order, of the published version 5.0.0: V1.5 has three, of levels 1, 2 and 3.
LEVELS = {
    "V1.1": "22", "V1.2": "1111122223", "V1.3": "112222222223", "V1.4": "222", "V1.5": "123",
    "V2.1": "122", "V2.2": "112", "V2.3": "12223", "V2.4": "23",
    "V3.1": "3", "V3.2": "113", "V3.3": "12223", "V3.4": "11222233", "V3.5": "11122333", "V3.6": "3", "V3.7": "22333",
    "V4.1": "12233", "V4.2": "23333", "V4.3": "22", "V4.4": "1222",
    "V5.1": "2", "V5.2": "112333", "V5.3": "113", "V5.4": "222",
    "V6.1": "122", "V6.2": "111111112222", "V6.3": "11223333", "V6.4": "112233", "V6.5": "22222333", "V6.6": "2223", "V6.7": "33", "V6.8": "2222",
    "V7.1": "222", "V7.2": "1111", "V7.3": "22", "V7.4": "11222", "V7.5": "223", "V7.6": "22",
    "V8.1": "1233", "V8.2": "1123", "V8.3": "133", "V8.4": "23",
    "V9.1": "111", "V9.2": "1222",
    "V10.1": "22", "V10.2": "223", "V10.3": "22223", "V10.4": "1111122222233333", "V10.5": "22222", "V10.6": "22", "V10.7": "222",
    "V11.1": "2233", "V11.2": "22233", "V11.3": "11233", "V11.4": "1222", "V11.5": "23", "V11.6": "23", "V11.7": "33",
    "V12.1": "12233", "V12.2": "11", "V12.3": "22223",
    "V13.1": "2333", "V13.2": "222223", "V13.3": "2233", "V13.4": "1222233",
    "V14.1": "22", "V14.2": "12223333", "V14.3": "122",
    "V15.1": "12233", "V15.2": "12233", "V15.3": "1222222", "V15.4": "3333",
    "V16.1": "2", "V16.2": "22222", "V16.3": "2222", "V16.4": "222", "V16.5": "2223",
    "V17.1": "23", "V17.2": "22223333", "V17.3": "22",
}
# of the table's third column, and of the summary's columns
STATES = ("met", "partly", "edge", "not met", "none")
NEEDS_EVIDENCE = {"met", "partly"}
EVIDENCE = re.compile(r"`([\w./-]+)(?:: ([^`]+))?`")
FILE = re.compile(r"^(?!/).*/|^[\w-]+\.(?:md|build|yml)$")  # not `/api`, `map_tiles`
SUMMARY = re.compile(r"^\| ([12]) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def wanted():
    """number → level, of levels 1 and 2, in their order."""
    return {f"{section}.{place}": int(level) for section, levels in LEVELS.items()
            for place, level in enumerate(levels, 1) if level != "3"}


def numbers_of(cell, levels):
    """`V4.3.1, V4.3.2` or `V10.1.1 – V10.7.3`: all of levels 1 and 2 between."""
    order = list(levels)
    for part in cell.split(", "):
        first, _, last = part.partition(" – ")
        if first in levels and (last or first) in levels:
            yield from order[order.index(first):order.index(last or first) + 1]
        else:
            yield part


def rows_of(text):
    for line in text.splitlines():
        if line.startswith("| V"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def evidence_of(root, cell):
    """(how many things are named, what is not there)."""
    wrong, count = [], 0
    for path, name in EVIDENCE.findall(cell):
        if not FILE.search(path):
            continue
        count += 1
        if not (root / path).is_file():
            wrong.append(f"there is no file {path}")
        elif name and not re.search(rf"\b{name}\b" if re.fullmatch(r"\w+", name) else re.escape(name), (root / path).read_text(encoding="utf-8")):
            wrong.append(f"{path} has no '{name}'")
    return count, wrong


def check_row(root, row):
    if len(row) != 4:
        return [f"{len(row)} cells, not 4"]
    _, _, state, reason = row
    count, wrong = evidence_of(root, reason)
    if state not in STATES:
        wrong.append(f"'{state}' is none of {', '.join(STATES)}")
    if state in NEEDS_EVIDENCE and not count:
        wrong.append(f"{state}, and nothing is named that shows it")
    if state not in NEEDS_EVIDENCE and len(reason) < 10:
        wrong.append(f"{state}, and it is not said why")
    return wrong


def check(root, text):
    """All that is wrong, as lines to print."""
    levels, seen, counts, wrong = wanted(), [], collections.Counter(), []
    first = []  # of each row
    for row in rows_of(text):
        wrong += [f"{row[0]}: {what}" for what in check_row(root, row)]
        numbers = list(numbers_of(row[0], levels))
        first, seen = first + numbers[:1], seen + numbers
        counts.update((levels.get(number), row[2] if len(row) == 4 else None) for number in numbers)
    wrong += [f"{number}: there is no such requirement of level 1 or 2" for number in seen if number not in levels]
    wrong += [f"{number}: stands {seen.count(number)} times" for number in dict.fromkeys(seen) if seen.count(number) > 1]
    wrong += [f"{number}: is missing" for number in levels if number not in seen]
    if not wrong and first != [number for number in levels if number in set(first)]:
        wrong.append("the requirements do not stand in their order")
    said = {int(line[0]): [int(figure) for figure in line[1:]] for line in SUMMARY.findall(text)}
    counted = {level: [counts[level, state] for state in STATES] for level in (1, 2)}
    if said != counted:
        wrong.append(f"the summary says {said}, counted are {counted} ({', '.join(STATES)})")
    return wrong


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
    wrong = check(root, (root / PLACE).read_text(encoding="utf-8"))
    for line in wrong:
        print(line)
    print(f"{len(wanted())} requirements, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
