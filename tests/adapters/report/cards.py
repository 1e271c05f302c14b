"""Scorecards changed for a test."""

from dataclasses import replace
from decimal import Decimal

from guikou.engine.indicators.grouping import ALL
from guikou.engine.text import Title


def changed(card, name, **new):
    """The report with one indicator's measures of all replaced."""
    sections = tuple(
        (section, tuple(
            tuple(replace(one, **new) if one.indicator.name == name and one.key == ALL else one for one in many)
            for many in measured
        ))
        for section, measured in card.sections
    )  # fmt: skip
    return replace(card, sections=sections)


def measured(card, name):
    return next(many for _, measured in card.sections for many in measured if many[0].indicator.name == name)


def only(card, *many, by=None):
    """A report of one section with these measures."""
    section = replace(card.sections[0][0], by=by)
    return replace(card, sections=((section, many),))


def groups(first, numbers, **more):
    return tuple(
        replace(first, key=f"g{at}", title=Title(f"组{at}", f"group {at}"), numerator=number, denominator=100,
                value=Decimal(number) / 100, unknown=0, **more)
        for at, number in enumerate(numbers)
    )  # fmt: skip
