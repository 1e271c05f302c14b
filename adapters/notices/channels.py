"""Where notices go: standard output, a file, a mail server, a webhook."""

from __future__ import annotations

import http.client
import json
import os
import re
import smtplib
import ssl
import stat
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime
from io import FileIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from guikou.engine.errors import BadChannel, BadFile, Where
from guikou.engine.errors.reasons import os_reason, reason
from guikou.engine.policy.policy import Policy
from guikou.engine.text import Lang, Title, masked

from .. import files
from ..spreadsheets.reading import heading_key, read_table
from .messages import Channel, Message, NotDelivered, Unreachable

#: How long a channel may take to answer, in seconds.
TIMEOUT = 10.0
_NO_ADDRESS = Title("需要机构及其邮箱地址", "it needs a body and its mail address")


def channel(
    to: str, addresses: Mapping[str, str], lang: Lang, write: Callable[[str], None], *, db: str = ""
) -> Channel:
    """A channel by its address: `stdout`, `file:PATH`, `smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS` (with `smtps`, or
    `&starttls=1`), `https://...`. Raises BadChannel, and NotSaved for a file that isn't written as JSON or is the
    database `db`."""
    if to == "stdout":
        return Lines(write, lang)
    if to.startswith("file:") and len(to) > 5:
        path = to.removeprefix("file:")
        files.not_the_database(path, db)
        if os.path.exists(path):  # a folder that isn't there today may be tomorrow
            files.check(path, "jsonl", db)
        return JsonLines(Path(path))
    try:
        parts = urlsplit(to)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadChannel(to=masked(to)) from error
    if re.search(r"\s", to):
        raise BadChannel(to=parts.scheme)
    if host and parts.scheme in ("http", "https"):
        return Webhook(to)
    if host and parts.scheme in ("smtp", "smtps"):
        asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        if set(asked) - {"from", "starttls"} or "from" not in asked:
            raise BadChannel(to=f"{parts.scheme}://{host}")
        return Smtp(
            host, port or (465 if parts.scheme == "smtps" else 25), asked["from"], addresses, lang,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=parts.scheme == "smtps", starttls=asked.get("starttls") == "1",
        )  # fmt: skip
    raise BadChannel(to=parts.scheme or masked(to))


def read_addresses(path: Path, policy: Policy) -> dict[str, str]:
    """A CSV of bodies and their mail addresses, headed `body,address`. Raises BadFile, UnknownBody."""
    heading, *rows = read_table(path).rows
    if tuple(heading_key(text) for text in heading.texts[:2]) != ("body", "address"):
        reason = Title("第一行应为 body,address", "its first line must be body,address")
        raise BadFile(where=Where(str(path), heading.line), reason=reason)
    found = {}
    for row in rows:
        if len(row.cells) < 2 or not re.fullmatch(r"[^@\s]+@[^@\s]+", row.texts[1]):
            raise BadFile(where=Where(str(path), row.line), reason=_NO_ADDRESS)
        found[policy.places.body(row.texts[0]).id] = row.texts[1]
    return found


class Lines:
    """Each notice as a line for people, through `write`."""

    def __init__(self, write: Callable[[str], None], lang: Lang) -> None:
        self._write, self._lang = write, lang

    def send(self, message: Message) -> None:
        zh = self._lang == "zh"
        try:
            self._write(
                f"{message.body_title.zh}：{message.text.zh}" if zh else f"{message.body_title.en}: {message.text.en}"
            )
        except OSError as error:  # whoever read it went away
            raise Unreachable("", os_reason(error)) from error

    def close(self) -> None:
        pass


class JsonLines:
    """Each notice as a JSON object, a line each, at the end of a file: whole, or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, message: Message) -> None:
        self.put(message.content)

    def put(self, content: Mapping[str, Any]) -> None:
        line = json.dumps(content, ensure_ascii=False).encode() + b"\n"
        try:
            with self._opened() as file, _alone(file):
                regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
                before = file.seek(0, os.SEEK_END) if regular else 0
                if before and file.readable() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
                    line = b"\n" + line  # whoever was stopped within a line before
                try:
                    left = line
                    while left:
                        left = left[file.write(left) or 0 :]
                    if regular:
                        os.fsync(file.fileno())
                except OSError:
                    if regular:
                        os.ftruncate(file.fileno(), before)
                    raise
        except OSError as error:
            raise Unreachable(str(self._path), os_reason(error)) from error

    def _opened(self) -> FileIO:
        try:
            return self._path.open("ab+", buffering=0)
        except PermissionError:  # one may be written to and not read
            return self._path.open("ab", buffering=0)

    def close(self) -> None:
        pass


@contextmanager
def _alone(file: FileIO) -> Iterator[None]:
    """While others that write to the file wait, where the system can make them."""
    try:
        import fcntl
    except ImportError:  # Windows: lines of several processes at once are whole there, but not taken back from between
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


class Smtp:
    """Each notice as a mail to the body's address, over one connection."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        addresses: Mapping[str, str],
        lang: Lang,
        *,
        user: str | None = None,
        password: str | None = None,
        tls: bool = False,
        starttls: bool = False,
    ) -> None:
        self._host, self._port, self._sender, self._addresses, self._lang = host, port, sender, addresses, lang
        self._user, self._password, self._tls, self._starttls = user, password, tls, starttls
        self._server: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        address = self._addresses.get(message.body)
        if address is None:
            raise NotDelivered("", Title(f"没有 “{message.body}” 的邮箱地址", f"no address of '{message.body}'"))
        try:
            self._connected().send_message(self._mail(message, address))
        except (
            smtplib.SMTPRecipientsRefused,
            smtplib.SMTPSenderRefused,
            smtplib.SMTPDataError,
            smtplib.SMTPNotSupportedError,
        ) as error:
            raise NotDelivered(self._host, _said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(f"{self._host}:{self._port}", _said(error)) from error

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            server: smtplib.SMTP
            if self._tls:
                trusted = ssl.create_default_context()
                server = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=trusted)
            else:
                server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
            if self._starttls:
                server.starttls(context=ssl.create_default_context())
            if self._user is not None:
                server.login(self._user, self._password or "")
            self._server = server
        return self._server

    def _mail(self, message: Message, address: str) -> EmailMessage:
        first, second = (message.text.zh, message.text.en)
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, address
        mail["Subject"] = " ".join((first if self._lang == "zh" else second).split())  # a header is one line
        mail["Message-ID"] = f"<{message.id}@guikou.invalid>"
        mail["Date"] = format_datetime(message.created_at)
        mail["Auto-Submitted"] = "auto-generated"
        lines = [message.body_title.zh, first, "", message.body_title.en, second]
        mail.set_content("\n".join(lines) + "\n")
        return mail

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):  # whoever hangs up first has hung up
                self._server.quit()
            self._server = None


def _said(error: Exception) -> Title:
    """What a server answered, to the letter and so in its own language, or why there was no answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        told = [
            f"{address}: {code} {said.decode(errors='replace')}" for address, (code, said) in error.recipients.items()
        ]
        return _answered("; ".join(told))
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _answered(f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}")
    if isinstance(error, smtplib.SMTPException | http.client.HTTPException):
        return Title(f"应答有误（{type(error).__name__}）", str(error) or type(error).__name__)
    return reason(error)


def _answered(said: str) -> Title:
    return Title(f"服务器答复 “{said}”", said)


class Webhook:
    """Each notice as a POST of its JSON; 2xx means taken."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._host = urlsplit(url).hostname
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(self, message: Message) -> None:
        self.post(message.content, message.id)

    def post(self, content: Mapping[str, Any], id: str) -> None:
        request = urllib.request.Request(
            self._url,
            json.dumps(content, ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": id},
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT):
                pass
        except urllib.error.HTTPError as error:
            error.close()
            kind = Unreachable if error.code == 503 else NotDelivered  # 503: the server says so of itself
            raise kind(str(self._host), Title(f"HTTP {error.code}", f"HTTP {error.code}")) from error
        except (OSError, http.client.HTTPException) as error:
            inner = getattr(error, "reason", None)  # urllib wraps what the system said
            raise Unreachable(str(self._host), _said(inner if isinstance(inner, Exception) else error)) from error

    def close(self) -> None:
        pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET, without its content: it counts as not taken."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None
