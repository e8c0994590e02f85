"""A door for scanners: every operation as a link or a plain form, signed in; what comes through it is asked of the gateway. Not a test itself.

Scanners know forms, not JSON, Idempotency-Keys or tokens. /ask/OPERATION takes the fields of a request by name (address.street), puts them into
the schema's example and asks the gateway; /start has a link or a form for each. Answers go back as they are.
"""
import collections
import html
import http.client
import http.server
import json
import re
import sys
import threading
import urllib.parse

from asking import CONTRACT, example_of
from songda.client import new_key

ENDS_SESSION = {"staff.session.close", "staff.session.open", "staff.password.change", "staff.password.set", "staff.company.found"}
KEPT = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cache-Control", "Location",
        "Set-Cookie", "Strict-Transport-Security", "Permissions-Policy", "Allow")


def operations():
    return [name for name, entry in sorted(CONTRACT.operations.items()) if entry["permission"] != "service" and name not in ENDS_SESSION]


def flat(value, before=""):
    """(name, text) of every scalar in a request; of lists the first element."""
    if isinstance(value, dict):
        return [pair for name, item in value.items() for pair in flat(item, f"{before}.{name}" if before else name)]
    if isinstance(value, list):
        return flat(value[0], f"{before}[]") if value else []
    return [(before, "" if value is None else str(value).lower() if isinstance(value, bool) else str(value))]


def put(value, names, text):
    """The request with this text in place of what stood there; numbers stay numbers where it is one."""
    if isinstance(value, list):
        return [put(value[0] if value else None, names, text), *value[1:]]
    if names:
        return {**(value if isinstance(value, dict) else {}), names[0]: put((value or {}).get(names[0]), names[1:], text)} if value is None or isinstance(value, dict) else value
    if isinstance(value, bool):
        return {"true": True, "false": False}.get(text, text)
    return int(text) if isinstance(value, int) and re.fullmatch(r"-?\d{1,18}", text) else text


def asked(operation, fields):
    """(method, path, body) for the gateway."""
    request = example_of(operation)
    for name, text in fields:
        request = put(request, name.replace("[]", "").split("."), text)
    method, template = CONTRACT.operations[operation]["http"].split(" ")
    path = re.sub(r"\{(\w+)\}", lambda match: urllib.parse.quote(str(request.pop(match.group(1), "")), safe=""), template)
    if method == "GET":
        query = [(name, ",".join(map(str, value)) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else value)
                 for name, value in request.items()]
        return method, path + ("?" + urllib.parse.urlencode(query) if query else ""), None
    return method, path, json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass")


class Door(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, gateway, token):
        super().__init__(("127.0.0.1", port), Visit)
        self.gateway, self.token = gateway, token
        self.statuses, self.failures = collections.Counter(), []
        self.operations = operations()
        self.seen = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Scanners close connections in the middle; anything else is a failure of the run."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.failures.append(f"the door: {error!r}")

    def place(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def links(self):
        """(operation, method, path, form) of each."""
        for operation in self.operations:
            fields = flat(example_of(operation))
            is_get = CONTRACT.operations[operation]["http"].startswith("GET")
            yield operation, "GET" if is_get else "POST", f"/ask/{operation}", fields

    def start_page(self):
        parts = []
        for operation, method, path, fields in self.links():
            if method == "GET":
                query = urllib.parse.urlencode(fields)
                parts.append(f'<a href="{html.escape(path + ("?" + query if query else ""))}">{operation}</a>')
            else:
                inputs = "".join(f'<input name="{html.escape(name)}" value="{html.escape(text)}">' for name, text in fields)
                parts.append(f'<form method="post" action="{path}">{inputs}<input type="submit"></form>')
        return ("<!DOCTYPE html><title>operations</title>" + "\n".join(parts)).encode()


class Visit(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *arguments):  # pylint: disable=redefined-builtin
        pass

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            if name in KEPT:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def pass_on(self, method, path, body):
        connection = http.client.HTTPConnection(self.server.gateway, timeout=60)
        headers = {"Authorization": "Bearer " + self.server.token}
        if method != "GET":
            headers.update({"Idempotency-Key": new_key(), "Content-Type": "application/json"})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        self.server.statuses[answer.status] += 1
        if answer.status >= 500 and not (answer.status in (503, 504) and b'"class":"no"' not in data.replace(b" ", b"")):
            self.server.failures.append(f"{method} {path[:200]} {(body or b'')[:300]!r}: {answer.status} {data[:300]!r}")
        return answer.status, answer.getheaders(), data

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "surrogateescape")
        path, _, query = self.path.partition("?")
        operation = path.removeprefix("/ask/")
        if path == "/start":
            _, headers, _ = self.pass_on("GET", "/api", None)
            return self.reply(200, [pair for pair in headers if pair[0] != "Vary"], self.server.start_page())
        if operation not in self.server.operations:
            return self.reply(*self.pass_on("GET", path.encode("ascii", "replace").decode(), None))
        fields = urllib.parse.parse_qsl(query, keep_blank_values=True) + urllib.parse.parse_qsl(body, keep_blank_values=True)
        self.server.seen.add(operation)
        return self.reply(*self.pass_on(*asked(operation, fields)))

    do_GET = do_POST = do_HEAD = do_PUT = do_OPTIONS = do_DELETE = serve
