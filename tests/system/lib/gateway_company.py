"""A small company for a test: a gateway, a played staff and other played services."""
import contextlib
import uuid

from standin import Gateway, Service, Staff, wait_for

CUSTOMER = "01976f2a-7c00-7000-8000-000000000001"


@contextlib.contextmanager
def at_work(gateway, services, prepare=lambda name: lambda socket: None):
    """(gateway, staff, service …); afterwards the gateway ends as it should. `prepare`: a service's name → what its sockets need first."""
    try:
        staff = Staff(gateway, prepare=prepare("staff"))
        others = [Service(name, gateway, prepare=prepare(name)) for name in services]
        assert wait_for(lambda: gateway.try_get("/readyz") == 200, 20), "never ready"
        yield (gateway, staff, *others)
        for service in (staff, *others):
            service.stop()
        assert gateway.process.poll() is None, "the gateway died"
        code, log = gateway.terminate(), (gateway.folder / "log").read_text()
        assert code == 0 and "Sanitizer" not in log and "runtime error" not in log, (code, log[-4000:])
    finally:
        gateway.close()


def company(program, redis=False, services=("leads",), **settings):
    return at_work(Gateway(program, redis, services=" ".join(("staff", *services)), **settings), services)


def key():
    return {"Idempotency_Key": str(uuid.uuid4())}
