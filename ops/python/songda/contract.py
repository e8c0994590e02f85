"""The contract in schemas/, as the tests need it: where an operation is found, and what type a field has."""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
SERVICES = ["staff", "leads", "contracts", "dispatch", "collection", "aftersales", "discipline"]
TEXT_SCALARS = {"id", "text", "time", "date", "bytes"}


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Contract:
    """Every operation and event by its full name, and the types by service."""

    def __init__(self, schemas=ROOT / "schemas"):
        self.types = read_json(schemas / "types.json")
        self.functions = list(self.types["function"]["enum"])
        self.operations, self.events, self.service_types = {}, {}, {}
        for service in SERVICES:
            self.service_types[service] = dict(self.types)
            for folder in (schemas / "common", schemas / service):
                if (folder / "types.json").exists():
                    self.service_types[service].update(read_json(folder / "types.json"))
                for path in sorted(folder.glob("*.*.json")):
                    self._add(service, read_json(path))

    def _add(self, service, item):
        item = dict(item)
        for kind, table in (("operation", self.operations), ("event", self.events)):
            if kind in item:
                item[kind] = item[kind].replace("*", service, 1)
                if "http" in item:
                    item["http"] = item["http"].replace("{service}", service)
                item["service"] = service
                table[item[kind]] = item

    def is_text(self, operation, field):
        """Whether the request field is written as JSON text (so that 138… stays text)."""
        entry = self.operations[operation].get("request", {}).get(field)
        if entry is None or "list" in entry:
            return False
        name = entry["type"]
        declared = self.service_types[self.operations[operation]["service"]].get(name, {})
        name = declared.get("alias", name)
        return name in TEXT_SCALARS or "enum" in declared
