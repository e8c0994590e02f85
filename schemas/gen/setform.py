"""Renders statements with numbered parameters, and where it can be done their set form: one statement for many calls.

The set form's parameters are arrays of the same types. `_k` holds one row for each call, p1… its parameters, n its place.
"""

import re


def render(statement, parameter, tokens=None):
    """The statement's text, or that of some of its tokens; parameter(number, value) gives what stands for a parameter."""
    numbers = {value.name: number for number, value in enumerate(statement.parameters, 1)}
    by_name = {value.name: value for value in statement.parameters}
    return "".join(text if kind != "param" else parameter(numbers[text], by_name[text])
                   for kind, text in (statement.tokens if tokens is None else tokens))


def numbered(number, value):
    return f"${number}::{value.pg_type()}"


def plain_text(statement):
    return render(statement, numbered)


def set_text(statement):
    """The set form, or None."""
    if not statement.parameters or statement.paged or any(value.is_array() for value in statement.parameters):
        return None
    words = [word for word, _, _ in statement.words()]
    if statement.mode in ("one", "many"):
        return select_set(statement, words)
    if statement.mode == "write" and words[:1] == ["INSERT"]:
        return insert_set(statement)
    if statement.sums:
        return sum_set(statement)
    return None


def source(statement):
    count = len(statement.parameters)
    arrays = ", ".join(f"${number}::{value.pg_type()}[]" for number, value in enumerate(statement.parameters, 1))
    names = ", ".join(f"p{number}" for number in range(1, count + 1))
    return f"unnest({arrays}) WITH ORDINALITY AS _k({names}, n)"


def changes_data(words):
    """Whether the words hold an INSERT, UPDATE or DELETE that is not the UPDATE of FOR [NO KEY] UPDATE."""
    return any(word in ("INSERT", "DELETE", "MERGE") or (word == "UPDATE" and before not in ("FOR", "KEY"))
               for before, word in zip([""] + words, words))


def select_set(statement, words):
    if words[:1] not in (["SELECT"], ["WITH"]) or changes_data(words):
        return None
    body = render(statement, lambda number, _: f"_k.p{number}")
    ordered = statement.mode == "many" and any(word == "ORDER" and depth == 0 for word, depth, _ in statement.words())
    if not ordered:
        return (f"SELECT _k.n, _s.* FROM {source(statement)} JOIN LATERAL (\n{body}\n) AS _s ON true ORDER BY _k.n")
    names = ", ".join(f'"{column.name}"' for column in statement.columns)
    chosen = ", ".join(f'_s."{column.name}"' for column in statement.columns)
    return (f"SELECT _k.n, {chosen} FROM {source(statement)} JOIN LATERAL (SELECT _x.*, row_number() OVER () AS _r FROM (\n"
            f"{body}\n) AS _x({names})) AS _s ON true ORDER BY _k.n, _s._r")


INSERT = re.compile(r"(INSERT\s+INTO\s+[\w.\"]+\s*\([^()]*\))\s*VALUES\s*\((.*)\)\s*(ON\s+CONFLICT\b.*\bDO\s+NOTHING)?\Z",
                    re.IGNORECASE | re.DOTALL)


def insert_set(statement):
    """INSERT … VALUES (one row) [ON CONFLICT DO NOTHING] becomes INSERT … SELECT."""
    words = [word for word, _, _ in statement.words()]
    match = INSERT.match(render(statement, lambda number, _: f"_k.p{number}"))
    if not match or words.count("VALUES") != 1 or "SELECT" in words or "DEFAULT" in words:
        return None
    if not is_one_group(match[2]):
        return None
    tail = f" {match[3]}" if match[3] else ""
    return f"{match[1]} SELECT {match[2]} FROM {source(statement)} ORDER BY _k.n{tail}"


def is_one_group(text):
    """Whether brackets balance inside, so that the text was one VALUES row."""
    depth = 0
    for char in re.sub(r"'(?:[^']|'')*'", "", text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


UPDATE = re.compile(r"UPDATE\s+([a-z_][\w.]*)\s+SET\s+(.*?)\s+WHERE\s+(.*)\Z", re.IGNORECASE | re.DOTALL)
SUM = re.compile(r"([a-z_]\w*)\s*=\s*([a-z_]\w*)\s*([+-])\s*(\{\d+\})\Z", re.IGNORECASE)
KEY = re.compile(r"([a-z_][\w.]*)\s*=\s*(\{\d+\})\Z", re.IGNORECASE)


def sum_set(statement):
    """UPDATE t SET x = x ± :a[, …] WHERE key = :k [AND …]: rows of the same keys are added up first, so each is touched once.

    Every parameter is either summed or compared with a column by `=`; so one row of the table belongs to one group.
    """
    match = UPDATE.match(render(statement, lambda number, _: f"{{{number}}}"))
    if not match or statement.mode != "write" or "(" in match[2] + match[3]:
        return None
    sums, keys = sum_parts(statement, match[2]), key_parts(match[3])
    marks = {f"{{{number}}}" for number in range(1, len(statement.parameters) + 1)}
    if sums is None or keys is None or set(sums.values()) & keys or set(sums.values()) | keys != marks:
        return None
    names = sorted(keys, key=lambda mark: int(mark[1:-1]))
    group = ", ".join("p" + mark[1:-1] for mark in names)
    totals = ", ".join(f"sum(_u.p{mark[1:-1]})::bigint AS p{mark[1:-1]}" for mark in sums.values())
    inner = source(statement).replace(" AS _k(", " AS _u(")
    body = re.sub(r"\{(\d+)\}", r"_k.p\1", f"UPDATE {match[1]} SET {match[2]} FROM (SELECT {group}, {totals} FROM {inner} "
                  f"GROUP BY {group} ORDER BY {group}) AS _k WHERE {match[3]}")
    return body


def sum_parts(statement, text):
    """column → mark of `x = x ± {n}, …`; None unless these are exactly the declared sums."""
    sums = {}
    for part in text.split(","):
        match = SUM.match(part.strip())
        if not match or match[1] != match[2] or match[4] in sums.values():
            return None
        sums[match[1]] = match[4]
    return sums if sorted(sums) == sorted(statement.sums) else None


def key_parts(text):
    """The marks compared by `column = {n}`; None when the condition has parameters elsewhere, or an OR."""
    keys = set()
    for part in re.split(r"\s+AND\s+", text.strip(), flags=re.IGNORECASE):
        match = KEY.match(part.strip())
        if match:
            keys.add(match[2])
        elif "{" in part or re.search(r"\b(OR|NOT|BETWEEN|CASE)\b", part, re.IGNORECASE):
            return None
    return keys or None
