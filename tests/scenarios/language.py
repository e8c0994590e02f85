"""The language of the scenario files: one step a line, words and field=value pairs."""
import json
import re

PAIR = re.compile(r"^[A-Za-z_][\w.\[\]]*=")


class ScenarioError(Exception):
    """A step that is not true, or not understood."""


def words(line):
    """Splits at spaces that are outside quotes, brackets and braces; a # that starts a word ends the line."""
    out, current, depth, quoted, escaped = [], "", 0, False, False
    for char in line:
        if quoted:
            current += char
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == "#" and not current and depth == 0:
            break
        elif char == " " and depth == 0:
            if current:
                out.append(current)
            current = ""
        else:
            depth += (char in "[{(") - (char in "]})")
            quoted = char == '"'
            current += char
    if quoted or depth:
        raise ScenarioError("a quote or bracket is not closed")
    return out + ([current] if current else [])


def pairs(parts, substitute, is_text=lambda name: False):
    """field=value words as a dict; values are JSON, or bare words where JSON does not fit or the field is a text."""
    out = {}
    for part in parts:
        if not PAIR.match(part):
            raise ScenarioError(f"'{part}' is not field=value")
        name, raw = part.split("=", 1)
        raw = substitute(raw)
        if is_text(name) and not raw.startswith('"') and raw != "null":
            out[name] = raw
            continue
        try:
            out[name] = json.loads(raw)
        except ValueError:
            out[name] = raw
    return out


def look_up(value, path):
    """lines[0].quantity or lines.count in a reply; KeyError when there is nothing."""
    for part in re.findall(r"\w+|\[\d+\]", path):
        if part.startswith("["):
            value = value[int(part[1:-1])]
        elif isinstance(value, list) and part == "count":
            value = len(value)
        else:
            value = value[part]
    return value


def fits(expected, actual):
    """Subset match: objects by the named fields, lists element by element, * is anything, null is absent."""
    if expected == "*":
        return actual is not None
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(fits(value, actual.get(name)) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(fits, expected, actual))
    if isinstance(expected, bool) or isinstance(actual, bool) or expected is None:
        return expected is actual
    return expected == actual or str(expected) == str(actual)


def mismatch(expected, reply):
    """Says which expected path does not fit; None when all do."""
    for path, value in expected.items():
        try:
            actual = look_up(reply, path)
        except (KeyError, IndexError, TypeError):
            actual = None
        if not fits(value, actual):
            return f"{path} is {json.dumps(actual, ensure_ascii=False)}, not {json.dumps(value, ensure_ascii=False)}"
    return None
