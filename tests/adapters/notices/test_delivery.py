"""What fails is not lost, what is delivered is not undone, and one notice does not hold up the others."""

from datetime import timedelta

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.adapters.notices.channels import channel
from guikou.adapters.notices.delivery import LEASE, backoff, deliver
from guikou.adapters.notices.messages import message_of
from guikou.engine import Organization, Supervision
from guikou.engine.text import Title

FACTS = {
    "registered_as": "enterprise", "registered_at": "district", "industry": "internet", "employees": 42,
    "party_members": 5, "has_organization": True, "weak": True, "standardized": True,
}  # fmt: skip
BODY = "beijing-internet"
EVERYBODY = {BODY: "internet@example.invalid", "beijing": "top@example.invalid"}


def to(policy, where, addresses=EVERYBODY, written=None):
    return channel(where, addresses, "zh", (written if written is not None else []).append)


def smtp(box):
    return f"smtp://127.0.0.1:{box.port}?from=guikou@example.invalid"


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
    office.register(Organization("案卷一", "一行 名称", "110105", FACTS))
    office.register(Organization("B", "x", "110105", FACTS))
    clock.now += timedelta(days=23)
    office.sweep()
    assert deliver(store, policy, to(policy, smtp(mailbox))).sent == 2
    assert [recipients for recipients, _ in mailbox.got] == [["internet@example.invalid"]] * 2
    assert [mail["Message-ID"] for _, mail in mailbox.got] == [
        "<B.2@guikou.invalid>",
        "<%E6%A1%88%E5%8D%B7%E4%B8%80.2@guikou.invalid>",
    ]
    assert mailbox.got[1][1]["Subject"].startswith("一行 名称 (案卷一)")


def test_what_a_channel_chokes_on_is_kept_with_what_it_said(policy, store):
    class Chokes:
        def send(self, message):
            if message.id == "A.2":
                raise ValueError("cannot be said")

        def close(self):
            pass

    done = deliver(store, policy, Chokes())
    assert (done.sent, done.failed) == (3, (("A.2", Title("出错（ValueError）", "ValueError: cannot be said")),))
    assert [one.error for one in store.outbox(delivered=False)] == ["出错（ValueError） / ValueError: cannot be said"]


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


def test_the_wait_doubles_up_to_a_day():
    assert [backoff(tries) for tries in (1, 2, 3)] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert backoff(50) == timedelta(days=1)
    assert [backoff(tries) for tries in range(1, 30)] == sorted(backoff(tries) for tries in range(1, 30))
