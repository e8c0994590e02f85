#!/usr/bin/python3
"""Planning runs outlive their worker and the service: each is planned once, whoever is killed in the middle of it."""
import contextlib
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import Stack, Trade, arguments, check, run_tests, send, test_company, wait_for  # noqa: E402
from songda.client import new_key  # noqa: E402

ORDERS = 40


class Runs:
    """A closed list of a day with waiting orders, and runs over it. All at the hour it is, which is what those see who find ways without being asked."""

    def __init__(self, trade, stack):
        self.trade, self.stack = trade, stack
        self.day = trade.day
        operator = trade.client("operator")
        for number in range(ORDERS):
            send(operator, "dispatch.order.place", trade.order(number, 1000 + number))
        self.dispatcher = trade.client("dispatcher")
        send(self.dispatcher, "dispatch.list.close", {"delivery_date": self.day.isoformat()})
        self.driver = trade.company.ids["driver@" + trade.branch]

    def ask(self, seconds):
        return send(self.dispatcher, "dispatch.routing.plan", {
            "delivery_date": self.day.isoformat(), "depot_id": self.trade.depot, "effort_seconds": seconds,
            "crews": [{"vehicle_id": self.trade.vehicle, "driver_id": self.driver}]})["run_id"]

    def read(self, run_id):
        return send(self.dispatcher, "dispatch.routing.read", {"run_id": run_id})

    def status(self, run_id):
        return self.read(run_id)["run"]["status"]

    def worker(self, run_id):
        """The process that has the run."""
        return int(self.stack.sql(f"SELECT worker FROM dispatch.routing_run WHERE run_id = '{run_id}'")[0][0].rsplit(":", 1)[1])

    def attempts(self, run_id):
        return int(self.stack.sql(f"SELECT attempts FROM dispatch.routing_run WHERE run_id = '{run_id}'")[0][0])

    def accept(self, run_id, key):
        """Sent until it is answered."""
        for _ in range(100):
            status, reply = self.dispatcher.call("dispatch.routing.accept", {"run_id": run_id}, key)
            if status not in (0, 502, 503, 504):
                check(status == 200, reply)
                return reply
            time.sleep(0.1)
        raise AssertionError("never answered")

    def set_travel(self, server, file=""):
        everything = self.trade.company.client("everything@ZB")
        send(everything, "dispatch.setting.change", {"name": "travel_server", "text": server})
        send(everything, "dispatch.setting.change", {"name": "travel_file", "text": file})

    def is_whole(self, run_id):
        """Every order of the run is in its plan or left out, once; one event says that it is planned."""
        plan = self.read(run_id)
        check(plan["run"]["status"] == "done", plan)
        visits = self.stack.sql(f"SELECT count(*), count(DISTINCT order_id), count(place) FROM dispatch.routing_visit WHERE run_id = '{run_id}'")[0]
        check(int(visits[0]) == int(visits[1]) == plan["run"]["stops"] + plan["run"]["unplanned"] >= ORDERS, (visits, plan["run"]))
        check(int(visits[2]) == plan["run"]["stops"], (visits, plan["run"]))
        events = self.stack.sql(f"SELECT count(*) FROM dispatch.outbox WHERE event = 'dispatch.routing.planned' AND aggregate_id = '{run_id}'")
        check(events == [["1"]], f"{events} events dispatch.routing.planned")


def children(pid):
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in done.stdout.split()]


def is_alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


class Roads(http.server.BaseHTTPRequestHandler):
    """A table service as OSRM has it, where every way is 7,000 metres and 600 seconds long."""

    def do_GET(self):  # pylint: disable=invalid-name
        path, _, query = self.path.partition("?")
        fields = urllib.parse.parse_qs(query, separator="&")
        sources, destinations = (fields[name][0].split(";") for name in ("sources", "destinations"))
        sites = path.removeprefix("/table/v1/driving/").split(";")
        is_right = fields["annotations"] == ["distance,duration"] and len(sites) == len(sources) + len(destinations)
        answer = json.dumps({"code": "Ok", "distances": [[7000.4] * len(destinations)] * len(sources),
                             "durations": [[600] * len(destinations)] * len(sources)}).encode()
        self.send_response(200 if is_right else 400)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


@contextlib.contextmanager
def roads():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Roads)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def worker_tests(runs, stack):
    """Workers and the service die, and the runs go on."""
    def the_service_answers_while_a_plan_is_computed():
        run_id = runs.ask(1)
        wait_for(lambda: runs.status(run_id) == "running", 30, "no worker took the run")
        check(runs.worker(run_id) != stack.pid("dispatch-1"), "the service computes by itself")
        wait_for(lambda: runs.status(run_id) == "done", 60, "the run never ended")
        runs.is_whole(run_id)

    def a_run_outlives_its_worker():
        run_id = runs.ask(5)
        wait_for(lambda: runs.status(run_id) == "running", 30, "no worker took the run")
        os.kill(runs.worker(run_id), signal.SIGKILL)
        wait_for(lambda: runs.status(run_id) == "done", 120, "nobody went on with the run")
        check(runs.attempts(run_id) == 2, "it was taken another number of times than twice")
        runs.is_whole(run_id)

    def a_run_outlives_the_service_and_no_worker_is_left_behind():
        run_id = runs.ask(5)
        wait_for(lambda: runs.status(run_id) == "running", 30, "no worker took the run")
        worker = runs.worker(run_id)
        stack.run("kill9", "dispatch-1")
        wait_for(lambda: not is_alive(worker), 10, "the worker outlived its service")
        wait_for(lambda: runs.status(run_id) == "done", 120, "nobody went on with the run")
        runs.is_whole(run_id)

    def a_service_without_its_keeper_starts_again():
        pid = stack.pid("dispatch-1")
        for keeper in children(pid):
            os.kill(keeper, signal.SIGKILL)
        wait_for(lambda: stack.pid("dispatch-1") not in (None, pid), 20, "the service stayed without workers")
        run_id = runs.ask(1)
        wait_for(lambda: runs.status(run_id) == "done", 60, "the run never ended")
        runs.is_whole(run_id)

    def a_cancelled_run_frees_its_worker():
        run_id, other = runs.ask(20), None
        wait_for(lambda: runs.status(run_id) == "running", 30, "no worker took the run")
        send(runs.dispatcher, "dispatch.routing.cancel", {"run_id": run_id})
        other = runs.ask(1)
        wait_for(lambda: runs.status(other) == "done", 30, "the worker went on with what was cancelled")
        check(runs.status(run_id) == "cancelled", "a cancelled run came back")
        runs.is_whole(other)

    return [the_service_answers_while_a_plan_is_computed, a_run_outlives_its_worker, a_run_outlives_the_service_and_no_worker_is_left_behind,
            a_service_without_its_keeper_starts_again, a_cancelled_run_frees_its_worker]


def travel_tests(runs, stack):
    """Where distances come from, and what the plan says of it."""
    def plan_by(server, file=""):
        runs.set_travel(server, file)
        run_id = runs.ask(1)
        wait_for(lambda: runs.status(run_id) == "done", 60, "the run never ended")
        runs.is_whole(run_id)
        return runs.read(run_id)

    def distances_come_from_a_server_of_roads_and_are_kept_when_it_is_gone():
        with roads() as server:
            plan = plan_by(server)["run"]
            check(plan["travel"] == "server" and not plan.get("travel_note"), plan)
            check(plan["distance_m"] % 7000 == 0 and plan["distance_m"] >= 7000 * 5, plan)
        plan = plan_by(server)["run"]
        check(plan["travel"] == "server" and plan["distance_m"] % 7000 == 0, plan)

    def distances_come_from_coordinates_where_a_server_never_answers():
        plan = plan_by("http://127.0.0.1:9")["run"]
        check(plan["travel"] == "server_failed" and plan["travel_note"].endswith(": great_circle") and plan["distance_m"] % 7000, plan)

    def distances_come_from_a_file_and_the_plan_says_what_it_lacks():
        """The depot and every address of the plan: 3,000 metres from anywhere to anywhere."""
        before = plan_by("")["run"]["run_id"]
        keys = [runs.trade.depot, *(row[0] for row in stack.sql(
            f"SELECT DISTINCT address_id FROM dispatch.routing_visit WHERE run_id = '{before}'"))]
        rows = [f"{one},{other},3000,300" for one in keys for other in keys if one != other]
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "ways.csv")
            os.chmod(folder, 0o755)
            file.write_text("from,to,metres,seconds\n" + "\n".join(rows) + "\n", encoding="utf-8")
            plan = plan_by("", str(file))["run"]
            check(plan["travel"] == "file" and plan["distance_m"] % 3000 == 0 and not plan.get("travel_note"), plan)
            file.write_text("from,to,metres,seconds\n" + "\n".join(rows[:-2]) + "\n", encoding="utf-8")
            plan = plan_by("", str(file))["run"]
            check(plan["travel"] == "file" and plan["travel_note"].endswith(": great_circle"), plan)
            for text, wrong in [("from,to,metres\n", "line 1"), ("\n".join(["from,to,metres,seconds", rows[0], rows[1].replace("3000", "NaN")]), "line 3"),
                                ("\n".join(["from,to,metres,seconds", rows[0].replace("3000", "-1")]), "line 2: metres is negative")]:
                file.write_text(text, encoding="utf-8")
                plan = plan_by("", str(file))["run"]
                check(plan["travel"] == "file_failed" and plan["travel_note"].startswith(wrong), plan)
        plan = plan_by("", str(file))["run"]
        check(plan["travel"] == "file_failed" and plan["travel_note"] == "cannot be opened", plan)
        check(plan_by("")["run"]["travel"] == "great_circle", "the file is still asked for")

    return [distances_come_from_a_server_of_roads_and_are_kept_when_it_is_gone, distances_come_from_coordinates_where_a_server_never_answers,
            distances_come_from_a_file_and_the_plan_says_what_it_lacks]


class OneRoute:
    """A route of two orders at two places on a day of its own, and one order more, at a third place, that waits."""

    def __init__(self, runs):
        self.runs, self.dispatcher = runs, runs.dispatcher
        self.day = runs.trade.free_day(5)
        orders = [self.order(number) for number in range(3)]
        send(self.dispatcher, "dispatch.list.close", {"delivery_date": self.day.isoformat()})
        self.waiting = orders.pop()
        self.route_id = send(self.dispatcher, "dispatch.route.create", {
            "delivery_date": self.day.isoformat(), "depot_id": runs.trade.depot, "vehicle_id": runs.trade.vehicle, "driver_id": runs.driver,
            "order_ids": orders})["route_id"]

    def order(self, number):
        return send(self.runs.trade.client("operator"), "dispatch.order.place",
                    self.runs.trade.order(number, day=self.day))["order_id"]

    def offers(self, order_id=None):
        return send(self.dispatcher, "dispatch.stop.offer", {"order_id": order_id or self.waiting, "delivery_date": self.day.isoformat()})

    def offer(self, order_id=None):
        return next(offer for offer in self.offers(order_id)["offers"] if offer["route_id"] == self.route_id)

    def board(self):
        return send(self.dispatcher, "dispatch.board.read", {"delivery_date": self.day.isoformat()})

    def read(self):
        return send(self.dispatcher, "dispatch.route.read", {"route_id": self.route_id})

    def says(self, travel, note=None, metres=None):
        """Whether what is answered at once comes from there, with that said of it, and one stop more is so far."""
        replies = [self.offers(), self.board(), self.read()]
        return (all(reply["travel"] == travel and (reply.get("travel_note") or "").endswith(note or "") and
                    bool(reply.get("travel_note")) == bool(note) for reply in replies)
                and (metres is None or self.offer()["extra_distance_m"] == metres))

    def planned(self):
        """Cost and length of the route as a planning run has it."""
        run_id = send(self.dispatcher, "dispatch.routing.plan", {
            "delivery_date": self.day.isoformat(), "depot_id": self.runs.trade.depot, "effort_seconds": 0, "takes_waiting": False,
            "crews": [], "route_ids": [self.route_id]})["run_id"]
        wait_for(lambda: self.runs.status(run_id) == "done", 60, "the run never ended")
        run = self.runs.read(run_id)["run"]
        return run["cost"], run["distance_m"]


def at_once_tests(runs):
    """What is answered at once reckons with the ways that plans have."""
    one = OneRoute(runs)

    def a_file_that_changes_is_read_and_what_it_lacks_is_told():
        keys = [runs.trade.depot, *(address for _, address in runs.trade.customers)]
        def text(metres, count=None):
            rows = [f"{a},{b},{metres},300" for a in keys for b in keys if a != b][:count]
            return "\n".join(["from,to,metres,seconds", *rows, ""])
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "ways.csv")
            os.chmod(folder, 0o755)
            file.write_text(text(3000), encoding="utf-8")
            runs.set_travel("", str(file))
            wait_for(lambda: one.says("file", None, 3000), 60, "the file was never used")
            file.write_text(text(4000), encoding="utf-8")
            wait_for(lambda: one.says("file", None, 4000), 60, "the changed file was never used")
            file.write_text(text(4000, 1), encoding="utf-8")
            wait_for(lambda: one.says("file", ": great_circle"), 60, "nothing says what the file lacks")
            check(one.offer()["extra_distance_m"] % 1000, one.offer())
            file.write_text(text(4000).replace("4000", "-1", 1), encoding="utf-8")
            wait_for(lambda: one.says("file_failed", "line 2: metres is negative"), 60, "nothing says that the file is not in order")
        wait_for(lambda: one.says("file_failed", "cannot be opened"), 60, "nothing says that the file is gone")

    def what_an_offer_says_is_what_it_costs():
        with roads() as server:
            runs.set_travel(server)
            wait_for(lambda: one.says("server", None, 7000), 60, "the server was never asked")
            cost, metres = one.planned()
            offer = one.offer()
            check(metres == 21000 and offer["fits"] and offer["extra_minutes"] == 20, (metres, offer))
            send(one.dispatcher, "dispatch.stop.add", {"route_id": one.route_id, "order_id": one.waiting})
            now, metres = one.planned()
            check(one.read()["distance_m"] == metres == 28000 and abs(now - cost - offer["extra_cost"]) <= 1, (one.read(), now, cost))  # of half fen
            send(one.dispatcher, "dispatch.route.publish", {"route_id": one.route_id})
            stops = one.read()["stops"]
            check([after["arrive_minute"] - before["leave_minute"] for before, after in zip(stops, stops[1:])] == [10, 10], stops)

    def what_a_lost_server_said_stays_and_what_it_never_said_is_told():
        order_id = one.order(3)
        check(one.offers(order_id)["travel"] == "server" and one.offer(order_id)["extra_distance_m"] == 7000, one.offers(order_id))
        customer_id, address_id = runs.trade.customers[3]
        send(runs.trade.client("representative"), "leads.address.change", {
            "customer_id": customer_id, "address_id": address_id, "label": "后门", "address": "搬到了新路 1 号", "latitude_e7": 311555000,
            "longitude_e7": 1213333000, "is_active": True})
        wait_for(lambda: one.offers(order_id)["travel"] == "server_failed", 60, "nobody asked the server")
        check(one.offers(order_id)["travel_note"].endswith(": great_circle") and one.offer(order_id)["extra_distance_m"] != 7000, one.offers(order_id))
        check(one.read()["distance_m"] == 28000 and not one.read().get("travel_note"), one.read())
        with roads() as server:
            runs.set_travel(server)
            wait_for(lambda: not one.offers(order_id).get("travel_note") and one.offer(order_id)["extra_distance_m"] == 7000, 60, "nobody asked again")
        runs.set_travel("")
        check(one.read()["travel"] == "great_circle", one.read())

    return [a_file_that_changes_is_read_and_what_it_lacks_is_told, what_an_offer_says_is_what_it_costs,
            what_a_lost_server_said_stays_and_what_it_never_said_is_told]


def accepting_tests(runs, stack):
    """The last: no order is left to plan."""
    def a_run_asked_for_twice_is_one_and_accepted_twice_makes_its_routes_once():
        key, fields = new_key(), {"delivery_date": runs.day.isoformat(), "depot_id": runs.trade.depot, "effort_seconds": 0,
                                  "crews": [{"vehicle_id": runs.trade.vehicle, "driver_id": runs.driver}]}
        asked = [runs.dispatcher.call("dispatch.routing.plan", fields, key)[1]["run_id"] for _ in range(3)]
        check(len(set(asked)) == 1, asked)
        wait_for(lambda: runs.status(asked[0]) == "done", 60, "the run never ended")
        os.kill(children(stack.pid("dispatch-1"))[0], signal.SIGKILL)
        key = new_key()
        made = [runs.accept(asked[0], key)["routes"] for _ in range(3)]
        check(made[0] and made[0] == made[1] == made[2], made)
        count = stack.sql(f"SELECT count(*) FROM dispatch.route WHERE vehicle_id = '{runs.trade.vehicle}' AND delivery_date = '{runs.day}'")
        check(count == [[str(len(made[0]))]], f"{count} routes")

    return [a_run_asked_for_twice_is_one_and_accepted_twice_makes_its_routes_once]


def main():
    options = arguments(__doc__).parse_args()
    stack = Stack(options.stack)
    runs = Runs(Trade(test_company(options.address)), stack)
    tests = worker_tests(runs, stack) + travel_tests(runs, stack) + at_once_tests(runs) + accepting_tests(runs, stack)
    return run_tests([(test.__name__.replace("_", " "), test) for test in tests], options.only)


if __name__ == "__main__":
    sys.exit(main())
