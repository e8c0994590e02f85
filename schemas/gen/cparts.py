"""C text of errors, permissions, operations, events, subscriptions and statements, for one component."""

import pages
import setform
from cstruct import list_struct, quoted, shape, struct

ACCESS = {"functions": "ACCESS_FUNCTIONS", "public": "ACCESS_PUBLIC", "signed_in": "ACCESS_SIGNED_IN",
          "service": "ACCESS_SERVICE"}


class Names:
    """Every C name of a component once, whatever it comes from."""

    def __init__(self, problems):
        self.problems = problems
        self.taken = {}

    def take(self, name, where):
        if name in self.taken:
            self.problems.add(where, f"`{name}` in C would be the same as that of {self.taken[name]}")
        self.taken.setdefault(name, where)


# Errors and permissions

def error_declaration(error):
    return (f"extern const struct error error_{error.name};\n"
            f"#define ERROR_{error.name.upper()} (&error_{error.name})\n")


def error_value(error):
    kind = {"no": "ERROR_CLASS_NO", "retry": "ERROR_CLASS_RETRY", "unknown": "ERROR_CLASS_UNKNOWN"}[error.kind]
    return (f"{{\n    .name = {quoted(error.name)}, .status = {error.status}, .class = {kind}, "
            f".policy = {quoted(error.policy)},\n    .zh = {quoted(error.zh)},\n    .en = {quoted(error.en)}}}")


def error_definition(error):
    return f"const struct error error_{error.name} = {error_value(error)};\n"


def permission_name(permission):
    return "permission_" + permission.plain().replace(".", "_")


def permission_declaration(permission):
    name = permission_name(permission)
    return f"extern const struct permission {name};\n#define {name.upper()} (&{name})\n"


def permission_definition(permission, prefix=""):
    functions = " | ".join(f"UINT64_C(1) << FUNCTION_{name.upper()}" for name in permission.functions) or "0"
    return (f"{prefix}const struct permission {permission_name(permission)} = {{\n    .name = {quoted(permission.name)}, "
            f".kind = {ACCESS[permission.kind]},\n    .functions = {functions}}};\n")


# Operations and events

def names_list(names):
    if not names:
        return "NULL"
    return "(const char *const[]){" + ", ".join(quoted(name) for name in names) + ", NULL}"


def operation_value(operation, service, prefix, handler):
    """The initialiser of a struct operation; `prefix` stands before the names of its structs."""
    name = prefix + operation.c_name()
    parts = [f".name = {quoted(operation.full_name(service))}, .effect = EFFECT_{operation.effect.upper()}",
             f".permission = &{permission_name(operation.permission)}",
             f".request = &{name}_request_shape, .reply = &{name}_reply_shape",
             f".serialize = {names_list(operation.serialize)}, .object = {quoted(operation.object)}"]
    if operation.unmasked:
        parts.append(".unmasked = true")
    if operation.confidential:
        parts.append(".confidential = true")
    parts.append(f".handle = {handler}")
    return "{" + ",\n     ".join(parts) + "}"


def operation_structs(operation, prefix, home):
    name = prefix + operation.c_name()
    return (struct(f"{name}_request", operation.request, home) + struct(f"{name}_reply", operation.reply, home)
            + f"extern const struct shape {name}_request_shape, {name}_reply_shape;\n")


def operation_shapes(operation, prefix, home):
    name = prefix + operation.c_name()
    return shape(f"{name}_request", operation.request, home) + shape(f"{name}_reply", operation.reply, home)


def handler_declaration(operation, handler):
    name = operation.c_name()
    return (f"/* {operation.summary['en']} ({operation.full_name(operation.owner).replace('common.', '*.', 1)}) */\n"
            f"int {handler}(struct call *c, const struct {name}_request *request,\n"
            f"    struct {name}_reply *reply);\n")


def wrapper_definition(operation, wrapper, handler, prefix):
    return (f"{prefix}int {wrapper}(struct call *c, const void *request, void *reply)\n{{\n"
            f"    return {handler}(c, request, reply);\n}}\n")


def event_value(event, name, body):
    return (f"{{.name = {quoted(name)}, .permission = &{permission_name(event.permission)},\n"
            f"     .body = &{body}_shape, .aggregate = {quoted(event.aggregate)}}}")


def emitter_declaration(event):
    name = event.c_name()
    return (f"/* {event.summary['en']} */\n"
            f"#define emit_{name}(c, ...) emit_{name}_((c), &(struct {name}){{__VA_ARGS__}})\n"
            f"void emit_{name}_(struct call *c, const struct {name} *body);\n")


# Statements

SPACES = "    "


def sql_literal(text):
    if text is None:
        return "NULL"
    lines = [line.rstrip() for line in text.split("\n")]
    return ("\n" + SPACES * 3).join(quoted(line + ("\n" if number < len(lines) else ""))
                                    for number, line in enumerate(lines, 1))


def value_entry(value, owner, home):
    parts = [f".name = {quoted(value.name)}", f".type = {value.c_type()}"]
    if value.source != "FROM_ARGUMENT":
        parts.append(f".source = {value.source}, .has_offset = SIZE_MAX")
    else:
        has = f"offsetof(struct {owner}, has_{value.name})" if value.field.has_flag() else "SIZE_MAX"
        parts.append(f".offset = offsetof(struct {owner}, {value.name}), .has_offset = {has}")
    if value.enum:
        parts.append(f".values = &{value.enum.c_name(home)}_enumeration")
    if value.nullable:
        parts.append(".is_nullable = true")
    return "    {" + ", ".join(parts) + "},\n"


def row_declaration(statement, home):
    """The struct of the rows and of lists of them, unless `columns:` names what exists already."""
    if not statement.has_own_row():
        return ""
    return struct(statement.name, [column.field for column in statement.columns], home) + \
        list_struct(statement.name, f"struct {statement.name}")


def statement_declaration(statement, home):
    """The struct of the arguments, the function and the macro with named arguments."""
    name, row = statement.name, statement.row_name(home)
    fields = statement.arguments()
    parts = []
    if fields:
        parts.append(struct(f"db_{name}", fields, home))
    given, passed = ("", "") if not fields else (", ...", f", &(struct db_{name}){{__VA_ARGS__}}")
    taken = f", const struct db_{name} *arguments" if fields else ""
    symbol = function_name(statement, home)
    if statement.mode == "one":
        parts.append(f"#define db_{name}(c, row{given}) {symbol}((c), (row){passed})\n"
                     f"bool {symbol}(struct call *c, struct {row} *row{taken});\n")
    elif statement.mode == "many":
        parts.append(f"#define db_{name}(c{given}) {symbol}((c){passed})\n"
                     f"struct {row}_list {symbol}(struct call *c{taken});\n")
    else:
        parts.append(f"#define db_{name}(c{given}) {symbol}((c){passed})\n"
                     f"void {symbol}(struct call *c{taken});\n")
    return "".join(parts)


def function_name(statement, home):
    return ("common_db_" if home == "common" else "db_") + statement.name + "_"


def statement_symbol(name, home):
    return ("common_statement_" if home == "common" else "statement_") + name


def statement_definition(statement, home):
    name, row = statement.name, statement.row_name(home)
    parts = []
    for what, values, owner in (("parameters", statement.parameters, f"db_{name}"), ("columns", statement.columns, row)):
        if values:
            entries = "".join(value_entry(value, owner, home) for value in values)
            parts.append(f"static const struct sql_value {name}_{what}[] = {{\n{entries}}};\n")
    texts = pages.texts(statement) if statement.paged else [setform.plain_text(statement)]
    parts += [statement_value(statement, called, text, home) for called, text in zip(statement.names(), texts)]
    if statement.paged and statement.paged.sort:
        parts.append(orders_table(statement, home))
    parts.append(statement_function(statement, home))
    return "".join(parts)


def orders_table(statement, home):
    """The statements by twice the column that is sorted by, 0 for the usual order, and one more downwards."""
    symbols = ["&" + statement_symbol(name, home) for name in statement.names()]
    entries = "".join(f"    {symbol},\n" for symbol in symbols[:1] + symbols)
    return f"static const struct statement *const {statement.name}_orders[] = {{\n{entries}}};\n"


def statement_value(statement, called, text, home):
    name = statement.name
    lines = [f"    .name = {quoted(('common.' if home == 'common' else '') + called)},",
             f"    .text = {sql_literal(text)},",
             f"    .set_text = {sql_literal(setform.set_text(statement))},",
             f"    .mode = STATEMENT_{statement.mode.upper()},"]
    if statement.locks():
        lines.append("    .locks = true,")
    if statement.parameters:
        lines.append(f"    .parameters = {name}_parameters, .parameter_count = {len(statement.parameters)},")
    if statement.columns:
        lines.append(f"    .columns = {name}_columns, .column_count = {len(statement.columns)},")
        lines.append(f"    .row_size = sizeof(struct {statement.row_name(home)}),")
    if statement.error:
        lines.append(f"    .missing = &error_{statement.error},")
    return f"const struct statement {statement_symbol(called, home)} = {{\n" + "\n".join(lines) + "\n};\n"


def statement_function(statement, home):
    name, row, symbol = statement.name, statement.row_name(home), statement_symbol(statement.name, home)
    has = bool(statement.arguments())
    taken = f", const struct db_{name} *arguments" if has else ""
    given = "arguments" if has else "NULL"
    if statement.mode == "one":
        return (f"bool {function_name(statement, home)}(struct call *c, struct {row} *row{taken})\n{{\n"
                f"    return call_read_one(c, &{symbol}, {given}, row);\n}}\n")
    if statement.mode == "many":
        chosen = f"&{symbol}"
        if statement.paged and statement.paged.sort:
            chosen = f"{name}_orders[2 * (size_t)arguments->sort + arguments->is_descending]"
        return (f"struct {row}_list {function_name(statement, home)}(struct call *c{taken})\n{{\n"
                f"    void *rows = NULL;\n    size_t count = 0;\n\n"
                f"    call_read_many(c, {chosen}, {given}, &rows, &count);\n"
                f"    return (struct {row}_list){{.items = rows, .count = count}};\n}}\n")
    size = "sizeof(*arguments)" if has else "0"
    return (f"void {function_name(statement, home)}(struct call *c{taken})\n{{\n"
            f"    call_write(c, &{symbol}, {given}, {size});\n}}\n")
