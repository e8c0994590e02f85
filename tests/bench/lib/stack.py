"""The bench's own stack: its processes, its database, its company."""
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "ops" / "python"))

PASSWORD = "songda-bench-2026"
SERVICES = ["staff", "leads", "contracts", "dispatch", "collection", "aftersales", "discipline"]


def say(text):
    print(text, file=sys.stderr, flush=True)


class Stack:
    def __init__(self, folder, programs, port_base):
        self.folder, self.programs, self.port_base = os.path.abspath(folder), os.path.abspath(programs), port_base
        self.address = f"127.0.0.1:{port_base}"

    def ops(self, verb, *arguments):
        """What ops/stack prints."""
        done = subprocess.run([ROOT / "ops" / "stack", verb, "--dir", self.folder, *arguments], stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.strip()

    def up(self, again=False):
        """A new one, or the one that is there with the programs as they are now."""
        if not again:
            self.ops("down", "--wipe")
        self.ops("up", "--port-base", str(self.port_base), "--mode", "test", "--clock", "request", "--programs", self.programs)
        self.home = self.ops("show", "home")
        if again:
            return
        self.sql("ALTER SYSTEM SET track_commit_timestamp = on; ALTER SYSTEM SET log_parameter_max_length = -1", True)
        self.restart("postgres")
        self.ops("up")

    def restart(self, *names):
        self.ops("stop", *names)
        self.ops("start", *names)

    def down(self):
        self.ops("down", "--wipe")

    def sql(self, text, each_alone=False):
        """Rows of text, as the database's administrator."""
        texts = text.split(";") if each_alone else [text]
        out = ""
        for one in texts:
            out = self.ops("psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", one)
        return [line.split("\t") for line in out.splitlines()]

    def pids(self):
        """Process ids by instance."""
        rows = (line.split("\t") for line in self.ops("status", "--plain").splitlines())
        return {row[0]: int(row[1]) for row in rows if row[1].isdigit()}

    def log(self, unit):
        return pathlib.Path(self.home) / "log" / unit / "current"

    def metric(self, pattern):
        """The sum of the gateway's metrics whose line matches."""
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=5) as reply:
            lines = reply.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(pattern, line))

    def setting(self, unit, name):
        text = self.plainly("cat", f"{self.home}/settings/{unit}.conf")
        return re.search(rf"^{name} = (.*)$", text, re.M).group(1)

    def plain_command(self, *command):
        """The command as the user that the stack runs as."""
        if os.getuid() != 0:
            return list(command)
        owner = os.stat(self.home).st_uid
        return ["setpriv", f"--reuid={owner}", f"--regid={os.stat(self.home).st_gid}", "--clear-groups", *command]

    def plainly(self, *command):
        return subprocess.run(self.plain_command(*command), stdout=subprocess.PIPE, text=True, check=True, cwd="/").stdout


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {seconds} s for {what}")
        time.sleep(0.1)
