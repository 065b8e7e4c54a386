"""The people of a scenario's areas, in their households, on the day the study begins."""

from __future__ import annotations

from darkfigure.synth.population.census import (
    ALWAYS,
    ID_SHIFT,
    Census,
    Population,
    sample_households,
    take_census,
)
from darkfigure.synth.population.families import ANCHOR, CHILD, PARTNER, RESIDENT

__all__ = [
    "ALWAYS",
    "ANCHOR",
    "CHILD",
    "ID_SHIFT",
    "PARTNER",
    "RESIDENT",
    "Census",
    "Population",
    "sample_households",
    "take_census",
]
