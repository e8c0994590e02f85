"""Makes a C file of openapi.json: embed.py openapi.json openapi.c."""

import json
import sys

WIDTH = 24


def main():
    source, target = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        text = json.dumps(json.load(file), ensure_ascii=False, separators=(",", ":")).encode()
    with open(target, "w", encoding="ascii") as file:
        file.write('/* Made by embed.py. */\n#include "openapi.h"\n\nconst unsigned char openapi_json[] = {\n')
        for at in range(0, len(text), WIDTH):
            file.write("    " + " ".join(f"{byte}," for byte in text[at:at + WIDTH]) + "\n")
        file.write(f"}};\nconst size_t openapi_json_size = {len(text)};\n")


main()
