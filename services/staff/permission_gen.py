#!/usr/bin/python3
"""Makes the C table of all permissions: permission_gen.py SCHEMAS OUTPUT DEPFILE."""

import json
import os
import sys


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main(schemas, output, depfile):
    read, lines = [], []
    for service in sorted(os.listdir(schemas)):
        path = os.path.join(schemas, service, "permissions.json")
        if not os.path.exists(path):
            continue
        read.append(path)
        with open(path, encoding="utf-8") as file:
            permissions = json.load(file)
        for name, words in sorted(permissions.items()):
            functions = " | ".join(f"UINT64_C(1) << FUNCTION_{function.upper()}" for function in words["functions"])
            lines.append(f"    {{{quoted(name)}, {quoted(service)}, {quoted(words['zh'])}, {quoted(words['en'])},\n"
                         f"     {functions or 0}}},\n")
    with open(output, "w", encoding="utf-8") as file:
        file.write("/* permission.gen.c - made of schemas/<service>/permissions.json. */\n"
                   '#include "permission.h"\n\n#include "staff.gen.h"\n\n'
                   "const struct permission_words all_permissions[] = {\n" + "".join(lines)
                   + "    {0},\n};\n")
    with open(depfile, "w", encoding="utf-8") as file:
        file.write(f"{output}: " + " ".join(path.replace(" ", "\\ ") for path in read) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
