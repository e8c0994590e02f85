"""Checks what needs more than one file: emitted events, subscriptions, cache keys, addresses; loads other services for it."""

import os
import re


def find_event(contract, name, service=None):
    """(service, event) of a full name like dispatch.delivery.confirmed, or None. `*` stands for the service at hand."""
    owner, _, rest = name.partition(".")
    if owner == "*" and service:
        owner = service
    if owner != "common" and (owner == "*" or owner not in contract.services()):
        return None
    for place in (owner, "common"):
        for event in contract.component("common" if place == "*" else place).events:
            if f"{event.noun}.{event.verb}" == rest:
                return owner, event
    return None


def link(contract, name):
    """Checks one component; fills its subscriptions."""
    component = contract.component(name)
    check_emitted(contract, component)
    check_caches(contract, component)
    check_addresses(contract, component)
    check_common_names(contract, component)
    read_subscriptions(contract, component)


def check_emitted(contract, component):
    names = {event.full_name(component.name) for event in component.events}
    for event in contract.component("common").events:
        names |= {event.full_name(component.name), event.full_name("*")}
    for operation in component.operations:
        for name in operation.events:
            if name not in names:
                contract.problems.add(operation.where, f"event `{name}` is declared nowhere as this service's")


def check_caches(contract, component):
    for operation in component.operations:
        cache, where = operation.cache, f"{operation.where}: cache"
        if cache is None:
            continue
        if not contract.reader.keys(where, cache, ("key", "seconds", "by"), ("invalidated_by",)):
            continue
        request = {field.name: field for field in operation.request}
        if operation.effect != "read":
            contract.problems.add(where, "is for reads")
        if contract.reader.is_names(f"{where}: key", cache["key"]) and set(cache["key"]) - set(request):
            contract.problems.add(where, "key must be fields of the request")
        contract.reader.is_int(f"{where}: seconds", cache["seconds"], 1, 86400)
        if cache["by"] not in ("branch", "actor", "company"):
            contract.problems.add(where, "by must be branch, actor or company")
        check_invalidation(contract, component, where, cache)


def check_invalidation(contract, component, where, cache):
    for name, fields in cache.get("invalidated_by", {}).items():
        found = find_event(contract, name, component.name)
        if not found:
            contract.problems.add(where, f"there is no event `{name}`")
            continue
        body = {field.name for field in found[1].body}
        if not contract.reader.is_names(f"{where}: {name}", fields) or set(fields) - body:
            contract.problems.add(where, f"`{name}` must give fields of its body")
        elif fields and len(fields) != len(cache["key"]):
            contract.problems.add(where, f"`{name}` must give one field for each of key, or [] for all entries")


def check_addresses(contract, component):
    seen = {}
    for operation in contract.component("common").operations + component.operations:
        path = re.sub(r"\{[a-z0-9_]+\}", "{}", operation.path_in(component.name))
        other = seen.setdefault((operation.method, path), operation)
        if other is not operation:
            contract.problems.add(operation.where, f"has the same address as {os.path.basename(other.where)}")


def check_common_names(contract, component):
    if component.name == "common":
        return
    common = contract.component("common")
    taken = {item.c_name() for item in common.operations + common.events}
    for item in component.operations + component.events:
        if item.c_name() in taken:
            contract.problems.add(item.where, "every service has this one from schemas/common")


def read_subscriptions(contract, component):
    """A list of event names; in common also {"event": name, "own": true}: the service that emits it gets it too."""
    path = os.path.join(contract.folder(component), "subscriptions.json")
    raw = contract.reader.json(path, [])
    if not isinstance(raw, list):
        contract.problems.add(path, "must be a list of events")
        return
    common = contract.component("common")
    taken = set() if component is common else {event.full_name(owner) for owner, event, _ in common.subscriptions}
    component.subscriptions = []
    for item in raw:
        name, own = item, False
        if component is common and isinstance(item, dict) and contract.reader.keys(path, item, ("event", "own")):
            name, own = item["event"], item["own"]
        found = find_event(contract, name) if isinstance(name, str) else None
        if not found:
            contract.problems.add(path, f"there is no event `{name}`")
        elif found[0] == component.name:
            contract.problems.add(path, f"`{name}` is this service's own")
        elif name in taken:
            contract.problems.add(path, f"`{name}` is listed already (here or in schemas/common)")
        else:
            taken.add(name)
            component.subscriptions.append((*found, own))
