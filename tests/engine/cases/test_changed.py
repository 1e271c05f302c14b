from dataclasses import FrozenInstanceError, dataclass, fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.case import Duty
from guikou.engine.cases.changed import changer

NAMES = [one.name for one in fields(Duty)]
changed = changer(Duty)


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.none(), st.integers(), st.dates(), st.text())))
def test_a_value_is_changed_as_replace_changes_it(changes):
    duty = Duty(due=date(2016, 1, 4), open=True)
    before = replace(duty)
    assert changed(duty, changes) == replace(duty, **changes)
    assert duty == before


def test_what_it_makes_is_frozen_and_takes_no_other_field():
    made = changed(Duty(), {"open": True})
    with pytest.raises(FrozenInstanceError):
        made.open = False
    with pytest.raises(KeyError):
        changed(Duty(), {"colour": 1})


def test_a_class_without_fields_can_be_changed_too():
    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    assert changer(Nothing)(Nothing(), {}) == Nothing()
