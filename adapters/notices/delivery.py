"""The outbox's way of getting notices to a channel.

A notice is delivered at least once: whoever is stopped between sending it and saying so sends it again, with the same
id (a mail's Message-ID, a webhook's Idempotency-Key), by which the receiver can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.store import Store
from guikou.engine.text import Title, both

from .messages import Channel, NotDelivered, Unreachable, message_of

#: How long others keep their hands off a notice that somebody is delivering.
LEASE = timedelta(minutes=10)
#: From so many tries on a notice counts as stuck; it is still tried.
STUCK = 5


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run did: how many were taken, and why others were not, by message id."""

    sent: int
    failed: tuple[tuple[str, Title], ...]


def deliver(store: Store, policy: Policy, channel: Channel, *, batch: int = 20) -> Delivered:
    """Deliver what is to be tried by now; what fails is tried again later, ever less often, and never given up."""
    sent, failed = 0, list[tuple[str, Title]]()
    try:
        while claimed := store.claim(store.now() + LEASE, batch):
            away: Title | None = None
            for one in claimed:
                message = message_of(policy, one)
                why, again = away, backoff(1)  # who was not even tried does not wait for the one that was
                if away is None:
                    again = backoff(one.attempts)
                    try:
                        channel.send(message)
                    except Unreachable as error:
                        why = away = error.title
                    except NotDelivered as error:
                        why = error.title
                    except Exception as error:  # noqa: BLE001  whatever is wrong with one, the others must go
                        name = type(error).__name__
                        why = Title(f"出错（{name}）", f"{name}: {error}")
                if why is None:
                    store.delivered(one)
                    sent += 1
                else:
                    store.failed(one, both(why), store.now() + again)
                    failed.append((message.id, why))
            if away is not None:
                break
    finally:
        channel.close()
    return Delivered(sent, tuple(failed))


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many tries: a minute, then twice as long each time, at most a day."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), timedelta(days=1))
