"""Notices really delivered: to a file, to a mail server and to a webhook, both on loopback; and what fails is not lost."""

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
from guikou.adapters.notices import (
    LEASE,
    STUCK,
    backoff,
    channel,
    deliver,
    message_of,
    read_addresses,
)
from guikou.engine import Organization, Supervision
from guikou.engine.calendar import instant
from guikou.engine.errors import BadChannel, BadFile, UnknownBody

START = date(2016, 1, 4)
FACTS = {
    "registered_as": "enterprise", "registered_at": "district", "industry": "internet", "employees": 42,
    "party_members": 5, "has_organization": True, "weak": True, "standardized": True,
}  # fmt: skip
BODY = "beijing-internet"
EVERYBODY = {BODY: "internet@example.invalid", "beijing": "top@example.invalid"}


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


def to(policy, where, addresses=EVERYBODY, written=None):
    return channel(where, addresses, "zh", (written if written is not None else []).append)


def test_standard_output_has_a_line_for_each(policy, store):
    written = []
    assert deliver(store, policy, to(policy, "stdout", written=written)).sent == 4
    assert written[0] == "首都互联网协会党委：网络公司 (A)：抓整顿·认定 还有 7 天到期（2016-02-03）"
    assert written[3].startswith("中共北京市委社会工作委员会：网络公司 (A)：抓整顿·认定 逾期 15 天，已上报至贵单位")
    assert store.outbox(delivered=False) == []
    assert deliver(store, policy, to(policy, "stdout", written=written)).sent == 0
    assert len(written) == 4


def test_a_file_has_a_json_object_for_each(policy, store, tmp_path):
    path = tmp_path / "notices.jsonl"
    assert deliver(store, policy, to(policy, f"file:{path}"), batch=3).sent == 4
    said = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in said] == ["A.2", "A.3", "A.4", "A.5"]
    assert said[3]["body"] == {
        "id": "beijing",
        "zh": "中共北京市委社会工作委员会",
        "en": "Social Work Committee of the Beijing Municipal Party Committee",
    }
    assert (said[0]["kind"], said[0]["due"], said[0]["day"]) == ("reminded", "2016-02-03", "2016-01-27")


def test_a_file_that_cannot_be_written_is_tried_again(policy, store, clock, tmp_path):
    done = deliver(store, policy, to(policy, f"file:{tmp_path / 'no' / 'such' / 'folder'}"))
    assert (done.sent, len(done.failed)) == (0, 4)
    assert all("No such file" in one.error for one in store.outbox(delivered=False))
    assert deliver(store, policy, to(policy, "stdout")).sent == 0  # not before its time
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, "stdout")).sent == 4


# --- mail ------------------------------------------------------------------------------------------------------------


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


def smtp(box):
    return f"smtp://127.0.0.1:{box.port}?from=guikou@example.invalid"


def test_a_mail_reaches_the_bodys_mailbox(policy, store, mailbox):
    assert deliver(store, policy, to(policy, smtp(mailbox))).sent == 4
    recipients, mail = mailbox.got[3]
    assert recipients == ["top@example.invalid"]
    assert mail["Subject"] == "网络公司 (A)：抓整顿·认定 逾期 15 天，已上报至贵单位"
    assert (mail["From"], mail["Message-ID"], mail["Auto-Submitted"]) == (
        "guikou@example.invalid",
        "<A.5@guikou.invalid>",
        "auto-generated",
    )
    assert mail["Date"].datetime == store.outbox()[3].created_at.replace(microsecond=0)
    text = mail.get_content()
    assert "已上报至贵单位" in text
    assert "was escalated to you" in text


def test_a_mailbox_that_is_not_there_does_not_hold_up_the_others(policy, store, mailbox, clock):
    addresses = {BODY: "nobody@example.invalid", "beijing": "top@example.invalid"}
    done = deliver(store, policy, to(policy, smtp(mailbox), addresses))
    assert (done.sent, len(done.failed)) == (1, 3)
    assert "550 no such mailbox" in done.failed[0][1]
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, smtp(mailbox))).sent == 3


def test_a_body_without_an_address_is_told_and_kept(policy, store, mailbox):
    done = deliver(store, policy, to(policy, smtp(mailbox), {"beijing": "top@example.invalid"}))
    assert (done.sent, done.failed[0]) == (1, ("A.2", f"no address of '{BODY}'"))


def test_a_mail_server_that_is_away_is_asked_once_a_run_and_nothing_is_lost(policy, store, mailbox, clock):
    where = smtp(mailbox)
    mailbox.stop()
    mailbox.down = "stopped"
    for tries in range(1, STUCK + 1):
        done = deliver(store, policy, to(policy, where))
        assert (done.sent, len(done.failed)) == (0, 4)
        assert {one.attempts for one in store.outbox(delivered=False)} == {tries}
        first, *rest = store.outbox(delivered=False)
        assert first.next_attempt - clock.now == backoff(tries)
        assert {one.next_attempt - clock.now for one in rest} == {backoff(1)}  # these were not even tried
        clock.now += backoff(tries)
    assert len(store.outbox(delivered=False, attempts=STUCK)) == 4
    assert all("127.0.0.1" in one.error for one in store.outbox(delivered=False))
    assert deliver(store, policy, to(policy, "stdout")).sent == 4
    assert store.outbox(delivered=False) == []


def test_a_server_that_defers_is_tried_again(policy, store, mailbox, clock):
    mailbox.down = True
    assert deliver(store, policy, to(policy, smtp(mailbox))).sent == 0
    mailbox.down = False
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, smtp(mailbox))).sent == 4
    assert len(mailbox.got) == 4


# --- a webhook -------------------------------------------------------------------------------------------------------


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


def test_a_webhook_gets_each_once_with_its_key(policy, store, hook):
    assert deliver(store, policy, to(policy, hook.url)).sent == 4
    assert [key for key, _ in hook.got] == ["A.2", "A.3", "A.4", "A.5"]
    assert hook.got[3][1]["text"]["en"].endswith("was escalated to you")


@pytest.mark.parametrize(("answer", "asked"), [(503, 1), (500, 4), (400, 4), (302, 4)])
def test_a_webhook_that_does_not_take_it_is_tried_again_with_the_same_key(policy, store, hook, clock, answer, asked):
    hook.answer = answer
    done = deliver(store, policy, to(policy, hook.url))
    assert (done.sent, len(hook.got)) == (0, asked)
    assert f"HTTP {answer}" in done.failed[0][1]
    hook.answer = 200
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, hook.url)).sent == 4
    assert [key for key, _ in hook.got[asked:]] == ["A.2", "A.3", "A.4", "A.5"]


def test_who_is_stopped_while_sending_sends_again_with_the_same_id(policy, store, clock):
    class Dies:
        def send(self, message):
            raise KeyboardInterrupt

        def close(self):
            pass

    with pytest.raises(KeyboardInterrupt):
        deliver(store, policy, Dies())
    written = []
    assert deliver(store, policy, to(policy, "stdout", written=written)).sent == 0  # still the other's
    clock.now += LEASE
    assert deliver(store, policy, to(policy, "stdout", written=written)).sent == 4
    assert message_of(policy, store.outbox()[0]).id == "A.2"


def test_whatever_is_wrong_with_one_notice_the_others_go(policy, clock, mailbox):
    store = MemoryStore(clock)
    office = Supervision(policy, store)
    office.register(Organization("案卷一", "两行\n名称\r\nBcc: x@example.invalid", "110105", FACTS))
    office.register(Organization("B", "x", "110105", FACTS))
    clock.now += timedelta(days=23)
    office.sweep()
    assert deliver(store, policy, to(policy, smtp(mailbox))).sent == 2
    assert [recipients for recipients, _ in mailbox.got] == [["internet@example.invalid"]] * 2
    assert [mail["Message-ID"] for _, mail in mailbox.got] == [
        "<B.2@guikou.invalid>",
        "<%E6%A1%88%E5%8D%B7%E4%B8%80.2@guikou.invalid>",
    ]
    assert mailbox.got[1][1]["Subject"].startswith("两行 名称 Bcc: x@example.invalid (案卷一)")


def test_what_a_channel_chokes_on_is_kept_with_what_it_said(policy, store):
    class Chokes:
        def send(self, message):
            if message.id == "A.2":
                raise ValueError("cannot be said")

        def close(self):
            pass

    done = deliver(store, policy, Chokes())
    assert (done.sent, done.failed) == (3, (("A.2", "ValueError: cannot be said"),))
    assert [one.error for one in store.outbox(delivered=False)] == ["ValueError: cannot be said"]


def test_one_that_a_webhook_never_takes_does_not_keep_the_others_waiting(policy, store, hook, clock):
    hook.refuses = "A.2"
    for _ in range(3):
        deliver(store, policy, to(policy, hook.url))
        clock.now += timedelta(minutes=5)
    assert [one.notice.seq for one in store.outbox(delivered=False)] == [2]


def test_who_comes_too_late_does_not_undo_what_another_delivered(policy, store, clock):
    (slow, *_) = store.claim(clock.now + LEASE, 1)
    clock.now += LEASE
    assert deliver(store, policy, to(policy, "stdout")).sent == 4
    store.failed(slow, "too late", clock.now)
    assert store.outbox(delivered=False) == []
    assert store.claim(clock.now + LEASE, 9) == []


def test_a_mail_server_must_prove_who_it_is(policy, store, monkeypatch):
    """With smtps the password must not go to a server whose certificate nobody vouches for."""
    import smtplib
    import ssl

    asked = []

    def connect(host, port, *, timeout, context):
        asked.append(context)
        raise ConnectionRefusedError("no server here")

    monkeypatch.setattr(smtplib, "SMTP_SSL", connect)
    assert deliver(store, policy, to(policy, "smtps://user:secret@127.0.0.1?from=a@example.invalid")).sent == 0
    (context,) = asked
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


# --- the rest --------------------------------------------------------------------------------------------------------


def test_the_wait_doubles_up_to_a_day():
    assert [backoff(tries) for tries in (1, 2, 3)] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert backoff(50) == timedelta(days=1)
    assert [backoff(tries) for tries in range(1, 30)] == sorted(backoff(tries) for tries in range(1, 30))


@pytest.mark.parametrize(
    "where",
    [
        "",
        "nowhere",
        "file:",
        "ftp://host/x",
        "smtp://",
        "smtp://host",
        "smtp://host:99999?from=a@b",
        "smtp://host?from=a@b&x=1",
        "http://",
    ],
)
def test_what_is_no_place_for_notices(policy, where):
    with pytest.raises(BadChannel) as refused:
        to(policy, where)
    assert refused.value.exit_code == 2


def test_a_password_is_never_shown(policy, store):
    with pytest.raises(BadChannel) as refused:
        to(policy, "smtp://user:secret@host?x=1")
    assert "secret" not in refused.value.line("en")
    done = deliver(store, policy, to(policy, "smtp://user:secret@127.0.0.1:1?from=a@example.invalid"))
    assert "secret" not in str(done.failed)


def test_addresses_are_read_by_body(policy, tmp_path):
    path = tmp_path / "addresses.csv"
    path.write_text(
        "body,address\nbeijing,top@example.invalid\n首都互联网协会党委,i@example.invalid\n", encoding="utf-8"
    )
    assert read_addresses(path, policy) == {"beijing": "top@example.invalid", BODY: "i@example.invalid"}
    for text, error in (
        ("a,b\n", BadFile),
        ("body,address\nbeijing,none\n", BadFile),
        ("body,address\nnobody,a@b\n", UnknownBody),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(error):
            read_addresses(path, policy)
