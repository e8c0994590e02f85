"""The test company: headquarters ZB and the branches SH01 and HZ01, with a person for every function in each."""
import concurrent.futures
import threading

from client import Client, EventTap, new_key, retrying

PASSWORD = "songda-test-2026"
HEADQUARTERS_FUNCTIONS = ["general_manager", "deputy_general_manager", "department_head", "director", "finance", "discipline_officer",
                          "it_administrator", "marketing", "clerk", "sales_manager"]
SECOND_PERSONS = ["representative", "telesales", "driver", "cashier", "operator", "dispatcher", "supervisor", "installer", "technician",
                  "sales_manager", "discipline_officer"]
SUPERIOR = {"representative": "supervisor", "telesales": "supervisor", "supervisor": "sales_manager", "sales_manager": "department_head"}
BRANCHES = {"SH01": "上海一分公司", "HZ01": "杭州分公司"}


class CompanyError(Exception):
    """The company could not be set up."""


class Company:
    def __init__(self, contract, address):
        self.contract, self.address = contract, address
        self.plain = Client(contract, address)
        self.lock = threading.Lock()
        self.clients, self.ids = {}, {}
        self._found()
        self.tap = EventTap(self.client("everything@ZB"))

    def client(self, name):
        """The signed-in client of a person; a copy, so that its clock is the caller's own."""
        with self.lock:
            if name not in self.clients:
                reply = self._must(self.plain, "staff.session.open", {"sign_in_name": name, "password": PASSWORD})
                self.clients[name] = self.plain.with_token(reply["token"])
            return self.clients[name].with_token(self.clients[name].token)

    def staff_id(self, name):
        return self.ids[name]

    def branch_id(self, code):
        return self.ids[code]

    def _must(self, client, operation, fields):
        key = new_key()
        status, reply = retrying(lambda: client.call(operation, fields, key))
        if not 200 <= status < 300:
            raise CompanyError(f"{operation} {fields}: {status} {reply}")
        return reply

    def _found(self):
        admin = "it_administrator@ZB"
        key = new_key()
        fields = {"company": "送达燃料有限公司", "code": "ZB", "administrator": "系统管理员", "sign_in_name": admin, "password": PASSWORD}
        status, reply = retrying(lambda: self.plain.call("staff.company.found", fields, key), 30)
        if status == 409:
            self._read_existing()
            return
        if status != 200:
            raise CompanyError(f"staff.company.found: {status} {reply}")
        self.ids["ZB"], self.ids[admin] = reply["company_id"], reply["staff_id"]
        client = self.client(admin)
        for code, name in BRANCHES.items():
            self.ids[code] = self._must(client, "staff.branch.create", {"parent_id": self.ids["ZB"], "kind": "branch", "code": code,
                                                                        "name": name})["branch_id"]
        self._hire(client)

    def _read_existing(self):
        client = self.client("it_administrator@ZB")
        for branch in self._must(client, "staff.branch.list", {})["items"]:
            self.ids[branch["code"]] = branch["branch_id"]
        after = None
        while True:
            page = self._must(client, "staff.person.list", {"limit": 200, **({"after": after} if after else {})})
            for person in page["items"]:
                self.ids[person["name"]] = person["staff_id"]
            after = page.get("next")
            if not after:
                return

    def _hire(self, client):
        """Superiors first, then everybody else side by side."""
        later = []
        self._add(client, "general_manager", "ZB", ["general_manager"], None)
        self._add(client, "everything", "ZB", self.contract.functions, "general_manager@ZB")
        for function in HEADQUARTERS_FUNCTIONS:
            if f"{function}@ZB" not in self.ids:
                later.append((function, "ZB", [function], "general_manager@ZB"))
        for code in BRANCHES:
            for function in ("department_head", "sales_manager", "supervisor"):
                above = SUPERIOR.get(function)
                self._add(client, function, code, [function], f"{above}@{code}" if above else "general_manager@ZB")
            for function in self.contract.functions:
                above = SUPERIOR.get(function, "department_head")
                for suffix in ("", "2") if function in SECOND_PERSONS else ("",):
                    if f"{function}{suffix}@{code}" not in self.ids:
                        later.append((function + suffix, code, [function], f"{above}@{code}"))
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda person: self._add(client, *person), later))

    def _add(self, client, post, code, functions, superior):
        name = f"{post}@{code}"
        fields = {"sign_in_name": name, "name": name, "home_branch_id": self.ids[code], "functions": functions, "joined_on": "2026-01-05"}
        if superior:
            fields["superior_id"] = self.ids[superior]
        staff_id = self._must(client, "staff.person.create", fields)["staff_id"]
        self._must(client, "staff.password.set", {"staff_id": staff_id, "password": PASSWORD, "is_temporary": False})
        self._must(client, "staff.onboarding.complete", {"staff_id": staff_id, "steps": ["agreement", "induction", "groups"]})
        with self.lock:
            self.ids[name] = staff_id
