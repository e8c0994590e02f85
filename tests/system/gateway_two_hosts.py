"""The example of ops/README.md is enough: keys and settings copied from it make a company that works over tcp with keys only."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [__file__.rsplit("/", 1)[0] + "/lib", str(pathlib.Path(__file__).resolve().parents[1] / "access")]
from gateway_client import client_program  # noqa: E402
from secret_places import leaks, secret_in  # noqa: E402
from standin import ROOT, free_ports, run_tests, wait_for  # noqa: E402

SERVICES = ["staff", "leads", "discipline"]
SCENARIO = "leads/intake.txt"  # can be played again and again
TESTING = "mode = test\nclock = request\n"


def stack_folder():
    return pathlib.Path(sys.argv[sys.argv.index("--stack") + 1])


def example():
    """The shell commands, the gateway's settings, a service's settings."""
    text = (ROOT / "ops" / "README.md").read_text(encoding="utf-8").split("## A service on another host\n")[1].split("\n## ")[0]
    return re.findall(r"```(?:sh)?\n(.*?)```", text, re.S)


class Far:
    """Both hosts in one folder."""

    def __init__(self, program):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="songda-two-"))
        self.program = program
        self.http, *self.ports = free_ports(4)
        self.processes, self.logs = [], []
        commands, self.gateway_settings, self.service_settings = (self.local(text) for text in example())
        for service in SERVICES:  # what is said of leads holds for any
            self.shell("\n".join(line for line in commands.splitlines() if service == "leads" or "/leads" in line), service)

    def local(self, text):
        for port, mine in zip(("8082", "8083", "8084"), self.ports):
            assert f"tcp://10.0.0.1:{port}" in text or "tcp://" not in text
            text = text.replace(f"10.0.0.1:{port}", f"127.0.0.1:{mine}")
        return text.replace(":8080", f":{self.http}").replace("/etc/songda", str(self.folder)).replace("/run/songda", str(self.folder))

    def shell(self, commands, service):
        place = pathlib.Path(client_program(self.program)).parent
        subprocess.run(["bash", "-euc", commands.replace("leads", service)], check=True, capture_output=True,
                       env={**os.environ, "PATH": f"{place}:{os.environ['PATH']}"})

    def start(self, name, program, settings):
        path = self.folder / f"{name}.conf"
        path.write_text(settings)
        log = open(self.folder / f"{name}.log", "wb")
        self.logs.append(log)
        self.processes.append(subprocess.Popen([program, "--settings", str(path)], stderr=log))

    def start_service(self, name):
        theirs = (stack_folder() / "settings" / f"{name}-1.conf").read_text()
        database = "".join(line + "\n" for line in theirs.splitlines() if line.startswith("database"))
        ours = "".join(line + "\n" for line in self.service_settings.splitlines() if not line.startswith("database"))
        program = pathlib.Path(self.program).with_name(f"songda-{name}")
        if not program.exists():  # a build folder
            program = pathlib.Path(self.program).parents[1] / name / f"songda-{name}"
        self.start(name, str(program), TESTING + "instance = far\n" + database + ours.replace("leads", name))

    def address(self):
        return f"127.0.0.1:{self.http}"

    def get(self, path):
        return subprocess.run(["curl", "-s", "-m", "5", "-f", f"http://{self.address()}{path}"], capture_output=True, text=True)

    def is_let_in_again(self):
        """A service that is revoked, and allowed again, is there without having been started again."""
        allowed = self.folder / "allowed"
        before = allowed.read_text()
        allowed.write_text("".join(line + "\n" for line in before.splitlines() if " leads " not in line))
        assert wait_for(lambda: self.get("/readyz").returncode != 0, 60)
        assert wait_for(lambda: "gateway_silent" in (self.folder / "leads.log").read_text(), 60)
        allowed.write_text(before)
        assert wait_for(lambda: self.get("/readyz").returncode == 0, 60)

    def no_key_is_shown(self):
        """Secret keys stand in their files only, which nobody else may read."""
        files = sorted(self.folder.glob("*.key"))
        assert len(files) == len(SERVICES) + 1 and all(path.stat().st_mode & 0o7777 == 0o400 for path in files), files
        found = leaks([secret_in(path) for path in files], set(self.folder.iterdir()) - set(files))
        assert not found, found

    def close(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)
        for log in self.logs:
            log.close()
        subprocess.run(["rm", "-rf", str(self.folder)], check=True)


def test_the_example_plays_a_scenario(program):
    far = Far(program)
    try:
        far.start("gateway", program, TESTING + f"services = {' '.join(SERVICES)}\n" + far.gateway_settings)
        for name in SERVICES:
            far.start_service(name)
        is_ready = wait_for(lambda: far.get("/readyz").returncode == 0, 60)
        logs = "".join(path.read_text() for path in far.folder.glob("*.log"))
        assert is_ready, logs
        keys = {name: (far.folder / f"{name}.pub").read_text().strip() for name in SERVICES}
        assert all(f'"service":"{name}","credit":256,"key":"{key}"' in logs for name, key in keys.items()), logs
        assert "songda_gateway_keys_refused_total 0\n" in far.get("/metrics").stdout
        done = subprocess.run([sys.executable, "-B", str(ROOT / "tests" / "scenarios" / "run.py"), "--address", far.address(),
                               str(ROOT / "tests" / "scenarios" / SCENARIO)], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and "1 passed, 0 failed" in done.stdout, done.stdout + done.stderr
        far.is_let_in_again()
        far.no_key_is_shown()
        metrics = far.get("/metrics").stdout
        assert int(re.search(r"songda_gateway_wakeups_total (\d+)", metrics)[1]) > 0
    finally:
        far.close()


def test_a_service_does_not_leave_the_machine_without_keys(program):
    far = Far(program)
    try:
        settings = far.service_settings.replace("127.0.0.1", "10.0.0.1")
        open_settings = "".join(line + "\n" for line in settings.splitlines() if "key_file" not in line)
        half = "".join(line + "\n" for line in settings.splitlines() if "gateway_key_file" not in line)
        program = pathlib.Path(program).with_name("songda-leads")
        if not program.exists():
            program = pathlib.Path(far.program).parents[1] / "leads" / "songda-leads"
        os.chmod(far.folder / "staff.key", 0o440)
        for text, reason in ((open_settings, "leaves this machine"), (half, "go together"),
                             (settings.replace("leads.key", "staff.key"), "others may read it"),
                             (settings.replace("gateway.pub", "nothing.pub"), "cannot be read")):
            path = far.folder / "refused.conf"
            path.write_text(text)
            done = subprocess.run([str(program), "--settings", str(path)], capture_output=True, text=True, timeout=30)
            assert done.returncode not in (0, None) and reason in done.stderr, (reason, done)
    finally:
        far.close()


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
