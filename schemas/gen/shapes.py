"""shapes/: what the console's forms and lists are made of. shape.ts has the types and the look-up and is read by people; there is
one file of shapes for each service and one for what all have, each small enough to be loaded when it is needed."""

import model
from typescript import HEAD, kinds_by_file, literal, words_name

SAFE = 2 ** 53 - 1


def files(contract):
    """file name → text."""
    made = {"shapes/shape.ts": HEAD + SHAPE.replace("@LOADERS@", loaders(contract))}
    for name, kinds in kinds_by_file(contract).items():
        component = contract.component(name)
        operations = [one for one in component.operations if one.permission.kind != "service"]
        made[f"shapes/{name}.ts"] = text(name, kinds, operations)
    return made


def loaders(contract):
    return "\n".join(f'  {name}: () => import("./{name}"),' for name in ["common"] + contract.services())


def key(kind):
    """What a type is called in `of`."""
    return f"{kind.owner}.{kind.name}" if kind.owner not in ("", "common") else kind.name


def text(name, kinds, operations):
    lines = [HEAD + 'import type { Enumeration, Shape, Structure } from "./shape";']
    enumerations = [kind for kind in kinds if kind.kind == "enum"]
    if enumerations:
        lines.append(f"import {{ {', '.join(sorted(words_name(kind) for kind in enumerations))} }} from \"../enums/{name}\";")
    lines += ["", "export const enums: Record<string, Enumeration> = {"]
    for kind in enumerations:
        lines.append(f"  {literal(key(kind))}: {{ words: {words(kind)}, values: {words_name(kind)} }},")
    lines += ["};", "", "export const structs: Record<string, Structure> = {"]
    for kind in kinds:
        if kind.kind == "object":
            lines.append(f"  {literal(key(kind))}: {{ words: {words(kind)}, fields: [\n{fields(kind.fields)}  ] }},")
    lines += ["};", "", "/** By noun and verb. */", "export const shapes: Record<string, Shape> = {"]
    lines += [shape(operation) for operation in operations]
    return "\n".join(lines + ["};", ""])


def words(item):
    return f"{{ zh: {literal(item.zh)}, en: {literal(item.en)} }}"


def fields(items):
    return "".join(f"    {field_text(field)},\n" for field in items)


def field_text(field):
    kind = field.type
    form = {"enum": "enum", "object": "struct"}.get(kind.kind, kind.scalar)
    parts = [f"name: {literal(field.name)}, words: {words(field)}, type: {literal(form)}"]
    if kind.name != kind.scalar:
        parts.append(f"of: {literal(key(kind))}")
    for name in ("list", "optional"):
        if field.is_list if name == "list" else field.optional:
            parts.append(f"{name}: true")
    low, high = (field.min_items, field.max_items) if field.is_list else (field.min, field.max)
    if low is not None and low != (0 if field.is_list or form in ("text", "bytes") else model.INT64[0]):
        parts.append(f"min: {max(low, -SAFE)}")
    if high is not None and high != model.INT64[1]:
        parts.append(f"max: {min(high, SAFE)}")
    if field.privacy:
        parts.append(f"privacy: {literal(field.privacy)}")
    return f"{{ {', '.join(parts)} }}"


def shape(operation):
    parts = [f"summary: {literal(operation.summary)}", f"effect: {literal(operation.effect)}",
             f"policy: {literal(operation.policy)}", f"errors: {literal(operation.errors)}"]
    rows = listing(operation)
    if rows:
        parts.append("list: { " + ", ".join(f"{name}: {literal(value)}" for name, value in rows.items()) + " }")
    return (f"  {literal(operation.noun + '.' + operation.verb)}: {{\n   " + ",\n   ".join(parts) +
            f",\n   request: [\n{fields(operation.request)}   ],\n   reply: [\n{fields(operation.reply)}   ],\n  }},")


def listing(operation):
    """How a read gives rows: the reply's list of objects, the fields that narrow it down in the request's order, and the
    cursor where it comes in pages. None when it is no list."""
    reply = {field.name: field for field in operation.reply}
    lists = [field for field in operation.reply if field.is_list and field.type.kind == "object"]
    paged = paging(operation.request, reply)
    if operation.effect != "read" or not lists or not (paged or "items" in reply):
        return None
    fixed = set(operation.path_fields()) | set(paged.values()) | {"limit"}
    if operation.sort:
        fixed |= {"sort", "is_descending"}
    found = {"items": next((field.name for field in lists if field.name == "items"), lists[0].name),
             "filters": [field.name for field in operation.request if field.name not in fixed]}
    return {**found, **paged, **({"sort": operation.sort} if operation.sort else {})}


def paging(request, reply):
    """What `next` of a reply is given as in the next request."""
    for field in request:
        if field.name in ("after", "before") and "next" in reply and reply["next"].type.name == field.type.name:
            return {"take": field.name, "give": "next"}
    return {}


SHAPE = """\
import type { ErrorName, OperationName, Words } from "../types";

export type FieldType =
  | "id"
  | "text"
  | "int"
  | "bool"
  | "money" // fen
  | "price" // 1/10,000 yuan per unit
  | "quantity" // 1/1,000 of the unit
  | "time" // RFC 3339
  | "date" // YYYY-MM-DD
  | "bytes" // base64
  | "enum"
  | "struct";

export interface Field {
  name: string;
  words: Words;
  type: FieldType;
  of?: string; // which enum or struct; of a text or a number: what the contract calls it (note, reason, phone, month)
  list?: true;
  optional?: true;
  min?: number; // of a number its value, of a text its characters, of a list its length
  max?: number;
  privacy?: "phone" | "address" | "amount"; // is masked for those who may not see it
}

/** How a read gives rows. */
export interface Listing {
  items: string; // the reply's list
  filters: string[]; // fields of the request that narrow it down, in the order to show them
  take?: string; // where it comes in pages: the request's field
  give?: string; // and the reply's, absent on the last page
  sort?: string[]; // columns that the request's `sort` may name
}

export interface Shape {
  summary: Words;
  effect: "read" | "write";
  policy: string[]; // numbers of requirements
  errors: ErrorName[]; // besides those that every operation may give
  list?: Listing;
  request: Field[];
  reply: Field[];
}

export interface Structure {
  words: Words;
  fields: Field[];
}

export interface Enumeration {
  words: Words;
  values: Record<string, Words>;
}

export interface Shapes {
  shapes: Record<string, Shape>;
  structs: Record<string, Structure>;
  enums: Record<string, Enumeration>;
}

const files: Record<string, () => Promise<Shapes>> = {
@LOADERS@
};

/** Everything that one service's forms and lists need: its own shapes and those that every service has. */
export async function loadShapes(service: string): Promise<Shapes> {
  const [own, common] = await Promise.all([files[service]!(), files["common"]!()]);
  return {
    shapes: { ...common.shapes, ...own.shapes },
    structs: { ...common.structs, ...own.structs },
    enums: { ...common.enums, ...own.enums },
  };
}

/** The shape of an operation, with the structs and enums that its fields name in `of`. */
export async function loadShape(name: OperationName): Promise<{ shape: Shape; types: Shapes }> {
  const [service, ...rest] = name.split(".");
  const types = await loadShapes(service!);
  return { shape: types.shapes[rest.join(".")]!, types };
}
"""
