"""Reads services/X/sql/*.sql: named statements, their parameters and columns, and what is wrong with them."""

from dataclasses import dataclass, field
import os
import re

import model
import pages
import setform
import words

HEADER = re.compile(r"--\s*([a-z][a-z0-9_]*):\s*(one|many|write)(?:\s+one\s+([a-z][a-z0-9_]*))?\s*\Z")
DIRECTIVE = re.compile(r"--\s*(columns|sums|pages):\s*(.*\S)\s*\Z")
TOKEN = re.compile(r"""(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<string>'(?:[^']|'')*')|(?P<quoted>"[^"]*")|(?P<cast>::)
  |(?P<param>:[a-z_][a-z0-9_]*(?:::[a-z_][a-z0-9_]*(?:\[\])?\??)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)
  |(?P<space>\s+)|(?P<other>.)""", re.VERBOSE | re.DOTALL)
PARAM = re.compile(r":([a-z_][a-z0-9_]*)(?:::([a-z_][a-z0-9_]*(?:\[\])?)(\??))?\Z")
COLUMN = re.compile(r"([a-z_][a-z0-9_]*)\s+([a-z_][a-z0-9_]*(?:\[\])?)(\??)\Z")

# SQL type: (enum sql_type, the scalar whose C type it has, is it a list)
SQL_TYPES = {
    "uuid": ("SQL_UUID", "id", False), "text": ("SQL_TEXT", "text", False), "bigint": ("SQL_BIGINT", "int", False),
    "bool": ("SQL_BOOL", "bool", False), "timestamptz": ("SQL_TIME", "time", False),
    "date": ("SQL_DATE", "date", False), "bytea": ("SQL_BYTEA", "bytes", False),
    "uuid[]": ("SQL_UUIDS", "id", True), "text[]": ("SQL_TEXTS", "text", True),
    "bigint[]": ("SQL_BIGINTS", "int", True),
}
RESERVED = {"branch_id": ("uuid", "FROM_BRANCH"), "scope": ("uuid[]", "FROM_SCOPE"),
            "company_id": ("uuid", "FROM_COMPANY"), "actor_id": ("uuid", "FROM_ACTOR"),
            "now": ("timestamptz", "FROM_NOW"), "today": ("date", "FROM_TODAY")}


@dataclass
class Value:
    """A parameter or a column."""
    name: str
    sql: str  # uuid … or an enum's name
    enum: model.Type = None
    nullable: bool = False
    source: str = "FROM_ARGUMENT"
    field: model.Field = None  # its member in C

    def pg_type(self):
        return "text" if self.enum else self.sql

    def is_array(self):
        return self.sql.endswith("[]")

    def c_type(self):
        return "SQL_ENUM" if self.enum else SQL_TYPES[self.sql][0]


@dataclass
class Statement:
    name: str
    where: str
    mode: str  # one, many, write, write_one
    error: str = None
    columns_text: str = None
    sums: list = field(default_factory=list)
    pages_text: str = None
    paged: pages.Pages = None
    tokens: list = field(default_factory=list)  # (kind, text); a parameter's text is its name
    parameters: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    row_type: model.Type = None  # the object type that is the row, where `columns:` names one
    row_of: str = None  # the statement whose row it shares, where `columns:` names one

    def row_name(self, home):
        return self.row_type.c_name(home) if self.row_type else self.row_of or self.name

    def has_own_row(self):
        return bool(self.columns) and not self.row_type and not self.row_of

    def arguments(self):
        """The members of the struct of arguments."""
        given = [value.field for value in self.parameters if value.source == "FROM_ARGUMENT"]
        return given + (self.paged.selectors() if self.paged else [])

    def names(self):
        """Its own, and with pages those of the other orders."""
        return [self.name + end for end, _, _ in self.paged.orders()] if self.paged else [self.name]

    def words(self):
        """(upper-case word, depth of brackets, index of token) of every bare word."""
        depth, found = 0, []
        for index, (kind, text) in enumerate(self.tokens):
            depth += {"(": 1, ")": -1}.get(text, 0) if kind == "other" else 0
            if kind == "word":
                found.append((text.upper(), depth, index))
        return found

    def locks(self):
        names = [word for word, _, _ in self.words()]
        return any(word == "FOR" and after in ("UPDATE", "SHARE", "NO", "KEY") for word, after in zip(names, names[1:]))


def read_folder(reader, folder, scope, find_error):
    """All statements of the .sql files of a folder, by file and place."""
    found = []
    for name in reader.folder(folder):
        if name.endswith(".sql"):
            found += read_file(reader, os.path.join(folder, name))
    seen = {}
    for statement in found:
        if statement.name in seen:
            reader.problems.add(statement.where, f"is also in {seen[statement.name]}")
        seen[statement.name] = statement.where
        read_parameters(reader, statement, scope)
        read_columns(reader, statement, scope)
    for statement in found:
        share_row(reader, statement, found)
        check_form(reader, statement, find_error)
        if statement.pages_text is not None:
            pages.read(reader, statement, scope, value_of)
    return found


def share_row(reader, statement, found):
    """`columns:` may name another statement: the rows are of the same struct."""
    if not statement.row_of:
        return
    other = next((other for other in found if other.name == statement.row_of), None)
    if not other or not other.has_own_row():
        reader.problems.add(statement.where, f"columns: `{statement.row_of}` is no object type, and no statement with columns")
    else:
        statement.columns = other.columns


def read_file(reader, path):
    found, lines, statement = [], [], None
    for number, line in enumerate(reader.text(path).split("\n"), 1):
        header, directive = HEADER.match(line), DIRECTIVE.match(line)
        if header:
            close(reader, statement, lines)
            mode = "write_one" if header[3] else header[2]
            statement = Statement(header[1], f"{path}:{number}: {header[1]}", mode, header[3])
            lines = []
            found.append(statement)
            if header[3] and header[2] != "write":
                reader.problems.add(statement.where, "only `write` takes `one ERROR`")
        elif directive and statement:
            read_directive(reader, statement, directive)
        elif statement:
            lines.append(line)
        elif line.strip() and not line.startswith("--"):
            reader.problems.add(f"{path}:{number}", "a statement must begin with `-- name: one|many|write|write one ERROR`")
            return found
    close(reader, statement, lines)
    return found


def read_directive(reader, statement, directive):
    if directive[1] == "columns":
        if statement.columns_text is not None:
            reader.problems.add(statement.where, "has columns twice")
        statement.columns_text = directive[2]
    elif directive[1] == "pages":
        statement.pages_text = directive[2]
    else:
        statement.sums = [name.strip() for name in directive[2].split(",")]


def close(reader, statement, lines):
    """Splits the text behind a header into tokens without comments."""
    if not statement:
        return
    text = "\n".join(lines)
    tokens = []
    for match in TOKEN.finditer(text):
        kind, value = match.lastgroup, match.group()
        if kind == "comment":
            continue
        if kind == "other" and value in "$\\":
            reader.problems.add(statement.where, f"`{value}` has no place in a statement")
        tokens.append((kind, value))
    while tokens and tokens[0][0] == "space":
        tokens.pop(0)
    while tokens and tokens[-1][0] == "space":
        tokens.pop()
    if not tokens or tokens[-1] != ("other", ";"):
        reader.problems.add(statement.where, "must end with ;")
    tokens = tokens[:-1]
    if ("other", ";") in tokens:
        reader.problems.add(statement.where, "is more than one statement, or the next one's heading is malformed")
    statement.tokens = tokens


def value_of(reader, where, name, sql, scope):
    """A value with the C member it lives in; None when the type is unknown."""
    if sql in SQL_TYPES:
        _, scalar, is_list = SQL_TYPES[sql]
        return Value(name, sql, field=model.Field(name, model.Type(scalar, "scalar", scalar=scalar), is_list))
    enum = scope.find(sql)
    if not enum or enum.kind != "enum":
        reader.problems.add(where, f"`{sql}` of {name} is neither one of {' '.join(SQL_TYPES)} nor an enum")
        return None
    return Value(name, sql, enum, field=model.Field(name, enum))


def read_parameters(reader, statement, scope):
    """Gathers parameters in the order of their first use; later uses may leave out the type."""
    types = {}
    for index, (kind, text) in enumerate(statement.tokens):
        if kind != "param":
            continue
        name, sql, mark = PARAM.match(text).groups()
        statement.tokens[index] = ("param", name)
        if name in RESERVED and sql is None:
            sql = RESERVED[name][0]
        known = types.setdefault(name, [sql, False])
        if sql and known[0] and known[0] != sql:
            reader.problems.add(statement.where, f":{name} is {known[0]} and {sql}")
        known[0] = known[0] or sql
        known[1] = known[1] or mark == "?"
    for name, (sql, nullable) in types.items():
        add_parameter(reader, statement, scope, name, sql, nullable)


def add_parameter(reader, statement, scope, name, sql, nullable):
    where = statement.where
    if sql is None:
        reader.problems.add(where, f":{name} must say its type (:{name}::type)")
        return
    if name in RESERVED and RESERVED[name][0] != sql:
        reader.problems.add(where, f":{name} is filled in by the call and is {RESERVED[name][0]}")
        return
    value = value_of(reader, where, name, sql, scope)
    if not value or not words.is_name(reader, where, name):
        return
    if name in RESERVED:
        value.source = RESERVED[name][1]
    value.nullable = value.field.optional = nullable
    statement.parameters.append(value)


def read_columns(reader, statement, scope):
    text = statement.columns_text
    if text is None:
        return
    if re.fullmatch(r"[a-z_][a-z0-9_]*", text):
        row = scope.find(text)
        if not row or row.kind != "object":
            statement.row_of = text
            return
        statement.row_type = row
        statement.columns = [column_of_field(reader, statement, row, made) for made in row.fields]
        statement.columns = [column for column in statement.columns if column]
        return
    for part in text.split(","):
        match = COLUMN.match(part.strip())
        if not match:
            reader.problems.add(statement.where, f"columns: `{part.strip()}` is not `name type` or `name type?`")
            continue
        if words.is_name(reader, statement.where, match[1]):
            column = value_of(reader, statement.where, match[1], match[2], scope)
            if column:
                column.nullable = column.field.optional = match[3] == "?"
                statement.columns.append(column)
    names = [column.name for column in statement.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reader.problems.add(statement.where, f"columns: `{name}` occurs twice")


def column_of_field(reader, statement, row, made):
    sql = made.sql_type()
    if sql is None:
        reader.problems.add(statement.where, f"columns: field `{made.name}` of {row.name} has no SQL type, so "
                            "the object cannot be a row")
        return None
    enum = made.type if made.type.kind == "enum" else None
    return Value(made.name, sql, enum, made.optional, field=made)


def check_form(reader, statement, find_error):
    where, names = statement.where, statement.words()
    top = [word for word, depth, _ in names if depth == 0]
    first = next((word for word in top if word in ("SELECT", "INSERT", "UPDATE", "DELETE", "VALUES")), "")
    if not first:
        reader.problems.add(where, "is no SELECT, INSERT, UPDATE or DELETE")
    if statement.error and not find_error(statement.error):
        reader.problems.add(where, f"error `{statement.error}` is in no errors.json")
    if statement.mode in ("one", "many"):
        if statement.columns_text is None:
            reader.problems.add(where, "`-- columns:` is missing")
        if first in ("INSERT", "UPDATE", "DELETE") and "RETURNING" not in top:
            reader.problems.add(where, f"an {first} without RETURNING gives no rows")
        check_select_list(reader, statement)
    else:
        if statement.columns_text is not None or "RETURNING" in top:
            reader.problems.add(where, "a write gives no columns")
        if first == "SELECT":
            reader.problems.add(where, "a SELECT is no write")
    if statement.sums and not reader.problems.lines and setform.set_text(statement) is None:
        reader.problems.add(where, "sums: only UPDATE t SET x = x + :a WHERE key = :k AND …, mode write, can be summed")


def check_select_list(reader, statement):
    """Compares number and, where they can be read, places of the columns with what `columns:` says."""
    items = select_list(statement)
    if items is None or not statement.columns:
        return
    names = [column.name for column in statement.columns]
    if len(items) != len(names):
        reader.problems.add(statement.where, f"selects {len(items)} columns, and `columns:` has {len(names)}: "
                            + ", ".join(names))
        return
    for item, name in zip(items, names):
        if item and item != name and item in names and items[names.index(item)] != item:
            reader.problems.add(statement.where, f"column `{item}` stands where `columns:` has `{name}`")


def select_list(statement):
    """Names of the selected columns ("" where unknown); None where it cannot be told (a star)."""
    names = statement.words()
    data = any(word in ("INSERT", "UPDATE", "DELETE") for word, depth, _ in names[:1] if depth == 0)
    start = next((index for word, depth, index in names
                  if depth == 0 and word == ("RETURNING" if data else "SELECT")), None)
    if start is None:
        return None
    items, current, depth = [], [], 0
    for kind, text in statement.tokens[start + 1:]:
        if kind == "space":
            continue
        depth += {"(": 1, ")": -1}.get(text, 0) if kind == "other" else 0
        if depth == 0 and kind == "word" and text.upper() in ("FROM", "WHERE", "UNION", "ORDER", "LIMIT", "GROUP", "FOR"):
            if not (current and text.upper() == "FROM" and [part.upper() for part in current[-1:]] == ["DISTINCT"]):
                break
        if depth == 0 and text == ",":
            items.append(current)
            current = []
        else:
            current.append(text if kind != "param" else ":")
    items.append(current)
    if any(item[-1:] == ["*"] and (len(item) == 1 or item[-2] == ".") for item in items):
        return None
    if items[0][:1] and items[0][0].upper() in ("DISTINCT", "ALL"):
        return None if items[0][1:2] and items[0][1].upper() == "ON" else [item_name(items[0][1:])] + \
            [item_name(item) for item in items[1:]]
    return [item_name(item) for item in items]


def item_name(item):
    if len(item) >= 2 and item[-2].upper() == "AS":
        return item[-1].strip('"')
    if item and all(part == "." or re.fullmatch(r"[a-z_][a-z0-9_]*", part) for part in item):
        return item[-1] if len(item) == 1 or item[-2] == "." else ""
    return ""
