"""C text of enums, structs and shapes."""

import model

LIST_OF_SCALAR = {"id": "id_list", "text": "text_list", "int": "int_list", "money": "int_list", "price": "int_list",
                  "quantity": "int_list", "time": "int_list"}


def quoted(text):
    """A C string literal; NULL for None."""
    if text is None:
        return "NULL"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("??", '?""?')
    return f'"{escaped}"'


def member_type(field, home):
    kind = field.type
    if field.is_list:
        if kind.kind == "scalar":
            return f"struct {LIST_OF_SCALAR[kind.scalar]} "
        return f"struct {kind.c_name(home)}_list "
    if kind.kind == "scalar":
        return model.SCALARS[kind.scalar][0]
    return f"{'enum' if kind.kind == 'enum' else 'struct'} {kind.c_name(home)} "


def struct(name, fields, home):
    lines = [f"struct {name} {{"]
    for field in fields:
        if field.has_flag():
            lines.append(f"    bool has_{field.name};")
        lines.append(f"    {member_type(field, home)}{field.name};")
    return "\n".join(lines + ["};", ""])


def list_struct(name, item):
    return f"struct {name}_list {{\n    {item} *items;\n    size_t count;\n}};\n"


def enum(kind, home):
    name = kind.c_name(home)
    first = " = 1"
    lines = [f"enum {name} {{"]
    for value in kind.values:
        lines.append(f"    {name.upper()}_{value.upper()}{first},")
        first = ""
    return "\n".join(lines + ["};", list_struct(name, f"enum {name}"),
                              f"extern const struct enumeration {name}_enumeration;",
                              f"const char *{name}_text(enum {name} value);", ""])


def enum_definition(kind, home):
    name = kind.c_name(home)
    values = "\n".join(f"    {quoted(value)}," for value in kind.values)
    return (f"static const char *const {name}_values[] = {{\n{values}\n}};\n"
            f"const struct enumeration {name}_enumeration = {{\n"
            f"    .name = {quoted(kind.name)}, .values = {name}_values, .count = {len(kind.values)}}};\n\n"
            f"const char *{name}_text(enum {name} value)\n{{\n"
            f"    return enumeration_text(&{name}_enumeration, (int)value);\n}}\n")


def type_declaration(kind, home):
    if kind.kind == "enum":
        return enum(kind, home)
    name = kind.c_name(home)
    return (struct(name, kind.fields, home) + list_struct(name, f"struct {name}")
            + f"extern const struct shape {name}_shape;\n")


def type_definition(kind, home):
    return enum_definition(kind, home) if kind.kind == "enum" else shape(kind.c_name(home), kind.fields, home)


def number(value):
    if value == model.INT64[0]:
        return "INT64_MIN"
    return "INT64_MAX" if value == model.INT64[1] else f"INT64_C({value})"


def field_entry(name, field, home):
    kind = field.type
    field_type = {"enum": "FIELD_ENUM", "object": "FIELD_OBJECT"}.get(kind.kind) or model.SCALARS[kind.scalar][1]
    parts = [f".name = {quoted(field.name)}", f".type = {field_type}"]
    if field.is_list:
        parts.append(f".is_list = true, .min_items = {field.min_items}, .max_items = {field.max_items}")
    if field.optional:
        parts.append(".is_optional = true")
    if field.privacy:
        parts.append(f".privacy = PRIVACY_{field.privacy.upper()}")
    has = f"offsetof(struct {name}, has_{field.name})" if field.has_flag() else "SIZE_MAX"
    parts.append(f".offset = offsetof(struct {name}, {field.name}), .has_offset = {has}")
    if field.max is not None:
        parts.append(f".has_limits = true, .min = {number(field.min)}, .max = {number(field.max)}")
    if kind.kind == "enum":
        parts.append(f".values = &{kind.c_name(home)}_enumeration")
    if kind.kind == "object":
        parts.append(f".shape = &{kind.c_name(home)}_shape")
    return "    {" + ",\n     ".join(parts) + "},\n"


def shape(name, fields, home):
    """The shape of struct `name`, called <name>_shape."""
    if not fields:
        return f"const struct shape {name}_shape = {{.name = {quoted(name)}, .size = sizeof(struct {name})}};\n"
    entries = "".join(field_entry(name, field, home) for field in fields)
    return (f"static const struct field {name}_fields[] = {{\n{entries}}};\n"
            f"const struct shape {name}_shape = {{\n    .name = {quoted(name)}, .fields = {name}_fields, "
            f".count = {len(fields)}, .size = sizeof(struct {name})}};\n")


def in_order(kinds):
    """Types so that each comes behind those its fields use."""
    done, seen = [], set()

    def visit(kind):
        if id(kind) in seen or kind.kind == "scalar":
            return
        seen.add(id(kind))
        for field in kind.fields:
            visit(field.type)
        done.append(kind)

    for kind in kinds:
        visit(kind)
    return done
