"""Reads JSON files strictly: no doubled keys, no unknown keys, and every complaint names its file."""

import json
import os


class Reader:
    """Remembers what was read (for the build's dependency file) and what was wrong."""

    def __init__(self, problems):
        self.problems = problems
        self.read = set()

    def folder(self, path):
        if not os.path.isdir(path):
            return []
        self.read.add(path)
        return sorted(os.listdir(path))

    def text(self, path):
        self.read.add(path)
        with open(path, encoding="utf-8") as file:
            return file.read()

    def json(self, path, default=None):
        """The parsed file; `default` when there is none or it cannot be read."""
        if not os.path.exists(path):
            return default
        try:
            return json.loads(self.text(path), object_pairs_hook=lambda pairs: self.no_doubles(path, pairs),
                              parse_float=lambda text: self.no_float(path, text))
        except ValueError as error:
            self.problems.add(path, f"is not JSON: {error}")
            return default

    def no_doubles(self, path, pairs):
        keys = [key for key, _ in pairs]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            self.problems.add(path, f"key `{key}` occurs twice")
        return dict(pairs)

    def no_float(self, path, text):
        self.problems.add(path, f"{text}: there are no fractions in the contract")
        return 0

    def keys(self, where, value, required, optional=()):
        """Whether `value` is an object with exactly these keys."""
        if not isinstance(value, dict):
            self.problems.add(where, "must be an object")
            return False
        unknown = sorted(set(value) - set(required) - set(optional))
        missing = [key for key in required if key not in value]
        for key in unknown:
            self.problems.add(where, f"unknown key `{key}`")
        for key in missing:
            self.problems.add(where, f"`{key}` is missing")
        return not unknown and not missing

    def words(self, where, value):
        """Whether `value` has a Chinese and an English text and nothing else."""
        if not self.keys(where, value, ("zh", "en")):
            return False
        return self.both(where, value)

    def both(self, where, value):
        for key in ("zh", "en"):
            if not isinstance(value.get(key), str) or not value[key].strip():
                self.problems.add(where, f"`{key}` must be a text")
                return False
        return True

    def is_int(self, where, value, low, high):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.problems.add(where, f"must be a whole number from {low} to {high}")
            return False
        return True

    def is_names(self, where, value):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problems.add(where, "must be a list of names")
            return False
        if len(set(value)) != len(value):
            self.problems.add(where, "a name occurs twice")
            return False
        return True
