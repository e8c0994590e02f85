"""How the company comes to a contract, step by step as the policies say: product, price policy, customer, credit report, contract, signatures."""
import time

from songda.company import CompanyError

TEMPLATE_CLAUSES = [("供货", "甲方按约定的品种和价格向乙方供应燃料，履行地点：{履行地点}。"), ("付款", "货款于下次配送时结清；争议{争议解决}。"),
                    ("安全", "乙方按安全规程使用设备。其他约定：{其他约定}。")]
TEMPLATE_FIELDS = [("履行地点", "履行地点"), ("争议解决", "争议解决"), ("其他约定", "其他约定")]
CHAIN = ["sales_manager@{branch}", "department_head@{branch}", "deputy_general_manager@ZB", "general_manager@ZB"]


class Selling:
    """Every step has a name, so that the whole can be repeated; waits where another service must have heard of something first."""

    def __init__(self, company, today):
        self.company, self.today = company, today
        self.template_id = None

    def eventually(self, person, operation, fields, step, errors, seconds=60):
        """Repeats a step that is refused because an event is still on its way."""
        end = time.monotonic() + seconds
        attempt = 0
        while True:
            try:
                return self.company.call(person, operation, fields, f"{step} {attempt}")
            except CompanyError as error:
                if time.monotonic() > end or not any(name in str(error) for name in errors):
                    raise
                attempt += 1
                time.sleep(0.2)

    def product(self, code, name, unit="升", specification=None, tax_permille=130, is_equipment=False):
        fields = {"code": code, "name": name, "unit": unit, "tax_permille": tax_permille, "is_equipment": is_equipment}
        if specification:
            fields["specification"] = specification
        return self.company.call("department_head@ZB", "contracts.product.create", fields, code)["product_id"]

    def price_policy(self, name, valid_from, lines):
        """lines: (product_id, list price, floor price); drafted, approved by the general manager."""
        entries = [{"product_id": product_id, "list_price": listed, "floor_price": floor} for product_id, listed, floor in lines]
        policy_id = self.company.call("department_head@ZB", "contracts.price_policy.draft",
                                      {"name": name, "valid_from": valid_from, "lines": entries[:200]}, name)["policy_id"]
        for start in range(200, len(entries), 200):
            self.company.call("department_head@ZB", "contracts.price_policy.extend",
                              {"policy_id": policy_id, "lines": entries[start:start + 200]}, f"{name} {start}")
        approval = self.company.call("department_head@ZB", "contracts.price_policy.submit", {"policy_id": policy_id}, name)
        self.approve("general_manager@ZB", approval["approval_id"])
        return policy_id

    def approve(self, person, approval_id):
        self.company.call(person, "contracts.approval.decide", {"approval_id": approval_id, "decision": "approve"}, f"{approval_id} {person}")

    def template(self):
        fields = {"code": "HT-BZ", "name": "标准供货合同", "clauses": [{"title": title, "text": text} for title, text in TEMPLATE_CLAUSES],
                  "fields": [{"name": name, "label": label} for name, label in TEMPLATE_FIELDS]}
        self.template_id = self.company.call("department_head@ZB", "contracts.template.create", fields, "HT-BZ")["template_id"]

    def customer(self, branch, name, phone, place, window=None, representative="representative"):
        """place: (label, address, latitude_e7, longitude_e7). Returns (customer_id, address_id)."""
        person = f"{representative}@{branch}"
        customer_id = self.company.call(person, "leads.customer.create", {"name": name, "phone": phone, "source": "visit", "has_consent": True},
                                        name)["customer_id"]
        return customer_id, self.address(person, customer_id, place, phone, window, name)["address_id"]

    def address(self, person, customer_id, place, phone=None, window=None, step=None):
        """place: (label, address, latitude_e7, longitude_e7); another one of the customer's."""
        label, address, latitude, longitude = place
        fields = {"customer_id": customer_id, "label": label, "address": address, "latitude_e7": latitude, "longitude_e7": longitude}
        if phone:
            fields["phone"] = phone
        if window:
            fields["windows"] = [{"from_minute": window[0], "to_minute": window[1]}]
        return self.company.call(person, "leads.address.add", fields, step or f"{customer_id} {label}")

    def contract(self, branch, customer_id, address_ids, lines, valid, credit_limit=0, equipment=(), representative="representative",
                 payment_term="next_delivery", archive_number=None):
        """address_ids: one or several; lines: (product_id, quantity, price); valid: (from, until). Brings a contract in force and files it;
        returns its id."""
        if isinstance(address_ids, str):
            address_ids = [address_ids]
        contract_id, approval_id = self.submit(branch, customer_id, address_ids, lines, valid, credit_limit, equipment, representative, payment_term)
        self.sign(branch, contract_id, approval_id)
        self.file(branch, contract_id, archive_number)
        return contract_id

    def draft(self, branch, customer_id, address_ids, lines, valid, credit_limit=0, equipment=(), representative="representative",
              payment_term="next_delivery", is_blank=False):
        """A contract with its credit report; is_blank: one field is still empty."""
        self.eventually(f"finance@{branch}", "contracts.credit.report",
                        {"customer_id": customer_id, "score": 80, "credit_limit": credit_limit, "valid_until": valid[1]},
                        customer_id, ["customer_unknown"])
        terms = {"template_id": self.template_id, "address_ids": address_ids,
                 "lines": [{"product_id": product, "quantity": quantity, "price": price} for product, quantity, price in lines],
                 "fields": [{"name": "履行地点", "value": "乙方厨房"}, {"name": "争议解决", "value": "协商解决"},
                            {"name": "其他约定", "value": "" if is_blank else "/"}],
                 "payment_term": payment_term, "valid_from": valid[0], "valid_until": valid[1]}
        if payment_term == "days":
            terms["payment_days"] = 30
        if credit_limit:
            terms["credit_limit"] = credit_limit
        if equipment:
            terms["equipment"] = [{"product_id": product, "quantity": quantity, "deposit": deposit} for product, quantity, deposit in equipment]
        return self.eventually(f"{representative}@{branch}", "contracts.contract.draft", {"customer_id": customer_id, "terms": terms},
                               f"{customer_id} {lines[0][0]}", ["customer_unknown", "address_unknown"])["contract_id"]

    def submit(self, branch, customer_id, address_ids, lines, valid, credit_limit=0, equipment=(), representative="representative",
               payment_term="next_delivery"):
        """Drafted and submitted: (contract, approval)."""
        contract_id = self.draft(branch, customer_id, address_ids, lines, valid, credit_limit, equipment, representative, payment_term)
        reply = self.company.call(f"{representative}@{branch}", "contracts.contract.submit", {"contract_id": contract_id}, contract_id)
        return contract_id, reply["approval_id"]

    def sign(self, branch, contract_id, approval_id, signers=len(CHAIN)):
        """Reviewed clause by clause, then signed by so many of the chain."""
        manager = CHAIN[0].format(branch=branch)
        for clause in range(1, len(TEMPLATE_CLAUSES) + 1):
            self.company.call(manager, "contracts.contract.review", {"contract_id": contract_id, "clause": clause, "is_ok": True},
                              f"{contract_id} {clause}")
        for signer in CHAIN[:signers]:
            self.approve(signer.format(branch=branch), approval_id)

    def file(self, branch, contract_id, archive_number=None):
        """Sealed, handed over, filed."""
        clerk = f"clerk@{branch}"
        for seal in ("key_clauses", "signature", "seam"):
            self.company.call(clerk, "contracts.contract.seal", {"contract_id": contract_id, "seal": seal}, f"{contract_id} {seal}")
        for original in ("customer", "archive"):
            self.company.call(clerk, "contracts.contract.hand_over", {"contract_id": contract_id, "original": original, "receiver": "张先生"},
                              f"{contract_id} {original}")
        self.company.call(clerk, "contracts.contract.file",
                          {"contract_id": contract_id, "archive_number": archive_number or "DA-" + contract_id[-12:]}, contract_id)
