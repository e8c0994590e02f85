"""A stack to be maltreated: in a small tmpfs where that can be mounted, with proxies before its gateway, PostgreSQL and Redis."""
import contextlib
import glob
import http.client
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "system"))

from running import ROOT, SERVICES, Stack  # noqa: E402

PROXY = pathlib.Path("tests") / "faults" / "songda-fault-proxy"  # among the programs
LINE = re.compile(r"(ipc://[^\s,]+/run)/((?:workers|wakeups)[\w-]*\.sock)")  # a byte stream like any other
DISK_MIB = 1280  # a round of 500 kills has more


def faketime_library():
    """Debian's libfaketime, or None where it is not installed."""
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    return found[0] if found else None


class Place:
    """The stack, its processes by name, its proxies, its disk and its clock."""

    def __init__(self, folder, port_base, programs, disk_mib=DISK_MIB):
        self.disk_mib = disk_mib
        self.parent, self.port_base, self.programs = pathlib.Path(folder).absolute(), port_base, programs
        self.stack = Stack(self.parent / "stack")
        self.direct = f"127.0.0.1:{port_base}"
        self.address = self.direct
        self.proxy, self.has_disk, self.has_clock, self.instances = None, False, False, "1"
        self.reader = None

    # -- up and down -------------------------------------------------------------------------------------------------
    def up(self, with_proxies=True, with_clock=True, instances="1", environment=None):
        self.down()
        self.parent.mkdir(parents=True, exist_ok=True)
        self._mount()
        self.instances = instances
        self._start()
        self.finish(with_proxies, with_clock, environment)

    def _start(self):
        self.stack.up(self.port_base, "--programs", str(self.programs), "--instances", self.instances, "--wait", "240")
        self.home = pathlib.Path(self.stack.show("home"))
        self.has_disk = self.has_disk and self.parent.resolve() in self.home.resolve().parents
        self.reader = re.sub(r"connect_timeout=\d+", "connect_timeout=60", self.stack.show("database_reader"))  # the machine may be busy
        self.admin = self.stack.show("database_admin")

    def finish(self, with_proxies=True, with_clock=True, environment=None):
        """What ops/stack does not know of: proxies between the processes, a clock that can be set, an environment."""
        changed = []
        self.address = f"127.0.0.1:{self.port_base + 78}" if with_proxies else self.direct
        if with_proxies:
            changed += self._put_proxies_between()
        self.has_clock = bool(with_clock and faketime_library())
        if self.has_clock or environment:
            changed += self._preload(environment or {})
        if with_proxies:
            self._start_proxy()
        self.restart(sorted(set(changed)))
        self.wait_until_ready()

    def down(self):
        self._stop_proxy()
        if (self.stack.folder / "stack.conf").exists():
            self.stack.run("down", "--wipe", is_quiet=True)
        if os.path.ismount(self.parent):
            for _ in range(20):
                if subprocess.run(["umount", self.parent], capture_output=True, check=False).returncode == 0:
                    break
                time.sleep(0.5)
        shutil.rmtree(self.parent, ignore_errors=True)

    def _mount(self):
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.disk_mib}m,mode=755", "tmpfs", self.parent], capture_output=True, check=False)
        self.has_disk = done.returncode == 0

    def keep(self):
        """Stops it and keeps a copy of all it has, to begin again from."""
        self._stop_proxy()
        self.stack.run("down")
        copy = self.parent / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        subprocess.run(["cp", "-a", self.stack.folder, copy], check=True)

    def begin_again(self, programs, with_proxies=True, with_clock=False, environment=None):
        """From the copy, with other programs."""
        self._stop_proxy()
        if (self.stack.folder / "stack.conf").exists():
            self.stack.run("down", "--wipe", is_quiet=True)
        subprocess.run(["cp", "-a", self.parent / "copy", self.stack.folder], check=True)
        self.programs = programs
        self._start()
        self.finish(with_proxies, with_clock, environment)

    def _rewrite(self, path, text):
        """Keeps owner and mode."""
        state = os.stat(path)
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(f"{path}.new", state.st_mode & 0o777)
        with contextlib.suppress(PermissionError):
            os.chown(f"{path}.new", state.st_uid, state.st_gid)
        os.rename(f"{path}.new", path)

    def _put_proxies_between(self):
        """In the settings: the database, Redis and the services' lines to the gateways by way of the proxy."""
        folder = self.home / "run" / "proxy"
        folder.mkdir(mode=0o700, exist_ok=True)
        state = os.stat(self.home)
        os.chown(folder, state.st_uid, state.st_gid)
        for path in (self.home / "settings").glob("*-*.conf"):
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"^(database = host=\S+/run)/postgres ", r"\1/proxy ", text, flags=re.M)
            text = re.sub(r"^(redis = unix:\S+/run)/redis.sock", r"\1/proxy/redis.sock", text, flags=re.M)
            if not path.name.startswith("gateway-"):  # which binds them
                text = LINE.sub(r"\1/proxy/\2", text)
            self._rewrite(path, text)
        return self.programs_running()

    def _lines(self):
        """(name of the link, socket) of each line that services have to gateways."""
        found = set()
        for path in (self.home / "settings").glob("gateway-*.conf"):
            found.update(re.findall(r"^(\w+) = ipc://\S+/run/([\w-]+\.sock)", path.read_text(encoding="utf-8"), flags=re.M))
        return sorted(found)

    def _preload(self, environment):
        words = [f"{name}={value}" for name, value in environment.items()]  # @HOME@ and @UNIT@ in it become the stack's folder and the process's name
        if self.has_clock:
            self.set_clock(0)
            words += [f"LD_PRELOAD={faketime_library()}", f"FAKETIME_TIMESTAMP_FILE={self.home}/run/clock", "FAKETIME_CACHE_DURATION=1",
                      "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"]
        for unit in self.programs_running():
            path = self.home / "sv" / unit / "run"
            start = "exec env " + " ".join(words).replace("@UNIT@", unit).replace("@HOME@", str(self.home))
            text = re.sub(r"^exec (?:env \S+=.* )?(\S*/bin/songda-)", start + r" \1", path.read_text(encoding="utf-8"), flags=re.M)
            self._rewrite(path, text)
        return self.programs_running()

    def _start_proxy(self):
        run = self.home / "run"
        links = ["http", self.address, self.direct, "postgres", f"unix:{run}/proxy/.s.PGSQL.5432", f"unix:{run}/postgres/.s.PGSQL.5432",
                 "redis", f"unix:{run}/proxy/redis.sock", f"unix:{run}/redis.sock"]
        for name, socket in self._lines():
            links += [name, f"unix:{run}/proxy/{socket}", f"unix:{run}/{socket}"]
        self.proxy = subprocess.Popen([pathlib.Path(self.programs) / PROXY, *links], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.proxy.stdout.readline()

    def _stop_proxy(self):
        if self.proxy:
            self.proxy.kill()
            self.proxy.wait()
            self.proxy = None

    def tell_proxy(self, *words):
        self.proxy.stdin.write(" ".join(map(str, words)) + "\n")
        self.proxy.stdin.flush()

    def restart(self, units):
        for unit in units:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid(unit) or 0x7FFFFFFF, signal.SIGTERM)

    def wait_until_ready(self, seconds=240):
        end = time.monotonic() + seconds
        time.sleep(0.5)
        while unready := [unit for unit in self.programs_running() if not self.is_ready(unit)]:
            if time.monotonic() > end:
                raise RuntimeError(f"not ready after {seconds} s: {' '.join(unready)}")
            time.sleep(0.1)

    def is_ready(self, unit):
        """Asked directly: ops/stack's table takes a minute where the machine has much else to do."""
        text = (self.home / "settings" / f"{unit}.conf").read_text(encoding="utf-8")
        line = http.client.HTTPConnection(re.search(r"^(?:health|http) = (\S+)", text, flags=re.M)[1], timeout=5)
        try:
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    # -- processes ---------------------------------------------------------------------------------------------------
    def programs_running(self):
        return sorted(unit for unit in os.listdir(self.home / "service") if unit not in ("postgres", "redis", "keeper"))

    def pid(self, unit):
        try:
            return int((self.home / "sv" / unit / "supervise" / "pid").read_text(encoding="ascii") or 0) or None
        except (OSError, ValueError):
            return None

    def signal(self, unit, number):
        """True when there was somebody to hear it."""
        pid = self.pid(unit)
        try:
            if pid:
                os.kill(pid, number)
            return bool(pid)
        except ProcessLookupError:
            return False

    def backends(self):
        """Process ids of PostgreSQL's children: (pid, what it says it is)."""
        parent, found = self.pid("postgres"), []
        if parent is None:
            return found
        with contextlib.suppress(OSError):
            children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
            for child in children:
                with contextlib.suppress(OSError):
                    title = pathlib.Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[0].decode()
                    found.append((int(child), title))
        return found

    # -- questions ---------------------------------------------------------------------------------------------------
    def sql(self, text):
        """Read-only, past the proxy; rows of texts."""
        done = subprocess.run(["psql", self.reader, "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", text],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{text}: {done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def reader_environment(self):
        """What makes a plain psql ask as sql() does."""
        names = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "passfile": "PGPASSFILE",
                 "application_name": "PGAPPNAME", "connect_timeout": "PGCONNECT_TIMEOUT"}
        words = dict(word.split("=", 1) for word in self.reader.split())
        return {**os.environ, **{names[name]: value for name, value in words.items()}}

    # -- disk and clock ----------------------------------------------------------------------------------------------
    def fill_disk(self):
        """In ever smaller pieces, because others write meanwhile."""
        taken = 0
        with open(self.parent / "ballast", "wb") as file:
            for piece in (1 << 26, 1 << 22, 1 << 18, 1 << 14):
                with contextlib.suppress(OSError):
                    while True:
                        os.posix_fallocate(file.fileno(), taken, piece)
                        taken += piece

    def empty_disk(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.parent / "ballast")

    def set_clock(self, seconds):
        path = self.home / "run" / "clock"
        with open(f"{path}.new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.chmod(f"{path}.new", 0o644)
        os.rename(f"{path}.new", path)


__all__ = ["Place", "ROOT", "SERVICES"]
