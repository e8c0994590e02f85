"""Hostile texts (payloads.txt) and how they are sent: into any text field of any operation, over HTTP and over the front socket, byte by byte as they
stand there. Not a test itself."""
import json
import os
import pathlib
import re
import socket
import subprocess
import time
import unicodedata
import urllib.parse
import uuid

from asking import CONTRACT, ROOT, msgpack, request_of, type_of, zmq
from running import check
from songda.client import new_key

FILE = ROOT / "tests" / "access" / "payloads.txt"
MARK = "\x01THE TEXT\x02"  # where the payload goes when the rest of the request is written
PASSING = {"busy", "service_unavailable", "too_many_requests", "deadline_exceeded", "conflict"}
REQUEST, ANSWER = 1, 2


class Payload:
    """One line of the list: `json`, the literal in a body; `wire`, the bytes of the text, None where the literal is no text at all; `text`, None where the
    bytes are no text that may be stored."""

    def __init__(self, line):
        self.line = line
        if line.startswith("bytes "):
            self.wire = bytes.fromhex(line[6:])
            self.json = b'"' + self.wire + b'"'
        else:
            literal = line
            if line.startswith("times "):
                _, count, text = line.split(" ", 2)
                literal = json.dumps(text * int(count), ensure_ascii=False)
            self.json = literal.encode()
            try:
                self.wire = json.loads(literal).encode("utf-8", "surrogatepass")
            except ValueError:
                self.wire = None
        self.text = self._text()

    def _text(self):
        try:
            return self.wire.decode() if self.wire is not None else None
        except UnicodeDecodeError:
            return None

    def stored(self):
        """What may stand in the database when it was taken: in normal form C, without blanks around it or as it was."""
        same = unicodedata.normalize("NFC", self.text)
        return {same, same.strip(), same.strip(" \t\r\n\x0b\x0c")}

    def stored_phone(self):
        """The same in a field of a telephone number: it may stand there in its normal form too (common/base/phone.h)."""
        digits = re.sub("[^0-9]", "", unicodedata.normalize("NFKC", self.text))
        return self.stored() | {digits or self.text, re.sub("^(00)?86(?=.)", "", digits) or self.text}

    def __str__(self):
        return self.line if len(self.line) < 60 else self.line[:57] + "..."


def read_payloads():
    lines = FILE.read_text(encoding="utf-8").split("\n")
    return [Payload(line) for line in lines if line and not line.startswith("# ")]


def is_phone(operation, path):
    """Whether the type of this text field is a telephone number, which its service keeps in normal form."""
    entry = CONTRACT.operations[operation]
    fields, name = entry["request"], None
    for part in path:
        name = fields[part].get("list") or fields[part]["type"]
        fields = type_of(entry["service"], name)[1].get("fields", {})
    return name == "phone"


def text_paths(operation):
    """The text fields of a request as paths of names, in objects and lists too."""
    entry = CONTRACT.operations[operation]

    def walk(fields, before):
        for name, field in fields.items():
            scalar, declared = type_of(entry["service"], field.get("list") or field["type"])
            if "fields" in declared:
                yield from walk(declared["fields"], before + (name,))
            elif scalar == "text" and "enum" not in declared:
                yield before + (name,)
    return list(walk(entry.get("request", {}), ()))


def with_text(value, path, text):
    """The request with this text at the path, in the first element of lists."""
    if isinstance(value, list):
        return [with_text(value[0], path, text), *value[1:]] if value else [text] if not path else value
    return text if not path else {**value, path[0]: with_text(value.get(path[0]), path[1:], text)} if isinstance(value, dict) else value


def marked(operation, path, request):
    """The operation's request with MARK where the payload goes; what was not there is filled in as far as the path needs it."""
    entry = CONTRACT.operations[operation]
    whole = {**request_of(entry["service"], {path[0]: entry["request"][path[0]]}, True), **request}
    return with_text(whole, path, MARK)


def packed_text(wire):
    size = len(wire)
    head = bytes([0xA0 | size]) if size < 32 else b"\xd9" + bytes([size]) if size < 256 else b"\xda" + size.to_bytes(2, "big") \
        if size < 65536 else b"\xdb" + size.to_bytes(4, "big")
    return head + wire


class FrontLane:
    """The front socket: several questions under way at once."""

    def __init__(self, place):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, 20000)
        self.socket.connect(place)
        self.number = 0

    def ask_all(self, operation, token, request, payloads):
        """(status, error or "ok") of each payload; no status here."""
        body = msgpack.packb(request)
        answers, waiting = [None] * len(payloads), {}
        for index, payload in enumerate(payloads):
            self.number += 1
            correlation = self.number.to_bytes(8, "big")
            waiting[correlation] = index
            self.socket.send(msgpack.packb([1, REQUEST, correlation, operation, token, uuid.UUID(new_key()).bytes, 4000, 0, "",
                                            body.replace(msgpack.packb(MARK), packed_text(payload.wire)), None]))
        while waiting:
            reply = msgpack.unpackb(self.socket.recv())
            index = waiting.pop(reply[2], None)
            if index is not None:
                answers[index] = 0, reply[10][0] if reply[10] else "ok"
        return answers


class HttpLane:
    """One connection, one question after the other, written here because no library sends such things."""

    def __init__(self, address):
        self.address, self.line, self.rest = address, None, b""

    def _line(self):
        if self.line is None:
            host, port = self.address.split(":")
            self.line, self.rest = socket.create_connection((host, int(port)), timeout=20), b""
            self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.line

    def close(self):
        if self.line is not None:
            self.line.close()
        self.line = None

    def written(self, operation, token, request, payload):
        """The request as bytes: the payload in the path, in the query or in the body."""
        entry = CONTRACT.operations[operation]
        method, template = entry["http"].split(" ")
        rest = dict(request)

        def quoted(value):
            if isinstance(value, bool):
                return str(value).lower()
            text = ",".join(map(quoted, value)) if isinstance(value, list) else str(value)
            return urllib.parse.quote_from_bytes(payload.wire if text == MARK else text.encode(), safe="")
        path = re.sub(r"\{(\w+)\}", lambda match: quoted(rest.pop(match.group(1), "")), template)
        body, headers = b"", [f"Authorization: Bearer {token}"] if token else []
        if entry["effect"] == "write":
            headers.append(f"Idempotency-Key: {new_key()}")
        if method == "GET":
            path += "?" + "&".join(f"{name}={quoted(value)}" for name, value in rest.items())
        else:
            body = json.dumps(rest, ensure_ascii=False).encode().replace(json.dumps(MARK).encode(), payload.json)
            headers += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        head = "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {self.address}", *headers])
        return head.encode() + b"\r\n\r\n" + body

    def _answer(self):
        data = self.rest
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head).group(1))
        while len(body) < length:
            body += self._more()
        self.rest = body[length:]
        if re.search(rb"(?i)\r\nconnection: *close", head):
            self.close()
        return int(head.split(b" ", 2)[1]), head, body[:length]

    def _more(self):
        part = self._line().recv(1 << 18)
        if not part:
            raise ConnectionError("closed")
        return part

    def ask(self, data):
        """(status, error or "ok"); once more on a connection that had been closed; (None, "closed") where it is closed again."""
        for _ in range(2):
            try:
                self._line().sendall(data)
            except OSError:
                pass  # the answer may be there all the same
            try:
                status, head, body = self._answer()
            except (OSError, ConnectionError):
                self.close()
                continue
            problem = json.loads(body) if b"problem+json" in head and body else {}
            return status, problem.get("error", "ok" if status < 300 else "none")
        return None, "closed"

    def ask_all(self, operation, token, request, payloads):
        return [self.ask(self.written(operation, token, request, payload)) for payload in payloads]


class Processor:
    """How much processor the gateway, a service and PostgreSQL used so far, in seconds."""

    def __init__(self, stack, services):
        status = stack.status()
        self.pids = {service: [pid for name, (pid, _, _) in status.items() if name.rsplit("-", 1)[0] in ("gateway", service)] for service in services}
        self.postmaster = status["postgres"][0]

    @staticmethod
    def _of(pid):
        total = 0
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                total += int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_bytes().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass  # one that ended meanwhile
        return total

    def used(self, service):
        """By thread; those that ended meanwhile are missing, so the difference may be too small, never too large."""
        backends = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text(encoding="ascii").split()
        return sum(self._of(pid) for pid in [*self.pids[service], *backends]) / 1e9


class Question:
    """One psql that stays, for many short questions."""

    def __init__(self, database):
        self.process = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-F", "\t", database.place], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)

    def sql(self, text):
        """The rows of one query, as lists of texts."""
        self.process.stdin.write(f"{text};\n\\echo THE END\n")
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline()) not in ("THE END\n", ""):
            lines.append(line.rstrip("\n"))
        check(not any(line.startswith(("ERROR", "psql:")) for line in lines), f"{text[:200]}: {lines}")
        return [line.split("\t") for line in lines]


def patiently(ask, seconds=30):
    """Asks again while the answer is passing trouble."""
    end = time.monotonic() + seconds
    while True:
        status, error = ask()
        if error not in PASSING or time.monotonic() > end:
            return status, error
        time.sleep(0.05)
