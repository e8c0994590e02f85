"""types.ts: the types of the contract, nothing that runs; client.ts: a typed client of every operation over fetch; errors.ts,
events.ts, permissions.ts and enums/: the words of these. shapes/ is in shapes.py."""

import json

SCALARS = {"id": "string", "text": "string", "int": "number", "bool": "boolean", "money": "number", "price": "number",
           "quantity": "number", "time": "string", "date": "string", "bytes": "string"}
HEAD = "// Made from schemas/; changed there.\n"


def pascal(*words):
    return "".join(part.capitalize() for word in words for part in word.replace(".", "_").split("_") if part)


def type_name(kind):
    return pascal(kind.owner, kind.name) if kind.owner not in ("", "common") else pascal(kind.name)


def literal(value):
    return json.dumps(value, ensure_ascii=False)


def field_type(field):
    kind = SCALARS[field.type.scalar] if field.type.kind == "scalar" else type_name(field.type)
    return f"{kind}[]" if field.is_list else kind


def comment(words):
    return f"/** {words['zh']} · {words['en']} */"


def interface(name, fields, words=None):
    lines = [comment(words)] if words else []
    lines.append(f"export interface {name} {{")
    for field in fields:
        lines.append(f"  {comment({'zh': field.zh, 'en': field.en})}")
        lines.append(f"  {field.name}{'?' if field.optional else ''}: {field_type(field)};")
    return "\n".join(lines + ["}", ""])


def enum(kind):
    words = comment({"zh": kind.zh, "en": kind.en})
    return f"{words}\nexport type {type_name(kind)} = {' | '.join(literal(value) for value in kind.values)};\n"


def words_name(kind):
    name = type_name(kind)
    return f"{name[0].lower()}{name[1:]}Words"


def enums(component):
    """What the values of a service's enums are called; each by itself, so that a bundler takes what is used."""
    kinds = [kind for kind in component if kind.kind == "enum"]
    parts = [HEAD]
    if kinds:
        parts.append(f"import type {{ {', '.join(sorted([type_name(kind) for kind in kinds] + ['Words']))} }} from \"../types\";\n")
    for kind in kinds:
        values = "\n".join(f"  {literal(value)}: {literal(words)}," for value, words in kind.values.items())
        parts.append(f"export const {words_name(kind)}: Record<{type_name(kind)}, Words> = {{\n{values}\n}};\n")
    return "\n".join(parts + ([] if kinds else ["export {};\n"]))


def each(contract, what):
    """(service, item, name of its interfaces) of every operation or event; those of common once for each service."""
    common = contract.component("common")
    for service in contract.services():
        for owner in (contract.component(service), common):
            for item in getattr(owner, what):
                start = "" if owner is common else service
                yield service, item, pascal(start, item.noun, item.verb)


def files(contract):
    """file name → text."""
    components = all_components(contract)
    made = {"types.ts": types(contract, components), "client.ts": client(contract), "errors.ts": errors(components),
            "events.ts": events(contract), "permissions.ts": permissions(components)}
    for name, kinds in kinds_by_file(contract).items():
        made[f"enums/{name}.ts"] = enums(kinds)
    return made


def all_components(contract):
    return [contract.component(""), contract.component("common")] + [contract.component(name) for name in contract.services()]


def kinds_by_file(contract):
    """Types by the file that has them: those of a service in its own, those of everybody in common."""
    made = {"common": list(contract.component("").types.values()) + list(contract.component("common").types.values())}
    for name in contract.services():
        made[name] = list(contract.component(name).types.values())
    return made


def types(contract, components):
    parts = [HEAD, "/** Chinese and English. */\nexport interface Words {\n  zh: string;\n  en: string;\n}\n"]
    for component in components:
        for kind in component.types.values():
            if kind.kind == "enum":
                parts.append(enum(kind))
            elif kind.kind == "object":
                parts.append(interface(type_name(kind), kind.fields, {"zh": kind.zh, "en": kind.en}))
    parts += operation_types(contract) + event_types(contract)
    names = "".join(f"\n  | {literal(name)}" for name in first_errors(components))
    parts.append(f"export type ErrorName ={names};\n")
    return "\n".join(parts)


def operation_types(contract):
    parts, seen, lines = [], set(), []
    for service, operation, name in each(contract, "operations"):
        if operation.permission.kind == "service":
            continue
        if name not in seen:
            seen.add(name)
            parts.append(interface(f"{name}Request", operation.request, operation.summary))
            parts.append(interface(f"{name}Reply", operation.reply))
        lines.append(f"  {literal(operation.full_name(service))}: {{ request: {name}Request; reply: {name}Reply }};")
    parts.append("export interface Operations {\n" + "\n".join(lines) + "\n}\n\nexport type OperationName = keyof Operations;\n")
    return parts


def event_types(contract):
    parts, seen, lines = [], set(), []
    for service, event, name in each(contract, "events"):
        if name not in seen:
            seen.add(name)
            parts.append(interface(f"{name}Event", event.body, event.summary))
        lines.append(f"  {literal(event.full_name(service))}: {name}Event;")
    parts.append("export interface Events {\n" + "\n".join(lines) + "\n}\n\nexport type EventName = keyof Events;\n")
    return parts


def events(contract):
    words = [f"  {literal(event.full_name(service))}: {literal(event.summary)}," for service, event, _ in each(contract, "events")]
    return (HEAD + 'import type { EventName, Words } from "./types";\n\n'
            "export const eventWords: Record<EventName, Words> = {\n" + "\n".join(words) + "\n};\n")


def first_errors(components):
    """The first of each name: a service's own sentence comes with the problem itself."""
    found = {}
    for component in components:
        for error in component.errors.values():
            found.setdefault(error.name, error)
    return found


def errors(components):
    lines = []
    for name, error in first_errors(components).items():
        policy = f", policy: {literal(error.policy)}" if error.policy else ""
        lines.append(f"  {name}: {{ zh: {literal(error.zh)}, en: {literal(error.en)}, status: {error.status}, "
                     f"class: {literal(error.kind)}{policy} }},")
    return (HEAD + 'import type { ErrorName, Words } from "./types";\n\n'
            "/** {} is the value that comes with the problem; policy is the requirement's number. */\n"
            "export interface ErrorWords extends Words {\n  status: number;\n  class: \"no\" | \"retry\" | \"unknown\";\n"
            "  policy?: string;\n}\n\n"
            "export const errorWords: Record<ErrorName, ErrorWords> = {\n" + "\n".join(lines) + "\n};\n")


def permissions(components):
    lines = [f"  {literal(name)}: {{ zh: {literal(permission.zh)}, en: {literal(permission.en)}, "
             f"functions: {literal(permission.functions)} }},"
             for component in components for name, permission in component.permissions.items()]
    return (HEAD + 'import type { Function, Words } from "./types";\n\n'
            "/** Which functions have a permission; `public` and `signed_in` are for everybody. */\n"
            "export const permissions: Record<string, Words & { functions: Function[] }> = {\n" + "\n".join(lines) + "\n};\n")


def client(contract):
    lines = []
    for service, operation, _ in each(contract, "operations"):
        if operation.permission.kind != "service":
            summary = f"zh: {literal(operation.summary['zh'])}, en: {literal(operation.summary['en'])}"
            lines.append(f"  {literal(operation.full_name(service))}: {{ method: {literal(operation.method)}, "
                         f"path: {literal(operation.path_in(service))}, write: {literal(operation.effect == 'write')}, "
                         f"permission: {literal(operation.permission.name)}, {summary} }},")
    return HEAD + CLIENT.replace("@ROUTES@", "\n".join(lines))


CLIENT = """\
import { permissions } from "./permissions";
import type { ErrorName, Function, OperationName, Operations } from "./types";

export interface Route {
  method: string;
  path: string;
  write: boolean;
  permission: string;
  zh: string;
  en: string;
}

export const routes: Record<OperationName, Route> = {
@ROUTES@
};

/** A refusal (RFC 9457). `error` is empty when there was no answer at all. */
export class Problem extends Error {
  status = 0;
  error: ErrorName | "" = "";
  class: "no" | "retry" | "unknown" = "unknown";
  value?: string;
  field?: string;
  policy?: string;
  trace?: string;

  constructor(body: Partial<Problem> & { detail?: string; title?: string }) {
    super(body.detail ?? body.title ?? "");
    const { detail, title, ...rest } = body;
    Object.assign(this, rest);
  }
}

/** A UUIDv7: make it before the first send and keep it for every repetition. */
export function newKey(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, left = now; i >= 0; i--, left = Math.floor(left / 256)) bytes[i] = left % 256;
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Whether somebody of these functions may ask for an operation. */
export function mayCall(name: OperationName, functions: readonly Function[]): boolean {
  const permission = routes[name].permission;
  if (permission === "public" || permission === "signed_in") return true;
  return (permissions[permission]?.functions ?? []).some((one) => functions.includes(one));
}

export interface ClientOptions {
  base?: string; // "" is where the page came from
  language?: () => "zh" | "en";
  token?: () => string | undefined; // where there is no cookie
  attempts?: number; // for what was not done or may have been
  fetch?: typeof fetch;
}

export interface CallOptions {
  key?: string; // Idempotency-Key of a write; made when not given
  signal?: AbortSignal;
}

/** There was no answer: nobody knows what became of it. */
function lost(thrown: unknown): Problem {
  return new Problem({ title: String(thrown), class: "unknown" });
}

function refused(response: Response, answer: unknown): Problem {
  return new Problem({ class: "unknown", ...(answer as Partial<Problem> | undefined), status: response.status });
}

/** "?a=1&b=2", or nothing. */
function queryOf(fields: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null) query.set(field, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

export class Client {
  private readonly options: ClientOptions;

  constructor(options: ClientOptions = {}) {
    this.options = options;
  }

  /** Asks for an operation. Throws Problem. */
  async call<N extends OperationName>(
    name: N,
    request: Operations[N]["request"],
    options: CallOptions = {},
  ): Promise<Operations[N]["reply"]> {
    const route = routes[name];
    const key = route.write ? (options.key ?? newKey()) : undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.send(route, request as unknown as Record<string, unknown>, key, options.signal)) as Operations[N]["reply"];
      } catch (thrown) {
        const again = thrown instanceof Problem && thrown.class !== "no" && attempt < (this.options.attempts ?? 3);
        if (!again || options.signal?.aborted) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt * (0.5 + Math.random())));
      }
    }
  }

  /** All rows of a list as a file that the server makes, at most 100,000 of them. Throws Problem. */
  async file<N extends OperationName>(name: N, form: "csv" | "xlsx", request: Operations[N]["request"], options: Pick<CallOptions, "signal"> = {}): Promise<Blob> {
    const address = `${this.options.base ?? ""}/papers/lists/${name}.${form}${queryOf(request as unknown as Record<string, unknown>)}`;
    const response = await this.ask(address, { method: "GET", headers: this.headers(), signal: options.signal ?? null });
    if (!response.ok) throw refused(response, await response.json().catch(() => undefined));
    return response.blob().catch((thrown: unknown) => Promise.reject(lost(thrown)));
  }

  private async send(
    route: Route,
    request: Record<string, unknown>,
    key: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { address, body } = this.address(route, request);
    const headers = this.headers();
    if (key) headers["Idempotency-Key"] = key;
    if (body) headers["Content-Type"] = "application/json";
    const response = await this.ask(address, { method: route.method, headers, body: body ?? null, signal: signal ?? null });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && answer !== undefined) return answer;
    throw refused(response, answer);
  }

  private headers(): Record<string, string> {
    const token = this.options.token?.();
    return { "Accept-Language": this.options.language?.() ?? "zh", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  }

  private async ask(address: string, options: RequestInit): Promise<Response> {
    try {
      const send = this.options.fetch ?? fetch;
      return await send(address, { ...options, credentials: "same-origin" });
    } catch (thrown) {
      throw lost(thrown);
    }
  }

  /** Fields named in the path go there; the others into the query of a GET or into the body. */
  private address(route: Route, request: Record<string, unknown>): { address: string; body?: string } {
    const left = { ...request };
    const path = route.path.replace(/\\{([a-z0-9_]+)\\}/g, (_, field: string) => {
      const value = left[field];
      delete left[field];
      return encodeURIComponent(String(value));
    });
    const base = this.options.base ?? "";
    if (route.method !== "GET") return { address: base + path, body: JSON.stringify(left) };
    return { address: base + path + queryOf(left) };
  }
}
"""
