"""Tests that house.py finds what is wrong, and only that."""
import os
import tempfile
import unittest

import house


class House(unittest.TestCase):
    def check(self, **files):
        """Checks a tree; `common__base__x_c` names the file common/base/x.c."""
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                stem, _, ending = name.replace("__", "/").rpartition("_")
                path = os.path.join(root, f"{stem}.{ending}")
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            return house.check_tree(root)

    def test_a_clean_tree_has_nothing_wrong(self):
        self.assertEqual(self.check(
            common__base__text_h="", common__wire__shape_h='#include "base/text.h"\n',
            services__leads__main_c='#include "wire/shape.h"\n#include "leads.gen.h"\n'
                                    '#include "lead.h"\n#include <stdlib.h>\n',
            services__leads__lead_h=""), [])

    def test_lower_layers_must_not_include_higher_ones(self):
        self.assertEqual(self.check(
            common__wire__shape_h="", common__base__text_c='/* a */\n#include "wire/shape.h"\n'),
            ["common/base/text.c:2: base must not include wire"])
        self.assertEqual(self.check(
            common__service__call_h="", common__store__sql_c='#include "../service/call.h"\n'),
            ["common/store/sql.c:1: store must not include service"])
        self.assertEqual(self.check(common__wire__peer_c='#include "store/missing.h"\n'),
                         ["common/wire/peer.c:1: wire must not include store"])

    def test_no_service_includes_another(self):
        for name in ("../staff/person.h", "staff/person.h", "services/staff/person.h"):
            self.assertEqual(self.check(
                services__staff__person_h="", services__leads__lead_c=f'#include "{name}"\n'),
                ["services/leads/lead.c:1: services/leads must not include services/staff"])

    def test_common_includes_no_service(self):
        self.assertEqual(self.check(
            services__staff__person_h="", common__service__call_c='#include "staff/person.h"\n'),
            ["common/service/call.c:1: service must not include services/staff"])

    def test_banned_functions_are_found_outside_comments_and_texts(self):
        self.assertEqual(self.check(
            services__leads__lead_c='/* strcpy(a, b) */\nlog("atoi(x)"); // gets(x)\n'
                                    'x.malloc(1); gmtime_r(a, b); my_strcpy(a);\n  atoi(x);\n'),
            ["services/leads/lead.c:4: atoi is banned, use strtoll with its end checked"])

    def test_the_heap_is_for_base_only(self):
        self.assertEqual(self.check(common__base__memory_c="a = malloc(1);\n"), [])
        self.assertEqual(self.check(common__wire__peer_c="a = malloc(1);\n"),
                         ["common/wire/peer.c:1: malloc is banned, use memory_new"])

    def test_a_function_has_at_most_80_lines(self):
        def function(lines):
            return "static int f(void)\n{\n" + "    x();\n" * (lines - 2) + "}\n"
        self.assertEqual(self.check(tests__a_c=function(80)), [])
        self.assertEqual(self.check(tests__a_c=function(80) + function(81)),
                         ["tests/a.c:83: a function of 81 lines, at most 80"])

    def test_a_brace_at_the_line_end_cannot_hide_a_long_function(self):
        self.assertEqual(self.check(tests__a_c="int f(void) {\n}\n"),
                         ["tests/a.c:1: a function's brace stands on a line of its own"])
        self.assertEqual(self.check(tests__a_c="struct a {\n};\nint b[] = {\n};\n"), [])

    def test_a_file_has_at_most_500_lines(self):
        self.assertEqual(self.check(tests__a_h="\n" * 500), [])
        self.assertEqual(self.check(tests__a_h="\n" * 501),
                         ["tests/a.h:501: a file of 501 lines, at most 500"])

    def test_python_is_measured_too(self):
        self.assertEqual(self.check(tests__a_py="def f():\n" + "    x()\n" * 80),
                         ["tests/a.py:1: a function of 81 lines, at most 80"])


if __name__ == "__main__":
    unittest.main()
