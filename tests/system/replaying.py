"""What the two replays share: the copy of the order history, a stack of their own, one run with its table. Not a test itself."""
import contextlib
import csv
import gzip
import subprocess
import sys
import tempfile

from running import ROOT, Stack, arguments, check, own_stack

ORDERS = ROOT / "tests" / "data" / "orders" / "orders.csv.gz"
FIRST, LAST = "2011-03-01", "2011-03-11"
SAME = [("delivered", "file_delivered"), ("receivable", "file_delivered"), ("returned", "file_returned"), ("received", "file_received"),
        ("remitted", "file_received"), ("outstanding", "file_outstanding")]


def options_of(doc, days, numbers=None):
    parser = arguments(doc, with_stack=False)
    parser.add_argument("--days", type=int, default=days, help=f"how many days of trade from {FIRST} on (at most 10; {days})")
    parser.add_argument("--programs", help="the build folder (that of --stack, else var/build)")
    parser.add_argument("--port-base", type=int, default=20080, help="of the stack it makes, when --address is not given")
    for name, value in (numbers or {}).items():
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args()


@contextlib.contextmanager
def prefer_own_stack(options, name, ports):
    """(stack, address) of a fresh stack that is removed afterwards."""
    programs, port_base = options.programs, options.port_base
    if options.stack:
        programs = programs or Stack(options.stack).show("programs")
        folder = options.stack.parent / f"{options.stack.name}-{name}"
    else:
        folder = ROOT / "var" / name
    if options.address:
        port_base = int(options.address.rsplit(":", 1)[1]) + ports
    with own_stack(folder, port_base, programs) as (stack, address):
        yield stack, address


def trading_days():
    with gzip.open(ORDERS, "rt", encoding="utf-8", newline="") as file:
        return sorted({row["time"][:10] for row in csv.DictReader(file)})


def play(address, days, seconds=580):
    """Replays that many days; the rows of its table, after every figure has been compared with the file's own."""
    dates = trading_days()[:days]
    check(dates[0] == FIRST, f"tests/data/orders begins with {dates[0]}")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as progress:
        try:
            done = subprocess.run([sys.executable, "-B", ROOT / "ops" / "replay", ORDERS, dates[0], dates[-1], "--address", address],
                                  stdout=subprocess.PIPE, stderr=progress, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            done = None
        progress.seek(0)
        said = progress.read()[-3000:]
    check(done, f"the replay did not end within {seconds} s: {said}")
    check(done.returncode == 0, f"the replay failed: {done.stdout}{said}")
    rows = list(csv.DictReader(done.stdout.splitlines(), delimiter="\t"))
    check([row["date"] for row in rows] == dates, f"not a row for each of {dates}: {done.stdout}")
    for row in rows:
        for ours, theirs in SAME:
            check(row[ours] == row[theirs], f"{row['date']}: {ours} {row[ours]}, {theirs} {row[theirs]}")
        check(row["differences"] == "0" and int(row["file_delivered"]) > 0, f"{row}")
    return rows
