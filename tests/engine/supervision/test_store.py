"""What every store is given and gives back."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.supervision.store import LONG_AGO, Answered, fingerprint, wake_at_once


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_a_fingerprint_tells_commands_apart_and_equal_ones_do_not_look_equal(salt, command, other):
    answered = Answered(salt, fingerprint(salt, command), [])
    assert answered.is_of(command) is True
    assert answered.is_of(other) is (command == other)
    assert fingerprint("a", command) != fingerprint("b", command)


def test_of_a_request_that_is_older_than_the_keeping_of_commands_it_cannot_be_told():
    assert Answered(None, None, []).is_of("{}") is None


def test_at_once_is_a_day_that_has_come_in_every_zone():
    midnight = datetime(2016, 1, 4, 0, 30, tzinfo=UTC)
    assert wake_at_once(midnight) == date(2016, 1, 3)
    assert wake_at_once(midnight) > LONG_AGO
