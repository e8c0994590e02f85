"""One HTTP connection to the gateway, no more than the workload needs: http.client reads headers as if they were mail, which costs more than
the rest of a request."""
import http.client
import re
import socket

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
JSON = re.compile(rb"\r\ncontent-type: *[^\r]*json", re.I)
CLOSE = re.compile(rb"\r\nconnection: *close", re.I)


class Line:
    """Raises OSError where the connection fails and HTTPException where it ends within an answer."""

    def __init__(self, address, seconds):
        host, port = address.rsplit(":", 1)
        self.host = f"\r\nHost: {address}"
        self.socket = socket.create_connection((host, int(port)), seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.socket.close()

    def exchange(self, method, path, headers, body):
        """(status, is it JSON, body, may the connection be used again)"""
        head = f"{method} {path} HTTP/1.1{self.host}" + "".join(f"\r\n{name}: {value}" for name, value in headers.items())
        if body is not None:
            head += f"\r\nContent-Length: {len(body)}"
        self.socket.sendall(head.encode("ascii") + b"\r\n\r\n" + (body or b""))
        return self._answer()

    def _more(self, have):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise http.client.IncompleteRead(have) if have else ConnectionResetError("closed before the answer")
        return have + chunk

    def _answer(self):
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data = self._more(data)
        head, body = data[:end], data[end + 4:]
        length = LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 ") or not length:
            raise http.client.BadStatusLine(head[:60].decode("latin-1"))
        while len(body) < int(length[1]):
            body = self._more(body)
        return int(head[9:12]), bool(JSON.search(head)), body, not CLOSE.search(head)
