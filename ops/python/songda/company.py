"""A company to play with: headquarters ZB and the branches SH01 and HZ01, with a person for every function in each.

Sign-in names are <function>@<branch>. Every step has a key made of its name, so that founding can be repeated after a fault.
"""
import concurrent.futures
import copy
import threading

from songda.client import Client, key_of, retrying

HEADQUARTERS_FUNCTIONS = ["deputy_general_manager", "department_head", "director", "finance", "discipline_officer", "marketing", "clerk",
                          "sales_manager"]
SECOND_PERSONS = ["representative", "telesales", "driver", "cashier", "operator", "dispatcher", "supervisor", "installer", "technician",
                  "sales_manager", "discipline_officer"]
SUPERIOR = {"representative": "supervisor", "telesales": "supervisor", "supervisor": "sales_manager", "sales_manager": "department_head"}
BRANCHES = {"SH01": "上海一分公司", "HZ01": "杭州分公司"}
ADMINISTRATOR = "it_administrator@ZB"


class CompanyError(Exception):
    """A step of the company was refused."""


class Company:
    def __init__(self, contract, address, password, clock=None, people_names=None, passwords_later=False):
        """passwords_later: who was hired gets the password in passing, at the latest before they sign in; all_have_passwords waits for everybody."""
        self.contract, self.password, self.clock = contract, password, clock
        self.plain = Client(contract, address)
        self.names = people_names or {}
        self.lock = threading.Lock()
        self.clients, self.doors, self.ids, self.people = {}, {}, {}, []  # doors: one signs in once, different people at the same time
        self.passwords_later, self.passwords = passwords_later, {}
        self.hashing = concurrent.futures.ThreadPoolExecutor(2)  # no more are hashed at a time
        self._found()

    def client(self, name):
        """The signed-in client of a person; a copy, so that its clock is the caller's own."""
        with self.lock:
            door = self.doors.setdefault(name, threading.Lock())
        with door:
            if name not in self.clients:
                if name in self.passwords:
                    self.passwords[name].result()
                reply = self.must(self.plain, "staff.session.open", {"sign_in_name": name, "password": self.password}, None)
                self.clients[name] = self.plain.with_token(reply["token"])
            return self.clients[name].with_token(self.clients[name].token)

    def at(self, clock):
        """The same company with its clock set to another instant."""
        other = copy.copy(self)
        other.clock = clock
        return other

    def call(self, person, operation, fields, step=None, clock=None):
        """The reply of an operation done by a person; CompanyError when it is refused. `step` names it for its key."""
        client = self.client(person)
        client.clock = clock or self.clock
        return self.must(client, operation, fields, step)

    @staticmethod
    def must(client, operation, fields, step, seconds=60):
        key = key_of(f"{operation} {step}") if step else None
        status, reply = retrying(lambda: client.call(operation, fields, key), seconds)
        if not 200 <= status < 300:
            raise CompanyError(f"{operation} {fields}: {status} {reply}")
        return reply

    def _found(self):
        self.plain.clock = self.clock
        fields = {"company": "送达燃料有限公司", "code": "ZB", "administrator": "系统管理员", "sign_in_name": ADMINISTRATOR,
                  "password": self.password}
        status, reply = retrying(lambda: self.plain.call("staff.company.found", fields), 60)
        if status != 200 and reply.get("error") != "company_exists":
            raise CompanyError(f"staff.company.found: {status} {reply}")
        signed_in = self.must(self.plain, "staff.session.open", {"sign_in_name": ADMINISTRATOR, "password": self.password}, None)
        self.clients[ADMINISTRATOR] = self.plain.with_token(signed_in["token"])
        self.ids["ZB"], self.ids[ADMINISTRATOR] = signed_in["branch_id"], signed_in["staff_id"]
        self.people.append((ADMINISTRATOR, "系统管理员"))
        for code, name in BRANCHES.items():
            fields = {"parent_id": self.ids["ZB"], "kind": "branch", "code": code, "name": name}
            self.ids[code] = self.call(ADMINISTRATOR, "staff.branch.create", fields, code)["branch_id"]
        self._hire()

    def adopt_rule_book(self):
        """The company's rules, announced on paper when it began: in force a week later."""
        self.call("discipline_officer@ZB", "discipline.rule_book.install", {}, "rule book")
        self.call("discipline_officer@ZB", "discipline.rule_book.consult", {}, "rule book")
        self.call("general_manager@ZB", "discipline.rule_book.adopt",
                  {"announced_on": "2011-01-05", "reference": "公司公告〔2011〕1 号"}, "rule book")

    def _hire(self):
        """Superiors first, then everybody else side by side."""
        self.hire("general_manager", "ZB", ["general_manager"], None)
        later = [(function, "ZB", [function], "general_manager@ZB") for function in HEADQUARTERS_FUNCTIONS]
        for code in BRANCHES:
            for function in ("department_head", "sales_manager", "supervisor"):
                above = SUPERIOR.get(function)
                self.hire(function, code, [function], f"{above}@{code}" if above else "general_manager@ZB")
            for function in self.contract.functions:
                above = SUPERIOR.get(function, "department_head")
                for suffix in ("", "2") if function in SECOND_PERSONS else ("",):
                    if f"{function}{suffix}@{code}" not in self.ids:
                        later.append((function + suffix, code, [function], f"{above}@{code}"))
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda person: self.hire(*person), later))

    def hire(self, post, code, functions, superior):
        sign_in_name = f"{post}@{code}"
        name = self.names.get(sign_in_name, sign_in_name)
        fields = {"sign_in_name": sign_in_name, "name": name, "home_branch_id": self.ids[code], "functions": functions, "joined_on": "2011-01-05"}
        if superior:
            fields["superior_id"] = self.ids[superior]
        staff_id = self.call(ADMINISTRATOR, "staff.person.create", fields, sign_in_name)["staff_id"]
        self.passwords[sign_in_name] = self.hashing.submit(self.give_password, sign_in_name, staff_id)
        self.call(ADMINISTRATOR, "staff.onboarding.complete", {"staff_id": staff_id, "steps": ["agreement", "induction", "groups"]}, sign_in_name)
        with self.lock:
            self.ids[sign_in_name] = staff_id
            self.people.append((sign_in_name, name))
        if not self.passwords_later:
            self.passwords[sign_in_name].result()

    def all_have_passwords(self):
        for given in list(self.passwords.values()):
            given.result()

    def give_password(self, sign_in_name, staff_id):
        self.call(ADMINISTRATOR, "staff.password.set", {"staff_id": staff_id, "password": self.password, "is_temporary": False}, sign_in_name)
