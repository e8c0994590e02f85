"""words.gen.h, mechanisms.gen.h and mechanisms.gen.c: what every service has, for common/service.

words.gen.h is what services may see; mechanisms.gen.h adds what only common/service uses: its statements and the handlers it
must write.
"""

import cparts
import cservice
import cstruct
from cparts import Names

HOME = "common"


class CommonOutput:
    def __init__(self, contract, statements):
        self.contract = contract
        self.top = contract.component("")
        self.common = contract.component("common")
        self.statements = statements
        self.foreign = cservice.foreign_types(self.common, self.common)
        self.types = cstruct.in_order([*self.top.types.values(), *self.common.types.values()])
        self.errors = [*self.top.errors.values(), *self.common.errors.values()]
        self.permissions = [*self.top.permissions.values(), *self.common.permissions.values()]
        names = Names(contract.problems)
        for component in (self.top, self.common):
            cservice.take_words(names, component, HOME)
        for kind in self.foreign:
            names.take(f"struct {kind.c_name(HOME)}", kind.where)
        for statement in statements:
            cservice.take_statement(names, statement)

    def words(self):
        parts = ["/* words.gen.h - types, errors, permissions, operations and events that every service has; made from schemas. */",
                 "#ifndef SONGDA_WORDS_GEN_H\n#define SONGDA_WORDS_GEN_H\n", '#include "service/call.h"\n']
        parts += [cstruct.type_declaration(kind, HOME) for kind in self.types]
        parts += [cparts.error_declaration(error) for error in self.errors]
        parts += [cparts.permission_declaration(permission) for permission in self.permissions]
        for operation in self.common.operations:
            parts.append(cparts.operation_structs(operation, "", HOME))
            parts.append(f"int handle_{operation.c_name()}(struct call *c, const void *request, void *reply);\n")
        for event in self.common.events:
            parts.append(cstruct.struct(event.c_name(), event.body, HOME))
            parts.append(f"extern const struct shape {event.c_name()}_shape;\n" + cparts.emitter_declaration(event))
        parts += [cstruct.type_declaration(kind, HOME) for kind in self.foreign]
        for owner, event, _ in self.common.subscriptions:
            name = f"{owner}_{event.c_name()}"
            parts.append(cservice.subscription_declaration(owner, event, HOME))
            parts.append(f"extern const struct event_type event_{name};\n"
                         f"int take_{name}(struct call *c, const void *event);\n")
        return "\n".join(parts) + "\n#endif\n"

    def header(self):
        parts = ["/* mechanisms.gen.h - handlers and statements of common/service; made from schemas/common and its sql/. */",
                 "#ifndef SONGDA_MECHANISMS_GEN_H\n#define SONGDA_MECHANISMS_GEN_H\n", '#include "words.gen.h"\n']
        for operation in self.common.operations:
            parts.append(cparts.handler_declaration(operation, f"operation_{operation.c_name()}"))
        parts += [cservice.on_declaration(owner, event) for owner, event, _ in self.common.subscriptions]
        parts += [cparts.row_declaration(statement, HOME) for statement in self.statements if statement.has_own_row()]
        parts += [cparts.statement_declaration(statement, HOME) for statement in self.statements]
        return "\n".join(parts) + "\n#endif\n"

    def source(self):
        parts = ["/* mechanisms.gen.c - shapes, emitters and statements that every service has; made from schemas. */",
                 '#include "mechanisms.gen.h"\n', '#include "service/service.h"\n']
        parts += [cparts.permission_definition(permission) for permission in self.permissions]
        used = [event.permission for event in self.common.events]
        used += [event.permission for _, event, _ in self.common.subscriptions]
        parts += cservice.static_permissions(used, ("", HOME))
        parts += [cstruct.type_definition(kind, HOME) for kind in self.types + self.foreign]
        parts += [cparts.error_definition(error) for error in self.errors]
        for operation in self.common.operations:
            name = operation.c_name()
            parts.append(cparts.operation_shapes(operation, "", HOME))
            parts.append(cparts.wrapper_definition(operation, f"handle_{name}", f"operation_{name}", ""))
        parts += [self.emitter(event) for event in self.common.events]
        parts += [cservice.subscription_definition(owner, event, HOME, "") for owner, event, _ in self.common.subscriptions]
        parts += [cparts.statement_definition(statement, HOME) for statement in self.statements]
        return "\n".join(parts)

    def emitter(self, event):
        """The event's name begins with that of the service that runs."""
        name = event.c_name()
        return (cstruct.shape(name, event.body, HOME)
                + f"void emit_{name}_(struct call *c, const struct {name} *body)\n{{\n"
                  f"    struct event_type *event = arena_new(c->arena, struct event_type);\n\n"
                  f"    event->name = call_print(c, \"%s.{event.noun}.{event.verb}\", call_service(c)->name);\n"
                  f"    event->permission = &{cparts.permission_name(event.permission)};\n"
                  f"    event->body = &{name}_shape;\n"
                  f"    event->aggregate = {cstruct.quoted(event.aggregate)};\n"
                  f"    call_emit(c, event, body);\n}}\n")
