"""contract.gen.h and contract.gen.c: everything that is declared, for the gateway."""

import cparts
import cservice
import cstruct
from cservice import table

HOME = "contract"

DECLARATIONS = """\
enum contract_cache_by { CONTRACT_CACHE_BRANCH = 1, CONTRACT_CACHE_ACTOR, CONTRACT_CACHE_COMPANY };

/* An event that drops cached replies: those whose key equals these fields of its body; without fields, all. */
struct contract_cache_drop {
    const char *event;
    const char *const *fields; /* as many as the key, NULL-terminated, or NULL */
};

struct contract_cache {
    const char *const *key; /* NULL-terminated fields of the request */
    int seconds;
    enum contract_cache_by by;
    const struct contract_cache_drop *drops; /* ended by a NULL event, or NULL */
};

struct contract_operation {
    struct operation operation; /* handle is NULL */
    const char *service;
    const char *method; /* GET, POST, PUT, PATCH, DELETE */
    const char *path;   /* /api/v1/collection/receipts/{receipt_id} */
    const char *zh, *en;
    const struct contract_cache *cache; /* NULL: none */
};

struct contract_service {
    const char *name;
    const struct error *errors; /* its own, ended by a NULL name */
};

extern const struct contract_operation contract_operations[]; /* by service and name, ended by a NULL path */
extern const size_t contract_operation_count;
extern const struct event_type contract_events[]; /* ended by a NULL name */
extern const size_t contract_event_count;
extern const struct contract_service contract_services[]; /* ended by a NULL name */
extern const struct error *const contract_errors[];       /* those of every operation, ended by NULL */
"""


class GatewayOutput:
    def __init__(self, contract):
        self.contract = contract
        self.top = contract.component("")
        self.common = contract.component("common")
        self.services = [contract.component(name) for name in contract.services()]
        self.everybody = [self.common] + self.services
        types = [kind for component in [self.top] + self.everybody for kind in component.types.values()]
        self.types = cstruct.in_order(types)
        self.permissions = [permission for component in [self.top] + self.everybody
                            for permission in component.permissions.values()]

    def header(self):
        parts = ["/* contract.gen.h - every operation, event, error and permission; made from schemas. */",
                 "#ifndef SONGDA_CONTRACT_GEN_H\n#define SONGDA_CONTRACT_GEN_H\n", '#include "wire/contract.h"\n', DECLARATIONS]
        parts += [cstruct.type_declaration(kind, HOME) for kind in self.types]
        parts += [cparts.error_declaration(error) for error in self.top.errors.values()]
        parts += [cparts.permission_declaration(permission) for permission in self.permissions]
        for component in self.everybody:
            prefix = component.name + "_"
            parts += [cparts.operation_structs(operation, prefix, HOME) for operation in component.operations]
            for event in component.events:
                name = prefix + event.c_name()
                parts.append(cstruct.struct(name, event.body, HOME) + f"extern const struct shape {name}_shape;\n")
        return "\n".join(parts) + "\n#endif\n"

    def source(self):
        parts = ["/* contract.gen.c - the tables of the gateway; made from schemas. */", '#include "contract.gen.h"\n']
        parts += [cparts.permission_definition(permission) for permission in self.permissions]
        used = [item.permission for component in self.everybody for item in component.operations + component.events]
        parts += cservice.static_permissions([item for item in used if item.kind != "functions"], ())
        parts += [cstruct.type_definition(kind, HOME) for kind in self.types]
        parts += [cparts.error_definition(error) for error in self.top.errors.values()]
        for component in self.everybody:
            prefix = component.name + "_"
            parts += [cparts.operation_shapes(operation, prefix, HOME) for operation in component.operations]
            parts += [cstruct.shape(prefix + event.c_name(), event.body, HOME) for event in component.events]
        parts += [self.errors(), self.operations(), self.events()]
        return "\n".join(parts)

    def each(self, what):
        """(service, item, prefix) of every operation or event, those of common once for each service."""
        for service in self.services:
            for owner in (service, self.common):
                for item in getattr(owner, what):
                    yield service.name, item, owner.name + "_"

    def errors(self):
        parts = []
        for service in self.services:
            errors = [*service.errors.values(), *self.common.errors.values()]
            parts.append(table(f"static const struct error {service.name}_errors[]",
                               [cparts.error_value(error) for error in errors], "{.name = NULL}"))
        services = [f"{{.name = {cstruct.quoted(service.name)}, .errors = {service.name}_errors}}"
                    for service in self.services]
        parts.append(table("const struct contract_service contract_services[]", services, "{.name = NULL}"))
        parts.append(table("const struct error *const contract_errors[]",
                           [f"&error_{name}" for name in self.top.errors], "NULL"))
        return "\n".join(parts)

    def operations(self):
        entries = []
        for service, operation, prefix in self.each("operations"):
            value = cparts.operation_value(operation, service, prefix, "NULL").replace("\n", "\n     ")
            entries.append(
                f"{{.operation = {value},\n     .service = {cstruct.quoted(service)}, "
                f".method = {cstruct.quoted(operation.method)}, .path = {cstruct.quoted(operation.path_in(service))},\n"
                f"     .zh = {cstruct.quoted(operation.summary['zh'])}, .en = {cstruct.quoted(operation.summary['en'])},\n"
                f"     .cache = {cache_value(operation, service)}}}")
        return table("const struct contract_operation contract_operations[]", entries, "{.path = NULL}") + \
            f"const size_t contract_operation_count = {len(entries)};\n"

    def events(self):
        entries = [cparts.event_value(event, event.full_name(service), prefix + event.c_name())
                   for service, event, prefix in self.each("events")]
        return table("const struct event_type contract_events[]", entries, "{.name = NULL}") + \
            f"const size_t contract_event_count = {len(entries)};\n"


def cache_value(operation, service):
    cache = operation.cache
    if not cache:
        return "NULL"
    drops = "NULL"
    if cache.get("invalidated_by"):
        entries = "".join(f"{{.event = {cstruct.quoted(name.replace('*.', service + '.', 1))}, "
                          f".fields = {cparts.names_list(fields)}}}, " for name, fields in cache["invalidated_by"].items())
        drops = f"(const struct contract_cache_drop[]){{{entries}{{.event = NULL}}}}"
    return (f"&(const struct contract_cache){{\n         .key = {cparts.names_list(cache['key']) if cache['key'] else 'NULL'}, "
            f".seconds = {cache['seconds']},\n"
            f"         .by = CONTRACT_CACHE_{cache['by'].upper()}, .drops = {drops}}}")
