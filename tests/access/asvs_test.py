"""Tests that asvs.py finds what is wrong with the table, and only that."""
import pathlib
import re
import unittest

import asvs

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = (ROOT / asvs.PLACE).read_text(encoding="utf-8")


class Asvs(unittest.TestCase):
    def wrong(self, old, new):
        self.assertIn(old, TABLE)
        return "\n".join(asvs.check(ROOT, TABLE.replace(old, new)))

    def test_the_table_itself_has_nothing_wrong(self):
        self.assertEqual(asvs.check(ROOT, TABLE), [])

    def test_the_standard_has_345_requirements(self):
        levels = "".join(asvs.LEVELS.values())
        self.assertEqual([len(levels), *(levels.count(level) for level in "123")], [345, 70, 183, 92])

    def test_a_requirement_is_neither_missing_nor_doubled_nor_made_up(self):
        row = re.search(r"^\| V1\.2\.4 .*\n", TABLE, re.MULTILINE)[0]
        self.assertIn("V1.2.4: is missing", self.wrong(row, ""))
        self.assertIn("V1.2.4: stands 2 times", self.wrong(row, row + row))
        self.assertIn("V1.2.10: there is no such requirement", self.wrong("| V1.2.4 ", "| V1.2.10 "))  # of level 3
        self.assertIn("V1.5.2: is missing", self.wrong("| V1.5.2 ", "| V1.5.1 "))

    def test_what_is_named_is_there(self):
        self.assertIn("there is no file tests/lib/nothing.py", self.wrong("`tests/lib/house.py: BANNED`", "`tests/lib/nothing.py: BANNED`"))
        self.assertIn("tests/lib/house.py has no 'BANN'", self.wrong("`tests/lib/house.py: BANNED`", "`tests/lib/house.py: BANN`"))
        self.assertIn("has no 'a sentence that nobody wrote'", self.wrong("nobody_may_what_the_schema_does_not_say", "a sentence that nobody wrote"))

    def test_each_state_has_its_reason(self):
        row = re.search(r"^(\| V1\.2\.4 \|[^|]*\|)(.*)\n", TABLE, re.MULTILINE)
        self.assertIn("nothing is named that shows it", self.wrong(row[0], row[1] + " met | because it is so |\n"))
        self.assertIn("it is not said why", self.wrong(row[0], row[1] + " not met | |\n"))
        self.assertIn("'perhaps' is none of", self.wrong(row[0], row[1] + " perhaps | we shall see |\n"))

    def test_the_summary_counts(self):
        line = re.search(r"^\| 1 \| \d.*$", TABLE, re.MULTILINE)[0]
        self.assertIn("the summary says", self.wrong(line, "| 1 | 70 | 0 | 0 | 0 | 0 |"))


if __name__ == "__main__":
    unittest.main()
