"""Care proceedings: applications to the court for the children of a family, and its decisions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.care_episodes import LOOKED_AFTER, Care, under_order
from darkfigure.synth.agencies.framework.service_demand import Needs
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.working_days import working_day

_BEFORE_MOST_DAYS = 120  # from an application to the day a child is looked after; assumed
_LASTS_WEEKS, _LASTS_LEAST_DAYS = 38.0, 7  # mean, and the shortest case; assumed
_WEEK_DAYS = 7  # no rate


@dataclass(frozen=True)
class Proceedings:
    """Applications; arrays have one entry per application, in order of the family's event."""

    care: Care  # of the children whom they are about, in order of event and child
    event: Ints
    first: Ints  # index in `care` of each application's first child
    applied_on: Ints
    decided_on: Ints


def care_proceedings(care: Care, known_from: Ints, needs: Needs, chance: Stream) -> Proceedings:
    """Work out when the authority applied to the court, and when the court decided.

    Parameters
    ----------
    care
        Episodes of care.
    known_from
        First day on which anybody can know of each person, by row.
    needs
        Rates of the demand.
    chance
        The world's stream; draws are keyed by the family's event.
    """
    chance, world = chance.stage("needs").stage("proceedings"), chance
    care = care.at((care.kind == LOOKED_AFTER) & under_order(care.event, world))
    care = care.at(np.lexsort((care.row, care.event)))
    event, first = np.unique(care.event, return_index=True)
    ahead = chance.exponential("before_care", event) * needs.before_care_days
    ahead = np.minimum(ahead.astype(np.int64), _BEFORE_MOST_DAYS)
    weeks = chance.exponential("lasts", event) * _LASTS_WEEKS
    if not len(event):
        return Proceedings(care, event, first, event, event)
    known = np.maximum.reduceat(known_from[care.row], first) + 1
    placed = np.minimum.reduceat(care.start, first)
    applied = working_day(np.maximum(placed - ahead, known))
    # The court has heard of it in the week before, but of the newborn.
    before = np.maximum(working_day(placed - _WEEK_DAYS), known)
    applied = np.where(applied > placed, before, applied)
    lasts = _LASTS_LEAST_DAYS + (weeks * _WEEK_DAYS).astype(np.int64)
    decided = working_day(applied + lasts)
    return Proceedings(care, event, first, applied, decided)
