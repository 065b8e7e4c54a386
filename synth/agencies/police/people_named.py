"""The first victim, suspect and witness of each case, as the force wrote them down."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.people_written import PeopleWritten, people_written
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.numbers import nominal_references, person_of
from darkfigure.synth.agencies.police.tables import police_tables
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import FORCES

ROLES = ("victim", "suspect", "witness")


def people_named(
    simulated: SimulatedEvents, cases: PoliceCases, rows: Ints, force: str, chance: Stream
) -> dict[str, PeopleWritten]:
    """Find the people of some cases of one force, by role.

    Parameters
    ----------
    simulated
        The simulated events, with what the blocks wrote.
    cases
        Cases of all forces.
    rows
        Cases of the force.
    force
        Key of `schema.FORCES`.
    chance
        Stream of the police.
    """
    shape, store, found = police_tables(force)[0], list(FORCES).index(force), {}
    for number, role in enumerate(ROLES):
        nominal = first_nominal(cases, number, getattr(cases, role))[rows]
        key = nominal_references(np.maximum(nominal, 0), store, chance)
        person_id = np.where(nominal >= 0, person_of(nominal), -1)
        found[role] = people_written(simulated.written, shape, key, person_id)
    return found


def first_nominal(cases: PoliceCases, role: int, person: Ints) -> Ints:
    """Give the nominal of the first person in a role of each case.

    Parameters
    ----------
    cases
        Cases of all forces, shape (n,).
    role
        Index into `POLICE_ROLE`.
    person
        Census index of that person in each case, -1 for none, shape (n,).

    Returns
    -------
    Shape (n,); -1 where there is nobody.
    """
    met = cases.meetings
    own = np.flatnonzero((met.role == role) & (met.person == person[met.case]))
    nominal = np.full(len(person), -1)
    nominal[met.case[own]] = met.nominal[own]
    return nominal
