"""Placements of looked-after children: with whom they live, and how often they move."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.care_episodes import LOOKED_AFTER
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add, days
from darkfigure.synth.agencies.framework.service_demand import occasions
from darkfigure.synth.agencies.social_care import tables
from darkfigure.synth.agencies.social_care.care_records import Case, ended, episode_numbers
from darkfigure.synth.agencies.social_care.tables import PLACEMENTS
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

_WITHIN_RATE = 0.66  # placed inside the authority. Source: Welsh Government 2022-23
# Moves of a looked-after child, per year, mean; some move often. Assumed, so that nearly a tenth
# live in three places or more within a year.
_MOVES_A_YEAR, _LEAST_MOVES = 0.45, 0.01
_MOST_MOVES = 15  # of one child in one time of being looked after; assumed
# Families whose looked-after children live together and move together, where the kind of placement
# allows it, and children of these who do so. Six in ten of sibling groups in care, or somewhat
# more, are with their siblings (answers to requests: Devon 2019, Lincolnshire 2021). Assumed.
_TOGETHER_RATE, _JOINS_RATE = 0.9, 0.95
_FOR_FAMILIES = ("F1", "F2", "A3")
# Ages at which some placements are made, the weight of which goes up by as much; assumed.
_AGES = {"P2": (16, 18), "K1": (12, 18), "H5": (8, 18), "S1": (8, 18), "A3": (0, 7)}
_CHILDHOOD_YEARS = 18  # no rate
_CODES = list(meanings("care_codes", of="placement"))
_KINDS, _PARENTS = len(_CODES), _CODES.index("P1")


def write_placements(cases: Case, number: pa.Array, context: RecordingContext, out: Tables) -> None:
    """Write where looked-after children live, one place after another.

    Parameters
    ----------
    cases
        All care that touches the study.
    number
        The service's number for each person of the block.
    context
        Recording context of the block.
    out
        Receives the table.
    """
    own = cases.at(np.flatnonzero(cases.kind == LOOKED_AFTER))
    chance = context.chance.stage("social_care").stage("placements")
    together = chance.happens("family", own.event, _TOGETHER_RATE)
    together &= chance.happens("joins", own.ids, _JOINS_RATE)
    whom = np.where(together, own.event << 1, own.ids << 1 | 1)
    at, turn, start = _moves(own, whom, context.period.end, chance)
    ids = own.ids[at] * (_MOST_MOVES + 1) + turn
    years = (start - context.people.birth_day[own.row[at]]) / DAYS_A_YEAR
    kind = chance.pick_by_row("kind", whom[at] * (_MOST_MOVES + 1) + turn, _weights(years))
    carer = _carers(kind, whom[at] * (_MOST_MOVES + 1) + turn, ids)
    family = context.people.household_id[own.row[at]]
    carer = np.where(kind == _PARENTS, family, carer) * _KINDS + kind
    # Who moves to the carers with whom it lives does not move.
    moves = np.flatnonzero((turn == 0) | (np.diff(carer, prepend=-1) != 0))
    at, ids, start, kind, carer = (part[moves] for part in (at, ids, start, kind, carer))
    last = np.append(np.diff(at) > 0, True)[: len(at)]
    end = np.where(last, own.end[at], np.append(start[1:], 0)[: len(at)])
    table = pa.table(
        {
            "placement_no": scrambled("placement", ids, prefix="PM", digits=14, chance=chance),
            "child_id": number.take(pa.array(own.row[at])),
            "episode_no": episode_numbers(tables.LOOKED_AFTER, own.ids[at], context.chance),
            "started_on": days(start),
            "ended_on": ended(end, context.period.end),
            "placement": coded(kind, _CODES),
            "carer_no": scrambled("carer", carer, prefix="CA", digits=14, chance=chance),
            "within_authority": pa.array(chance.happens("within", carer, _WITHIN_RATE)),
        }
    )
    add(out, PLACEMENTS, table)


def _moves(cases: Case, whom: Ints, today: int, chance: Stream) -> tuple[Ints, Ints, Ints]:
    """Draw the stays of each time of being looked after: the episode, turn and first day."""
    length = np.minimum(cases.end, today) - cases.start
    yearly = np.maximum(_MOVES_A_YEAR * chance.exponential("unsettled", whom), _LEAST_MOVES)
    drawn = [chance.exponential("moves", whom, draw=turn) for turn in range(_MOST_MOVES)]
    years = np.column_stack(drawn) / yearly[:, None]
    gaps = 1 + (years * DAYS_A_YEAR).astype(np.int64)
    after = np.column_stack([np.zeros(len(whom), np.int64), np.cumsum(gaps, axis=1)])
    at, turn = occasions((after < length[:, None]).sum(1))
    return at, turn, cases.start[at] + after[at, turn]


def _carers(kind: Ints, shared: Ints, own: Ints) -> Ints:
    """Give carers a number: those of a family's children who live together one."""
    alone = ~np.isin(kind, [_CODES.index(code) for code in _FOR_FAMILIES])
    return np.where(alone, own << 1 | 1, shared << 1)


def _weights(years: Floats) -> Floats:
    """Give the weights of placements at each age; (n, placements)."""
    weights = np.tile(shares("care_codes", "share", of="placement"), (len(years), 1))
    for column, code in enumerate(_CODES):
        low, high = _AGES.get(code, (0, _CHILDHOOD_YEARS))
        fits = (years >= low) & (years < high)
        weights[:, column] *= fits * _CHILDHOOD_YEARS / (high - low)
    return weights
