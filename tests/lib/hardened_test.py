"""Tests that hardened.py names what a program lacks, and nothing of one that lacks nothing."""
import pathlib
import subprocess
import tempfile
import unittest

import hardened

SOURCE = """
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
    char text[64];

    return snprintf(text, sizeof(text), argv[0], argc) + (int)strlen(text);
}
"""
GOOD = ["-O2", "-fPIE", "-pie", "-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-Wl,-z,relro,-z,now,-z,noexecstack"]


class Hardened(unittest.TestCase):
    def lacks(self, *more, source=SOURCE):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "program")
            subprocess.run(["cc", "-w", "-x", "c", "-", "-o", path, *GOOD, *more], input=source, text=True, check=True)
            return hardened.lacks_of(path)

    def test_a_hardened_program_lacks_nothing(self):
        self.assertEqual(self.lacks(), [])

    def test_each_option_that_is_missing_is_named(self):
        for options, words in ((("-fno-pie", "-no-pie"), "position independent"), (("-Wl,-z,norelro",), "read-only after start (RELRO)"),
                               (("-Wl,-z,lazy",), "bound at start (BIND_NOW)"), (("-Wl,-z,execstack",), "no executable stack"),
                               (("-Wl,-rpath,.",), "libraries from the system only"), (("-fno-stack-protector",), "stack protector"),
                               (("-U_FORTIFY_SOURCE",), "FORTIFY")):
            self.assertIn(words, self.lacks(*options))

    def test_what_is_writable_and_executable_is_named(self):
        section = '__asm__(".section .both, \\"awx\\", @progbits; .byte 1; .text");'
        self.assertEqual(self.lacks("-Wl,--no-warn-rwx-segments", source=SOURCE + section), ["nothing both writable and executable"])

    def test_a_shell_is_called_by_nobody(self):
        lacks = self.lacks(source=SOURCE.replace("return", "extern int system(const char *); return system(text) +"))
        self.assertEqual(lacks, ["no call of system"])


if __name__ == "__main__":
    unittest.main()
