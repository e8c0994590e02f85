"""What is made compiles without a warning; a handler that is missing or wrong, and a field that does not exist, do not."""

import os
import shutil
import subprocess
import tempfile
import unittest

from support import FIXTURE, ROOT, run

FLAGS = ("-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wconversion -Wshadow -Wcast-qual -Wformat=2 -Wmissing-prototypes "
         "-Wstrict-prototypes -Wvla -Wwrite-strings -Wpointer-arith").split()

# What the generated code calls, so that a whole program can be linked.
CALLS = """
#include "mechanisms.gen.h"
#include "service/service.h"
bool call_read_one(struct call *c, const struct statement *s, const void *a, void *r)
{ (void)c; (void)s; (void)a; (void)r; return false; }
void call_read_many(struct call *c, const struct statement *s, const void *a, void **r, size_t *n)
{ (void)c; (void)s; (void)a; (void)r; (void)n; }
void call_write(struct call *c, const struct statement *s, const void *a, size_t n) { (void)c; (void)s; (void)a; (void)n; }
void call_emit(struct call *c, const struct event_type *e, const void *b) { (void)c; (void)e; (void)b; }
const char *call_print(struct call *c, const char *f, ...) { (void)c; return f; }
const struct service *call_service(const struct call *c) { (void)c; return NULL; }
void *arena_alloc(struct arena *arena, size_t size) { (void)size; return arena; }
const char *enumeration_text(const struct enumeration *values, int value) { (void)value; return values->name; }
int operation_approval_decide(struct call *c, const struct approval_decide_request *q, struct approval_decide_reply *r)
{ (void)c; (void)q; (void)r; return 0; }
int operation_events_read(struct call *c, const struct events_read_request *q, struct events_read_reply *r)
{ (void)c; (void)q; (void)r; return 0; }
int on_depot_person_changed(struct call *c, const struct depot_person_changed *event)
{ (void)c; return event->posts.items[0].functions.items[0] == FUNCTION_DRIVER; }
"""

SHOP = """
#include "shop.gen.h"
int receipt_record(struct call *c, const struct receipt_record_request *request, struct receipt_record_reply *reply)
{
    struct receivable_lock due;
    if (!db_receivable_lock(c, &due, .customer_id = request->customer_id))
        return 1;
    reply->balance = due.balance - request->amount;
    db_receipt_insert(c, .id = reply->receipt_id, .customer_id = request->customer_id, .amount = request->amount,
                      .method = request->method, .has_discount = request->has_discount, .discount = request->discount);
    db_receivable_reduce(c, .customer_id = request->customer_id, .amount = request->amount);
    emit_receipt_recorded(c, .receipt_id = reply->receipt_id, .customer_id = request->customer_id);
    emit_deadline_passed(c, .subject_id = reply->receipt_id, .level = 1);
    return ERROR_RECEIPT_EXCEEDS_BALANCE->status == 409 && PERMISSION_SHOP_RECEIPT_RECORD->functions != 0;
}
int receipt_list(struct call *c, const struct receipt_list_request *request, struct receipt_list_reply *reply)
{
    reply->receipts = db_receipt_list(c, .customer_id = request->customer_id, .limit = request->limit,
                                      .sort = request->sort, .is_descending = request->is_descending);
    return 0;
}
int everything_echo(struct call *c, const struct everything_echo_request *request, struct everything_echo_reply *reply)
{
    struct receivable_count count;
    reply->required = request->required;
    return db_receivable_count(c, &count) ? (int)count.count : 0;
}
int on_depot_vehicle_left(struct call *c, const struct depot_vehicle_left *event)
{
    (void)c;
    return event->kind == DEPOT_VEHICLE_KIND_LORRY && event->has_driver ? (int)event->driver.functions.count : 0;
}
int main(void)
{
    return shop_operations[0].name && shop_subscriptions[0].event && shop_statements[0]->name ? 0 : 1;
}
"""


class Compile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        for way in (("--service", "shop"), ("--service", "depot"), ("--mechanisms",), ("--gateway",)):
            code, complaints = run(FIXTURE, cls.folder, *way)
            assert code == 0, complaints

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def compiler(self, name, *arguments):
        return subprocess.run([name, *FLAGS, f"-I{self.folder}", f"-I{ROOT}/common", *arguments], capture_output=True,
                              text=True, check=False)

    def link(self, shop):
        paths = []
        for name, text in (("calls.c", CALLS), ("shop.c", shop)):
            paths.append(os.path.join(self.folder, name))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(text)
        made = [os.path.join(self.folder, name) for name in ("shop.gen.c", "mechanisms.gen.c")]
        warnings = ["-Wno-missing-prototypes", "-Wno-format-security", "-Wno-format-nonliteral"]
        return self.compiler("gcc", *warnings, *paths, *made, "-o", os.path.join(self.folder, "shop"))

    def refused(self, old, new, complaint):
        self.assertIn(old, SHOP)
        done = self.link(SHOP.replace(old, new))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(complaint, done.stderr)

    def test_everything_compiles_without_a_warning(self):
        for compiler in ("gcc", "clang"):
            if not shutil.which(compiler):
                continue
            for name in ("shop.gen.c", "depot.gen.c", "mechanisms.gen.c", "contract.gen.c"):
                done = self.compiler(compiler, "-c", os.path.join(self.folder, name), "-o", os.devnull)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_service_with_all_its_handlers_links_and_has_its_tables(self):
        done = self.link(SHOP)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(subprocess.run([os.path.join(self.folder, "shop")], check=False).returncode, 0)

    def test_a_missing_handler_does_not_link(self):
        self.refused("int receipt_record(", "int receipt_write(struct call *c, const struct receipt_record_request *request, "
                     "struct receipt_record_reply *reply);\nint receipt_write(", "undefined reference to `receipt_record'")
        self.refused("int on_depot_vehicle_left(", "int on_it(struct call *c, const struct depot_vehicle_left *event);\nint on_it(",
                     "undefined reference to `on_depot_vehicle_left'")

    def test_a_handler_of_another_type_does_not_compile(self):
        self.refused("const struct receipt_list_request *request", "struct receipt_list_request *request", "conflicting types")

    def test_a_wrong_field_does_not_compile(self):
        self.refused("request->amount", "request->amuont", "has no member named")
        self.refused(".level = 1", ".height = 1", "has no member named")
        self.refused(".method = request->method", ".way = request->method", "has no member named")
        self.refused(".id = reply->receipt_id", ".id = request->amount", "missing braces around initializer")

    def test_a_field_given_twice_does_not_compile(self):
        self.refused(".level = 1", ".level = 1, .level = 2", "initialized field overwritten")

    def test_the_wrong_row_does_not_compile(self):
        self.refused("struct receivable_lock due", "struct receivable_count due", "incompatible pointer type")

    def test_an_argument_too_many_does_not_compile(self):
        self.refused("db_receivable_count(c, &count)", "db_receivable_count(c, &count, .x = 1)", "passed 3 arguments")


if __name__ == "__main__":
    unittest.main()
