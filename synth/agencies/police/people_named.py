"""The people of a case, as the force wrote them down: what officers have before them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.numbers import nominal_references, person_of
from darkfigure.synth.agencies.police.tables import police_tables
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import FORCES
from darkfigure.synth.text.people_said import joined

_PARTS = ("forename", "surname", "date_of_birth", "house", "street", "town", "telephone")


@dataclass(frozen=True)
class PeopleNamed:
    """Nominals of one role in some cases; a case without one has nulls throughout."""

    person_id: Ints  # -1 where there is nobody
    columns: dict[str, pa.Array]

    def column(self, name: str) -> pa.StringArray:
        """Give a part of the identity by its linkage field; null where not known."""
        return self.columns[name]

    @cached_property
    def address(self) -> pa.StringArray:
        """Address on one line; null without a street."""
        house, street, town = (self.column(name) for name in ("house", "street", "town"))
        line = joined(joined(house, street, " "), town, ", ")
        return pc.if_else(pc.is_valid(street), line, pa.scalar(None, pa.string()))


def people_named(
    simulated: SimulatedEvents, cases: PoliceCases, rows: Ints, force: str, chance: Stream
) -> list[PeopleNamed]:
    """Find the first victim, suspect and witness of some cases of one force.

    Parameters
    ----------
    simulated
        The simulated events, with what the blocks wrote.
    cases
        Cases of all forces.
    rows
        Cases of the force, ascending.
    force
        Key of `schema.FORCES`.
    chance
        Stream of the police.
    """
    shape = police_tables(force)[0]
    names = {part: shape.fields[part].name for part in _PARTS}
    known = simulated.written(shape, [shape.key[0], *names.values()])
    found = []
    for role, first in enumerate((cases.victim, cases.suspect, cases.witness)):
        nominal = _first_nominal(cases, role, first)[rows]
        number = list(FORCES).index(force)
        reference = nominal_references(np.maximum(nominal, 0), number, chance)
        place = pc.index_in(reference, known[shape.key[0]])
        place = pc.if_else(pa.array(nominal >= 0), place, pa.scalar(None, pa.int32()))
        columns = {
            part: _text(known[name].combine_chunks().take(place)) for part, name in names.items()
        }
        found.append(PeopleNamed(np.where(nominal >= 0, person_of(nominal), -1), columns))
    return found


def _text(column: pa.Array) -> pa.StringArray:
    return column.cast(pa.string())


def _first_nominal(cases: PoliceCases, role: int, person: Ints) -> Ints:
    """Give the nominal of the first person in a role of each case; -1 where there is none."""
    met = cases.meetings
    own = np.flatnonzero((met.role == role) & (met.person == person[met.case]))
    nominal = np.full(len(person), -1)
    nominal[met.case[own]] = met.nominal[own]
    return nominal
