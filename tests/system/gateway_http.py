"""The gateway's HTTP side with played services: routing, shapes, sessions, refusals, limits, what is malformed."""
import socket
import sys
import threading
import time
import uuid

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/lib")
from gateway_company import CUSTOMER, company, key  # noqa: E402
from standin import CONTRACT, Gateway, Refusal, Service, Silence, new_id, run_tests, text_id, wait_for  # noqa: E402

def test_a_signed_in_person_reads_a_customer(program):
    with company(program) as (gateway, staff, leads):
        status, body, headers = gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=staff.sign_in(["representative"]))
        assert status == 200, body
        assert body["customer_id"] == CUSTOMER
        assert leads.calls[0] == ("leads.customer.read", {"customer_id": uuid.UUID(CUSTOMER).bytes})
        actor = leads.envelopes[0]["actor"]
        assert actor[2] == staff.branches[0] and actor[4] == staff.branches[:1]
        assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
        assert headers["traceparent"].split("-")[1] == leads.envelopes[0]["trace"].split("-")[1]


def test_the_trace_of_the_caller_is_kept(program):
    with company(program) as (gateway, staff, leads):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        _, _, headers = gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=staff.sign_in(["representative"]),
                                    traceparent=f"00-{trace}-00f067aa0ba902b7-01")
        assert headers["traceparent"].split("-")[1] == trace
        _, _, headers = gateway.get("/api/v1/leads/customers/x", traceparent=f"00-{'0' * 32}-00f067aa0ba902b7-01")
        assert headers["traceparent"].split("-")[1] != "0" * 32


def test_nobody_gets_in_without_a_session(program):
    with company(program) as (gateway, staff, leads):
        for token in (None, "nonsense", "A" * 43):
            status, body, headers = gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=token)
            assert (status, body["error"], body["class"]) == (401, "not_signed_in", "no"), body
            assert headers["WWW-Authenticate"] == "Bearer"
        assert leads.calls == []


def test_a_function_may_only_what_the_schema_says(program):
    with company(program) as (gateway, staff, leads):
        status, body, _ = gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=staff.sign_in([]))
        assert (status, body["error"]) == (403, "forbidden"), body
        assert leads.calls == []


def test_operations_of_services_cannot_be_called(program):
    with company(program) as (gateway, staff, leads):
        status, body, _ = gateway.request("POST", "/api/v1/staff/sessions/current", {"token": "x"}, staff.sign_in())
        assert status in (404, 405), body
        status, body, _ = gateway.get("/api/v1/leads/events", token=staff.sign_in())
        assert status == 404, body


def test_a_write_needs_a_key(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["it_administrator"])
        status, body, _ = gateway.request("DELETE", "/api/v1/staff/sessions/current", token=token)
        assert (status, body["error"]) == (400, "key_missing"), body
        status, body, _ = gateway.request("DELETE", "/api/v1/staff/sessions/current", token=token, Idempotency_Key="no uuid")
        assert (status, body["error"]) == (400, "key_missing"), body
        one = str(uuid.uuid4())
        status, body, _ = gateway.request("DELETE", "/api/v1/staff/sessions/current", token=token, Idempotency_Key=one)
        assert status == 200, body
        assert staff.envelopes[-1]["key"] == uuid.UUID(one).bytes


def test_a_wrong_field_is_named_by_its_path(program):
    with company(program) as (gateway, staff, leads):
        def sign_in(body, **headers):
            return gateway.request("POST", "/api/v1/staff/sessions", body, **headers)[:2]

        status, body = sign_in({"sign_in_name": "a"})
        assert (status, body["error"], body["field"]) == (422, "field_missing", "password"), body
        status, body = sign_in({"sign_in_name": "a", "password": "b", "extra": 1})
        assert (status, body["error"], body["field"]) == (422, "field_unknown", "extra"), body
        status, body = sign_in({"sign_in_name": 7, "password": "b"})
        assert (status, body["error"], body["field"]) == (422, "field_type", "sign_in_name"), body
        status, body = sign_in('{"sign_in_name":"a","sign_in_name":"b","password":"c"}', Content_Type="application/json")
        assert status in (400, 422), body
        status, body = sign_in("{", Content_Type="application/json")
        assert (status, body["error"]) == (400, "malformed"), body
        status, body = sign_in("sign_in_name=a", Content_Type="application/x-www-form-urlencoded")
        assert (status, body["error"]) == (415, "media_type"), body
        status, body, _ = gateway.get("/api/v1/leads/customers/not-an-id", token=staff.sign_in(["representative"]))
        assert (status, body["field"]) == (422, "customer_id"), body


def test_a_refusal_speaks_the_readers_language(program):
    with company(program) as (gateway, staff, leads):
        def refuse(_request, _envelope):
            raise Refusal("setting_unknown", "lead_limit", "customer_id", "L9")

        leads.handlers["leads.customer.read"] = refuse
        token = staff.sign_in(["representative"])
        path = f"/api/v1/leads/customers/{CUSTOMER}"
        status, body, headers = gateway.get(path, token=token, Accept_Language="en-GB,en;q=0.9,zh;q=0.5")
        assert status == 404 and headers["Content-Type"] == "application/problem+json", body
        assert body["detail"] == "There is no setting lead_limit" and body["title"] == "There is no setting …"
        assert (body["error"], body["field"], body["policy"], body["class"]) == ("setting_unknown", "customer_id", "L9", "no")
        assert len(body["trace"]) == 32 and body["status"] == 404
        _, body, headers = gateway.get(path, token=token)
        assert body["detail"] == "没有设置项 lead_limit" and headers["Content-Language"] == "zh"


def test_a_browser_signs_in_with_a_cookie_that_other_sites_cannot_use(program):
    with company(program) as (gateway, staff, leads):
        status, body, headers = gateway.request("POST", "/api/v1/staff/sessions", {"sign_in_name": "a", "password": "right"}, **key())
        assert status == 200, body
        cookie = headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Secure" not in cookie
        pair = cookie.split(";")[0]
        assert pair == f"songda_session={body['token']}"
        path = "/api/v1/staff/sessions/current"
        status, body, _ = gateway.request("DELETE", path, Cookie=pair, **key())
        assert (status, body["error"]) == (403, "forbidden"), body
        status, body, _ = gateway.request("DELETE", path, Cookie=pair, Origin="https://elsewhere.example", **key())
        assert status == 403, body
        status, body, headers = gateway.request("DELETE", path, Cookie=pair, Origin=f"http://127.0.0.1:{gateway.port}", **key())
        assert status == 200 and "Max-Age=0" in headers["Set-Cookie"], body
        status, body, _ = gateway.request("DELETE", path, Cookie=pair, X_Requested_With="songda", **key())
        assert status == 200, body
    with company(program, tls="proxy") as (gateway, staff, leads):
        _, body, headers = gateway.request("POST", "/api/v1/staff/sessions", {"sign_in_name": "a", "password": "right"}, **key())
        pair = f"__Host-songda_session={body['token']}"
        assert headers["Set-Cookie"] == f"{pair}; Path=/; HttpOnly; SameSite=Strict; Secure"
        assert gateway.request("DELETE", path, Cookie=pair.replace("__Host-", ""), X_Requested_With="songda", **key())[0] == 401
        status, body, headers = gateway.request("DELETE", path, Cookie=pair, X_Requested_With="songda", **key())
        assert status == 200 and headers["Set-Cookie"].startswith("__Host-songda_session=; Path=/; Max-Age=0;"), (body, headers)


def test_every_answer_says_how_a_browser_is_to_treat_it(program):
    for tls, wanted in (("none", None), ("proxy", "max-age=31536000; includeSubDomains")):
        with company(program, tls=tls) as (gateway, staff, leads):
            for path in ("/healthz", "/api", "/openapi.json", "/nothing.txt", "/api/v1/nothing", "/api/v1/staff/sessions"):
                _, _, headers = gateway.get(path)
                assert headers.get("Strict-Transport-Security") == wanted, (path, headers)
                assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer", (path, headers)
                assert headers["Cross-Origin-Resource-Policy"] == "same-origin" and "Access-Control-Allow-Origin" not in headers
                assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], (path, headers)
                assert path == "/api" or headers["Cache-Control"] == "no-store", (path, headers)


def test_what_is_kept_for_one_person_is_not_done_by_another(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in()
        own, path = text_id(staff.sessions[token]["staff_id"]), "/api/v1/staff/sessions/current"
        sign = {"Authorization": f"Bearer {token}"}
        status, body, _ = gateway.request("DELETE", path, **sign, **key(), **{"X-Songda-Person": str(uuid.uuid4())})
        assert (status, body["error"]) == (401, "not_signed_in"), body
        status, body, _ = gateway.request("DELETE", path, **sign, **key(), **{"X-Songda-Person": "somebody"})
        assert (status, body["error"], body["field"]) == (422, "field_type", "X-Songda-Person"), body
        status, body, _ = gateway.request("DELETE", path, **sign, **key(), **{"X-Songda-Person": own})
        assert status == 200, body


def test_a_set_clock_is_obeyed_only_where_it_may_be(program):
    path = f"/api/v1/leads/customers/{CUSTOMER}"
    clock = {"X_Songda_Clock": "2011-03-01T09:30:00+08:00"}
    with company(program) as (gateway, staff, leads):
        status, body, _ = gateway.get(path, token=staff.sign_in(["representative"]), **clock)
        assert (status, body["error"]) == (403, "clock_refused"), body
    with company(program, clock="request") as (gateway, staff, leads):
        token = staff.sign_in(["representative"])
        status, body, _ = gateway.get(path, token=token, **clock)
        assert status == 200 and leads.envelopes[-1]["at"] == 1298943000 * 10**6, leads.envelopes[-1]
        gateway.get(path, token=token)
        assert abs(leads.envelopes[-1]["at"] / 1e6 - time.time()) < 5
        status, body, _ = gateway.get(path, token=token, X_Songda_Clock="yesterday")
        assert status == 422, body


def test_methods_and_paths_that_do_not_exist(program):
    with company(program) as (gateway, staff, leads):
        status, body, headers = gateway.request("PUT", "/api/v1/staff/sessions", {})
        assert (status, body["error"]) == (405, "method_not_allowed") and "POST" in headers["Allow"], body
        status, _, headers = gateway.request("OPTIONS", "/api/v1/staff/sessions")
        assert status == 204 and "POST" in headers["Allow"]
        for path in ("/api/v1/nothing", "/api/v1/leads/nothing/at/all", "/api/v2/x", "/nothing.txt"):
            assert gateway.get(path)[0] == 404, path
        status, body, _ = gateway.request("HEAD", "/healthz")
        assert status == 200 and body == ""
        assert gateway.request("POST", "/healthz", "x")[0] == 405
        assert gateway.raw(b"TRACE /healthz HTTP/1.1\r\nHost: x\r\nX-Secret: s\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 405")


def test_the_api_describes_itself(program):
    with company(program) as (gateway, staff, leads):
        status, body, _ = gateway.get("/openapi.json")
        assert status == 200 and body["openapi"].startswith("3.1")
        for language, word in (("en", "Sign in"), ("zh-CN", "登录")):
            status, page, headers = gateway.get("/api", Accept_Language=language)
            assert status == 200 and word in page and "leads.customer.read" in page
            assert "http://" not in page and "https://" not in page and "<script" not in page
            assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert gateway.get("/")[0] == 200


def test_the_consoles_files_are_served_and_nothing_above_them(program):
    gateway = Gateway(program, console="")
    folder = gateway.folder / "console"
    (folder / "assets").mkdir(parents=True)
    (gateway.folder / "secret.txt").write_text("secret")
    (folder / "index.html").write_text("<p>console</p>")
    (folder / "driver.html").write_text("<p>driver</p>")
    (folder / "assets" / "app.js").write_text("plain")
    (folder / "assets" / "app.js.gz").write_bytes(b"\x1f\x8bpacked")
    (folder / ".hidden").write_text("secret")
    (folder / "link.txt").symlink_to(gateway.folder / "secret.txt")
    gateway.terminate()
    gateway.settings["console"] = folder
    try:
        gateway.start()
        status, body, headers = gateway.get("/")
        assert status == 200 and body == "<p>console</p>" and headers["Content-Type"].startswith("text/html")
        assert gateway.get("/customers/17")[1] == "<p>console</p>"
        assert gateway.get("/driver")[1] == "<p>driver</p>" and gateway.get("/driver/stops/17")[1] == "<p>driver</p>"
        assert gateway.get("/drivers")[1] == "<p>console</p>"
        status, body, headers = gateway.get("/assets/app.js")
        assert body == "plain" and "javascript" in headers["Content-Type"] and "immutable" in headers["Cache-Control"]
        status, _, headers = gateway.get("/assets/app.js", Accept_Encoding="gzip, br")
        assert headers["Content-Encoding"] == "gzip"
        assert gateway.get("/assets/app.js", Accept_Encoding="gzip", If_None_Match=headers["ETag"])[0] == 304
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/.hidden", "/link.txt",
                     "/assets/%2e%2e/%2e%2e/secret.txt", "//secret.txt", "/assets\\..\\secret.txt", "/x.txt%00.html"):
            answer = gateway.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert b"secret" not in answer.split(b"\r\n\r\n", 1)[-1], (path, answer)
            assert not answer.startswith(b"HTTP/1.1 200") or b"console" in answer, (path, answer)
    finally:
        gateway.close()


def test_a_map_of_another_server_is_allowed_by_its_setting_only(program):
    gateway = Gateway(program, console="")
    folder = gateway.folder / "console"
    folder.mkdir()
    (folder / "index.html").write_text("<p>console</p>")
    gateway.terminate()
    gateway.settings["console"] = folder
    try:
        for tiles, pictures in (("", "img-src 'self' data: blob:;"),
                                ("https://tiles.example:8443/{z}/{x}/{y}.png", "img-src 'self' data: blob: https://tiles.example:8443;")):
            gateway.settings.update(map_tiles=tiles, map_attribution='the "town"')
            gateway.start()
            status, body, headers = gateway.get("/board")
            assert status == 200 and pictures in headers["Content-Security-Policy"], headers
            assert "tiles.example" not in gateway.get("/api")[2]["Content-Security-Policy"]
            status, body, headers = gateway.get("/api/map.json")
            assert status == 200 and body == ({"tiles": tiles, "attribution": 'the "town"'} if tiles else {}), body
            assert gateway.request("POST", "/api/map.json", "x")[0] == 405
            gateway.terminate()
    finally:
        gateway.close()


def status_of(answer):
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.") else 0


def test_what_two_programs_could_read_differently_is_refused(program):
    with company(program) as (gateway, staff, leads):
        post = b"POST /api/v1/staff/sessions HTTP/1.1\r\nContent-Type: application/json\r\n"
        for head in (b"Host: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                     b"Host: x\r\nContent-Length: +4\r\n\r\n{}{}", b"Host: x\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}",
                     b"Host: x\r\nContent-Length: -1\r\n\r\n", b"Host: x\r\nContent-Length: 0x2\r\n\r\n{}",
                     b"Host: x\r\nHost: y\r\nContent-Length: 2\r\n\r\n{}",
                     b"Host: x\r\nContent-Length: 99999999999999999999999\r\n\r\n"):
            answer = gateway.raw(post + head)
            assert status_of(answer) in (400, 413), (head, answer)
        assert status_of(gateway.raw(b"GET /healthz HTTP/1.1\r\n\r\n")) == 400  # no Host
        for nonsense in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00" * 50):
            gateway.raw(nonsense, timeout=1)
        assert gateway.get("/healthz")[0] == 200


def test_headers_and_bodies_have_limits(program):
    with company(program) as (gateway, staff, leads):
        big = b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 1000) for i in range(18)) + b"\r\n"
        assert status_of(gateway.raw(big)) == 431
        huge = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100000 + b"\r\n\r\n"
        assert status_of(gateway.raw(huge)) in (0, 413, 431)
        declared = b"POST /api/v1/staff/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"
        assert status_of(gateway.raw(declared)) == 413
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        chunked = b"POST /api/v1/staff/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 17 + b"0\r\n\r\n"
        assert status_of(gateway.raw(chunked)) == 413
        before = gateway.rss()
        for _ in range(30):
            gateway.raw(chunked)
        assert gateway.rss() - before < 8 << 20


def test_an_address_that_asks_too_often_waits(program):
    with company(program, rate=5, burst=10, sign_in_rate=3, proxies="127.0.0.1") as (gateway, staff, leads):
        codes = [gateway.get("/healthz", X_Forwarded_For="203.0.113.9")[0] for _ in range(14)]
        assert codes[:10] == [200] * 10 and 429 in codes[10:], codes
        _, body, headers = gateway.get("/healthz", X_Forwarded_For="1.2.3.4, 203.0.113.9")
        assert body["error"] == "too_many_requests" and int(headers["Retry-After"]) >= 1
        assert gateway.get("/healthz", X_Forwarded_For="203.0.113.10")[0] == 200
        assert gateway.get("/healthz")[0] == 200
        login = {"sign_in_name": "a", "password": "wrong"}
        codes = [gateway.request("POST", "/api/v1/staff/sessions", login, X_Forwarded_For="203.0.113.20", **key())[0] for _ in range(5)]
        assert 429 not in codes[:3] and codes[3:] == [429, 429], codes


def test_a_request_waits_for_a_service_that_starts_and_no_longer(program):
    with company(program, services=()) as (gateway, staff):
        path, token = f"/api/v1/leads/customers/{CUSTOMER}", staff.sign_in(["representative"])
        started = time.monotonic()
        status, body, headers = gateway.get(path, token=token)
        assert (status, body["error"], body["class"]) == (503, "service_unavailable", "retry"), body
        assert 1.5 < time.monotonic() - started < 3 and headers["Retry-After"]
        import threading
        late = []
        threading.Timer(0.7, lambda: late.append(Service("leads", gateway))).start()
        assert gateway.get(path, token=token)[0] == 200
        assert wait_for(lambda: late)  # it may answer before its constructor has returned
        late[0].stop()


def test_a_service_that_never_answers_is_not_waited_for(program):
    with company(program) as (gateway, staff, leads):
        def silent(_request, _envelope):
            raise Silence

        leads.handlers["leads.customer.read"] = silent
        started = time.monotonic()
        status, body, _ = gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=staff.sign_in(["representative"]))
        assert (status, body["error"], body["class"]) == (504, "deadline_exceeded", "unknown"), body
        assert 3.5 < time.monotonic() - started < 4.6


def test_another_instance_takes_over_what_a_dead_one_owed(program):
    with company(program) as (gateway, staff, leads):
        def silent(_request, _envelope):
            raise Silence

        leads.handlers["leads.customer.read"] = silent
        other = Service("leads", gateway)
        token = staff.sign_in(["representative"])
        path = f"/api/v1/leads/customers/{CUSTOMER}"
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(gateway.get(path, token=token)[0])) for _ in range(6)]
        for thread in threads:
            thread.start()
        assert wait_for(lambda: leads.calls)
        started = time.monotonic()
        leads.kill()
        for thread in threads:
            thread.join()
        assert answers == [200] * 6, answers
        assert time.monotonic() - started < 1.5, "a death on this machine is noticed at once"
        assert gateway.metric("songda_gateway_redispatched_total") >= 1
        other.stop()


def test_a_write_that_another_instance_takes_over_keeps_its_key(program):
    with company(program) as (gateway, staff, leads):
        item, asked = CONTRACT.operations["leads.call.record"], key()
        method, path = item["http"].split(" ")

        def die(_request, _envelope):
            leads.dead = True
            raise Silence

        leads.handlers["leads.call.record"] = die
        token = staff.sign_in(CONTRACT.functions)
        answers = []
        writer = threading.Thread(target=lambda: answers.append(gateway.request(method, path, item["example"]["request"], token, **asked)[0]))
        writer.start()
        assert wait_for(lambda: leads.dead)
        other = Service("leads", gateway)
        writer.join()
        assert answers == [200], answers
        keys = [envelope["key"] for envelope in leads.envelopes + other.envelopes]
        assert keys == [uuid.UUID(asked["Idempotency_Key"]).bytes] * 2, keys
        other.stop()


def test_a_service_may_ask_what_is_for_services_only(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in()
        leads.ask("staff.session.read", {"token": token}, b"one")
        leads.ask("staff.session.close", {}, b"two", key=new_id())
        leads.ask("nothing.at.all", {}, b"three")
        assert wait_for(lambda: len(leads.replies) == 3), leads.replies
        replies = {reply["correlation"]: reply for reply in leads.replies}
        import msgpack
        assert msgpack.unpackb(replies[b"one"]["body"])["session_id"] == staff.sessions[token]["session_id"]
        assert replies[b"two"]["error"][0] == "forbidden"
        assert replies[b"three"]["error"][0] == "operation_unknown"


def test_a_reply_that_does_not_fit_is_an_internal_error(program):
    with company(program) as (gateway, staff, leads):
        token = staff.sign_in(["representative"])
        leads.handlers["leads.customer.read"] = lambda request, envelope: {"nonsense": 1}
        status, body, _ = gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=token)
        assert (status, body["error"], body["class"]) == (500, "internal", "unknown"), body

        def undeclared(_request, _envelope):
            raise Refusal("made_up")

        leads.handlers["leads.customer.read"] = undeclared
        assert gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=token)[1]["error"] == "internal"


def test_everything_is_counted_and_logged_without_personal_data(program):
    with company(program) as (gateway, staff, leads):
        gateway.request("POST", "/api/v1/staff/sessions", {"sign_in_name": "wangfang", "password": "wrong-secret"}, **key())
        token = staff.sign_in(["representative"])
        gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=token)
        wait_for(lambda: sum(line["event"] == "request" for line in gateway.log_lines()) == 2)
        text = (gateway.folder / "log").read_text()
        assert "wangfang" not in text and "wrong-secret" not in text and token not in text
        lines = [line for line in gateway.log_lines() if line["event"] == "request"]
        assert [line["operation"] for line in lines] == ["staff.session.open", "leads.customer.read"]
        assert lines[1]["actor"] == text_id(staff.sessions[token]["staff_id"]) and len(lines[1]["trace"]) == 55
        assert gateway.metric('songda_gateway_requests_total{from="http",status="2xx"}') == 1
        assert gateway.metric('songda_gateway_workers{service="leads"}') == 1


def test_it_rests_small_and_leaves_at_once(program):
    with company(program) as (gateway, staff, leads):
        for _ in range(50):
            gateway.get(f"/api/v1/leads/customers/{CUSTOMER}", token=staff.sign_in(["representative"]))
        assert gateway.rss() < 25 << 20, gateway.rss()
        started = time.monotonic()
        assert gateway.terminate() == 0
        assert time.monotonic() - started < 2
        gateway.start()
        gateway.get("/healthz")


def test_the_example_of_every_operation_passes_through(program):
    services = [service for service in CONTRACT.service_types if service != "staff"]
    with company(program, services=services) as (gateway, staff, *others):
        token = staff.sign_in(CONTRACT.functions)
        count = 0
        for name, item in sorted(CONTRACT.operations.items()):
            if item["permission"] in ("service", "public") or "request" not in item.get("example", {}):
                continue
            method, path = item["http"].split(" ")
            request = dict(item["example"]["request"])
            for field in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
                path = path.replace("{%s}" % field, str(request.pop(field)))
            if method == "GET":
                import urllib.parse
                query = urllib.parse.urlencode({k: ",".join(map(str, v)) if isinstance(v, list) else
                                                str(v).lower() if isinstance(v, bool) else v for k, v in request.items()})
                status, body, _ = gateway.get(path + ("?" + query if query else ""), token=token)
            else:
                status, body, _ = gateway.request(method, path, request, token, **key())
            assert status == 200, (name, path, request, body)
            assert set(item["example"]["reply"]) <= set(body), (name, body)
            count += 1
        assert count > 50, count


def half_closed(gateway, path, token=None, pause=0.0):
    """(what came, seconds until the gateway closed) for a client that says that it will say no more."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    started, answer = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{authorization}\r\n".encode())
        if pause:
            time.sleep(pause)
        connection.shutdown(socket.SHUT_WR)
        while chunk := connection.recv(65536):
            answer += chunk
    return answer, time.monotonic() - started


def test_a_half_closed_client_gets_its_answer_and_is_let_go(program):
    with company(program) as (gateway, staff, leads):
        token, read = staff.sign_in(["representative"]), leads.handler("leads.customer.read")

        def slowly(request, envelope):
            time.sleep(0.03)
            return read(request, envelope)

        leads.handlers["leads.customer.read"] = slowly
        path = f"/api/v1/leads/customers/{CUSTOMER}"
        for pause in (0.0, 0.001, 0.01, 0.2) * 5:  # with the request, while it is worked on, behind the answer
            for one, signed, status in ((path, token, 200), ("/healthz", None, 200), (path, None, 401)):
                answer, seconds = half_closed(gateway, one, signed, pause)
                assert answer.startswith(b"HTTP/1.1 %d" % status) and answer.endswith(b"}"), (one, pause, answer)
                assert seconds < 3, (one, pause, seconds)
        assert wait_for(lambda: gateway.metric("songda_gateway_http_connections") <= 1)


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv[1:]))
