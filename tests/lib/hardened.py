"""Checks that the programs of a build folder are hardened, by what readelf says of them.

Usage: hardened.py BUILD. Prints a line for each program and what it lacks; ends with "N passed, N failed".
"""
import os
import pathlib
import re
import subprocess
import sys

# Benchmarks are built beside the programs, and installed nowhere.
NOT_SHIPPED = re.compile(r"songda-bench")
# What would start a shell, or writes without knowing how much room there is.
NEVER_CALLED = {"system", "popen", "gets", "strcpy", "strcat", "sprintf", "vsprintf"}


def readelf(*words):
    return subprocess.run(["readelf", "-W", *words], check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout


def lacks_of(path):
    """What a program lacks, as words."""
    header, dynamic, segments = readelf("-h", path), readelf("-d", path), readelf("-l", path)
    called = set(re.findall(r" UND (\w+)", readelf("--dyn-syms", path)))
    rights = dict(re.findall(r"^ +(GNU_STACK|GNU_RELRO) +(?:0x\w+ +){5}([RWE ]{3})", segments, re.MULTILINE))
    loaded = re.findall(r"^ +LOAD +(?:0x\w+ +){5}([RWE ]{3})", segments, re.MULTILINE)
    holds = {
        "position independent": re.search(r"Type: +DYN", header) and re.search(r"FLAGS_1.*\bPIE\b", dynamic),
        "read-only after start (RELRO)": "GNU_RELRO" in rights,
        "bound at start (BIND_NOW)": re.search(r"\bBIND_NOW\b|FLAGS_1.*\bNOW\b", dynamic),
        "no executable stack": "E" not in rights.get("GNU_STACK", "E"),
        "nothing both writable and executable": loaded and not any("W" in right and "E" in right for right in loaded),
        "code that is not changed at start": "TEXTREL" not in dynamic,
        "libraries from the system only": not re.search(r"\((RPATH|RUNPATH)\)", dynamic),
        "stack protector": "__stack_chk_fail" in called,
        "FORTIFY": any(name.endswith("_chk") for name in called),
        "no call of " + ", ".join(sorted(called & NEVER_CALLED) or ["a shell"]): not called & NEVER_CALLED,
    }
    return [words for words, is_true in holds.items() if not is_true]


def programs_of(build):
    return sorted(path for path in pathlib.Path(build, "services").rglob("songda*")
                  if path.is_file() and os.access(path, os.X_OK) and not NOT_SHIPPED.match(path.name))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    passed = failed = 0
    for path in programs_of(sys.argv[1]):
        lacks = lacks_of(path)
        passed, failed = passed + (not lacks), failed + bool(lacks)
        print(f"FAILED  {path.name}: {'; '.join(lacks)}" if lacks else f"ok      {path.name}")
    if passed + failed < 9:  # the gateway, seven services and the programs that work for them
        print(f"FAILED  only {passed + failed} programs in {sys.argv[1]}")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
