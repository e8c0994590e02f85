"""openapi.json (OpenAPI 3.1) of everything that people and other programs may ask over HTTP; both languages in every description."""

import json

import model

SCALARS = {
    "id": {"type": "string", "format": "uuid"},
    "text": {"type": "string"},
    "int": {"type": "integer", "format": "int64"},
    "bool": {"type": "boolean"},
    "money": {"type": "integer", "format": "int64", "description": "分 · fen"},
    "price": {"type": "integer", "format": "int64", "description": "万分之一元每单位 · 1/10,000 yuan per unit"},
    "quantity": {"type": "integer", "format": "int64", "description": "千分之一单位 · 1/1,000 of the unit"},
    "time": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
}
LIMITS = {"text": ("minLength", "maxLength"), "int": ("minimum", "maximum")}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["title", "status", "error", "class"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
        "error": {"type": "string", "description": "错误名 · name of the error (x-errors)"},
        "value": {"type": "string"},
        "field": {"type": "string", "description": "请求中的字段 · path in the request, like lines[3].quantity"},
        "policy": {"type": "string", "description": "制度编号 · number of the requirement"},
        "class": {"enum": ["no", "retry", "unknown"],
                  "description": "no 未执行，勿重试；retry 未执行，可重试；unknown 请用同一 Idempotency-Key 再问 · no: not done, do not "
                                 "repeat; retry: not done, try again; unknown: ask again with the same Idempotency-Key"},
        "trace": {"type": "string"},
    },
}
PARAMETERS = {
    "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "format": "uuid"},
        "description": "首次发送前由客户端生成的 UUIDv7；重发时不变 · a UUIDv7 made by the client before it first sends; the same "
                       "when it sends again"},
    "AcceptLanguage": {"name": "Accept-Language", "in": "header", "schema": {"enum": ["zh", "en"], "default": "zh"}},
}


def both(words):
    return f"{words['zh']} · {words['en']}"


def type_name(kind):
    return f"{kind.owner}.{kind.name}" if kind.owner else kind.name


def value_schema(field):
    kind = field.type
    if kind.kind != "scalar":
        return {"$ref": f"#/components/schemas/{type_name(kind)}"}
    schema = dict(SCALARS[kind.scalar])
    low, high = LIMITS.get("text" if kind.scalar == "text" else "int")
    if field.max is not None and kind.scalar != "bytes":
        if field.min not in (model.INT64[0], 0 if kind.scalar == "text" else None):
            schema[low] = field.min
        if field.max != model.INT64[1]:
            schema[high] = field.max
    return schema


def field_schema(field):
    schema = value_schema(field)
    if field.is_list:
        schema = {"type": "array", "items": schema, "maxItems": field.max_items}
        if field.min_items:
            schema["minItems"] = field.min_items
    unit = schema.get("description")
    schema["description"] = f"{field.zh} · {field.en}" + (f" ({unit})" if unit else "")
    if field.privacy:
        schema["x-privacy"] = field.privacy
    return schema


def object_schema(fields, more=None):
    schema = {"type": "object", "additionalProperties": False,
              "properties": {field.name: field_schema(field) for field in fields}}
    required = [field.name for field in fields if not field.optional]
    if required:
        schema["required"] = required
    schema.update(more or {})
    return schema


def type_schema(kind):
    words = {"description": both({"zh": kind.zh, "en": kind.en})}
    if kind.kind == "object":
        return object_schema(kind.fields, words)
    names = "; ".join(f"{value}: {both(text)}" for value, text in kind.values.items())
    return {"type": "string", "enum": list(kind.values), "description": f"{words['description']} ({names})"}


def parameters(operation, in_path):
    """The fields that stand in the address."""
    found = []
    for field in operation.request:
        if field.name in in_path or operation.method == "GET":
            found.append({"name": field.name, "in": "path" if field.name in in_path else "query",
                          "required": not field.optional, "schema": field_schema(field)})
            if field.is_list:
                found[-1].update(style="form", explode=False)
    found.append({"$ref": "#/components/parameters/AcceptLanguage"})
    if operation.effect == "write":
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return found


def responses(contract, component, operation):
    example = (operation.example or {}).get("reply")
    content = {"schema": object_schema(operation.reply)}
    if example is not None:
        content["example"] = example
    made = {"200": {"description": "完成 · done", "content": {"application/json": content}}}
    by_status = {}
    for name in operation.errors:
        error = contract.find(component, "errors", name)
        by_status.setdefault(str(error.status), []).append(error)
    for status, errors in sorted(by_status.items()):
        made[status] = {"description": "; ".join(f"{error.name}: {both({'zh': error.zh, 'en': error.en})}" for error in errors),
                        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}}
    made["default"] = {"$ref": "#/components/responses/Problem"}
    return made


def operation_schema(contract, component, service, operation):
    in_path = operation.path_fields()
    made = {
        "operationId": operation.full_name(service), "tags": [service], "summary": both(operation.summary),
        "parameters": parameters(operation, in_path),
        "responses": responses(contract, component, operation),
        "x-permission": operation.permission.name, "x-effect": operation.effect,
    }
    if operation.permission.kind == "functions":
        made["x-functions"] = operation.permission.functions
    if operation.permission.kind == "public":
        made["security"] = []
    if operation.policy:
        made["x-policy"] = operation.policy
    if operation.events:
        made["x-events"] = [name.replace("*.", service + ".", 1) for name in operation.events]
    if operation.method != "GET":
        body = [field for field in operation.request if field.name not in in_path]
        content = {"schema": object_schema(body)}
        if operation.example:
            names = {field.name for field in body}
            content["example"] = {name: value for name, value in operation.example["request"].items() if name in names}
        made["requestBody"] = {"required": any(not field.optional for field in body),
                               "content": {"application/json": content}}
    return made


def errors_of(contract, services):
    made = {}
    for component in [contract.component(""), contract.component("common")] + services:
        for error in component.errors.values():
            name = f"{component.name}.{error.name}" if component in services else error.name
            made[name] = {"status": error.status, "class": error.kind, "zh": error.zh, "en": error.en}
            if error.policy:
                made[name]["policy"] = error.policy
    return made


def text(contract):
    services = [contract.component(name) for name in contract.services()]
    common = contract.component("common")
    paths, schemas = {}, {"problem": PROBLEM}
    for component in [contract.component(""), common] + services:
        for kind in component.types.values():
            if kind.kind != "scalar":
                schemas[type_name(kind)] = type_schema(kind)
    for service in services:
        for owner in (service, common):
            for operation in owner.operations:
                if operation.permission.kind != "service":
                    path = paths.setdefault(operation.path_in(service.name), {})
                    path[operation.method.lower()] = operation_schema(contract, owner, service.name, operation)
            for event in owner.events:
                more = {"description": both(event.summary), "x-permission": event.permission.name}
                schemas[event.full_name(service.name)] = object_schema(event.body, more)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "送达 songda", "version": "1",
                 "description": "所有操作、类型与错误 · every operation, type and error. 事件见 x-events · events: the schemas "
                                "that x-events of the operations name."},
        "servers": [{"url": "/"}],
        "security": [{"session": []}, {"cookie": []}],
        "tags": [{"name": service.name} for service in services],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas, "parameters": PARAMETERS,
            "responses": {"Problem": {"description": "任何操作都可能出现的错误，见 x-errors · what every operation may answer, see "
                                                     "x-errors",
                                      "content": {"application/problem+json": {
                                          "schema": {"$ref": "#/components/schemas/problem"}}}}},
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"},
                                "cookie": {"type": "apiKey", "in": "cookie", "name": "songda_session"}},
        },
        "x-errors": errors_of(contract, services),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
