"""Checks the rules of the house that a compiler does not: who may include whom, how long a function
and a file may be, and which functions nobody calls.

Usage: house.py [root of the tree]. Prints file:line: what is wrong, one per line; exits 1 when
there is any.
"""
import ast
import os
import re
import sys

FUNCTION_LINES = 80
FILE_LINES = 500
FOLDERS = ("common", "services", "schemas", "tests", "ops")
NOT_OURS = {"node_modules", "dist", "__pycache__"}

# part of common → the parts it may include beside itself; a service may include all of them
MAY_INCLUDE = {
    "base": set(),
    "wire": {"base"},
    "store": {"base", "wire"},  # rows and messages have the same shapes
    "service": {"base", "wire", "store"},
}

BANNED = {
    "strcpy": "arena_text or memcpy",
    "strcat": "arena_print or buffer_append_text",
    "sprintf": "arena_print or snprintf",
    "vsprintf": "arena_print or vsnprintf",
    "strtok": "csv.h or strchr",
    "atoi": "strtoll with its end checked",
    "atol": "strtoll with its end checked",
    "gets": "fgets",
    "localtime": "clock.h",
    "gmtime": "clock.h",
    "ctime": "clock.h",
}
# Where the heap may be called by its own name: the layer that wraps it, and the routing engine, a library of its own.
HEAP_OWNERS = ("common/base/", "services/dispatch/routing/memory.c", "tests/routing/")
HEAP = {"malloc": "memory_new", "calloc": "memory_array", "realloc": "memory_resize"}

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# a call, a pointer to the function; not a member of a struct, nor a longer name
NAME = re.compile(r"(?<![\w.>])(" + "|".join([*BANNED, *HEAP]) + r")(?!\w)")
# a function whose brace does not stand on a line of its own
HIDDEN_BODY = re.compile(r"^\w[^=;{]*\)\s*\{")


def blank(match):
    """The same number of lines without what stood in a comment or a literal."""
    return " " + "\n" * match.group().count("\n")


def part_of(path):
    """base, wire, store, service of common; services/X of a service; None of anything else."""
    words = path.split("/")
    if words[0] == "common" and len(words) > 2:
        return words[1]
    if words[0] == "services" and len(words) > 2:
        return "/".join(words[:2])
    return None


def target_of(root, path, name):
    """The part a quoted include leads to; None for generated files and libraries."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    if os.path.exists(os.path.join(root, beside)):
        return part_of(beside)
    for folder in ("common", "services", "."):
        candidate = os.path.normpath(os.path.join(folder, name))
        if os.path.exists(os.path.join(root, candidate)):
            return part_of(candidate)
    first = name.split("/")[0]
    return first if "/" in name and first in MAY_INCLUDE else None


def check_includes(root, path, text):
    here = part_of(path)
    if here is None:
        return
    allowed = set(MAY_INCLUDE) if here.startswith("services/") else MAY_INCLUDE.get(here, set())
    for match in INCLUDE.finditer(text):
        there = target_of(root, path, match.group(1))
        if there is not None and there != here and there not in allowed:
            yield text.count("\n", 0, match.start(1)) + 1, f"{here} must not include {there}"


def check_names(path, code):
    banned = BANNED if path.startswith(HEAP_OWNERS) else {**BANNED, **HEAP}
    for number, line in enumerate(code.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        for match in NAME.finditer(line):
            name = match.group(1)
            if name in banned:
                yield number, f"{name} is banned, use {banned[name]}"


def check_functions(code):
    """A function's body begins with { and ends with } in the first column."""
    start = None
    for number, line in enumerate(code.split("\n"), 1):
        if start is None and line.rstrip() == "{":
            start = number
        elif start is not None and line.startswith("}"):
            if number - start + 1 > FUNCTION_LINES:
                yield start, f"a function of {number - start + 1} lines, at most {FUNCTION_LINES}"
            start = None
        elif start is None and HIDDEN_BODY.match(line):
            yield number, "a function's brace stands on a line of its own"


def check_python(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.lineno, f"a function of {lines} lines, at most {FUNCTION_LINES}"


def check_file(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        text = file.read()
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield FILE_LINES + 1, f"a file of {lines} lines, at most {FILE_LINES}"
    if path.endswith(".py"):
        yield from check_python(text)
        return
    code = TOKEN.sub(blank, text)
    yield from check_includes(root, path, text)
    yield from check_names(path, code)
    yield from check_functions(code)


def source_files(root):
    for folder in FOLDERS:
        for where, folders, files in os.walk(os.path.join(root, folder)):
            folders[:] = sorted(set(folders) - NOT_OURS)
            for name in sorted(files):
                if name.endswith((".c", ".h", ".py")):
                    yield os.path.relpath(os.path.join(where, name), root)


def check_tree(root):
    """All that is wrong, as lines to print."""
    return [f"{path}:{line}: {wrong}" for path in source_files(root)
            for line, wrong in check_file(root, path)]


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    files = sum(1 for _ in source_files(root))
    wrong = check_tree(root)
    for line in wrong:
        print(line)
    print(f"{files} files, {len(wrong)} wrong")
    sys.exit(1 if wrong or not files else 0)


if __name__ == "__main__":
    main()
