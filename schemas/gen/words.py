"""Reads types.json and words.json files and the fields of requests, replies, events and objects."""

import model
from model import Field, Type

FIELD_KEYS = ("type", "list", "optional", "min", "max", "privacy", "zh", "en")
PRIVACY = ("phone", "address", "amount")


class Scope:
    """Where the name of a type is looked up: own, common, top, scalars; and the words of fields: own, top."""

    def __init__(self, dictionaries, *tables):
        self.dictionaries = dictionaries
        self.tables = tables

    def find(self, name):
        if name in model.SCALARS:
            return Type(name, "scalar", scalar=name)
        for table in self.tables:
            if name in table:
                return table[name]
        return None


class Dictionary:
    """What fields are called on the screen, by name: one words.json. `used` tells which words any field needs."""

    def __init__(self, reader, path):
        self.path = path
        self.used = set()
        raw = reader.json(path, {})
        found = raw if reader.keys(path, raw, (), raw if isinstance(raw, dict) else ()) else {}
        self.words = {name: body for name, body in found.items()
                      if is_name(reader, f"{path}: {name}", name) and reader.words(f"{path}: {name}", body)}

    def find(self, name):
        if name in self.words:
            self.used.add(name)
        return self.words.get(name)

    def unused(self):
        return sorted(set(self.words) - self.used)


def name_field(reader, where, made, scope):
    """Gives a field its words: the service's dictionary, an object type called like the field (policy: price_policy_summary),
    the dictionary for everybody, and last whatever an enum, an object or an alias called like the field is."""
    own, *outer = [dictionary.find(made.name) for dictionary in scope.dictionaries]
    kind = made.type
    typed = {"zh": kind.zh, "en": kind.en} if kind.zh else None
    is_called_so = made.name == kind.name or kind.name.startswith(made.name + "_") or f"_{made.name}_" in f"_{kind.name}_"
    found = own
    if not found and kind.kind == "object" and not made.is_list and is_called_so:
        found = typed
    found = found or next((words for words in outer if words), None)
    if not found and (kind.kind != "scalar" or is_called_so):
        found = typed
    if found:
        made.zh, made.en = found["zh"], found["en"]
    else:
        reader.problems.add(where, f"nothing says what `{made.name}` is called: add it to words.json, or `zh` and `en` here")


def read_types(reader, path, owner, outer, dictionaries):
    """The types of one types.json; `outer` is the list of tables that its objects may use besides its own."""
    raw = reader.json(path, {})
    types = {}
    if not reader.keys(path, raw, (), raw if isinstance(raw, dict) else ()):
        return types
    for name, body in raw.items():
        where = f"{path}: {name}"
        if not is_name(reader, where, name):
            continue
        if name in model.SCALARS or any(name in table for table in outer):
            reader.problems.add(where, "is already a type")
            continue
        kind = read_type(reader, where, name, owner, body)
        if kind:
            types[name] = kind
    scope = Scope(dictionaries, types, *outer)
    for name, kind in types.items():
        if kind.kind == "object":
            kind.fields = read_fields(reader, kind.where, raw[name]["fields"], scope)
    for kind in types.values():
        measure(reader, kind, [])
    return types


def is_name(reader, where, name):
    if not model.NAME.match(name) or name in model.C_KEYWORDS:
        reader.problems.add(where, f"`{name}` is not a name (small letters, digits, _; no word of C)")
        return False
    return True


def read_type(reader, where, name, owner, body):
    if not isinstance(body, dict):
        reader.problems.add(where, "must be an object")
        return None
    forms = [key for key in ("enum", "alias", "fields") if key in body]
    if len(forms) != 1:
        reader.problems.add(where, "must have exactly one of enum, alias, fields")
        return None
    allowed = ("min", "max", "privacy") if forms == ["alias"] else ()
    if not reader.keys(where, body, ("zh", "en", forms[0]), allowed) or not reader.both(where, body):
        return None
    kind = Type(name, {"enum": "enum", "alias": "scalar", "fields": "object"}[forms[0]], owner,
                zh=body["zh"], en=body["en"], where=where)
    if forms == ["enum"] and not read_enum(reader, where, kind, body["enum"]):
        return None
    if forms == ["alias"] and not read_alias(reader, where, kind, body):
        return None
    return kind


def read_enum(reader, where, kind, values):
    if not isinstance(values, dict) or not values:
        reader.problems.add(where, "an enum must have values")
        return False
    for value, words in values.items():
        if not model.NAME.match("x" + value):
            reader.problems.add(where, f"`{value}` is not a value's name (small letters, digits, _)")
            return False
        if not reader.words(f"{where}: {value}", words):
            return False
    kind.values = values
    return True


def read_alias(reader, where, kind, body):
    if body["alias"] not in model.SCALARS:
        reader.problems.add(where, f"an alias is of a scalar, and `{body['alias']}` is none")
        return False
    kind.scalar = body["alias"]
    kind.min, kind.max = read_limits(reader, where, kind.scalar, body)
    kind.privacy = read_privacy(reader, where, kind.scalar, body)
    return True


def read_privacy(reader, where, scalar, body):
    privacy = body.get("privacy", "")
    if privacy and privacy not in PRIVACY:
        reader.problems.add(where, f"privacy must be one of {', '.join(PRIVACY)}")
    if privacy in ("phone", "address") and scalar != "text":
        reader.problems.add(where, f"privacy `{privacy}` is for texts")
    if privacy == "amount" and scalar not in model.NUMBERS:
        reader.problems.add(where, "privacy `amount` is for numbers")
    return privacy


def read_limits(reader, where, scalar, body):
    """min and max of a value, None where not given."""
    low, high = {"text": (0, model.BYTES_MAX), "bytes": (0, model.BYTES_MAX)}.get(scalar, model.INT64)
    given = [key for key in ("min", "max") if key in body]
    if given and scalar not in ("text", "bytes") + model.NUMBERS:
        reader.problems.add(where, f"a {scalar or 'value of this type'} has no {given[0]}")
        return None, None
    for key in given:
        if not reader.is_int(f"{where}: {key}", body[key], low, high):
            return None, None
    if len(given) == 2 and body["min"] > body["max"]:
        reader.problems.add(where, "min is larger than max")
    return body.get("min"), body.get("max")


def read_fields(reader, where, raw, scope):
    if not isinstance(raw, dict):
        reader.problems.add(where, "fields must be an object")
        return []
    fields = []
    for name, body in raw.items():
        at = f"{where}: {name}"
        if is_name(reader, at, name) and reader.keys(at, body, (), FIELD_KEYS):
            made = read_field(reader, at, name, body, scope)
            if made:
                fields.append(made)
    if len(fields) > 256:
        reader.problems.add(where, "has more than 256 fields")
    flags = {f"has_{made.name}" for made in fields if made.has_flag()}
    for made in fields:
        if made.name in flags:
            reader.problems.add(f"{where}: {made.name}", "is what the flag beside an optional field is called")
    return fields


def read_field(reader, where, name, body, scope):
    if ("type" in body) == ("list" in body):
        reader.problems.add(where, "must have exactly one of type, list")
        return None
    is_list = "list" in body
    word = body["list"] if is_list else body["type"]
    kind = scope.find(word) if isinstance(word, str) else None
    if not kind:
        reader.problems.add(where, f"unknown type `{word}`")
        return None
    if not isinstance(body.get("optional", False), bool):
        reader.problems.add(where, "optional must be true or false")
    for key in ("zh", "en"):
        if key in body and not isinstance(body[key], str):
            reader.problems.add(where, f"`{key}` must be a text")
    made = Field(name, kind, is_list, body.get("optional", False), kind.min, kind.max, privacy=kind.privacy,
                 zh=body.get("zh", ""), en=body.get("en", ""))
    if is_list:
        limit_items(reader, where, made, body)
    else:
        low, high = read_limits(reader, where, kind.scalar, body)
        made.min = made.min if low is None else low
        made.max = made.max if high is None else high
    if "privacy" in body:
        made.privacy = read_privacy(reader, where, kind.scalar, body)
    fill_limits(made)
    if bool(made.zh) != bool(made.en):
        reader.problems.add(where, "must have both `zh` and `en`, or neither")
    elif not made.zh:
        name_field(reader, where, made, scope)
    return made


def limit_items(reader, where, made, body):
    if made.type.kind == "scalar" and made.type.scalar in ("bool", "date", "bytes"):
        reader.problems.add(where, f"there are no lists of {made.type.scalar}")
    made.min_items = body.get("min", 0)
    made.max_items = body.get("max", model.ITEMS_MAX)
    for key, value in (("min", made.min_items), ("max", made.max_items)):
        if not reader.is_int(f"{where}: {key}", value, 0, model.NODES_MAX):
            made.min_items, made.max_items = 0, 0


def fill_limits(made):
    scalar = made.type.scalar
    if scalar in ("text", "bytes"):
        made.min = made.min or 0
        if made.max is None:
            made.max = model.TEXT_MAX if scalar == "text" else model.BYTES_MAX
    elif made.min is not None or made.max is not None:
        made.min = model.INT64[0] if made.min is None else made.min
        made.max = model.INT64[1] if made.max is None else made.max


def measure(reader, kind, above):
    """How deep an object nests; one that contains itself is refused."""
    if kind.kind != "object" or kind.depth:
        return kind.depth
    if kind in above:
        reader.problems.add(kind.where, "contains itself")
        return 1
    inner = [measure(reader, made.type, above + [kind]) + (1 if made.is_list else 0) for made in kind.fields]
    kind.depth = 1 + max(inner, default=0)
    if kind.depth > 6:
        reader.problems.add(kind.where, "nests deeper than a message may")
    return kind.depth
