"""Proofs over a policy, before it runs."""

from __future__ import annotations

from .bounds import Bound
from .catalogue import CATALOGUE
from .check import Unsound, check, require
from .findings import Finding, Proof, Witness

__all__ = ["CATALOGUE", "Bound", "Finding", "Proof", "Unsound", "Witness", "check", "require"]
