"""Checks the examples of the contract by the same rules as the codec."""

import base64
import binascii
import datetime
import re

ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def check(problems, where, fields, value):
    if not isinstance(value, dict):
        problems.add(where, "must be an object")
        return
    by_name = {field.name: field for field in fields}
    for name in value:
        if name not in by_name:
            problems.add(where, f"`{name}` is not a field")
    for field in fields:
        if field.name in value:
            check_field(problems, f"{where}: {field.name}", field, value[field.name])
        elif not field.optional:
            problems.add(where, f"`{field.name}` is missing")


def check_field(problems, where, field, value):
    if not field.is_list:
        check_value(problems, where, field, value)
        return
    if not isinstance(value, list) or not field.min_items <= len(value) <= field.max_items:
        problems.add(where, f"must be a list of {field.min_items} to {field.max_items}")
        return
    for index, item in enumerate(value):
        check_value(problems, f"{where}[{index}]", field, item)


def check_value(problems, where, field, value):
    kind = field.type
    if kind.kind == "object":
        check(problems, where, kind.fields, value)
    elif kind.kind == "enum":
        if value not in kind.values:
            problems.add(where, f"must be one of {', '.join(kind.values)}")
    elif not is_scalar(kind.scalar, value):
        problems.add(where, f"is not a {kind.scalar}")
    elif field.max is not None:
        size = value if isinstance(value, int) else len(value)
        if kind.scalar != "bytes" and not field.min <= size <= field.max:
            problems.add(where, f"is outside {field.min} to {field.max}")


def is_scalar(scalar, value):
    if scalar == "bool":
        return isinstance(value, bool)
    if scalar in ("int", "money", "price", "quantity"):
        return isinstance(value, int) and not isinstance(value, bool) and -2 ** 63 <= value < 2 ** 63
    if not isinstance(value, str):
        return False
    try:
        if scalar == "id":
            return bool(ID.match(value)) and value.strip("0-") != ""
        if scalar == "date":
            return len(value) == 10 and bool(datetime.date.fromisoformat(value))
        if scalar == "time":
            return "T" in value and datetime.datetime.fromisoformat(value).tzinfo is not None
        if scalar == "bytes":
            base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return False
    return True
