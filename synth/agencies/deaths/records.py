"""The registrars of deaths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.deaths.tables import DEATH_CAUSES, DEATHS, PLACE_OF_DEATH
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, killed_in
from darkfigure.synth.agencies.framework.records import Records, Tables, days, write_records
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import PLACE, WEAPON, coded, codes_of
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales

_REGISTRARS = 6  # of an authority; assumed
_AGES = {"young": 0, "adult": 18, "old": 65}  # lowest of each part of the table of causes
# Causes of death by assault: sharp object, blunt object, bodily force, other means.
_KILLED_WITH = {"none": "Y04X", "blunt": "Y00X", "glass": "X99X", "sharp": "X99X", "other": "Y08X"}
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
        killed = _Killed.of(block, row)
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
                "underlying_cause": killed.causes(_causes(ids, age, chance)),
                "place_of_death": killed.places(_places(ids, age, chance)),
            },
        )
        write_records(context, records, out)


@dataclass(frozen=True)
class _Killed:
    """The people among the dead whom somebody killed; arrays have one entry per killed."""

    at: Ints  # among the dead
    weapon: Ints
    place: Ints
    in_hospital: Mask

    @classmethod
    def of(cls, block: SampleBlock, dead: Ints) -> _Killed:
        """Find the dead who were killed, by their rows."""
        incidents = block.incidents
        fatal = incidents.filter(pa.array(killed_in(incidents)))
        at = places(fatal["row"].to_numpy(), dead)
        fatal, at = fatal.filter(pa.array(at >= 0)), at[at >= 0]
        return cls(
            at=at,
            weapon=codes_of(fatal["weapon"], WEAPON),
            place=codes_of(fatal["place"], PLACE),
            in_hospital=fatal["ed_attended"].to_numpy(zero_copy_only=False),
        )

    def causes(self, codes: Ints) -> pa.DictionaryArray:
        """Write the assault as the cause of their deaths."""
        of_weapon = np.array([list(DEATH_CAUSES).index(_KILLED_WITH[name]) for name in WEAPON])
        codes[self.at] = of_weapon[self.weapon]
        return coded(codes, DEATH_CAUSES)

    def places(self, codes: Ints) -> pa.DictionaryArray:
        """Write where they died."""
        home, hospital, other = (
            list(PLACE_OF_DEATH).index(name) for name in ("home", "hospital", "other")
        )
        at_home = self.place == list(PLACE).index("own_home")
        codes[self.at] = np.where(self.in_hospital, hospital, np.where(at_home, home, other))
        return coded(codes, PLACE_OF_DEATH)


def _causes(ids: Ints, age: Floats, chance: Stream) -> Ints:
    codes, cause = list(DEATH_CAUSES), np.empty(len(ids), np.int64)
    part = np.searchsorted(list(_AGES.values()), age, side="right") - 1
    for number, name in enumerate(_AGES):
        own = part == number
        choices = np.array([codes.index(code) for code in meanings("death_causes", of=name)])
        drawn = chance.pick(f"cause_{name}", ids[own], shares("death_causes", "weight", of=name))
        cause[own] = choices[drawn]
    return cause


def _places(ids: Ints, age: Floats, chance: Stream) -> Ints:
    young, old = (chance.pick("place", ids, weights) for weights in _PLACES)
    return np.where(age < _AGES["old"], young, old)
