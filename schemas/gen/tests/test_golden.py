"""What is made of the fixture is what was looked at and kept in fixture/golden. `test_golden.py --keep` keeps what is made now."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import FIXTURE, ROOT, run

GOLDEN = os.path.join(FIXTURE, "golden")
WAYS = (("--service", "shop"), ("--service", "depot"), ("--mechanisms",), ("--gateway",), ("--openapi",), ("--typescript",),
        ("--papers",))


def make(output):
    for way in WAYS:
        code, complaints = run(FIXTURE, output, *way)
        assert code == 0, complaints


def files(folder):
    """Paths below a folder."""
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


def typescript():
    """The compiler, where npm put it; None before `npm ci`."""
    path = os.path.join(ROOT, "services", "gateway", "console", "node_modules", ".bin", "tsc")
    return path if os.path.exists(path) else shutil.which("tsc")


class Golden(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def test_the_same_is_made_as_was_kept(self):
        self.maxDiff = 4000
        make(self.folder)
        names = files(self.folder)
        self.assertEqual([f"{name}.txt" for name in names], files(GOLDEN))
        for name in names:
            with open(os.path.join(self.folder, name), encoding="utf-8") as made, \
                    open(os.path.join(GOLDEN, f"{name}.txt"), encoding="utf-8") as kept:
                self.assertEqual(made.read(), kept.read(), name)

    def test_files_that_would_not_change_are_left_alone(self):
        make(self.folder)
        path = os.path.join(self.folder, "shop.gen.h")
        os.utime(path, (1, 1))
        make(self.folder)
        self.assertEqual(os.stat(path).st_mtime, 1)

    def test_what_was_read_is_written_for_the_build(self):
        depfile = os.path.join(self.folder, "shop.d")
        run(FIXTURE, self.folder, "--service", "shop", "--depfile", depfile)
        with open(depfile, encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.startswith(os.path.join(self.folder, "shop.gen.h") + ":"))
        for name in ("schemas/shop/receipt.record.json", "schemas/shop", "services/shop/sql/receipt.sql",
                     "schemas/depot/vehicle.left.json", "common/sql/approval.sql"):
            self.assertIn(os.path.join(FIXTURE, name), text)

    def test_strict_typescript_accepts_it(self):
        compiler = typescript()
        if not compiler:
            self.skipTest("there is no tsc: npm ci in services/gateway/console brings it")
        self.assertEqual(run(FIXTURE, self.folder, "--typescript"), (0, ""))
        made = [os.path.join(self.folder, name) for name in files(self.folder)]
        done = subprocess.run([compiler, "--noEmit", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes",
                               "--noUnusedLocals", "--verbatimModuleSyntax", "--module", "esnext", "--moduleResolution",
                               "bundler", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", *made],
                              capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    if sys.argv[1:] == ["--keep"]:
        shutil.rmtree(GOLDEN, ignore_errors=True)
        make(GOLDEN)
        for kept in files(GOLDEN):
            os.rename(os.path.join(GOLDEN, kept), os.path.join(GOLDEN, f"{kept}.txt"))
    else:
        unittest.main()
