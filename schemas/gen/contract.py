"""Reads folders of schemas/ into components and checks what one file alone can tell; loads other services only as needed."""

import os

import examples
import model
import shapes
import words
from model import Component, Error, Event, Operation, Permission
from reading import Reader

OPERATION_KEYS = ("operation", "summary", "http", "permission", "effect", "request", "reply")
OPERATION_MORE = ("policy", "serialize", "object", "unmasked", "confidential", "cache", "events", "errors", "example", "sort")
EVENT_KEYS = ("event", "summary", "permission", "body")
EVENT_MORE = ("policy", "aggregate", "example")
CLASSES = ("no", "retry", "unknown")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SPECIAL = ("public", "signed_in", "service")


class Contract:
    """All that is declared. `component(name)` reads a folder at its first use; "" is the top, "common" the mechanisms."""

    def __init__(self, schemas, problems):
        self.schemas = schemas
        self.problems = problems
        self.reader = Reader(problems)
        self.components = {}
        self.dictionaries = {}

    def services(self):
        return [name for name in self.reader.folder(self.schemas) if name not in ("gen", "common")
                and os.path.isdir(os.path.join(self.schemas, name)) and not name.startswith((".", "_"))]

    def component(self, name):
        if name not in self.components:
            component = self.components[name] = Component(name)
            self.read_words(component)
            if name:
                self.read_files(component)
        return self.components[name]

    def folder(self, component):
        return os.path.join(self.schemas, component.name) if component.name else self.schemas

    def outer(self, component):
        """The components whose words this one may use besides its own, nearest first."""
        return {"": [], "common": [""]}.get(component.name, ["common", ""])

    def read_words(self, component):
        folder = self.folder(component)
        outer = [self.component(name) for name in self.outer(component)]
        self.reader.folder(folder)
        component.types = words.read_types(self.reader, os.path.join(folder, "types.json"), component.name,
                                           [other.types for other in outer], self.dictionaries_of(component))
        component.errors = self.read_errors(os.path.join(folder, "errors.json"), component, outer)
        component.permissions = self.read_permissions(os.path.join(folder, "permissions.json"), component, outer)

    def scope(self, component):
        return words.Scope(self.dictionaries_of(component), component.types,
                           *[self.component(name).types for name in self.outer(component)])

    def dictionaries_of(self, component):
        """The words of fields: the folder's own, then those for everybody."""
        for name in (component.name, ""):
            if name not in self.dictionaries:
                self.dictionaries[name] = words.Dictionary(self.reader, os.path.join(self.schemas, name, "words.json"))
        return [self.dictionaries[name] for name in dict.fromkeys((component.name, ""))]

    def check_dictionaries(self):
        """After all was read: a word that no field needs is a word for a field that is gone."""
        for dictionary in self.dictionaries.values():
            for name in dictionary.unused():
                self.problems.add(f"{dictionary.path}: {name}", "there is no such field")

    def find(self, component, table, name):
        """An error or a permission by name, the component's own first."""
        for owner in [component.name] + self.outer(component):
            found = getattr(self.component(owner), table).get(name)
            if found:
                return found
        return None

    # Errors and permissions

    def read_errors(self, path, component, outer):
        errors = {}
        raw = self.reader.json(path, {})
        for name, body in raw.items() if isinstance(raw, dict) else ():
            where = f"{path}: {name}"
            if not words.is_name(self.reader, where, name) or not self.reader.keys(
                    where, body, ("status", "class", "zh", "en"), ("policy",)) or not self.reader.both(where, body):
                continue
            if any(name in other.errors for other in outer):
                self.problems.add(where, "is already an error of every operation")
            self.reader.is_int(f"{where}: status", body["status"], 400, 599)
            if body["class"] not in CLASSES:
                self.problems.add(where, f"class must be one of {', '.join(CLASSES)}")
            if body["zh"].count("{}") != body["en"].count("{}") or body["zh"].count("{}") > 1:
                self.problems.add(where, "both sentences must have {} once, or neither")
            errors[name] = Error(name, component.name, body["status"], body["class"], body.get("policy"),
                                 body["zh"], body["en"])
        return errors

    def read_permissions(self, path, component, outer):
        found = {}
        known = self.component("").types if component.name else component.types
        functions = known["function"].values if "function" in known else {}
        raw = self.reader.json(path, {})
        for name, body in raw.items() if isinstance(raw, dict) else ():
            where = f"{path}: {name}"
            if not self.reader.keys(where, body, ("zh", "en", "functions")) or not self.reader.both(where, body):
                continue
            start = {"": None, "common": "*."}.get(component.name, component.name + ".")
            if start and not name.startswith(start):
                self.problems.add(where, f"must begin with `{start}`")
            if not all(model.NAME.match(part) for part in name.replace("*.", "").split(".")):
                self.problems.add(where, "is not a name (small letters, digits, _, in parts with . between)")
            if self.reader.is_names(where, body["functions"]):
                for function in set(body["functions"]) - set(functions):
                    self.problems.add(where, f"there is no function `{function}`")
            if any(name in other.permissions for other in outer):
                self.problems.add(where, "is already a permission")
            found[name] = Permission(name, component.name, "functions", body["functions"], body["zh"], body["en"])
        return found

    def permission(self, component, where, name):
        if name in SPECIAL:
            return Permission(name, "", name)
        owner = str(name).partition(".")[0]
        found = self.find(component, "permissions", name)
        if not found and owner in self.services():
            found = self.component(owner).permissions.get(name)
        if not found:
            self.problems.add(where, f"permission `{name}` is in no permissions.json")
        return found or Permission(str(name), component.name)

    # Operations and events

    def read_files(self, component):
        folder = self.folder(component)
        seen = {}
        for name in self.reader.folder(folder):
            path = os.path.join(folder, name)
            if not name.endswith(".json") or name in ("types.json", "errors.json", "permissions.json",
                                                      "subscriptions.json", "words.json"):
                continue
            raw = self.reader.json(path)
            if not isinstance(raw, dict):
                continue
            kind = "operation" if "operation" in raw else "event"
            words_of = name[:-len(".json")].split(".")
            declared = f"{self.prefix(component)}.{name[:-len('.json')]}"
            if len(words_of) != 2 or not all(model.NAME.match(word) for word in words_of):
                self.problems.add(path, "the file must be called <noun>.<verb>.json")
            elif raw.get(kind) != declared:
                self.problems.add(path, f"`{kind}` must be `{declared}`")
            else:
                self.read_file(component, kind, path, words_of, raw, seen)

    def read_file(self, component, kind, path, words_of, raw, seen):
        c_name = "_".join(words_of)
        if c_name in seen:
            self.problems.add(path, f"has the same name in C as {seen[c_name]}")
        seen[c_name] = path
        if kind == "operation":
            self.read_operation(component, Operation(*words_of, component.name, path), raw)
        else:
            self.read_event(component, Event(*words_of, component.name, path), raw)

    def prefix(self, component):
        return "*" if component.name == "common" else component.name

    def common_part(self, component, item, raw):
        """What operations and events both have."""
        item.summary = raw["summary"]
        self.reader.words(f"{item.where}: summary", raw["summary"])
        item.policy = raw.get("policy", [])
        self.reader.is_names(f"{item.where}: policy", item.policy)
        item.permission = self.permission(component, item.where, raw["permission"])
        item.example = raw.get("example")

    def read_event(self, component, event, raw):
        if not self.reader.keys(event.where, raw, EVENT_KEYS, EVENT_MORE):
            return
        self.common_part(component, event, raw)
        event.body = words.read_fields(self.reader, f"{event.where}: body", raw["body"], self.scope(component))
        event.aggregate = raw.get("aggregate")
        by_name = {field.name: field for field in event.body}
        if event.aggregate is not None:
            field = by_name.get(event.aggregate)
            if not field or field.is_list or field.type.scalar != "id" or field.optional:
                self.problems.add(event.where, f"aggregate `{event.aggregate}` must be a required id of the body")
        if event.example is None:
            self.problems.add(event.where, "`example` is missing")
        else:
            examples.check(self.problems, f"{event.where}: example", event.body, event.example)
        component.events.append(event)

    def read_operation(self, component, operation, raw):
        if not self.reader.keys(operation.where, raw, OPERATION_KEYS, OPERATION_MORE):
            return
        where = operation.where
        self.common_part(component, operation, raw)
        scope = self.scope(component)
        operation.request = words.read_fields(self.reader, f"{where}: request", raw["request"], scope)
        operation.reply = words.read_fields(self.reader, f"{where}: reply", raw["reply"], scope)
        operation.effect = raw["effect"]
        if operation.effect not in ("read", "write"):
            self.problems.add(where, "effect must be read or write")
        for flag in ("unmasked", "confidential"):
            setattr(operation, flag, raw.get(flag, False))
            if not isinstance(raw.get(flag, False), bool):
                self.problems.add(where, f"{flag} must be true or false")
        if operation.confidential and operation.effect != "read":
            self.problems.add(where, "confidential is for reads: a write is audited anyway")
        operation.serialize = raw.get("serialize", [])
        operation.object = raw.get("object")
        operation.cache = raw.get("cache")
        operation.events = raw.get("events", [])
        operation.errors = raw.get("errors", [])
        operation.sort = raw.get("sort", [])
        self.add_sort(component, operation)
        self.read_http(component, operation, raw["http"])
        self.check_names(component, operation)
        self.check_example(component, operation)
        component.operations.append(operation)

    def add_sort(self, component, operation):
        """`sort` becomes an enum of the columns, and the fields sort and is_descending of the request."""
        where = f"{operation.where}: sort"
        if not self.reader.is_names(where, operation.sort) or not operation.sort:
            return
        rows = shapes.listing(operation)
        item = next((field.type for field in operation.reply if rows and field.name == rows["items"]), None)
        if not rows or "take" not in rows:
            self.problems.add(where, "is for lists that come in pages")
            return
        columns = {field.name: field for field in item.fields}
        for name in operation.sort:
            column = columns.get(name)
            if not column or column.is_list or column.privacy or column.type.scalar in ("bytes", "id") or column.type.kind == "object":
                self.problems.add(where, f"`{name}` is no column that can be compared by those who see it")
                return
        kind = model.Type(f"{operation.c_name()}_sort", "enum", component.name, zh="排序列", en="column to sort by", where=where,
                          values={name: {"zh": columns[name].zh, "en": columns[name].en} for name in operation.sort}, is_sort=True)
        if self.scope(component).find(kind.name) or any(field.name in ("sort", "is_descending") for field in operation.request):
            self.problems.add(where, f"`{kind.name}`, `sort` or `is_descending` is there already")
            return
        component.types[kind.name] = kind
        operation.request += [model.Field("sort", kind, optional=True, zh="排序", en="sorted by"),
                              model.Field("is_descending", model.Type("bool", "scalar", scalar="bool"), optional=True,
                                          zh="倒序", en="descending")]

    def read_http(self, component, operation, http):
        where = f"{operation.where}: http"
        method, _, path = http.partition(" ") if isinstance(http, str) else ("", "", "")
        operation.method, operation.path = method, path
        start = "/api/v1/{service}/" if component.name == "common" else f"/api/v1/{component.name}/"
        if method not in METHODS or not path.startswith(start):
            self.problems.add(where, f"must be a method and a path that begins with {start}")
        if method == "GET" and operation.effect == "write":
            self.problems.add(where, "GET is for reads")
        if operation.effect == "read" and method not in ("GET", "POST"):
            self.problems.add(where, "a read is GET, or POST where the request does not fit an address")
        request = {field.name: field for field in operation.request}
        for name in operation.path_fields():
            field = request.get(name)
            if not field or field.optional or field.is_list or field.type.kind == "object":
                self.problems.add(where, f"{{{name}}} must be a required plain field of the request")
        for field in operation.request:
            if method == "GET" and (field.type.kind == "object" or field.type.scalar == "bytes"):
                self.problems.add(where, f"GET has no body, and `{field.name}` does not fit an address")

    def check_names(self, component, operation):
        where = operation.where
        request = {field.name: field for field in operation.request}
        reply = {field.name: field for field in operation.reply}
        if self.reader.is_names(f"{where}: serialize", operation.serialize):
            for name in operation.serialize:
                if name not in request or request[name].is_list or request[name].type.kind == "object":
                    self.problems.add(where, f"serialize: `{name}` is no plain field of the request")
        if operation.object is not None:
            field = request.get(operation.object) or reply.get(operation.object)
            if not field or field.is_list or field.type.scalar != "id":
                self.problems.add(where, f"object: `{operation.object}` is no id of request or reply")
        if self.reader.is_names(f"{where}: errors", operation.errors):
            for name in operation.errors:
                if not self.find(component, "errors", name):
                    self.problems.add(where, f"error `{name}` is in no errors.json")
        self.reader.is_names(f"{where}: events", operation.events)
        if operation.effect == "read" and operation.events:
            self.problems.add(where, "a read emits no events")

    def check_example(self, component, operation):
        example, where = operation.example, f"{operation.where}: example"
        if example is None:
            self.problems.add(where, "is missing")
            return
        if not self.reader.keys(where, example, ("request", "reply"), ("as",)):
            return
        functions = self.component("").types.get("function")
        person = example.get("as")
        if person is not None and functions and person not in functions.values:
            self.problems.add(where, f"there is no function `{person}`")
        permission = operation.permission
        if permission.kind == "functions" and person not in permission.functions:
            self.problems.add(where, f"`as` must have the permission {permission.name}")
        examples.check(self.problems, f"{where}: request", operation.request, example["request"])
        examples.check(self.problems, f"{where}: reply", operation.reply, example["reply"])
