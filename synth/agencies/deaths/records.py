"""The registrars of deaths."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.deaths.tables import DEATH_CAUSES, DEATHS, PLACE_OF_DEATH
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock
from darkfigure.synth.agencies.framework.records import Records, Tables, days, write_records
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales

_REGISTRARS = 6  # of an authority; assumed
_AGES = {"young": 0, "adult": 18, "old": 65}  # lowest of each part of the table of causes
# Places of death before 65 and from then on, in the order of PLACE_OF_DEATH; assumed.
_PLACES = ((0.36, 0.45, 0.0, 0.06, 0.13), (0.25, 0.5, 0.2, 0.03, 0.02))


class DeathRegistration(Spec):
    """Registration of deaths."""

    delay_days: Amount = 6.0
    """Days from death to registration, mean; the law asks for five."""


class Registrars(Agency):
    """The agency of the registrars of births and deaths, of which only the deaths are simulated."""

    def write_block(
        self, block: SampleBlock, prepared: None, spec: DeathRegistration, out: Tables
    ) -> None:
        """Register the deaths of a block's people."""
        del prepared
        context, period = block.context, block.context.period
        people, chance = context.people, context.chance.stage("deaths")
        died = people.death_day
        wait = 1 + chance.exponential("delay", people.person_id) * spec.delay_days
        registered = died + wait.astype(np.int64)
        # Deaths of people who have left Wales are registered elsewhere.
        here = (died >= period.start) & (registered < period.end) & (died <= people.gone_day)
        row = np.flatnonzero(here)
        ids, authority = people.person_id[row], wales().authority[people.lsoa[row]]
        age = (died[row] - people.birth_day[row]) / DAYS_A_YEAR
        records = Records(
            shape=DEATHS,
            key=scrambled("entry", ids, prefix="DE", digits=8, chance=chance),
            ids=ids,
            row=row,
            known_on=died[row],
            event_on=died[row],
            clerk=authority * 10 + chance.below("registrar", ids, _REGISTRARS),
            columns={
                "registered_on": days(registered[row]),
                "died_on": days(died[row]),
                "underlying_cause": _causes(ids, age, chance),
                "place_of_death": _places(ids, age, chance),
            },
        )
        write_records(context, records, out)


def _causes(ids: Ints, age: Floats, chance: Stream) -> pa.DictionaryArray:
    codes, cause = list(DEATH_CAUSES), np.empty(len(ids), np.int64)
    part = np.searchsorted(list(_AGES.values()), age, side="right") - 1
    for number, name in enumerate(_AGES):
        own = part == number
        choices = np.array([codes.index(code) for code in meanings("death_causes", of=name)])
        drawn = chance.pick(f"cause_{name}", ids[own], shares("death_causes", "weight", of=name))
        cause[own] = choices[drawn]
    return coded(cause, codes)


def _places(ids: Ints, age: Floats, chance: Stream) -> pa.DictionaryArray:
    young, old = (chance.pick("place", ids, weights) for weights in _PLACES)
    return coded(np.where(age < _AGES["old"], young, old), PLACE_OF_DEATH)
