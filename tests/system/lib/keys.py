"""A gateway that asks for keys, on tcp: who may connect stands in a file that the test changes."""
import os
import pathlib
import tempfile

import zmq

from gateway_company import at_work
from standin import Gateway, free_ports


class Pair:
    """A key pair, and how a socket dials in with it."""

    def __init__(self, server=None):
        self.public, self.secret = zmq.curve_keypair()
        self.server = server

    def __call__(self, socket):
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = self.server, self.public, self.secret
        socket.setsockopt(zmq.HANDSHAKE_IVL, 2000)
        socket.setsockopt(zmq.RECONNECT_IVL, 50)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)


class KeyedGateway(Gateway):
    """`allowed`: (role, name) → the keys of the file."""

    def __init__(self, program, client_keys="required", names=("staff", "leads"), **settings):
        self.keys = pathlib.Path(tempfile.mkdtemp(prefix="songda-keys-"))
        self.server = Pair()
        self.put("gateway.key", self.server.secret + b"\n", 0o400)
        self.allowed = {("service", name): [self.pair()] for name in names}
        self.allowed["client", "erp"] = [self.pair()]
        self.write()
        workers, into, out = (f"tcp://127.0.0.1:{port}" for port in free_ports(3))
        super().__init__(program, workers=workers, wakeups_in=into, wakeups_out=out, client_keys=client_keys,
                         key_file=f"{self.keys}/gateway.key", allowed_file=f"{self.keys}/allowed", **settings)
        self.workers, self.wakeups_in, self.wakeups_out = workers, into, out

    def pair(self):
        return Pair(self.server.public)

    def of(self, role, name):
        return self.allowed[role, name][0]

    def put(self, name, content, mode=0o600):
        fresh = self.keys / (name + ".new")
        fresh.write_bytes(content)
        os.chmod(fresh, mode)
        fresh.rename(self.keys / name)

    def write(self):
        self.put("allowed", b"# who may connect\n" + b"".join(
            f"{role} {name} ".encode() + pair.public + b"\n" for (role, name), pairs in self.allowed.items() for pair in pairs))

    def refusals(self, why):
        """Lines of the log; there are at most 20 in a second."""
        return [line for line in self.log_lines() if line["event"] == "key_refused" and line["why"] == why]

    def instances(self, service):
        return self.metric(f'songda_gateway_workers{{service="{service}"}}')

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def close(self):
        super().close()
        for path in self.keys.iterdir():
            path.unlink()
        self.keys.rmdir()


def keyed_company(program, services=("leads",), **settings):
    names = ("staff", *services)
    gateway = KeyedGateway(program, names=names, services=" ".join(names), **settings)
    return at_work(gateway, services, lambda name: gateway.of("service", name))
