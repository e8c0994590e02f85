"""What was asked of the company and what became of it: the truth that the checker holds against the database."""
import collections
import json
import threading
import time

ACKNOWLEDGED, REFUSED, UNDONE, UNKNOWN = "acknowledged", "refused", "undone", "unknown"


class Entry:
    """One request with one key, however often it was sent."""
    __slots__ = ("key", "operation", "person", "begun", "ended", "outcome", "error", "facts", "sent", "in_doubt")

    def __init__(self, key, operation, person):
        self.key, self.operation, self.person = key, operation, person
        self.begun, self.ended, self.outcome, self.error = time.monotonic(), None, UNKNOWN, None
        self.facts, self.sent, self.in_doubt = {}, 0, False

    @property
    def service(self):
        return self.operation.split(".")[0]

    def text(self, start):
        ended = "never" if self.ended is None else f"{self.ended - start:.3f}"
        return (f"{self.begun - start:9.3f} … {ended} s  {self.operation} by {self.person}, key {self.key}, sent {self.sent} times: "
                f"{self.outcome}{' ' + self.error if self.error else ''} {json.dumps(self.facts, ensure_ascii=False) if self.facts else ''}")


class Journal:
    """Every keyed request, and every trouble that was made, in order."""

    def __init__(self, seed):
        self.seed, self.start = seed, time.monotonic()
        self.entries, self.troubles, self.complaints = [], [], []
        self.lock = threading.Lock()

    def open(self, key, operation, person):
        entry = Entry(key, operation, person)
        with self.lock:
            self.entries.append(entry)
        return entry

    def trouble(self, text):
        with self.lock:
            self.troubles.append((time.monotonic(), text))

    def complain(self, entry, text):
        """Something that was wrong while the work went on, e.g. two answers to one key."""
        with self.lock:
            self.complaints.append((entry, text))

    def counts(self):
        return collections.Counter(entry.outcome for entry in self.entries)

    def around(self, entry, seconds=2.0):
        """The operation and the troubles around it, as lines."""
        until = (entry.ended or entry.begun) + seconds
        lines = [f"seed {self.seed}: {entry.text(self.start)}"]
        lines += [f"    {when - self.start:9.3f} s  {text}" for when, text in self.troubles if entry.begun - seconds <= when <= until][:30]
        return lines

    def write(self, path):
        """One line of JSON each, to look at afterwards."""
        with open(path, "w", encoding="utf-8") as file:
            for when, text in self.troubles:
                file.write(json.dumps({"at": round(when - self.start, 4), "trouble": text}, ensure_ascii=False) + "\n")
            for entry in self.entries:
                file.write(json.dumps({"at": round(entry.begun - self.start, 4), "until": entry.ended and round(entry.ended - self.start, 4),
                                       "operation": entry.operation, "person": entry.person, "key": entry.key, "sent": entry.sent,
                                       "outcome": entry.outcome, "error": entry.error, "facts": entry.facts}, ensure_ascii=False) + "\n")
