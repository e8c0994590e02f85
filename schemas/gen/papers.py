"""papers.gen.h and .c: for the gateway, what each paper asks for and which operations are lists; paper_words.gen.c: for
songda-paper, what the columns of these lists are called."""

import os

import shapes
from cservice import table
from cstruct import quoted

KEYS = ("zh", "en", "parameter", "asks")
ASK_KEYS = ("name", "operation")
ASK_MORE = ("with", "pages", "optional")
NAME_PAGES = 50  # of names for a list: 10,000; whoever is behind them stays an id
LIST_PAGES = 500  # of rows: 100,000
QUERY_TYPES = {"from": "date", "to": "date"}

HEADER = """\
/* papers.gen.h - what the gateway asks for to make a paper; made from schemas. */
#ifndef SONGDA_PAPERS_GEN_H
#define SONGDA_PAPERS_GEN_H

#include <stdbool.h>
#include <stddef.h>

/* A field of a request and where its value comes from: the paper's parameter or query, or a field of an
 * earlier reply (slip.branch_id; through a list, contract.equipment.product_id: asked once for each). */
struct paper_source {
    const char *field, *from;
};

struct paper_ask {
    const char *name, *operation;
    const struct paper_source *with; /* ended by a NULL field */
    int pages;                       /* followed at most; 0: the reply has none */
    bool is_optional;                /* a refusal leaves it out */
};

struct paper_kind {
    const char *name, *zh, *en;
    const char *parameter;
    const char *const *query; /* NULL-terminated */
    const struct paper_ask *asks; /* ended by a NULL name */
};

/* An operation whose reply is rows; before its rows the names of what its ids stand for are asked for. */
struct paper_list {
    const char *operation;
    const struct paper_ask *asks; /* the last one is "rows", ended by a NULL name */
};

extern const struct paper_kind paper_kinds[]; /* ended by a NULL name */
extern const struct paper_list paper_lists[]; /* ended by a NULL operation */

#endif
"""


class Papers:
    def __init__(self, contract):
        self.contract = contract
        self.path = os.path.join(contract.schemas, "papers.json")
        self.problems = contract.problems
        raw = contract.reader.json(self.path, {})
        is_good = contract.reader.keys(self.path, raw, ("papers", "names")) if raw else False
        self.kinds = raw["papers"] if is_good else {}
        self.names = raw["names"] if is_good else {}
        self.operations = {operation.full_name(service): operation for service, operation in self.each()}

    def each(self):
        for service in self.contract.services():
            for owner in (self.contract.component(service), self.contract.component("common")):
                for operation in owner.operations:
                    yield service, operation

    def files(self):
        """file name → text."""
        for name, body in self.kinds.items():
            self.check(f"{self.path}: {name}", body)
        for name, body in self.names.items():
            self.check_names(f"{self.path}: names: {name}", body)
        if self.problems.lines:
            return {}
        return {"papers.gen.h": HEADER, "papers.gen.c": self.source(), "paper_words.gen.c": self.words()}

    # What is wrong with papers.json

    def check(self, where, body):
        reader = self.contract.reader
        if not reader.keys(where, body, KEYS, ("query",)) or not reader.both(where, body):
            return
        known = {body["parameter"]: "id"}
        for name in body.get("query", []):
            if name not in QUERY_TYPES:
                self.problems.add(where, f"query: `{name}` is none of {', '.join(QUERY_TYPES)}")
            known[name] = QUERY_TYPES.get(name)
        replies = {}
        for ask in body["asks"]:
            if reader.keys(where, ask, ASK_KEYS, ASK_MORE):
                self.check_ask(f"{where}: {ask['name']}", ask, known, replies)

    def check_ask(self, where, ask, known, replies):
        operation = self.operations.get(ask["operation"])
        if not operation or operation.effect != "read" or operation.permission.kind == "service":
            self.problems.add(where, f"`{ask['operation']}` is no read that people may ask for")
            return
        request = {field.name: field for field in operation.request}
        for name, source in ask.get("with", {}).items():
            wanted = known.get(source) or self.type_at(replies, source)
            if name not in request or request[name].is_list or request[name].type.scalar != wanted:
                self.problems.add(where, f"with: `{name}` cannot be `{source}`")
        for field in operation.request:
            if not field.optional and field.name not in ask.get("with", {}):
                self.problems.add(where, f"with: `{field.name}` is missing")
        if ask.get("pages") and not shapes.paging(operation.request, {field.name: field for field in operation.reply}):
            self.problems.add(where, "pages: the reply has no next one")
        replies[ask["name"]] = operation.reply

    def check_names(self, where, body):
        if not self.contract.reader.keys(where, body, ("operation", "id", "name", "fields")):
            return
        operation = self.operations.get(body["operation"])
        rows = shapes.listing(operation) if operation else None
        if not rows:
            self.problems.add(where, f"`{body['operation']}` is no list")
            return
        item = next(field for field in operation.reply if field.name == rows["items"])
        fields = {field.name: field.type.scalar for field in item.type.fields}
        if fields.get(body["id"]) != "id" or fields.get(body["name"]) != "text":
            self.problems.add(where, "`id` and `name` must be an id and a text of its rows")

    def type_at(self, replies, source):
        """The scalar at a path like slip.branch_id."""
        first, *rest = source.split(".")
        fields = replies.get(first)
        for index, name in enumerate(rest):
            field = next((field for field in fields or [] if field.name == name), None)
            if not field:
                return None
            if index == len(rest) - 1:
                return None if field.is_list else field.type.scalar
            fields = field.type.fields
        return None

    # The tables

    def source(self):
        parts = ["/* papers.gen.c - papers and lists; made from schemas. */", '#include "papers.gen.h"\n']
        kinds = []
        for name, body in self.kinds.items():
            c_name = name.replace("-", "_")
            parts.append(table(f"static const struct paper_ask {c_name}_asks[]",
                               [self.ask(ask) for ask in body["asks"]], "{.name = NULL}"))
            query = "".join(f"{quoted(one)}, " for one in body.get("query", []))
            kinds.append(f"{{.name = {quoted(name)}, .zh = {quoted(body['zh'])}, .en = {quoted(body['en'])},\n     .parameter = "
                         f"{quoted(body['parameter'])}, .query = (const char *const[]){{{query}NULL}}, .asks = {c_name}_asks}}")
        parts.append(table("const struct paper_kind paper_kinds[]", kinds, "{.name = NULL}"))
        lists = []
        for name, operation, rows in self.lists():
            c_name = name.replace(".", "_")
            asks = [{"name": one, "operation": self.names[one]["operation"], "pages": self.pages(self.names[one]["operation"], NAME_PAGES),
                     "optional": True} for one in self.names_of(operation, rows)]
            asks.append({"name": "rows", "operation": name, "pages": self.pages(name, LIST_PAGES)})
            parts.append(table(f"static const struct paper_ask {c_name}_asks[]", [self.ask(ask) for ask in asks], "{.name = NULL}"))
            lists.append(f"{{.operation = {quoted(name)}, .asks = {c_name}_asks}}")
        parts.append(table("const struct paper_list paper_lists[]", lists, "{.operation = NULL}"))
        return "\n".join(parts)

    def pages(self, name, most):
        """How many pages of a list are followed: none where it has one."""
        return most if "take" in shapes.listing(self.operations[name]) else 0

    def name_of(self, field):
        """Which names an id field's are; NULL's None where there are none."""
        return next((name for name, body in self.names.items() if field.type.scalar == "id" and field.name in body["fields"]), None)

    def names_of(self, operation, rows):
        item = next(field for field in operation.reply if field.name == rows["items"])
        return list(dict.fromkeys(filter(None, map(self.name_of, item.type.fields))))

    def ask(self, ask):
        sources = "".join(f"{{{quoted(name)}, {quoted(source)}}}, " for name, source in ask.get("with", {}).items())
        return (f"{{.name = {quoted(ask['name'])}, .operation = {quoted(ask['operation'])},\n     .with = (const struct paper_source[])"
                f"{{{sources}{{NULL, NULL}}}}, .pages = {ask.get('pages', 0)}, "
                f".is_optional = {'true' if ask.get('optional') else 'false'}}}")

    def lists(self):
        """(name, operation, how it gives rows) of every list that people may ask for."""
        for service, operation in self.each():
            rows = shapes.listing(operation)
            if rows and operation.permission.kind != "service":
                yield operation.full_name(service), operation, rows

    def words(self):
        parts = ["/* paper_words.gen.c - what lists and the values of enums are called; made from schemas. */", "#include <stddef.h>\n\n#include \"words.h\"\n"]
        enums = {}
        entries = []
        for name, operation, rows in self.lists():
            c_name = name.replace(".", "_")
            item = next(field for field in operation.reply if field.name == rows["items"])
            columns = [self.column(field, enums) for field in item.type.fields
                       if field.type.kind != "object" and field.type.scalar != "bytes"]
            parts.append(table(f"static const struct paper_column {c_name}_columns[]", columns, "{.name = NULL}"))
            entries.append(f"{{.operation = {quoted(name)}, .items = {quoted(rows['items'])}, "
                           f".zh = {quoted(operation.summary['zh'])}, .en = {quoted(operation.summary['en'])},\n"
                           f"     .columns = {c_name}_columns}}")
        for component in self.components():
            for kind in component.types.values():
                if kind.kind == "enum":
                    enums.setdefault(enum_name(kind), kind)
        head = [table(f"static const struct paper_word {name}[]",
                      [f"{{{quoted(value)}, {quoted(words['zh'])}, {quoted(words['en'])}}}" for value, words in kind.values.items()],
                      "{.value = NULL}") for name, kind in sorted(enums.items())]
        names = [f"{{.name = {quoted(name)}, .words = {name}}}" for name in sorted(enums)]
        tail = [table("const struct paper_enum paper_enums[]", names, "{.name = NULL}"),
                table("const struct paper_rows paper_rows[]", entries, "{.operation = NULL}")]
        lists = []
        for name, body in self.names.items():
            items = shapes.listing(self.operations[body["operation"]])["items"]
            lists.append(f"{{.name = {quoted(name)}, .items = {quoted(items)}, .id = {quoted(body['id'])}, .text = {quoted(body['name'])}}}")
        tail.append(table("const struct paper_names paper_names[]", lists, "{.name = NULL}"))
        return "\n".join(parts[:2] + head + parts[2:] + tail)

    def components(self):
        return [self.contract.component(name) for name in ["", "common"] + self.contract.services()]

    def column(self, field, enums):
        kind = field.type
        form = "ENUM" if kind.kind == "enum" else kind.scalar.upper()
        values = "NULL"
        if kind.kind == "enum":
            enums[enum_name(kind)] = kind
            values = enum_name(kind)
        return (f"{{.name = {quoted(field.name)}, .zh = {quoted(field.zh)}, .en = {quoted(field.en)}, .type = PAPER_{form}, "
                f".is_list = {'true' if field.is_list else 'false'}, .words = {values}, .names = {quoted(self.name_of(field))}}}")


def enum_name(kind):
    return f"{kind.owner}_{kind.name}" if kind.owner not in ("", "common") else kind.name
