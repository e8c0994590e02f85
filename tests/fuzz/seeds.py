#!/usr/bin/python3
"""The corpora that schemas/ gives: every operation's request as a line of HTTP, as JSON and as MessagePack, every event, batches of events.

    seeds.py FOLDER      writes FOLDER/bodies, FOLDER/request, FOLDER/events and FOLDER/ladder, the same ones each time
"""
import base64
import json
import pathlib
import re
import sys
import uuid

import msgpack

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "ops" / "python"))
from songda.contract import Contract  # noqa: E402

CONTRACT = Contract()
ID = uuid.UUID("01976f2a-7c00-7000-8000-000000000001")
DAY, INSTANT = 20415, 1763870400000000
BATCH = 40
SCALARS = {"id": (str(ID), ID.bytes), "text": ("送达 a", "送达 a"), "date": ("2025-11-23", DAY), "time": ("2025-11-23T12:00:00+08:00", INSTANT),
           "bytes": (base64.b64encode(b"abc").decode(), b"abc"), "bool": (True, True)}


def declared(service, name):
    entry = CONTRACT.service_types[service].get(name, {})
    return entry.get("alias", name), entry


def value(service, field, name):
    """(as JSON, as MessagePack) of one field."""
    scalar, entry = declared(service, name)
    if "enum" in entry:
        first = next(iter(entry["enum"]))
        return first, first
    if "fields" in entry:
        return body(service, entry["fields"])
    if scalar in SCALARS:
        return SCALARS[scalar]
    least = field.get("min", entry.get("min"))
    number = least if least is not None else 1
    return number, number


def body(service, fields):
    written, packed = {}, {}
    for name, field in fields.items():
        if "list" in field:
            pairs = [value(service, {}, field["list"])] * max(field.get("min", 0), 1)
            written[name], packed[name] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        else:
            written[name], packed[name] = value(service, field, field["type"])
    return written, packed


def request_line(entry, fields):
    method, template = entry["http"].split(" ")
    rest = dict(fields)
    path = re.sub(r"\{(\w+)\}", lambda match: str(rest.pop(match.group(1), "")), template)
    if method == "GET":
        plain = [f"{name}={str(item).lower() if isinstance(item, bool) else item}" for name, item in rest.items() if not isinstance(item, (list, dict))]
        return f"{method} {path}?{'&'.join(plain)}\n"
    return f"{method} {path}\n{json.dumps(rest, ensure_ascii=False)}"


def main():
    folder = pathlib.Path(sys.argv[1])
    for name in ("bodies", "request", "events", "ladder"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, entry in sorted(CONTRACT.operations.items()):
        written, packed = body(entry["service"], entry.get("request", {}))
        text = json.dumps(written, ensure_ascii=False)
        (folder / "bodies" / f"{name}.json").write_bytes(f"{name}\n{text}".encode())
        (folder / "bodies" / f"{name}.msgpack").write_bytes(name.encode() + b"\n" + msgpack.packb(packed))
        (folder / "request" / name).write_bytes(request_line(entry, entry.get("example", {}).get("request", written)).encode())
        if name.startswith("discipline.rule."):
            (folder / "ladder" / name).write_text(json.dumps(entry.get("example", {}).get("request", written), ensure_ascii=False), encoding="utf-8")
    records = []
    for name, entry in sorted(CONTRACT.events.items()):
        packed = msgpack.packb(body(entry["service"], entry.get("body", entry.get("fields", {})))[1])
        (folder / "bodies" / f"{name}.event").write_bytes(name.encode() + b"\n" + packed)
        records.append({"number": len(records) + 1, "event": name, "event_id": ID.bytes, "branch_id": ID.bytes, "occurred_at": INSTANT,
                        "trace": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "body": packed})
    for start in range(0, len(records), BATCH):
        (folder / "events" / f"batch{start:03}").write_bytes(msgpack.packb({"events": records[start:start + BATCH]}))


if __name__ == "__main__":
    main()
