"""Every code of a finding."""

from guikou.engine.verify.catalogue import CATALOGUE

from .broken import BROKEN, TWICE


def test_at_least_forty_ways_of_being_broken_are_tried_and_every_code():
    assert len(BROKEN) >= 40
    tried_codes = {case[3] for case in BROKEN}
    assert set(CATALOGUE) == tried_codes | {case[0] for case in TWICE} | {"more-findings"}
