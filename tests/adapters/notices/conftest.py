import json
import socket
import threading
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision
from guikou.engine.dates.instants import instant

START = date(2016, 1, 4)
FACTS = {
    "registered_as": "enterprise", "registered_at": "district", "industry": "internet", "employees": 42,
    "party_members": 5, "has_organization": True, "weak": True, "standardized": True,
}  # fmt: skip


class Clock:
    def __init__(self, policy):
        self.now = instant(START, policy.zone)

    def __call__(self):
        return self.now


@pytest.fixture
def clock(policy):
    return Clock(policy)


@pytest.fixture
def store(policy, clock):
    """A store in which a case was reminded of twice, was overdue and climbed: four notices."""
    store = MemoryStore(clock)
    office = Supervision(policy, store)
    office.register(Organization("A", "网络公司", "110105", FACTS))
    for _ in range(60):
        clock.now += timedelta(days=1)
        office.sweep()
    assert [one.notice.kind for one in store.outbox()] == ["reminded", "reminded", "overdue", "escalated"]
    return store


class Mailbox:
    """What a mail server got; it refuses one address."""

    def __init__(self):
        self.got, self.down = [], False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "nobody@example.invalid":
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.down:
            return "451 try again later"
        self.got.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 taken"


@pytest.fixture
def mailbox():
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    box.stop = controller.stop
    yield box
    if box.down != "stopped":
        controller.stop()


@pytest.fixture
def hook():
    """A web server on loopback that answers as it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.headers["Idempotency-Key"], json.loads(content)))
            self.send_response(500 if self.headers["Idempotency-Key"] == server.refuses else server.answer)
            if server.answer == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer, server.refuses = [], 204, None
    server.url = f"http://127.0.0.1:{server.server_port}/notices"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
