"""The contract in memory: types, fields, operations, events, errors, permissions, and the list of what is wrong with them."""

from dataclasses import dataclass, field
import re

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
C_KEYWORDS = set("""auto break case char const continue default do double else enum extern float for goto if inline int long
register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false
asm typeof""".split())

# What a scalar is: C type, field type, SQL type, TypeScript type.
SCALARS = {
    "id": ("struct id ", "FIELD_ID", "uuid", "string"),
    "text": ("const char *", "FIELD_TEXT", "text", "string"),
    "int": ("int64_t ", "FIELD_INT", "bigint", "number"),
    "bool": ("bool ", "FIELD_BOOL", "bool", "boolean"),
    "money": ("int64_t ", "FIELD_MONEY", "bigint", "number"),
    "price": ("int64_t ", "FIELD_PRICE", "bigint", "number"),
    "quantity": ("int64_t ", "FIELD_QUANTITY", "bigint", "number"),
    "time": ("int64_t ", "FIELD_TIME", "timestamptz", "string"),
    "date": ("int32_t ", "FIELD_DATE", "date", "string"),
    "bytes": ("struct bytes ", "FIELD_BYTES", "bytea", "string"),
}
NUMBERS = ("int", "money", "price", "quantity")
HAS_FLAG = NUMBERS + ("bool",)
TEXT_MAX = 200
ITEMS_MAX = 200
BYTES_MAX = 65536
NODES_MAX = 4096
INT64 = (-(2 ** 63), 2 ** 63 - 1)


class Problems:
    """Everything that is wrong, by file; nothing is generated while there is any."""

    def __init__(self):
        self.lines = []

    def add(self, where, text):
        self.lines.append(f"{where}: {text}")


@dataclass(eq=False)
class Type:
    """A scalar, an alias of one, an enum or an object type. `owner` is "" for the top, "common", or a service."""
    name: str
    kind: str  # scalar, enum, object
    owner: str = ""
    scalar: str = ""
    values: dict = field(default_factory=dict)
    fields: list = field(default_factory=list)
    min: int = None
    max: int = None
    privacy: str = ""
    zh: str = ""
    en: str = ""
    where: str = ""
    depth: int = 0
    is_sort: bool = False  # the enum that the `sort` of an operation makes

    def c_name(self, home):
        """The C name in the component `home`: another service's types carry its name in front."""
        if self.owner in ("", home) or (self.owner == "common" and home != "contract"):
            return self.name
        return f"{self.owner}_{self.name}"


@dataclass
class Field:
    name: str
    type: Type
    is_list: bool = False
    optional: bool = False
    min: int = None  # of the value, or of each item of a list
    max: int = None
    min_items: int = 0
    max_items: int = 0
    privacy: str = ""
    zh: str = ""
    en: str = ""

    def has_flag(self):
        if not self.optional or self.is_list:
            return False
        return self.type.kind == "object" or (self.type.kind == "scalar" and self.type.scalar in HAS_FLAG)

    def sql_type(self):
        """The SQL type of a column that fills this field; None when there is none."""
        kind = self.type.kind
        if kind == "object" or (kind == "enum" and self.is_list):
            return None
        if kind == "enum":
            return self.type.name
        sql = SCALARS[self.type.scalar][2]
        if self.is_list:
            return sql + "[]" if sql in ("uuid", "text", "bigint") else None
        return sql


@dataclass
class Error:
    name: str
    owner: str
    status: int
    kind: str
    policy: str
    zh: str
    en: str


@dataclass
class Permission:
    name: str  # may begin with "*." in common
    owner: str
    kind: str = "functions"  # functions, public, signed_in, service
    functions: list = field(default_factory=list)
    zh: str = ""
    en: str = ""

    def plain(self):
        return self.name.replace("*.", "")


@dataclass
class Operation:
    noun: str
    verb: str
    owner: str
    where: str
    summary: dict = None
    policy: list = None
    method: str = ""
    path: str = ""
    permission: Permission = None
    effect: str = ""
    serialize: list = None
    object: str = None
    unmasked: bool = False
    confidential: bool = False
    cache: dict = None
    request: list = None
    reply: list = None
    events: list = None
    errors: list = None
    example: dict = None
    sort: list = None  # columns of its rows

    def c_name(self):
        return f"{self.noun}_{self.verb}"

    def full_name(self, service):
        return f"{service}.{self.noun}.{self.verb}"

    def path_in(self, service):
        return self.path.replace("{service}", service)

    def path_fields(self):
        return [name for name in re.findall(r"\{([a-z0-9_]+)\}", self.path) if name != "service"]


@dataclass
class Event:
    noun: str
    verb: str
    owner: str
    where: str
    summary: dict = None
    policy: list = None
    permission: Permission = None
    aggregate: str = None
    body: list = None
    example: dict = None

    def c_name(self):
        return f"{self.noun}_{self.verb}"

    def full_name(self, service):
        return f"{service}.{self.noun}.{self.verb}"


@dataclass
class Component:
    """What one folder of schemas/ declares."""
    name: str
    types: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    permissions: dict = field(default_factory=dict)
    operations: list = field(default_factory=list)
    events: list = field(default_factory=list)
    subscriptions: list = field(default_factory=list)  # (service, Event, own)
