"""Who is called what: surnames and given names at Welsh frequencies.

Every array of names is dictionary-encoded over one fixed vocabulary, so that names drawn in
different blocks can be compared and joined by their codes.
"""

from __future__ import annotations

from synth.names.bearers import Bearers
from synth.names.family import surname_vocabulary, surnames, welsh_surnames
from synth.names.given import given_names, given_vocabulary

__all__ = [
    "Bearers",
    "given_names",
    "given_vocabulary",
    "surname_vocabulary",
    "surnames",
    "welsh_surnames",
]
