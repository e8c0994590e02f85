#!/usr/bin/python3
"""Makes C, OpenAPI and TypeScript of schemas/ and the named SQL of the services; nothing is made while anything is wrong.

    generate.py --schemas schemas --services services --common common/service --output DIR
                --service NAME | --mechanisms | --gateway | --openapi | --typescript | --papers | --check
"""

import argparse
import os
import sys

import links
import sql
from ccommon import CommonOutput
from cgateway import GatewayOutput
from contract import Contract
from cservice import ServiceOutput
from model import Problems


def main():
    options = read_options()
    problems = Problems()
    contract = Contract(options.schemas, problems)
    files = make(options, contract)
    if problems.lines:
        for line in dict.fromkeys(problems.lines):
            print(line, file=sys.stderr)
        return 1
    if options.output:
        for name, text in files.items():
            write(os.path.join(options.output, name), text)
        write_depfile(options, contract, files)
    return 0


def drop_others(options, contract):
    """A service is built when what it declares and uses is right; that everything is right the gateway's build demands."""
    others = [os.path.join(options.schemas, name) + os.sep for name in contract.services() if name != options.service]
    contract.problems.lines = [line for line in contract.problems.lines if not line.startswith(tuple(others))]


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemas", required=True)
    parser.add_argument("--services", required=True)
    parser.add_argument("--common", required=True)
    parser.add_argument("--output")
    parser.add_argument("--depfile")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--service")
    for name in ("mechanisms", "gateway", "openapi", "typescript", "papers", "check"):
        kind.add_argument(f"--{name}", action="store_true")
    return parser.parse_args()


def make(options, contract):
    """file name → text."""
    if options.service:
        if options.service not in contract.services():
            contract.problems.add(os.path.join(options.schemas, options.service), "there is no such folder")
            return {}
        return made_service(options, contract, options.service)
    if options.mechanisms:
        return made_common(options, contract)
    link_all(contract)
    if options.papers:
        import papers
        return papers.Papers(contract).files()
    if options.check:
        made_common(options, contract)
        for name in contract.services():
            if not contract.problems.lines:
                made_service(options, contract, name)
            else:
                statements(options, contract, name)
        return {}
    if contract.problems.lines:
        return {}
    return made_for_everybody(options, contract)


def made_for_everybody(options, contract):
    if options.gateway:
        output = GatewayOutput(contract)
        return {"contract.gen.h": output.header(), "contract.gen.c": output.source()}
    if options.openapi:
        import openapi
        return {"openapi.json": openapi.text(contract)}
    import shapes
    import typescript
    return {**typescript.files(contract), **shapes.files(contract)}


def link_all(contract):
    links.link(contract, "common")
    for name in contract.services():
        contract.component(name)
        links.link(contract, name)
    contract.check_dictionaries()


def statements(options, contract, name):
    """The named statements of a service, or of the mechanisms."""
    component = contract.component(name)
    folder = os.path.join(options.common, "sql") if name == "common" else os.path.join(options.services, name, "sql")
    return sql.read_folder(contract.reader, folder, contract.scope(component),
                           lambda error: contract.find(component, "errors", error))


def made_common(options, contract):
    links.link(contract, "common")
    found = statements(options, contract, "common")
    if options.mechanisms:
        drop_others(options, contract)
    if contract.problems.lines:
        return {}
    output = CommonOutput(contract, found)
    return {"words.gen.h": output.words(), "mechanisms.gen.h": output.header(), "mechanisms.gen.c": output.source()}


def made_service(options, contract, name):
    links.link(contract, "common")
    links.link(contract, name)
    own, common = statements(options, contract, name), statements(options, contract, "common")
    if options.service:
        drop_others(options, contract)
    if contract.problems.lines:
        return {}
    output = ServiceOutput(contract, name, own, common)
    return {f"{name}.gen.h": output.header(), f"{name}.gen.c": output.source()}


def write(path, text):
    """Leaves a file alone that would not change, so that nothing is compiled for it."""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def write_depfile(options, contract, files):
    if options.depfile:
        target = os.path.join(options.output, next(iter(files)))
        read = " ".join(sorted(path.replace(" ", "\\ ") for path in contract.reader.read))
        write(options.depfile, f"{target}: {read}\n")


if __name__ == "__main__":
    sys.exit(main())
