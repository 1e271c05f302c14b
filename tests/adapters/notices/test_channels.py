"""Notices really delivered: to a file, to a mail server and to a webhook, both on loopback."""

import errno
import json
import os
from datetime import timedelta

import pytest

from guikou.adapters.notices.channels import channel, read_addresses
from guikou.adapters.notices.delivery import STUCK, backoff, deliver
from guikou.engine.errors import BadChannel, BadFile, NotSaved, UnknownBody
from guikou.engine.text import Title

BODY = "beijing-internet"
EVERYBODY = {BODY: "internet@example.invalid", "beijing": "top@example.invalid"}


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


def test_a_line_is_there_whole_or_not_at_all(policy, store, clock, tmp_path, monkeypatch):
    """A disk that fills within a line, and a process that was stopped within one."""
    path = tmp_path / "notices.jsonl"
    path.write_text('{"id": "older"}\n{"id": "stopp', encoding="utf-8")
    before, sync = path.read_bytes(), os.fsync
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def once(file):
        monkeypatch.setattr(os, "fsync", sync)
        raise full

    monkeypatch.setattr(os, "fsync", once)
    assert deliver(store, policy, to(policy, f"file:{path}")).sent == 0
    assert path.read_bytes() == before
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, f"file:{path}")).sent == 4
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ['{"id": "older"}', '{"id": "stopp']
    assert [json.loads(line)["id"] for line in lines[2:]] == ["A.2", "A.3", "A.4", "A.5"]


def test_a_file_that_is_something_else_is_no_place(policy, tmp_path):
    (tmp_path / "ours.txt").write_text("our own words", encoding="utf-8")
    (tmp_path / "x.db").write_bytes(b"SQLite format 3\0")
    for name in ("ours.txt", "x.db", "."):
        with pytest.raises(NotSaved):
            to(policy, f"file:{tmp_path / name}")


def test_a_file_that_cannot_be_written_is_tried_again(policy, store, clock, tmp_path):
    done = deliver(store, policy, to(policy, f"file:{tmp_path / 'no' / 'such' / 'folder'}"))
    assert (done.sent, len(done.failed)) == (0, 4)
    assert all("No such file" in one.error for one in store.outbox(delivered=False))
    assert deliver(store, policy, to(policy, "stdout")).sent == 0  # not before its time
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, "stdout")).sent == 4


# --- mail ------------------------------------------------------------------------------------------------------------


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
    assert "550 no such mailbox" in done.failed[0][1].en
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, smtp(mailbox))).sent == 3


def test_a_body_without_an_address_is_told_and_kept(policy, store, mailbox):
    done = deliver(store, policy, to(policy, smtp(mailbox), {"beijing": "top@example.invalid"}))
    assert (done.sent, done.failed[0]) == (
        1, ("A.2", Title(f"没有 “{BODY}” 的邮箱地址", f"no address of '{BODY}'"))
    )  # fmt: skip


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


def test_a_webhook_gets_each_once_with_its_key(policy, store, hook):
    assert deliver(store, policy, to(policy, hook.url)).sent == 4
    assert [key for key, _ in hook.got] == ["A.2", "A.3", "A.4", "A.5"]
    assert hook.got[3][1]["text"]["en"].endswith("was escalated to you")


@pytest.mark.parametrize(("answer", "asked"), [(503, 1), (500, 4), (400, 4), (302, 4)])
def test_a_webhook_that_does_not_take_it_is_tried_again_with_the_same_key(policy, store, hook, clock, answer, asked):
    hook.answer = answer
    done = deliver(store, policy, to(policy, hook.url))
    assert (done.sent, len(hook.got)) == (0, asked)
    assert f"HTTP {answer}" in done.failed[0][1].en
    hook.answer = 200
    clock.now += timedelta(minutes=1)
    assert deliver(store, policy, to(policy, hook.url)).sent == 4
    assert [key for key, _ in hook.got[asked:]] == ["A.2", "A.3", "A.4", "A.5"]


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
