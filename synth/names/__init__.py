"""Surnames and given names of people, at Welsh frequencies.

Every array of names is dictionary-encoded over one fixed vocabulary, so that names drawn in
different blocks can be compared and joined by their codes.
"""

from __future__ import annotations

from darkfigure.synth.names.bearers import Bearers, name_group_of, name_groups
from darkfigure.synth.names.family import (
    last_parts,
    prefixed_surnames,
    surname_vocabulary,
    surnames,
    welsh_surname_names,
    welsh_surnames,
)
from darkfigure.synth.names.given import (
    given_names,
    given_vocabulary,
    speaks_welsh_at_home,
)
from darkfigure.synth.names.practice import as_women_bear_it

__all__ = [
    "Bearers",
    "as_women_bear_it",
    "given_names",
    "given_vocabulary",
    "last_parts",
    "name_group_of",
    "name_groups",
    "prefixed_surnames",
    "speaks_welsh_at_home",
    "surname_vocabulary",
    "surnames",
    "welsh_surname_names",
    "welsh_surnames",
]
