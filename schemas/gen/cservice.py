"""The generated header and source of one service."""

import cparts
import cstruct
from cparts import Names
from cstruct import in_order


class ServiceOutput:
    """Gathers what one service's files hold. Types and events of others are generated here with their service's name."""

    def __init__(self, contract, name, statements, common_statements):
        self.contract = contract
        self.name = name
        self.component = contract.component(name)
        self.common = contract.component("common")
        self.statements = statements
        self.common_statements = common_statements
        self.foreign = foreign_types(self.component, self.common)
        self.names = Names(contract.problems)
        self.take_names()

    def take_names(self):
        for component in (self.contract.component(""), self.common, self.component):
            take_words(self.names, component, self.name if component is self.component else "common")
        for kind in self.foreign:
            self.names.take(f"struct {kind.c_name(self.name)}", kind.where)
        for statement in self.statements:
            take_statement(self.names, statement)

    # Header

    def header(self):
        guard = f"SONGDA_{self.name.upper()}_GEN_H"
        component = self.component
        parts = [f"/* {self.name}.gen.h - made from schemas/{self.name} and services/{self.name}/sql; changed there. */",
                 f"#ifndef {guard}\n#define {guard}\n", '#include "service/call.h"\n#include "words.gen.h"\n']
        parts += [cstruct.type_declaration(kind, self.name) for kind in in_order_own(component)]
        parts += [cparts.error_declaration(error) for error in component.errors.values()]
        parts += [cparts.permission_declaration(permission) for permission in component.permissions.values()]
        for operation in component.operations:
            parts.append(cparts.operation_structs(operation, "", self.name))
            parts.append(cparts.handler_declaration(operation, operation.c_name()))
        for event in component.events:
            parts.append(cstruct.struct(event.c_name(), event.body, self.name))
            parts.append(f"extern const struct shape {event.c_name()}_shape;\n" + cparts.emitter_declaration(event))
        parts += [cstruct.type_declaration(kind, self.name) for kind in self.foreign]
        for owner, event, _ in component.subscriptions:
            parts.append(subscription_declaration(owner, event, self.name))
            parts.append(on_declaration(owner, event))
        parts += [cparts.row_declaration(statement, self.name) + f"extern const struct shape {statement.name}_shape;\n"
                  for statement in self.statements if statement.has_own_row()]
        parts += [cparts.statement_declaration(statement, self.name) for statement in self.statements]
        parts.append(f"extern const struct operation {self.name}_operations[];\n"
                     f"extern const struct subscription {self.name}_subscriptions[];\n"
                     f"extern const struct statement *const {self.name}_statements[];\n\n#endif")
        return "\n".join(parts) + "\n"

    # Source

    def source(self):
        component = self.component
        parts = [f"/* {self.name}.gen.c - the tables of {self.name}, made from schemas/{self.name}; changed there. */",
                 f'#include "{self.name}.gen.h"\n']
        parts += self.permissions()
        parts += [cstruct.type_definition(kind, self.name) for kind in in_order_own(component) + self.foreign]
        parts += [cparts.error_definition(error) for error in component.errors.values()]
        for operation in component.operations:
            parts.append(cparts.operation_shapes(operation, "", self.name))
            parts.append(cparts.wrapper_definition(operation, f"handle_{operation.c_name()}", operation.c_name(),
                                                   "static "))
        for event in component.events:
            parts.append(self.emitter(event))
        for owner, event, _ in component.subscriptions:
            parts.append(subscription_definition(owner, event, self.name, "static "))
        for statement in self.statements:
            if statement.has_own_row():
                fields = [column.field for column in statement.columns]
                parts.append(cstruct.shape(statement.name, fields, self.name))
            parts.append(cparts.statement_definition(statement, self.name))
        return "\n".join(parts + [self.operations(), self.subscriptions(), self.statement_table()])

    def permissions(self):
        own = [cparts.permission_definition(permission) for permission in self.component.permissions.values()]
        used = [item.permission for item in self.component.operations + self.component.events + self.common.operations]
        used += [event.permission for _, event, _ in self.component.subscriptions]
        return own + static_permissions(used, ("", "common", self.name))

    def emitter(self, event):
        name = event.c_name()
        return (cstruct.shape(name, event.body, self.name)
                + f"static const struct event_type event_{name} =\n    "
                + cparts.event_value(event, event.full_name(self.name), name) + ";\n\n"
                + f"void emit_{name}_(struct call *c, const struct {name} *body)\n{{\n"
                  f"    call_emit(c, &event_{name}, body);\n}}\n")

    def operations(self):
        entries = [cparts.operation_value(operation, self.name, "", f"handle_{operation.c_name()}")
                   for operation in self.component.operations + self.common.operations]
        return table(f"const struct operation {self.name}_operations[]", entries, "{.name = NULL}")

    def subscriptions(self):
        entries = [f"{{.event = &event_{owner}_{event.c_name()}, .handle = take_{owner}_{event.c_name()}}}"
                   for owner, event, own in self.component.subscriptions + self.common.subscriptions
                   if owner != self.name or own]
        return table(f"const struct subscription {self.name}_subscriptions[]", entries, "{.event = NULL}")

    def statement_table(self):
        common = [cparts.statement_symbol(name, "common") for statement in self.common_statements for name in statement.names()]
        own = [cparts.statement_symbol(name, self.name) for statement in self.statements for name in statement.names()]
        declared = "".join(f"extern const struct statement {name};\n" for name in common)
        return declared + table(f"const struct statement *const {self.name}_statements[]",
                                [f"&{name}" for name in own + common], "NULL")


def table(head, entries, end):
    return f"{head} = {{\n" + "".join(f"    {entry},\n" for entry in entries) + f"    {end},\n}};\n"


def in_order_own(component):
    return [kind for kind in in_order(component.types.values()) if kind.owner == component.name]


def foreign_types(component, common):
    """Types of other services that the bodies of subscribed events use, without those that common brings already."""
    def used(subscriptions, home):
        kinds = [field.type for _, event, _ in subscriptions for field in event.body]
        return [kind for kind in in_order(kinds) if kind.owner not in ("", "common", home)]
    known = [] if component is common else used(common.subscriptions, "common")
    return [kind for kind in used(component.subscriptions, component.name) if kind not in known]


def static_permissions(permissions, own):
    """Definitions, private to the file, of permissions that none of `own` declares by name."""
    made = {}
    for permission in permissions:
        if permission.kind != "functions" or permission.owner not in own:
            made[permission.name] = cparts.permission_definition(permission, "static ")
    return list(made.values())


def subscription_declaration(owner, event, home):
    name = f"{owner}_{event.c_name()}"
    return cstruct.struct(name, event.body, home) + f"extern const struct shape {name}_shape;\n"


def on_declaration(owner, event):
    name = f"{owner}_{event.c_name()}"
    return f"/* {event.summary['en']} ({event.full_name(owner)}) */\nint on_{name}(struct call *c, const struct {name} *event);\n"


def subscription_definition(owner, event, home, prefix):
    name = f"{owner}_{event.c_name()}"
    return (cstruct.shape(name, event.body, home)
            + f"{prefix}const struct event_type event_{name} =\n    "
            + cparts.event_value(event, event.full_name(owner), name) + ";\n\n"
            + f"{prefix}int take_{name}(struct call *c, const void *event)\n{{\n    return on_{name}(c, event);\n}}\n")


def take_words(names, component, home):
    for kind in component.types.values():
        word = "enum" if kind.kind == "enum" else "struct"
        if kind.kind != "scalar":
            names.take(f"{word} {kind.c_name(home)}", kind.where)
            names.take(f"struct {kind.c_name(home)}_list", kind.where)
    for operation in component.operations:
        names.take(f"struct {operation.c_name()}_request", operation.where)
        names.take(f"struct {operation.c_name()}_reply", operation.where)
    for event in component.events:
        names.take(f"struct {event.c_name()}", event.where)
    for owner, event, _ in component.subscriptions:
        names.take(f"struct {owner}_{event.c_name()}", event.where)


def take_statement(names, statement):
    for name in statement.names():
        names.take(f"struct db_{name}", statement.where)
    if statement.has_own_row():
        names.take(f"struct {statement.name}", statement.where)
        names.take(f"struct {statement.name}_list", statement.where)
