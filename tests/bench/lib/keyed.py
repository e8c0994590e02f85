"""What keys cost: the same service behind a gateway on ipc, and behind one on tcp with CURVE."""
import os
import pathlib
import re
import subprocess

from stack import wait_for


class Keyed:
    """Two gateways without a cache, one instance of staff and leads that dial in to both, and one of dispatch for two lanes."""

    def __init__(self, bench):
        self.bench, self.stack, self.folder = bench, bench.stack, bench.scratch / "keyed"
        self.folder.mkdir()
        os.chmod(self.folder, 0o777)
        self.port = self.stack.port_base + 80
        self.allowed = []
        for name in ("gateway", "staff", "leads", "dispatch"):
            self.make_key(name)
        self.plain = [f"ipc://{self.folder}/{name}" for name in ("workers", "in", "out")]
        self.keyed = [f"tcp://127.0.0.1:{self.port + place}" for place in range(3)]
        self.lanes = [f"ipc://{self.folder}/lane", f"tcp://127.0.0.1:{self.port + 3}"]

    def make_key(self, name):
        program = pathlib.Path(self.stack.programs) / "services" / "gateway" / "songda"
        public = subprocess.run(self.stack.plain_command(str(program), "new-key", f"{self.folder}/{name}"), stdout=subprocess.PIPE, text=True,
                                check=True, cwd="/").stdout
        self.allowed.append(f"service {name} {public}")

    def run(self, name, program, settings):
        path = self.folder / f"{name}.conf"
        path.write_text("".join(f"{key} = {value}\n" for key, value in settings.items()), encoding="utf-8")
        os.chmod(path, 0o644)
        with open(self.folder / f"{name}.log", "wb") as log:
            command = self.stack.plain_command(f"{self.stack.home}/bin/songda-{program}", "--settings", str(path))
            self.bench.extra.append(subprocess.Popen(command, stdout=log, stderr=log, cwd="/"))

    def run_gateway(self, name, http, addresses, **more):
        self.run(name, "gateway", {"mode": "test", "http": f"127.0.0.1:{http}", "workers": addresses[0], "wakeups_in": addresses[1],
                                   "wakeups_out": addresses[2], "services": "staff leads", **more})

    def run_service(self, name, gateways, wakeups_in="", wakeups_out=""):
        text = self.stack.plainly("cat", f"{self.stack.home}/settings/{name}-1.conf")
        settings = dict(re.findall(r"^(\w+) = (.*)$", text, re.M))
        self.run(name, name, {**settings, "instance": "keyed", "gateway": gateways, "wakeups_in": wakeups_in, "wakeups_out": wakeups_out,
                              "health": "", "key_file": f"{self.folder}/{name}.key", "gateway_key_file": f"{self.folder}/gateway.pub"})

    def is_ready(self, http):
        done = subprocess.run(["curl", "-s", "-f", "-o", "/dev/null", f"http://127.0.0.1:{http}/readyz"], check=False)
        return done.returncode == 0

    def start(self):
        allowed = self.folder / "allowed"
        allowed.write_text("".join(self.allowed), encoding="ascii")
        os.chmod(allowed, 0o644)
        self.ports = [self.port + 4, self.port + 5]
        self.run_gateway("plain", self.ports[0], self.plain)
        self.run_gateway("keys", self.ports[1], self.keyed, key_file=f"{self.folder}/gateway.key", allowed_file=str(allowed))
        for name in ("staff", "leads"):
            self.run_service(name, *(f"{plain} {keyed}" for plain, keyed in zip(self.plain, self.keyed)))
        self.run_service("dispatch", " ".join(self.lanes))
        for port in self.ports:
            wait_for(lambda port=port: self.is_ready(port), "both gateways")

    def read(self, port, seconds):
        path = f"/api/v1/leads/customers/{self.bench.people.customers[0][0]}"
        return self.bench.load([self.bench.program("http"), "--address", f"127.0.0.1:{port}", "--clients", "64", "--seconds", str(seconds),
                                "--path", path, "--token", self.bench.people.token])["rate"]

    def measure(self):
        self.start()
        seconds = self.bench.options.seconds
        beside, figure = self.bench.alternate(*(lambda port=port: self.read(port, seconds) for port in self.ports))
        self.bench.ratio_row("read that the service answers, tcp with keys", "ipc", figure, beside, 0.5)
        beside, figure = self.bench.alternate(
            lambda: self.bench.lane(seconds, self.lanes[0]),
            lambda: self.bench.lane(seconds, self.lanes[1], "--key", f"{self.folder}/gateway.key"))
        self.bench.ratio_row("the lane alone, tcp with keys", "ipc", figure, beside, 0.7)
