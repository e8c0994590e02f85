"""Lists: one body of a statement becomes the statements that give a page of it in the usual order and sorted by a column.

`-- pages: receipt_id desc by receipt_list_sort` under the heading of a `many` says: the rows are told apart by the column
receipt_id and come from the greatest on; the enum, which the `sort` of the operation receipt.list makes, has the columns that
they can be sorted by. The body has neither the cursor, nor ORDER BY, nor LIMIT: these come from here.
"""

from dataclasses import dataclass
import re

import model
import setform

DIRECTIVE = re.compile(r"([a-z][a-z0-9_]*)(\s+desc)?(?:\s+by\s+([a-z][a-z0-9_]*))?\Z")
CLAUSES = ("FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR")
NAME_MAX = 63 - len("common.")
ROWS = 200  # of a page at most: PAGE_MOST in common/service/page.h
LEAST, GREATEST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"


@dataclass
class Pages:
    id: str  # the column that tells the rows apart
    is_descending: bool
    sort: model.Type = None  # the enum of columns to sort by
    selected: list = None  # of each column the tokens that give it
    source: list = None  # the tokens of FROM …
    conditions: list = None  # of each part of WHERE … AND … its tokens

    def selectors(self):
        """Arguments that choose the statement."""
        if not self.sort:
            return []
        return [model.Field("sort", self.sort), model.Field("is_descending", model.Type("bool", "scalar", scalar="bool"))]

    def orders(self):
        """(what the statement's name ends with, column or None, downwards), as the table of statements has them."""
        values = self.sort.values if self.sort else ()
        return [("", None, self.is_descending)] + [(f"_by_{name}" + "_desc" * down, name, down)
                                                   for name in values for down in (False, True)]


def read(reader, statement, scope, value_of):
    """Takes the directive and the body apart; the statement gets the parameters `after` and `limit`."""
    def wrong(text):
        reader.problems.add(statement.where, f"pages: {text}")
    match = DIRECTIVE.match(statement.pages_text)
    if not match or statement.mode != "many":
        wrong("must be `id [desc] [by ENUM]`, under a `many`")
        return
    pages = Pages(match[1], bool(match[2]))
    if not take_apart(statement, pages):
        wrong("the body must be SELECT one expression for each column FROM … WHERE … and end there; an OR needs brackets")
        return
    names = {column.name: column for column in statement.columns}
    if pages.id not in names or names[pages.id].sql != "uuid":
        wrong(f"`{pages.id}` is no column of type uuid")
    if match[3]:
        pages.sort = scope.find(match[3])
        if not pages.sort or not pages.sort.is_sort:
            wrong(f"`{match[3]}` is made by no operation's `sort`")
            pages.sort = None
    for name in pages.sort.values if pages.sort else ():
        if name not in names or names[name].is_array():
            wrong(f"cannot sort by `{name}`, which is no column")
    for name in [statement.name + end for end, _, _ in pages.orders()]:
        if len(name) > NAME_MAX:
            wrong(f"the name {name} is too long for PostgreSQL")
    for name, sql in (("after", "uuid"), ("limit", "bigint")):
        if any(value.name == name for value in statement.parameters):
            wrong(f":{name} comes from here")
        statement.parameters.append(value_of(reader, statement.where, name, sql, scope))
    statement.paged = pages


def take_apart(statement, pages):
    """Whether the body is a plain SELECT … FROM … WHERE …."""
    places, depth = [], 0
    for index, (kind, text) in enumerate(statement.tokens):
        depth += {"(": 1, ")": -1}.get(text, 0) if kind == "other" else 0
        if kind == "word" and depth == 0 and text.upper() in ("SELECT", "WITH", "OR", *CLAUSES):
            places.append((text.upper(), index))
    found = [(word, index) for word, index in places if not is_distinct_from(statement, index)]
    if [word for word, _ in found] != ["SELECT", "FROM", "WHERE"] or found[0][1] != 0:
        return False
    start, where = found[1][1], found[2][1]
    pages.selected = [without_name(item) for item in split(statement.tokens[1:start], ("other", ","))]
    pages.source = statement.tokens[start:where]
    pages.conditions = split(statement.tokens[where + 1:], ("word", "AND"))
    return len(pages.selected) == len(statement.columns) and pages.selected[0][:1] not in ([("word", "DISTINCT")], [])


def is_distinct_from(statement, index):
    """Whether this FROM belongs to IS DISTINCT FROM."""
    before = [text.upper() for kind, text in statement.tokens[:index] if kind != "space"]
    return statement.tokens[index][1].upper() == "FROM" and before[-1:] == ["DISTINCT"]


def split(tokens, mark):
    """The parts between marks outside brackets; the AND of a BETWEEN is none."""
    parts, depth, between = [[]], 0, False
    for kind, text in tokens:
        depth += {"(": 1, ")": -1}.get(text, 0) if kind == "other" else 0
        if depth == 0 and (kind, text.upper()) == mark and not between:
            parts.append([])
            continue
        if depth == 0 and kind == "word" and text.upper() in ("BETWEEN", "AND"):
            between = text.upper() == "BETWEEN"
        parts[-1].append((kind, text))
    return [trimmed(part) for part in parts]


def trimmed(tokens):
    while tokens and tokens[0][0] == "space":
        tokens = tokens[1:]
    while tokens and tokens[-1][0] == "space":
        tokens = tokens[:-1]
    return tokens


def without_name(tokens):
    """The expression without its AS name."""
    words = [index for index, (kind, text) in enumerate(tokens) if kind == "word" and text.upper() == "AS"]
    is_last = words and all(kind in ("space", "word", "quoted") for kind, _ in tokens[words[-1]:])
    return trimmed(tokens[:words[-1]]) if is_last else tokens


# What is made of it

def texts(statement):
    """The text of each of orders()."""
    return [usual(statement) if column is None else sorted_by(statement, column, down)
            for _, column, down in statement.paged.orders()]


def text_of(statement, tokens):
    return setform.render(statement, setform.numbered, tokens)


def parameter(statement, name):
    number = next(number for number, value in enumerate(statement.parameters, 1) if value.name == name)
    return setform.numbered(number, statement.parameters[number - 1])


def expression(statement, name):
    index = [column.name for column in statement.columns].index(name)
    return text_of(statement, statement.paged.selected[index])


def body(statement, conditions, more):
    """SELECT … FROM … WHERE …, with these conditions and one more."""
    columns = ", ".join(f'{text_of(statement, item)} AS "{column.name}"'
                        for item, column in zip(statement.paged.selected, statement.columns))
    return (f"SELECT {columns}\n  {text_of(statement, statement.paged.source).rstrip()}\n WHERE "
            + "\n   AND ".join(conditions + [more]))


def branch_of(statement, condition):
    """The branch's column where the condition is `branch_id = ANY(:scope)`, else None."""
    words = [token for token in condition if token[0] != "space"]
    is_scope = words[-5:] == [("other", "="), ("word", "ANY"), ("other", "("), ("param", "scope"), ("other", ")")]
    return text_of(statement, words[:-5]) if is_scope else None


def usual(statement):
    """The order of the ids. Where the rows are of several branches each branch gives a page of its own, from its primary key
    and so without sorting, and the page is made of these; `= ANY` would read and sort all rows of all branches. PostgreSQL is
    told how many rows a page has at most, for it plans without knowing :limit. The cursor is compared by a CASE because
    row security lets no coalesce() near an index."""
    pages = statement.paged
    direction, compared, end = ("DESC", "<", GREATEST) if pages.is_descending else ("ASC", ">", LEAST)
    after, limit, key = parameter(statement, "after"), parameter(statement, "limit"), expression(statement, pages.id)
    more = f"{key} {compared} CASE WHEN {after} IS NULL THEN '{end}' ELSE {after} END"
    branches = [branch_of(statement, condition) for condition in pages.conditions]
    conditions = [f"{branch} = _branch.of_id" if branch else text_of(statement, condition)
                  for branch, condition in zip(branches, pages.conditions)]
    order = f'ORDER BY "{pages.id}" {direction} LIMIT {limit}'
    page = f"SELECT * FROM (\n{body(statement, conditions, more)}\n ORDER BY {key} {direction} LIMIT {ROWS}\n) AS _rows {order}"
    if not any(branches):
        return page
    return f"SELECT _page.* FROM unnest({parameter(statement, 'scope')}) AS _branch(of_id) CROSS JOIN LATERAL (\n{page}\n) AS _page {order}"


def sorted_by(statement, name, down):
    """The order of a column: what has none of it comes last, and equals in the order of their ids. The cursor is the id of a row
    still; where that row stands is looked up, whatever the filters say of it by now."""
    pages, column = statement.paged, next(column for column in statement.columns if column.name == name)
    after, limit, unique = parameter(statement, "after"), parameter(statement, "limit"), expression(statement, pages.id)
    key = key_of(column, expression(statement, name))
    compared, direction = ("<", "DESC") if down else (">", "ASC")
    known = [text_of(statement, condition) for condition in pages.conditions if is_whose(condition)]
    place = (f"WITH _place AS (SELECT {key} AS key {text_of(statement, pages.source).rstrip()}\n"
             f" WHERE {' AND '.join(known + [f'{unique} = {after}'])})\n")
    at = "(SELECT key FROM _place)"
    behind = [f"{after} IS NULL", f"{key} {compared} {at}"]
    if column.nullable:
        behind.append(f"({key} IS NULL AND {at} IS NOT NULL)")
    behind.append(f"({key} {'IS NOT DISTINCT FROM' if column.nullable else '='} {at} AND {unique} {compared} {after})")
    conditions = [text_of(statement, condition) for condition in pages.conditions]
    last = " NULLS LAST" if column.nullable else ""
    return (f"{place}{body(statement, conditions, '(' + ' OR '.join(behind) + ')')}\n"
            f" ORDER BY {key} {direction}{last}, {unique} {direction} LIMIT {limit}")


def is_whose(condition):
    """Whether it says only whose the rows are: the scope, a branch, headquarters."""
    return {text for kind, text in condition if kind == "param"} in ({"scope"}, {"branch_id"}, {"company_id"}, {"scope", "company_id"})


def key_of(column, text):
    """What is compared: of an enum the place of the value, of a text what stands first in a Chinese dictionary."""
    if column.enum:
        return f"array_position('{{{','.join(column.enum.values)}}}'::text[], {text})"
    return f'({text}) COLLATE "zh-x-icu"' if column.sql == "text" else f"({text})"
