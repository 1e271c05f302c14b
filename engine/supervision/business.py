"""Whose business it is what a body did with a register."""

from __future__ import annotations

from ..decide.happening import Stamp
from ..decide.roles import stands_over
from ..errors import MayNotAct
from ..text import Title
from .office import Office


def only_over(office: Office, did: str, stamp: Stamp, doing: Title) -> None:
    """What a body did with a register is undone, dropped or gone on with by who stands for it or is above it. Raises
    MayNotAct."""
    policy, day = office.policy, office.policy.day(stamp.at)
    if stands_over(policy, stamp.body, did, day):
        return
    bodies = policy.places.bodies
    own = bodies[policy.places.acting_id(did, day)].title
    allowed = Title(f"{own.zh}及其上级", f"{own.en} and those above it")
    raise MayNotAct(body=bodies[stamp.body].title, trigger=doing, allowed=allowed)
