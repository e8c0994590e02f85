#!/usr/bin/python3
"""Puts files into a program: embed.py migrations NAME OUT FILE… makes the table `NAME_migrations`, each entry a migration's name and text;
embed.py texts OUT FILE… makes a header with one `static const char sql_<file>[]` each."""

import os
import sys


def literal(text):
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    lines = text.splitlines(keepends=True)
    return "\n".join('    "' + "".join(escapes.get(c, c) for c in line) + '"' for line in lines) or '    ""'


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def migrations(name, files):
    lines = [f"/* Made by embed.py from the migrations of {name}. */", '#include "store/migrate.h"', "",
             f"extern const struct migration {name}_migrations[];", f"const struct migration {name}_migrations[] = {{"]
    for path in sorted(files, key=os.path.basename):
        lines.append(f'    {{"{os.path.basename(path)}",\n{literal(read(path))}}},')
    return lines + ["    {NULL, NULL},", "};", ""]


def texts(files):
    lines = ["/* Made by embed.py. */"]
    for path in files:
        name = os.path.splitext(os.path.basename(path))[0]
        lines.append(f"static const char sql_{name}[] __attribute__((unused)) =\n{literal(read(path).rstrip().rstrip(';'))};")
    return lines + [""]


def main():
    if sys.argv[1] == "migrations":
        out, lines = sys.argv[3], migrations(sys.argv[2], sys.argv[4:])
    else:
        out, lines = sys.argv[2], texts(sys.argv[3:])
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


main()
