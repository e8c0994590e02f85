"""Where secrets stand besides their own files: other files, arguments and environments of processes. Not a test itself."""
import pathlib

CURVE_KEY = 40  # characters of a secret key in its file


def secret_in(path):
    """The secret of a file by its kind, as bytes; None: it has none of its own."""
    content = path.read_bytes()
    if path.suffix == ".pgpass":
        return content.strip().rsplit(b":", 1)[1]
    if path.suffix == ".conf":  # the key of the backups
        return content.split(b"repo1-cipher-pass=", 1)[1].split()[0] if b"repo1-cipher-pass=" in content else None
    if path.suffix == ".key":  # the gateways' for sessions has any bytes
        return content.strip() if len(content.strip()) == CURVE_KEY else content
    return content.strip() if path.suffix == "" else None  # .yml repeats passwords, .pub is for everybody


def secrets_in(folder):
    """The secrets of the files below a folder."""
    return [secret for path in sorted(folder.rglob("*")) if path.is_file() and (secret := secret_in(path))]


def open_to_others(folder):
    """Files of secrets that are not their owner's to read only, as texts."""
    return [f"{path}: {path.stat().st_mode & 0o7777:o}" for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix != ".pub" and path.stat().st_mode & 0o7777 != 0o400]


def _bytes_of(path):
    """Nothing of what is gone, no file, or others'."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""


def _processes(pids):
    folders = pathlib.Path("/proc").glob("[0-9]*") if pids is None else [pathlib.Path(f"/proc/{pid}") for pid in pids]
    for folder in folders:
        for what in ("cmdline", "environ"):
            yield f"{what} of {folder.name} ({_bytes_of(folder / 'comm').decode('utf-8', 'replace').strip()})", folder / what


def leaks(secrets, files=(), pids=None):
    """Where one of the secrets stands, in hexadecimal too: in the files, or with the processes (None: all that may be looked at)."""
    forms = [form for secret in secrets for form in (secret, secret.hex().encode())]
    places = [*((str(path), path) for path in files), *_processes(pids)]
    return [name for name, path in places if (content := _bytes_of(path)) and any(form in content for form in forms)]
