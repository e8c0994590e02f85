"""For the tests of the generator: a copy of the fixture that may be changed, and the generator run over it."""

import io
import json
import os
import shutil
import sys
import tempfile
from contextlib import redirect_stderr
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
GEN = os.path.dirname(HERE)
FIXTURE = os.path.join(GEN, "fixture")
ROOT = os.path.dirname(os.path.dirname(GEN))
sys.path.insert(0, GEN)

import generate  # noqa: E402 the path is set above


def run(folder, output, *what):
    """Exit code and complaints of the generator."""
    arguments = ["generate.py", "--schemas", os.path.join(folder, "schemas"), "--services",
                 os.path.join(folder, "services"), "--common", os.path.join(folder, "common")]
    if output:
        arguments += ["--output", output]
    complaints = io.StringIO()
    with mock.patch.object(sys, "argv", arguments + list(what)), redirect_stderr(complaints):
        return generate.main(), complaints.getvalue()


class Copy:
    """A folder with a copy of the fixture; gone at the end of `with`."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        for part in ("schemas", "services", "common"):
            shutil.copytree(os.path.join(FIXTURE, part), os.path.join(self.folder, part))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def text(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def replace(self, name, old, new):
        text = self.text(name)
        assert old in text, (name, old)
        self.write(name, text.replace(old, new, 1))

    def change(self, name, change):
        """Lets `change` alter the parsed file."""
        value = json.loads(self.text(name))
        change(value)
        self.write(name, json.dumps(value, ensure_ascii=False))

    def check(self):
        return run(self.folder, None, "--check")
